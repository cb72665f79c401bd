/** Several accounts, several regions, one deployment: what is asked for is done there, and nowhere else. */
import path from 'node:path';
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  DescribeInstancesCommand,
  EC2Client,
  ModifyInstanceMetadataOptionsCommand,
  RunInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PublishCommand } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { type MultiConfig, memberTemplate } from '../../deploy/member-template';
import { catalogue } from '../../functions/remediators/catalogue';
import { ROOT } from '../../local/aws';
import { type Account, accountOf } from '../../local/demo/account';
import { type Installation, startInstallation } from '../../local/installation';
import type { InvokeEvent } from '../../local/lambda-host';
import { BOT_TAG } from '../../shared/accounts';
import type { Keys } from '../../shared/aws/sessions';
import { type Journal, journal } from '../../shared/worker/journal';
import config, { ACCOUNTS, EXTERNAL_ID } from './accounts.config';
import { until } from '../../testing/until';

const TEST = { accessKeyId: 'test', secretAccessKey: 'test' };
const REGIONS = ['eu-west-1', 'eu-central-1', 'us-east-1'] as const;

jest.setTimeout(150_000);

let installation: Installation;
let home: Account;
let book: Journal;
/** What the bot was invoked with. */
const invokes: InvokeEvent[] = [];

beforeAll(async () => {
  installation = await startInstallation({
    autoResponse: true,
    scheduleScale: 0.1,
    env: { SELFHEAL_CONFIG: path.join('test', 'e2e', 'accounts.config.ts') },
    logDirectory: path.join(ROOT, '.selfheal', 'logs-accounts'),
    onInvoke: (event) => {
      if (event.functionName.endsWith('ec2_stop_instance')) invokes.push(event);
    },
  });
  home = accountOf(installation);
  book = journal(installation.journalTable, home.dynamodb);
  for (const region of REGIONS) await deployMember(ACCOUNTS.member, region, EXTERNAL_ID);
  await deployMember(ACCOUNTS.strict, REGIONS[0], 'another-external-id');
}, 300_000);

afterAll(async () => {
  await installation.stop();
}, 240_000);

test('a finding for B is put right in B; nothing in A or in another region moves', async () => {
  const places = [installation.accountId, ACCOUNTS.member].flatMap((account) =>
    REGIONS.map((region) => ({ account, region })),
  );
  const instances = await Promise.all(places.map(async (at) => ({ ...at, id: await newInstance(at) })));
  const [asked] = instances.filter(
    ({ account, region }) => account === ACCOUNTS.member && region === 'eu-central-1',
  );
  if (!asked) throw new Error('no instance to ask for');
  await ask(asked);
  await until(async () => (await stateOf(asked)) === 'stopped');
  const others = instances.filter((one) => one !== asked);
  expect(await Promise.all(others.map(stateOf))).toEqual(others.map(() => 'running'));
  await until(async () => (await entriesOf(asked.id))[0]?.status === 'fixed');
  expect((await entriesOf(asked.id))[0]).toMatchObject({
    target: { account: ACCOUNTS.member, region: 'eu-central-1', id: asked.id },
    before: { runs: true },
  });
});

test('asked for where it is not, an instance is gone there and runs on where it is', async () => {
  const here = { account: ACCOUNTS.member, region: 'us-east-1' };
  const id = await newInstance(here);
  await ask({ ...here, region: 'eu-west-1', id });
  await ask({ account: installation.accountId, region: 'us-east-1', id });
  const asked = () => invokes.filter(({ payload }) => payload.includes(id)).length;
  await until(() => Promise.resolve(asked() >= 2));
  expect(await stateOf({ ...here, id })).toBe('running');
});

test('at home, through a session for the one resource', async () => {
  const at = { account: installation.accountId, region: 'us-east-1' };
  const [id, neighbour] = [await newInstance(at), await newInstance(at)];
  await ask({ ...at, id });
  await until(async () => (await stateOf({ ...at, id })) === 'stopped');
  expect(await stateOf({ ...at, id: neighbour })).toBe('running');
});

test.each([
  ['whose role asks for another ExternalId', ACCOUNTS.strict],
  ['that has no role', ACCOUNTS.bare],
])('an account %s: nothing is done, and it is said why', async (_, account) => {
  const at = { account, region: REGIONS[0] };
  const id = await newInstance(at);
  await ask({ ...at, id });
  await until(() => Promise.resolve(slack().some((text) => text.includes(id))));
  const said = slack().filter((text) => text.includes(id));
  expect(said.join()).toMatch(/could not be assumed/);
  expect(said.join()).toMatch(/selfheal doctor/);
  expect(await stateOf({ ...at, id })).toBe('running');
});

test('an account that config.ts does not name is refused', async () => {
  const account = ACCOUNTS.stranger;
  const at = { account, region: REGIONS[0] };
  const id = await newInstance(at);
  await ask({ ...at, id });
  await until(async () => (await refusals()).some((reason) => reason?.includes(account)));
  expect(await stateOf({ ...at, id })).toBe('running');
});

describe('a stolen role of a bot', () => {
  const at = { account: ACCOUNTS.member, region: REGIONS[0] };
  const roleArn = `arn:aws:iam::${ACCOUNTS.member}:role/selfheal-prod-remediation-ec2`;
  const denied = { name: expect.stringMatching(/AccessDenied|UnauthorizedOperation/) as string };

  /** A client with a session in the member, opened with the keys of the role of ec2_stop_instance. */
  async function stolen<T>(Class: new (config: never) => T, tag?: string): Promise<T> {
    const { endpoint, region, accountId } = installation;
    const { Role: own = '' } = await ofFunction('selfheal-prod-bot-ec2_stop_instance');
    expect(own).toContain(`:${accountId}:role/selfheal/prod/bots/`);
    const keys = await assume(own, { endpoint, region, credentials: TEST });
    const session = await assume(roleArn, { endpoint, region, credentials: keys }, tag);
    return new Class({ endpoint, region: at.region, credentials: session } as never);
  }

  test('may do in a member what its bot does, whatever session policy it leaves out', async () => {
    const id = await newInstance(at);
    const ec2 = await stolen(EC2Client, 'ec2_stop_instance');
    await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    expect(await stateOf({ ...at, id })).toBe('stopped');
  });

  test('may do nothing that only another bot does', async () => {
    const id = await newInstance(at);
    const ec2 = await stolen(EC2Client, 'ec2_stop_instance');
    const change = new ModifyInstanceMetadataOptionsCommand({ InstanceId: id, HttpTokens: 'required' });
    await expect(ec2.send(change)).rejects.toMatchObject(denied);
  });

  test('gets no session of another bot, and may do nothing in one without a tag', async () => {
    await expect(stolen(EC2Client, 'ec2_require_imdsv2')).rejects.toMatchObject(denied);
    const ec2 = await stolen(EC2Client);
    await expect(ec2.send(new DescribeInstancesCommand({}))).rejects.toMatchObject(denied);
  });
});

interface Place {
  readonly account: string;
  readonly region: string;
}

async function ask({ id, ...place }: Place & { readonly id: string }): Promise<void> {
  const Message = JSON.stringify({ bot: 'ec2_stop_instance', target: { id, ...place }, id: `finding-${id}` });
  await home.sns.send(new PublishCommand({ TopicArn: installation.findingsTopicArn, Message }));
}

async function newInstance(place: Place): Promise<string> {
  const ec2 = await client(EC2Client, place);
  const input = { ImageId: 'ami-12c6146b', MinCount: 1, MaxCount: 1 };
  const { Instances = [] } = await ec2.send(new RunInstancesCommand(input));
  return Instances[0]?.InstanceId ?? '';
}

async function stateOf({ id, ...place }: Place & { readonly id: string }): Promise<string | undefined> {
  const ec2 = await client(EC2Client, place);
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  return Reservations[0]?.Instances?.[0]?.State?.Name;
}

async function deployMember(account: string, region: string, externalId: string): Promise<void> {
  const accounts = { ...(config as MultiConfig).accounts, externalId };
  const { accountId, region: homeRegion } = installation;
  const at = { stage: 'prod', account: accountId, region: homeRegion };
  const template = await memberTemplate({ ...config, accounts }, catalogue, at);
  const cloudFormation = await client(CloudFormationClient, { account, region });
  await cloudFormation.send(
    new CreateStackCommand({
      StackName: 'selfheal-member',
      TemplateBody: JSON.stringify(template),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    }),
  );
}

/** A client with all rights in an account of local AWS. */
async function client<T>(Class: new (config: never) => T, { account, region }: Place): Promise<T> {
  const { endpoint, accountId } = installation;
  const settings = { endpoint, region, credentials: TEST };
  if (account === accountId) return new Class(settings as never);
  const credentials = await assume(`arn:aws:iam::${account}:role/test`, settings);
  return new Class({ ...settings, credentials } as never);
}

interface Settings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Keys;
}

async function assume(RoleArn: string, settings: Settings, tag?: string): Promise<Keys> {
  const { Credentials: keys } = await new STSClient(settings).send(
    new AssumeRoleCommand({
      ...{ RoleArn, RoleSessionName: 'test', ExternalId: EXTERNAL_ID },
      ...(tag !== undefined && { Tags: [{ Key: BOT_TAG, Value: tag }] }),
    }),
  );
  return {
    accessKeyId: keys?.AccessKeyId ?? '',
    secretAccessKey: keys?.SecretAccessKey ?? '',
    sessionToken: keys?.SessionToken ?? '',
  };
}

async function ofFunction(FunctionName: string) {
  const lambda = await client(LambdaClient, { account: installation.accountId, region: installation.region });
  return lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
}

async function refusals(): Promise<(string | undefined)[]> {
  const { Messages = [] } = await home.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: installation.deadLetterQueueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 1,
      MessageAttributeNames: ['All'],
    }),
  );
  return Messages.map(({ MessageAttributes }) => MessageAttributes?.reason?.StringValue);
}

async function entriesOf(id: string) {
  return (await book.list()).filter(({ target }) => target.id === id);
}

function slack(): string[] {
  return installation.slack.messages.map(({ body }) => JSON.stringify(body));
}
