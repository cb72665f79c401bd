import type { SQSClient } from '@aws-sdk/client-sqs';
import { FINDING_SOURCES } from '../../shared/config';
import { enabling, entry } from '../../testing/entry';
import { type World, deadLetters, newWorld, receive } from '../../testing/world';
import { type IntakeContext, takeIn } from './intake';
import securityGroup from './sources/fixtures/cloudguard/security-group.json';
import guardduty from './sources/fixtures/guardduty/instance.json';

let world: World;
beforeEach(async () => {
  world = await newWorld();
});

const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:findings';
const catalogue = [entry('rotate', { aliases: ['turn'] }), entry('rename'), entry('drop')];

function contextOf(sqs: SQSClient = world.sqs): IntakeContext {
  return {
    config: enabling('rotate', 'rename'),
    catalogue,
    environment: world.environment,
    topics: [{ arn: TOPIC, sources: [...FINDING_SOURCES] }],
    sqs,
    looksQueueUrl: 'http://127.0.0.1:1/looks',
  };
}

/** An event of the findings queue; each message is in SNS's envelope. */
function event(...messages: (object | string)[]) {
  return {
    Records: messages.map((message, index) => ({
      messageId: `sqs-${index}`,
      body: JSON.stringify({
        Type: 'Notification',
        MessageId: `sns-${index}`,
        TopicArn: TOPIC,
        Message: typeof message === 'string' ? message : JSON.stringify(message),
        Timestamp: '2026-11-21T10:00:00.000Z',
      }),
      attributes: { SentTimestamp: '1795255200000' },
    })),
  };
}

const good = (id = 'key-1') => ({ bot: 'rotate', target: { id } });

/** SQS that refuses the commands of this name. */
function without(name: string): SQSClient {
  const send = (command: { constructor: { name: string } }) =>
    command.constructor.name === name
      ? Promise.reject(new Error('SQS is not there'))
      : world.sqs.send(command as never);
  return { send } as never;
}

function cloudguard(complianceTags: string, changes: object = {}) {
  return {
    ...securityGroup,
    account: { id: world.account.account },
    entity: { id: 'key-1', type: 'KMS', region: 'eu_west_1' },
    rule: { name: 'rule', complianceTags },
    ...changes,
  };
}

test('what asks for a repair is enqueued, what cannot be used is kept with the reason, the rest is left', async () => {
  const { tally, batchItemFailures } = await takeIn(
    contextOf(),
    event(
      good(),
      'not json',
      cloudguard('AUTO: rename name=core'),
      cloudguard('AUTO: rename', { status: 'Passed' }),
      { hello: 'world' },
    ),
  );
  expect(tally).toEqual({ enqueued: 2, declined: 1, deadLettered: 2, withoutRoute: 0 });
  expect(batchItemFailures).toEqual([]);
  expect((await receive(world)).map(({ body }) => body)).toMatchObject([
    { bot: 'rotate', target: { account: world.account.account, id: 'key-1' }, finding: { id: 'sns-0' } },
    { bot: 'rename', params: { name: 'core' }, finding: { source: 'cloudguard' } },
  ]);
  expect(await deadLetters(world)).toEqual([
    { body: 'not json', reason: 'the finding is not JSON' },
    {
      body: '{"hello":"world"}',
      reason: expect.stringMatching(/no source speaks like this: known are .*cloudguard/),
    },
  ]);
});

test.each<[string, () => object | string, RegExp]>([
  ['nothing', () => '', /not JSON/],
  ['a number', () => '7', /not a JSON object/],
  ['null', () => 'null', /not a JSON object/],
  ['a list', () => '[]', /not a JSON object/],
  ['an unknown bot', () => ({ ...good(), bot: 'make_tea' }), /no bot "make_tea"/],
  ['a bot that is not enabled', () => ({ ...good(), bot: 'drop' }), /drop is not enabled/],
  [
    'another account',
    () => ({ bot: 'rotate', target: { id: 'k', account: '999999999999' } }),
    /not this inst/,
  ],
  [
    'another account of CloudGuard',
    () => ({ ...cloudguard('AUTO: rotate'), account: { id: '999999999999' } }),
    /not this inst/,
  ],
  [
    'an account that is none',
    () => ({ ...cloudguard('AUTO: rotate'), account: { id: 'mine' } }),
    /account: .*12 digits/,
  ],
  [
    'a region that nobody knows',
    () => ({ bot: 'rotate', target: { id: 'k', region: 'xx-far-1' } }),
    /region xx-far-1/,
  ],
  [
    'a region of another partition',
    () => ({ bot: 'rotate', target: { id: 'k', region: 'cn-north-1' } }),
    /region cn-north-1 lies in partition aws-cn, and this installation in aws/,
  ],
  [
    'an ARN of another partition',
    () => ({
      bot: 'rotate',
      target: { id: `arn:aws-us-gov:kms:us-gov-west-1:${world.account.account}:key/k` },
    }),
    /us-gov-west-1 lies in partition aws-us-gov/,
  ],
  [
    'an ARN of another account',
    () => ({ bot: 'rotate', target: { id: 'arn:aws:kms:eu-west-1:999999999999:key/k' } }),
    /account 999999999999 is not this installation's/,
  ],
  [
    'an ARN that contradicts the rest',
    () => ({
      bot: 'rotate',
      target: { id: `arn:aws:kms:eu-west-1:${world.account.account}:key/k`, region: 'us-east-1' },
    }),
    /lies in eu-west-1, and region us-east-1 is said of it/,
  ],
  [
    'a region that is none',
    () => ({ bot: 'rotate', target: { id: 'k', region: 'Moon' } }),
    /"Moon" is the name of no region/,
  ],
  ['a type that is none', () => ({ bot: 'rotate', target: { id: 'k', type: 'Key' } }), /a type looks like/],
  [
    'more than a function can be handed',
    () => ({ ...good(), params: { ports: Array.from({ length: 45_000 }, () => 22_222) } }),
    /larger than/,
  ],
])('%s goes to the dead letters with the reason', async (_name, message, reason) => {
  const { tally } = await takeIn(contextOf(), event(message()));
  expect(tally).toEqual({ enqueued: 0, declined: 0, deadLettered: 1, withoutRoute: 0 });
  expect(await deadLetters(world)).toMatchObject([{ reason: expect.stringMatching(reason) }]);
  expect(await receive(world)).toEqual([]);
});

test('two orders of one finding to one bot are two messages', async () => {
  await takeIn(contextOf(), event(cloudguard('AUTO: rotate days=1|AUTO: rotate days=2')));
  expect((await receive(world)).map(({ body }) => body.params)).toEqual([{ days: 1 }, { days: 2 }]);
});

test('the same delivery again is enqueued and kept once', async () => {
  const twice = event(good(), 'not json');
  await takeIn(contextOf(), twice);
  await takeIn(contextOf(), twice);
  expect(await receive(world)).toHaveLength(1);
  expect(await deadLetters(world)).toHaveLength(1);
});

test('the same finding five times is one message, the same fault later is another', async () => {
  const finding = { ...good(), id: 'finding-1', time: '2026-11-21T10:00:00Z' };
  await takeIn(contextOf(), event(finding, finding, finding, finding, finding));
  await takeIn(contextOf(), event({ ...finding, time: '2026-11-21T11:00:00Z' }));
  expect((await receive(world)).map(({ body }) => body.finding.time)).toEqual([
    '2026-11-21T10:00:00Z',
    '2026-11-21T11:00:00Z',
  ]);
});

describe('when SQS fails', () => {
  const ids = (answer: Awaited<ReturnType<typeof takeIn>>) =>
    answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

  test('at enqueueing: what asks for a repair comes back, and is taken in the next time', async () => {
    const batch = event(good('key-1'), 'not json', good('key-2'));
    const failed = await takeIn(contextOf(without('SendMessageBatchCommand')), batch);
    expect(ids(failed)).toEqual(['sqs-0', 'sqs-2']);
    expect(failed.tally.enqueued).toBe(0);
    expect(ids(await takeIn(contextOf(), batch))).toEqual([]);
    expect((await receive(world)).map(({ body }) => body.target.id)).toEqual(['key-1', 'key-2']);
    expect(await deadLetters(world)).toHaveLength(1);
  });

  test('at a dead letter: just that message comes back', async () => {
    const answer = await takeIn(
      contextOf(without('SendMessageCommand')),
      event(good('key-1'), 'not json', good('key-2')),
    );
    expect(ids(answer)).toEqual(['sqs-1']);
    expect(answer.tally).toEqual({ enqueued: 2, declined: 0, deadLettered: 0, withoutRoute: 0 });
    expect(await receive(world)).toHaveLength(2);
  });

  test('and nobody can hand it back: the invocation fails, so that it is tried again', async () => {
    const sns = {
      Records: [{ Sns: { MessageId: 'sns-1', TopicArn: TOPIC, Message: JSON.stringify(good()) } }],
    };
    await expect(takeIn(contextOf(without('SendMessageBatchCommand')), sns)).rejects.toThrow(
      /sns-1 .*try again/,
    );
  });
});

describe('what is counted', () => {
  let lines: Record<string, unknown>[];
  beforeEach(() => {
    lines = [];
    jest
      .spyOn(console, 'info')
      .mockImplementation((line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>));
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  const counts = () => lines.filter((line) => '_aws' in line).map(({ _aws: _, ...rest }) => rest);
  const unanswered = () => ({
    ...guardduty.detail,
    accountId: world.account.account,
    type: 'Nobody:EC2/Answers',
  });

  test('by source, and what no route answers apart', async () => {
    const { tally } = await takeIn(
      contextOf(),
      event(good('a'), good('b'), { ...good(), bot: 'tea' }, unanswered(), 'not json', { hello: 'world' }),
    );
    expect(tally).toEqual({ enqueued: 2, declined: 1, deadLettered: 3, withoutRoute: 1 });
    expect(counts()).toEqual([
      { source: 'generic', FindingsEnqueued: 2, FindingsDeadLettered: 1 },
      { source: 'guardduty', FindingsDeclined: 1, FindingsWithoutRoute: 1 },
      { source: 'unknown', FindingsDeadLettered: 2 },
    ]);
  });

  test('what comes back is counted when it is taken in', async () => {
    const batch = event(good('a'), unanswered());
    const failed = await takeIn(contextOf(without('SendMessageBatchCommand')), batch);
    expect(failed.tally).toEqual({ enqueued: 0, declined: 1, deadLettered: 0, withoutRoute: 1 });
    expect(counts()).toHaveLength(1);
    await takeIn(contextOf(), { Records: batch.Records.slice(0, 1) });
    expect(counts()).toMatchObject([{ source: 'guardduty' }, { source: 'generic', FindingsEnqueued: 1 }]);
  });
});

test('words that leave out a required parameter: taken in when config.ts gives it, else kept with the reason', async () => {
  const params = { type: 'object', properties: { days: { type: 'integer' } }, required: ['days'] };
  const context = { ...contextOf(), catalogue: [entry('rotate', { params })] };
  const configured = {
    ...context.config,
    bots: { rotate: { enabled: true, params: { days: 7 } } },
  } as IntakeContext['config'];
  await takeIn({ ...context, config: configured }, event(cloudguard('AUTO: rotate')));
  expect(await receive(world)).toMatchObject([{ body: { bot: 'rotate', params: {} } }]);
  await takeIn(context, event(cloudguard('AUTO: rotate')));
  expect(await deadLetters(world)).toMatchObject([
    { reason: expect.stringMatching(/^parameter days of rotate/) },
  ]);
});
