/** What happens in a member account, from its own bus to the queue of repairs: both stacks as they are deployed. */
import { randomUUID } from 'node:crypto';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetQueueUrlCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { SQSEvent } from 'aws-lambda';
import { type MultiConfig, memberTemplate } from '../../deploy/member-template';
import { memberEvents } from '../../deploy/members';
import { STAGE } from '../../deploy/template';
import { lookAround } from '../../functions/config-rules/looks';
import { item } from '../../functions/config-rules/testing';
import { takeIn } from '../../functions/findings/intake';
import guardduty from '../../functions/findings/sources/fixtures/guardduty/instance.json';
import { bots } from '../../functions/remediators';
import { catalogue } from '../../functions/remediators/catalogue';
import { clientMaker } from '../../shared/aws/clients';
import { sessions } from '../../shared/aws/sessions';
import { loadBot } from '../../shared/worker/load';
import { type Account, newAccount } from '../../testing/account';
import { type World, newWorld, receive } from '../../testing/world';

const ELSEWHERE = 'eu-central-1';

let home: World;
let member: Account;
let config: MultiConfig;

beforeEach(async () => {
  home = await newWorld();
  member = await newAccount();
  config = {
    enable_auto_response: false,
    bots: { kms_enable_rotation: { enabled: true }, ec2_stop_instance: { enabled: true } },
    accounts: { mode: 'multi', externalId: 'selfheal-1', accounts: [member.account] },
    findings: { events: ['guardduty'] },
    routes: { guardduty: { 'Backdoor:EC2/*': 'AUTO: ec2_stop_instance' } },
  };
  await deployHome();
  const { region, account } = home.account;
  const template = await memberTemplate(config, catalogue, { stage: 'prod', account, region });
  for (const at of [region, ELSEWHERE]) await deploy(member, at, template);
});

test('a finding of another region reaches the intake, which asks for the repair there', async () => {
  const { source, 'detail-type': DetailType, detail } = guardduty;
  const found = { ...detail, accountId: member.account, region: ELSEWHERE };
  await put(ELSEWHERE, { Source: source, DetailType, Detail: JSON.stringify(found) });

  const event = await waiting('findings');
  const [{ body } = { body: '' }, ...more] = event.Records;
  expect(more).toEqual([]);
  expect(JSON.parse(body)).toMatchObject({ account: member.account, region: ELSEWHERE });
  const context = {
    config,
    catalogue,
    environment: home.environment,
    topics: [],
    sqs: home.sqs,
    looksQueueUrl: '',
  };
  expect(await takeIn(context, event)).toMatchObject({ batchItemFailures: [], tally: { enqueued: 1 } });
  const [repair] = await receive(home);
  expect(repair?.body).toMatchObject({
    bot: 'ec2_stop_instance',
    target: {
      account: member.account,
      region: ELSEWHERE,
      type: 'AWS::EC2::Instance',
      id: 'i-0a1b2c3d4e5f60718',
    },
  });
});

test('a change is judged with a session of the member’s own role, which only the bots’ roles may open', async () => {
  const kms = member.client(KMSClient, ELSEWHERE);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const resourceId = KeyMetadata?.KeyId ?? '';
  const configurationItem = item({ resourceId, awsAccountId: member.account, awsRegion: ELSEWHERE });
  const detail = { messageType: 'ConfigurationItemChangeNotification', configurationItem };
  const change = { Source: 'aws.config', DetailType: 'Config Configuration Item Change' };
  await put(ELSEWHERE, { ...change, Detail: JSON.stringify(detail) });

  const looker = await lookoutOf('selfheal/prod/bots/evaluator');
  // The change becomes a look, and the look the repair.
  expect(await lookAround(looker, await waiting('looks'))).toEqual({ batchItemFailures: [] });
  const look = await waiting('looks');
  expect(look.Records).toHaveLength(1);
  const stranger = await lookoutOf('stranger');
  expect((await lookAround(stranger, look)).batchItemFailures).toHaveLength(1);
  expect(await receive(home)).toEqual([]);
  expect(await lookAround(looker, look)).toEqual({ batchItemFailures: [] });
  const [repair] = await receive(home);
  expect(repair?.body).toMatchObject({
    bot: 'kms_enable_rotation',
    target: { account: member.account, region: ELSEWHERE, type: 'AWS::KMS::Key', id: resourceId },
    preview: { calls: [{ action: 'kms:EnableKeyRotation' }] },
  });
});

test('what no enabled bot is for stays in the member', async () => {
  const configurationItem = item({ resourceType: 'AWS::EC2::Volume', awsAccountId: member.account });
  const detail = { messageType: 'ConfigurationItemChangeNotification', configurationItem };
  const change = { Source: 'aws.config', DetailType: 'Config Configuration Item Change' };
  await put(ELSEWHERE, { ...change, Detail: JSON.stringify(detail) });
  expect((await waiting('looks')).Records).toEqual([]);
});

/** What the evaluator works with, in a role of the home account. */
async function lookoutOf(role: string) {
  const { account, region } = home.account;
  const RoleArn = `arn:aws:iam::${account}:role/${role}`;
  const { Credentials: keys } = await new STSClient({ region }).send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }),
  );
  const credentials = {
    accessKeyId: keys?.AccessKeyId ?? '',
    secretAccessKey: keys?.SecretAccessKey ?? '',
    sessionToken: keys?.SessionToken ?? '',
  };
  const sts = new STSClient({ region, credentials });
  return {
    config,
    catalogue,
    environment: home.environment,
    sqs: home.sqs,
    load: (id: string) => loadBot(bots, id),
    looksQueueUrl: await urlOf('looks'),
    awsConfig: home.account.client(ConfigServiceClient),
    clients: clientMaker(
      {},
      sessions({ accounts: config.accounts, home: account, stage: 'prod', sts, use: 'read' }),
    ),
  };
}

/** The home side as the stack makes it, with the two queues of deploy/resources.yml that it refers to. */
async function deployHome(): Promise<void> {
  const queue = (name: string) => ({
    Type: 'AWS::SQS::Queue',
    Properties: { QueueName: `selfheal-prod-${name}` },
  });
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Resources: {
      FindingsQueue: queue('findings'),
      UndeliveredQueue: queue('undelivered'),
      ...memberEvents(config, catalogue),
    },
  };
  const staged = JSON.parse(JSON.stringify(template).replaceAll(STAGE, 'prod')) as object;
  await deploy(home.account, home.account.region, staged);
}

async function deploy(account: Account, region: string, template: object): Promise<void> {
  const cloudFormation = account.client(CloudFormationClient, region);
  const StackName = `selfheal-${randomUUID().slice(0, 8)}`;
  await cloudFormation.send(
    new CreateStackCommand({
      StackName,
      TemplateBody: JSON.stringify(template),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    }),
  );
  const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
  expect(Stacks).toMatchObject([{ StackStatus: 'CREATE_COMPLETE' }]);
}

async function put(region: string, entry: object): Promise<void> {
  const { FailedEntryCount } = await member
    .client(EventBridgeClient, region)
    .send(new PutEventsCommand({ Entries: [entry] }));
  expect(FailedEntryCount).toBe(0);
}

async function urlOf(name: string): Promise<string> {
  const { QueueUrl = '' } = await home.sqs.send(
    new GetQueueUrlCommand({ QueueName: `selfheal-prod-${name}` }),
  );
  return QueueUrl;
}

/** What waits on a queue, as Lambda hands it to a function. */
async function waiting(name: string): Promise<SQSEvent> {
  const QueueUrl = await urlOf(name);
  const { Messages = [] } = await home.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] }),
  );
  return {
    Records: Messages.map(({ MessageId: messageId, Body: body, Attributes: attributes }) => ({
      messageId,
      body,
      attributes,
      eventSource: 'aws:sqs',
    })),
  } as never;
}
