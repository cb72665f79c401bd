import type { SQSClient } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { enabling, entry } from '../../testing/entry';
import { takeIn } from './intake';

const ACCOUNT = '111122223333';
const TOPIC = `arn:aws:sns:eu-west-1:${ACCOUNT}:findings`;
const catalogue = [entry('rotate', { aliases: ['turn'] }), entry('rename'), entry('drop')];
const environment = {
  accountId: ACCOUNT,
  region: 'eu-west-1',
  queueUrl: 'queue',
  deadLetterQueueUrl: 'dead',
  eventsTopicArn: 'topic',
  journalTable: 'journal',
  functionPrefix: 'selfheal-',
  stage: 'prod',
};

/** Takes in the event with an SQS that takes everything, and checks what must hold whatever it is. */
async function answered(event: unknown) {
  const enqueued: { bot: string; target: { account: string } }[] = [];
  let deadLetters = 0;
  const send = ({ input }: { input: { Entries?: { MessageBody: string }[] } }) => {
    if (!input.Entries) deadLetters += 1;
    enqueued.push(...(input.Entries ?? []).map((each) => JSON.parse(each.MessageBody) as never));
    return Promise.resolve({});
  };
  const sqs = { send } as unknown as SQSClient;
  const config = enabling('rotate', 'rename');
  const { tally, batchItemFailures } = await takeIn(
    { config, catalogue, environment, topics: [{ arn: TOPIC }], sqs, looksQueueUrl: 'looks' },
    event,
  );
  expect(batchItemFailures).toEqual([]);
  // The same finding twice in one event is one message.
  expect(tally.enqueued).toBeGreaterThanOrEqual(enqueued.length);
  expect(tally.deadLettered).toBe(deadLetters);
  for (const { bot, target } of enqueued) {
    expect(['rotate', 'rename']).toContain(bot);
    expect(target.account).toBe(ACCOUNT);
  }
  return tally;
}

/** Mostly this, now and then anything. */
function mostly<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 12, arbitrary }, { weight: 1, arbitrary: fc.jsonValue() });
}

const account = fc.constantFrom(ACCOUNT, ACCOUNT, '999999999999', '');
const bot = fc.constantFrom('rotate', 'turn', 'rename', 'drop', 'make_tea', '__proto__', 'constructor');
const odd = fc.oneof(
  fc.constantFrom('days=3', 'name="a b"', '7', 'AUTO:', "'", '"'),
  fc.string({ unit: 'binary' }),
);
const order = fc.tuple(bot, fc.array(odd, { maxLength: 2 })).map(([name, rest]) => [name, ...rest].join(' '));
const generic = fc.record(
  {
    bot: mostly(bot),
    target: mostly(
      fc.record(
        {
          id: mostly(fc.string({ minLength: 1 })),
          account: mostly(account),
          type: fc.constant('AWS::KMS::Key'),
        },
        { requiredKeys: ['id'] },
      ),
    ),
    params: mostly(fc.record({ days: mostly(fc.integer({ min: 1, max: 400 })) }, { requiredKeys: [] })),
    time: mostly(fc.constant('2026-11-21T10:00:00Z')),
  },
  { requiredKeys: ['bot', 'target'] },
);
const cloudguard = fc.record({
  status: fc.constantFrom('Failed', 'Failed', 'Passed', null),
  account: mostly(fc.record({ id: mostly(account) })),
  rule: mostly(
    fc.record({
      name: mostly(odd),
      complianceTags: mostly(
        fc.array(order, { maxLength: 3 }).map((all) => all.map((each) => `AUTO: ${each}`).join('|')),
      ),
    }),
  ),
  entity: mostly(
    fc.record({ id: mostly(odd), region: mostly(fc.constantFrom('eu_west_1', 'global', null, 'moon')) }),
  ),
  remediationActions: mostly(fc.array(order, { maxLength: 2 })),
  findingKey: mostly(odd),
});

/** An event of the findings queue; each message is in SNS's envelope. */
function event(messages: readonly string[]) {
  return {
    Records: messages.map((Message, index) => ({
      messageId: `sqs-${index}`,
      body: JSON.stringify({ Type: 'Notification', MessageId: `sns-${index}`, TopicArn: TOPIC, Message }),
    })),
  };
}

test('any messages: each is answered for, and only enabled bots are asked, for this account only', async () => {
  const all = { enqueued: 0, declined: 0, deadLettered: 0 };
  const message = fc.oneof(
    { weight: 3, arbitrary: fc.oneof(generic, cloudguard).map((each) => JSON.stringify(each)) },
    { weight: 1, arbitrary: fc.oneof(fc.json(), fc.string({ unit: 'binary' })) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(message, { maxLength: 5 }), async (messages) => {
      const tally = await answered(event(messages));
      expect(tally.enqueued + tally.declined + tally.deadLettered).toBeGreaterThanOrEqual(messages.length);
      for (const kind of ['enqueued', 'declined', 'deadLettered'] as const) all[kind] += tally[kind];
    }),
    { numRuns: 500 },
  );
  // The messages are near enough to real ones for every way to be gone.
  expect(Object.values(all).map((count) => count > 0)).toEqual([true, true, true]);
});

test('any event at all: nothing is thrown', async () => {
  const record = fc.record(
    {
      messageId: fc.jsonValue(),
      body: fc.oneof(fc.json(), fc.jsonValue()),
      attributes: fc.jsonValue(),
      Sns: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  const records = fc.record({ Records: fc.array(fc.oneof(record, fc.jsonValue())) });
  await fc.assert(
    fc.asyncProperty(fc.oneof(records, fc.jsonValue()), async (given) => {
      await answered(given);
    }),
    { numRuns: 500 },
  );
});
