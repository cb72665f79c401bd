import { randomUUID } from 'node:crypto';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { CreateKeyCommand, EnableKeyRotationCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { changesPattern } from '../../deploy/members';
import type { ClientMaker } from '../../shared/aws/clients';
import type { AnyBot } from '../../shared/bot/bot';
import type { Config } from '../../shared/config';
import { type Account, newAccount } from '../../testing/account';
import { entry } from '../../testing/entry';
import { type World, newWorld, queued, receive } from '../../testing/world';
import { bot as rotation } from '../remediators/kms/kms_enable_rotation';
import { lookAround } from './looks';
import type { Lookout } from './lookout';
import { item } from './testing';

const SEEN = '2026-11-21T10:00:00.123Z';

let world: World;
let member: Account;
let queueUrl: string;

beforeEach(async () => {
  world = await newWorld();
  member = await newAccount();
  const QueueName = `looks-${randomUUID().slice(0, 8)}`;
  queueUrl = (await world.sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl ?? '';
});

function configOf(more: Partial<Config> = {}): Config {
  return {
    enable_auto_response: false,
    bots: { kms_enable_rotation: { enabled: true } },
    accounts: { mode: 'multi', externalId: 'selfheal-1', accounts: [member.account] },
    ...more,
  };
}

/** Clients with the credentials of the account that the target lies in, as a session there would give. */
const clients: ClientMaker = (bot, { account, region }) => {
  const owner = account === member.account ? member : world.account;
  return Object.fromEntries(
    Object.entries(bot.clients).map(([name, Class]) => [name, owner.client(Class, region)]),
  ) as never;
};

function lookoutOf(more: Partial<Lookout> = {}): Lookout {
  return {
    config: configOf(),
    environment: world.environment,
    sqs: world.sqs,
    awsConfig: world.account.client(ConfigServiceClient),
    clients,
    catalogue: [entry('kms_enable_rotation')],
    load: () => Promise.resolve(rotation),
    looksQueueUrl: queueUrl,
    ...more,
  };
}

async function newKey(rotates = false): Promise<string> {
  const kms = member.client(KMSClient);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const KeyId = KeyMetadata?.KeyId ?? '';
  if (rotates) await kms.send(new EnableKeyRotationCommand({ KeyId }));
  return KeyId;
}

function change(id: string, changes: object = {}, account = member.account): object {
  return {
    version: '0',
    source: 'aws.config',
    'detail-type': 'Config Configuration Item Change',
    account,
    region: 'eu-west-1',
    detail: {
      messageType: 'ConfigurationItemChangeNotification',
      configurationItem: item({ resourceId: id, awsAccountId: member.account, ...changes }),
    },
  };
}

const tick = { source: 'aws.events', 'detail-type': 'Scheduled Event', time: '2026-11-21T10:00:00Z' };

function records(...bodies: unknown[]): SQSEvent {
  const Records = bodies.map((body, index) => ({
    messageId: `m${index}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  }));
  return { Records: Records as never };
}

/** What waits on the looks queue, taken off. */
async function waiting(): Promise<
  { look: { bot: string; target: { account: string; region: string; id?: string } } }[]
> {
  const all: Message[] = [];
  for (;;) {
    const { Messages = [] } = await world.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) return all.map(({ Body = '' }) => JSON.parse(Body) as never);
    all.push(...Messages);
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await world.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}

/** Works the queue off as Lambda does, once. */
async function work(lookout: Lookout) {
  return lookAround(lookout, records(...(await waiting())));
}

const fine = { batchItemFailures: [] };

describe('a change in a member', () => {
  test('comes over the bus, and what is wrong with the live resource goes to the queue', async () => {
    const home = world.account.client(EventBridgeClient);
    const there = member.client(EventBridgeClient);
    const pattern = JSON.stringify(changesPattern(configOf(), [entry('kms_enable_rotation')]));
    const bus = 'selfheal-prod';
    await home.send(new CreateEventBusCommand({ Name: bus }));
    await home.send(new PutRuleCommand({ Name: 'r', EventBusName: bus, EventPattern: pattern }));
    const place = `${world.account.region}:${world.account.account}`;
    const queueArn = `arn:aws:sqs:${place}:${queueUrl.split('/').at(-1) ?? ''}`;
    const target = { Rule: 'r', EventBusName: bus, Targets: [{ Id: 'q', Arn: queueArn }] };
    await home.send(new PutTargetsCommand(target));
    await there.send(new PutRuleCommand({ Name: 'f', EventPattern: pattern }));
    const busArn = `arn:aws:events:${place}:event-bus/${bus}`;
    await there.send(new PutTargetsCommand({ Rule: 'f', Targets: [{ Id: 'b', Arn: busArn }] }));

    const key = await newKey();
    const send = async (event: object) => {
      const { source, 'detail-type': DetailType, detail } = event as Record<string, string>;
      const Entry = { Source: source, DetailType, Detail: JSON.stringify(detail) };
      await there.send(new PutEventsCommand({ Entries: [Entry] }));
    };
    await send(change(key));
    await send(change('vol-1', { resourceType: 'AWS::EC2::Volume' }));
    const events = await waiting();
    expect(events).toMatchObject([
      { account: member.account, detail: { configurationItem: { resourceId: key } } },
    ]);

    expect(await lookAround(lookoutOf(), records(...events))).toEqual(fine);
    expect(await work(lookoutOf())).toEqual(fine);
    const [{ body } = {}, ...others] = await receive(world);
    expect(others).toEqual([]);
    expect(body).toMatchObject({
      bot: 'kms_enable_rotation',
      target: { account: member.account, region: 'eu-west-1', type: 'AWS::KMS::Key', id: key },
      finding: { source: 'config', id: `kms_enable_rotation/${key}`, time: SEEN },
      preview: { calls: [{ action: 'kms:EnableKeyRotation' }] },
    });
  });

  test('that is too large for an event is looked at all the same', async () => {
    const key = await newKey();
    const detail = {
      messageType: 'OversizedConfigurationItemChangeNotification',
      configurationItemSummary: item({ resourceId: key, awsAccountId: member.account }),
      s3DeliverySummary: { s3BucketLocation: 'bucket/item.json.gz' },
    };
    await lookAround(lookoutOf(), records({ ...change(key), detail }));
    expect(await work(lookoutOf())).toEqual(fine);
    expect(await receive(world)).toMatchObject([{ body: { target: { id: key } } }]);
  });

  test('what config.ts keeps out is declined, with the reason', async () => {
    const warned = jest.spyOn(console, 'warn').mockReturnValue();
    await lookAround(lookoutOf(), records(change('k', { awsAccountId: '999999999999' }, '999999999999')));
    expect(warned.mock.calls.map(([line]) => JSON.parse(String(line)) as unknown)).toEqual([
      {
        level: 'warn',
        message: 'a change was declined',
        target: { account: '999999999999', region: 'eu-west-1', type: 'AWS::KMS::Key', id: 'k' },
        reason: 'account 999999999999 is not one of the accounts in config.ts: name it there, and deploy',
      },
    ]);
    warned.mockRestore();
  });

  test('told twice is one message', async () => {
    const key = await newKey();
    for (let time = 0; time < 2; time += 1) {
      await lookAround(lookoutOf(), records(change(key)));
      expect(await work(lookoutOf())).toEqual(fine);
    }
    expect(await queued(world)).toEqual({ visible: 1, inFlight: 0 });
  });

  test('as wanted, gone, or exempt: nothing is enqueued', async () => {
    const exempt = await newKey();
    const config = configOf({ exemptions: [{ resource: exempt, owner: 'web team', reason: 'known' }] });
    const events = [await newKey(true), '00000000-0000-0000-0000-000000000000', exempt];
    await lookAround(lookoutOf({ config }), records(...events.map((id) => change(id))));
    const looks = await waiting();
    expect(looks).toHaveLength(3);
    expect(await lookAround(lookoutOf({ config }), records(...looks))).toEqual(fine);
    expect(await queued(world)).toEqual({ visible: 0, inFlight: 0 });
  });

  test.each<[string, () => object]>([
    ['deleted', () => change('k', { configurationItemStatus: 'ResourceDeleted' })],
    ['of a type that no bot looks at', () => change('vol-1', { resourceType: 'AWS::EC2::Volume' })],
    ['of an account that is not listed', () => change('k', { awsAccountId: '999999999999' }, '999999999999')],
    ['that speaks of another account than it comes from', () => change('k', {}, '999999999999')],
    ['in a region that is excluded', () => change('k', { awsRegion: 'us-east-1' })],
  ])('%s: no look', async (_name, event) => {
    const lookout = lookoutOf({ config: configOf({ regions: ['eu-west-1'] }) });
    expect(await lookAround(lookout, records(event()))).toEqual(fine);
    expect(await waiting()).toEqual([]);
  });

  test('what one bot cannot read comes back for that bot alone', async () => {
    const key = await newKey();
    const broken = {
      ...(rotation as AnyBot),
      id: 'ebs_block_public_snapshots',
      inspect: () => Promise.reject(new Error('throttled')),
    } as AnyBot;
    const lookout = lookoutOf({
      config: configOf({
        bots: { kms_enable_rotation: { enabled: true }, ebs_block_public_snapshots: { enabled: true } },
      }),
      catalogue: [entry('ebs_block_public_snapshots'), entry('kms_enable_rotation')],
      load: (id) => Promise.resolve(id === broken.id ? broken : rotation),
    });
    await lookAround(lookout, records(change(key)));
    const looks = await waiting();
    const at = looks.findIndex(({ look }) => look.bot === broken.id);
    expect(looks).toHaveLength(2);
    expect(await lookAround(lookout, records(...looks))).toEqual({
      batchItemFailures: [{ itemIdentifier: `m${at}` }],
    });
    expect((await receive(world)).map(({ body }) => body.bot)).toEqual(['kms_enable_rotation']);
  });
});

test('a look for what config.ts has meanwhile switched off or excluded is dropped', async () => {
  const target = { account: member.account, region: 'eu-west-1', type: 'AWS::KMS::Key', id: await newKey() };
  const look = { look: { bot: 'kms_enable_rotation', target, seenAt: SEEN } };
  for (const more of [{ bots: {} }, { accounts: { mode: 'single' } as const }]) {
    expect(await lookAround(lookoutOf({ config: configOf(more) }), records(look))).toEqual(fine);
  }
  expect(await queued(world)).toEqual({ visible: 0, inFlight: 0 });
});

test.each(['not json', '{}', '{"look":{}}', JSON.stringify({ ...tick, source: 'aws.config' })])(
  'what is no message of ours comes back, and the rest goes on: %s',
  async (body) => {
    const key = await newKey();
    expect(await lookAround(lookoutOf(), records(body, change(key)))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm0' }],
    });
    expect(await waiting()).toHaveLength(1);
  },
);

test('the daily tick looks at settings: listed accounts, named regions, and at home what no rule asks about', async () => {
  const lookout = lookoutOf({
    config: configOf({
      regions: ['eu-west-1', 'us-east-1'],
      bots: {
        iam_turn_on_password_policy: { enabled: true },
        ec2_enable_ebs_encryption: { enabled: true },
        kms_enable_rotation: { enabled: true },
      },
    }),
    catalogue: [
      entry('iam_turn_on_password_policy', { resource: 'AWS::::Account' }),
      entry('ec2_enable_ebs_encryption', { resource: 'AWS::::Region' }),
      entry('ebs_block_public_snapshots', { resource: 'AWS::::Region' }),
      entry('kms_enable_rotation'),
    ],
  });
  expect(await lookAround(lookout, records(tick))).toEqual(fine);
  const looks = (await waiting()).map(({ look: { bot, target } }) => [bot, target.account, target.region]);
  const { account } = member;
  expect(looks.sort()).toEqual(
    [
      ['iam_turn_on_password_policy', account, 'us-east-1'],
      ['ec2_enable_ebs_encryption', account, 'eu-west-1'],
      ['ec2_enable_ebs_encryption', account, 'us-east-1'],
      ['ec2_enable_ebs_encryption', world.account.account, 'us-east-1'],
    ].sort(),
  );
});

test('the daily tick asks for surveys of what no change tells: where no rule of ours asks, and types that are recorded nowhere', async () => {
  const bots = ['kms_enable_rotation', 'ebs_snapshot_set_private', 'rds_set_private'];
  const lookout = lookoutOf({
    config: configOf({ bots: Object.fromEntries(bots.map((id) => [id, { enabled: true }])) }),
    catalogue: [
      entry('kms_enable_rotation', { recheck: 'daily' }),
      entry('ebs_snapshot_set_private', { resource: 'AWS::EC2::Snapshot' }),
      entry('rds_set_private', { resource: 'AWS::RDS::DBInstance' }),
      entry('unlisted', { resource: 'AWS::IAM::AccessKey' }),
    ],
  });
  expect(await lookAround(lookout, records(tick))).toEqual(fine);
  const place = { account: member.account, region: 'eu-west-1', seenAt: tick.time };
  expect(await waiting()).toEqual([
    { survey: { bot: 'kms_enable_rotation', ...place } },
    { survey: { bot: 'ebs_snapshot_set_private', ...place } },
  ]);
});

test('where config.ts names no regions, settings are looked at in the installation’s own', async () => {
  const lookout = lookoutOf({
    config: configOf({ bots: { ec2_enable_ebs_encryption: { enabled: true } } }),
    catalogue: [entry('ec2_enable_ebs_encryption', { resource: 'AWS::::Region' })],
  });
  await lookAround(lookout, records(tick));
  expect(await waiting()).toMatchObject([
    { look: { target: { account: member.account, region: 'eu-west-1' } } },
  ]);
});

describe('a survey', () => {
  const survey = (changes: object = {}) => ({
    survey: {
      ...{ bot: 'kms_enable_rotation', account: member.account, region: 'eu-west-1', seenAt: SEEN },
      ...changes,
    },
  });

  test('looks at every resource of the type in the account and region, and asks for what is at fault', async () => {
    const atFault = [await newKey(), await newKey()];
    const sound = await newKey(true);
    expect(await lookAround(lookoutOf(), records(survey()))).toEqual(fine);
    const looks = await waiting();
    expect(looks.map(({ look }) => look.target).toSorted(byId)).toEqual(
      [...atFault, sound]
        .map((id) => ({ account: member.account, region: 'eu-west-1', type: 'AWS::KMS::Key', id }))
        .toSorted(byId),
    );
    expect(await lookAround(lookoutOf(), records(...looks))).toEqual(fine);
    expect((await receive(world)).map(({ body }) => body.target.id).sort()).toEqual([...atFault].sort());
  });

  test.each([
    ['of a bot that is not enabled', { bot: 'rds_set_private' }],
    ['of an account that bots may not act in', { account: '999988887777' }],
  ])('%s is declined', async (_what, changes) => {
    await newKey();
    expect(await lookAround(lookoutOf(), records(survey(changes)))).toEqual(fine);
    expect(await waiting()).toEqual([]);
  });

  test('of what cannot be listed comes back, and ends among the undelivered', async () => {
    const catalogue = [entry('kms_enable_rotation', { resource: 'AWS::IAM::AccessKey' })];
    expect(await lookAround(lookoutOf({ catalogue }), records(survey()))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm0' }],
    });
  });
});

function byId({ id: one }: { id?: string }, { id: other }: { id?: string }): number {
  return (one ?? '').localeCompare(other ?? '');
}
