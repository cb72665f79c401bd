import { randomUUID } from 'node:crypto';
import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import {
  CreateSnapshotCommand,
  CreateVolumeCommand,
  EC2Client,
  ModifySnapshotAttributeCommand,
} from '@aws-sdk/client-ec2';
import { CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateKeyCommand, EnableKeyRotationCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { AnyBot } from '../../shared/bot/bot';
import { entry } from '../../testing/entry';
import { type World, newWorld, receive } from '../../testing/world';
import { bots } from '../remediators';
import { loadBot } from '../../shared/worker/load';
import { answerRule } from './daily';
import { lookAround } from './looks';
import type { Lookout } from './lookout';
import type { RuleEvent } from './notification';
import { changed, invoked } from './testing';

const AT = '2026-11-21T10:00:01.000Z';

let world: World;
let looksQueueUrl: string;

beforeEach(async () => {
  world = await newWorld();
  const QueueName = `looks-${randomUUID().slice(0, 8)}`;
  looksQueueUrl = (await world.sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl ?? '';
});

function lookoutOf(bot: string, resource: `AWS::${string}::${string}`, more: Partial<Lookout> = {}): Lookout {
  return {
    config: { enable_auto_response: false, bots: { [bot]: { enabled: true } } },
    environment: world.environment,
    awsConfig: world.account.client(ConfigServiceClient),
    sqs: world.sqs,
    clients: world.clients,
    load: (id) => loadBot(bots, id),
    catalogue: [entry(bot, { resource })],
    looksQueueUrl,
    ...more,
  };
}

/** What AWS Config sends once a day. */
function asked(bot: string, changes: Partial<RuleEvent> = {}): RuleEvent {
  const notice = {
    messageType: 'ScheduledNotification',
    awsAccountId: world.account.account,
    notificationCreationTime: AT,
    recordVersion: '1.0',
  };
  const resultToken = `selfheal-${bot}#token`;
  const ruleParameters = JSON.stringify({ bot });
  return invoked(notice, { ruleParameters, resultToken, configRuleName: `selfheal-${bot}`, ...changes });
}

/** Works the queue of looks off once, as Lambda does: what fails stays. */
async function work(lookout: Lookout): Promise<number> {
  const { Messages = [] } = await world.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: looksQueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
  );
  const Records = Messages.map(({ MessageId: messageId = '', Body: body }) => ({ messageId, body }));
  const { batchItemFailures } = await lookAround(lookout, { Records: Records as never });
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  for (const { MessageId: id = '', ReceiptHandle } of Messages) {
    if (failed.has(id)) continue;
    await world.sqs.send(new DeleteMessageCommand({ QueueUrl: looksQueueUrl, ReceiptHandle }));
  }
  return failed.size;
}

/** The evaluations that local AWS keeps of this account, by resource. */
async function evaluations(): Promise<Record<string, string>> {
  const reply = await fetch(`${process.env.AWS_ENDPOINT_URL ?? ''}/selfheal/evaluations`);
  const all = (await reply.json()) as Record<string, string>[];
  return Object.fromEntries(
    all
      .filter(({ AccountId }) => AccountId === world.account.account)
      .map((each) => [
        `${each.ComplianceResourceType ?? ''} ${each.ComplianceResourceId ?? ''}`,
        [each.ComplianceType, each.Annotation].filter(Boolean).join(': '),
      ]),
  );
}

async function newKey(rotates: boolean): Promise<string> {
  const kms = world.account.client(KMSClient);
  const { KeyMetadata: { KeyId = '' } = {} } = await kms.send(new CreateKeyCommand({}));
  if (rotates) await kms.send(new EnableKeyRotationCommand({ KeyId }));
  return KeyId;
}

async function newSnapshot(shared: boolean): Promise<string> {
  const ec2 = world.account.client(EC2Client);
  const { VolumeId } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'eu-west-1a', Size: 1 }));
  const { SnapshotId = '' } = await ec2.send(new CreateSnapshotCommand({ VolumeId }));
  const share = { SnapshotId, Attribute: 'createVolumePermission', OperationType: 'add' } as const;
  if (shared) await ec2.send(new ModifySnapshotAttributeCommand({ ...share, GroupNames: ['all'] }));
  return SnapshotId;
}

describe('a rule that the clock asks about what AWS Config records', () => {
  test('looks at every resource, and each look puts its own evaluation', async () => {
    const [old, sound] = [await newKey(false), await newKey(true)];
    const lookout = lookoutOf('kms_enable_rotation', 'AWS::KMS::Key');
    expect(await answerRule(lookout, asked('kms_enable_rotation'), 'now')).toEqual({ looks: 2 });
    expect(await evaluations()).toEqual({});
    expect(await work(lookout)).toBe(0);
    expect(await evaluations()).toEqual({
      [`AWS::KMS::Key ${old}`]: 'NON_COMPLIANT: the key does not rotate: turn on automatic rotation',
      [`AWS::KMS::Key ${sound}`]: 'COMPLIANT',
    });
    expect((await receive(world)).map(({ body }) => [body.target.id, body.finding.time])).toEqual([
      [old, AT],
    ]);
  });

  test('a user is evaluated under the id that AWS Config has for it, and looked at by name', async () => {
    const iam = world.account.client(IAMClient);
    const { User } = await iam.send(new CreateUserCommand({ UserName: 'ada' }));
    const bot = 'iam_user_deactivate_unused_access_key';
    const lookout = lookoutOf(bot, 'AWS::IAM::User');
    await answerRule(lookout, asked(bot), 'now');
    await work(lookout);
    expect(await evaluations()).toEqual({ [`AWS::IAM::User ${User?.UserId ?? ''}`]: 'COMPLIANT' });
  });

  test('a user that AWS Config does not know is looked at, and not evaluated', async () => {
    await world.account.client(IAMClient).send(new CreateUserCommand({ UserName: 'ada' }));
    const bot = 'iam_user_delete_inline_policies';
    const config = world.account.client(ConfigServiceClient);
    const awsConfig = Object.assign(Object.create(config) as ConfigServiceClient, {
      send: (command: never) =>
        (command as object).constructor.name === 'ListDiscoveredResourcesCommand'
          ? Promise.resolve({ resourceIdentifiers: [] })
          : config.send(command),
    });
    const lookout = lookoutOf(bot, 'AWS::IAM::User', { awsConfig });
    expect(await answerRule(lookout, asked(bot), 'now')).toEqual({ looks: 1 });
    expect(await work(lookout)).toBe(0);
    expect(await evaluations()).toEqual({});
  });

  test('a test of the rule leaves everything as it is', async () => {
    await newKey(false);
    const lookout = lookoutOf('kms_enable_rotation', 'AWS::KMS::Key');
    await answerRule(lookout, asked('kms_enable_rotation', { resultToken: 'TESTMODE' }), 'now');
    expect(await work(lookout)).toBe(0);
    expect(await receive(world)).toEqual([]);
    expect(await evaluations()).toEqual({});
  });
});

describe('a rule that the clock asks about what AWS Config does not record', () => {
  const lookout = (more: Partial<Lookout> = {}) =>
    lookoutOf('ebs_snapshot_set_private', 'AWS::EC2::Snapshot', more);
  const account = () => `AWS::::Account ${world.account.account}`;

  test('evaluates the account, names what is at fault, and asks for its repair', async () => {
    const open = await newSnapshot(true);
    await newSnapshot(false);
    const answer = await answerRule(lookout(), asked('ebs_snapshot_set_private'), 'now');
    expect(answer).toEqual({ compliance: 'NON_COMPLIANT' });
    expect((await evaluations())[account()]).toMatch(new RegExp(`^NON_COMPLIANT: 1 of [0-9]+: ${open}: `));
    expect((await receive(world)).map(({ body }) => body.target)).toEqual([
      { account: world.account.account, region: 'eu-west-1', type: 'AWS::EC2::Snapshot', id: open },
    ]);
  });

  test('nothing at fault: COMPLIANT', async () => {
    await newSnapshot(false);
    await answerRule(lookout(), asked('ebs_snapshot_set_private'), 'now');
    expect(await evaluations()).toEqual({ [account()]: 'COMPLIANT' });
  });

  test('one that cannot be read: the others are put right, and the account is evaluated another time', async () => {
    const [open, sealed] = [await newSnapshot(true), await newSnapshot(true)];
    const load = async (id: string) => {
      const bot = await loadBot(bots, id);
      if (!bot) return undefined;
      const inspect: AnyBot['inspect'] = (aws, context) =>
        context.target.id === sealed ? Promise.reject(new Error('throttled')) : bot.inspect(aws, context);
      return { ...bot, inspect };
    };
    const answer = answerRule(lookout({ load }), asked('ebs_snapshot_set_private'), 'now');
    await expect(answer).rejects.toThrow('throttled');
    expect((await receive(world)).map(({ body }) => body.target.id)).toEqual([open]);
    expect(await evaluations()).toEqual({});
  });
});

describe('an evaluation that failed is made up for', () => {
  /** AWS Config that fails as it is told to, once for each, and then answers. */
  function failing(...replies: (() => object)[]): { awsConfig: ConfigServiceClient; sent: string[] } {
    const config = world.account.client(ConfigServiceClient);
    const sent: string[] = [];
    const send = (command: object) => {
      sent.push(command.constructor.name);
      if (command.constructor.name === 'ListDiscoveredResourcesCommand') return config.send(command as never);
      const reply = replies.shift();
      return Promise.resolve().then(() => (reply ? reply() : config.send(command as never)));
    };
    return { awsConfig: Object.assign(Object.create(config) as ConfigServiceClient, { send }), sent };
  }
  const named = (name: string) => () => {
    throw Object.assign(new Error(name), { name });
  };
  /** What Lambda puts on the queue after its last try. */
  const givenUp = (requestPayload: RuleEvent) => ({
    version: '1.0',
    timestamp: AT,
    requestContext: {
      requestId: 'r',
      functionArn: 'f',
      condition: 'RetriesExhausted',
      approximateInvokeCount: 3,
    },
    requestPayload,
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: { errorMessage: 'Task timed out after 300.00 seconds' },
  });
  const late = (lookout: Lookout, event: RuleEvent) =>
    lookAround(lookout, { Records: [{ messageId: 'm', body: JSON.stringify(givenUp(event)) }] as never });

  test.each<[string, () => object]>([
    ['FailedEvaluations in a reply of HTTP 200', () => ({ FailedEvaluations: [{}] })],
    ['throttled', named('ThrottlingException')],
  ])('a look of the clock, %s: it comes back, and is told the second time', async (_name, reply) => {
    const key = await newKey(true);
    const { awsConfig } = failing(reply);
    const lookout = lookoutOf('kms_enable_rotation', 'AWS::KMS::Key', { awsConfig });
    await answerRule(lookout, asked('kms_enable_rotation'), 'now');
    expect(await work(lookout)).toBe(1);
    expect(await evaluations()).toEqual({});
    expect(await work(lookout)).toBe(0);
    expect(await evaluations()).toEqual({ [`AWS::KMS::Key ${key}`]: 'COMPLIANT' });
  });

  test('a change whose function was killed in all three tries is answered from the queue', async () => {
    const key = await newKey(false);
    const lookout = lookoutOf('kms_enable_rotation', 'AWS::KMS::Key');
    const event = changed({ resourceId: key, awsAccountId: world.account.account });
    expect(await late(lookout, event)).toEqual({ batchItemFailures: [] });
    expect(Object.keys(await evaluations())).toEqual([`AWS::KMS::Key ${key}`]);
    expect((await receive(world)).map(({ body }) => body.target.id)).toEqual([key]);
  });

  test('it fails again: it comes back again', async () => {
    const event = changed({ resourceId: await newKey(true), awsAccountId: world.account.account });
    const { awsConfig } = failing(() => ({ FailedEvaluations: [{}] }));
    expect(await late(lookoutOf('kms_enable_rotation', 'AWS::KMS::Key', { awsConfig }), event)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm' }],
    });
  });

  test.each([
    ['the rule is asked about everything anew', () => ({})],
    ['which it is already', named('LimitExceededException')],
  ])('the token holds no longer: %s', async (_name, reply) => {
    const key = await newKey(false);
    const { awsConfig, sent } = failing(named('InvalidResultTokenException'), reply);
    const lookout = lookoutOf('kms_enable_rotation', 'AWS::KMS::Key', { awsConfig });
    const event = changed({ resourceId: key, awsAccountId: world.account.account });
    expect(await late(lookout, event)).toEqual({ batchItemFailures: [] });
    expect(sent).toEqual(['PutEvaluationsCommand', 'StartConfigRulesEvaluationCommand']);
    expect((await receive(world)).map(({ body }) => body.target.id)).toEqual([key]);
  });

  test('a token that was never good is an error', async () => {
    const { awsConfig } = failing(named('InvalidResultTokenException'));
    const event = changed({ resourceId: await newKey(true), awsAccountId: world.account.account });
    const lookout = lookoutOf('kms_enable_rotation', 'AWS::KMS::Key', { awsConfig });
    await expect(answerRule(lookout, event, 'now')).rejects.toThrow('InvalidResultTokenException');
  });
});
