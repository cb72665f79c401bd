import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FINDING_SOURCES } from '../../shared/config';
import { enabling, entry } from '../../testing/entry';
import { type World, deadLetters, newWorld, receive } from '../../testing/world';
import { takeIn } from './intake';
import { senderOf } from './senders';
import { sources } from './sources';

const ACCOUNT = '111122223333';
const TOPIC = `arn:aws:sns:eu-west-1:${ACCOUNT}:selfheal-prod-findings`;
const OPEN = `${TOPIC}-aws`;
const senders = {
  ...{ config: enabling('rotate'), catalogue: [entry('rotate')], accountId: ACCOUNT, region: 'eu-west-1' },
  topics: [{ arn: TOPIC }, { arn: OPEN, sources: [...FINDING_SOURCES] }],
};

const good = { bot: 'rotate', target: { id: 'key-1' } };
const event = { source: 'aws.guardduty', 'detail-type': 'GuardDuty Finding', account: ACCOUNT, detail: {} };

const FIXTURES = join(__dirname, 'sources/fixtures');
/** Samples of what AWS itself sends. */
const samples = sources
  .filter(({ eventPattern, speaksOverSns }) => eventPattern && !speaksOverSns)
  .flatMap(({ name }) =>
    readdirSync(join(FIXTURES, name)).map((file) => {
      const text = readFileSync(join(FIXTURES, name, file), 'utf8').replaceAll(
        /"account": "\d{12}"/g,
        `"account": "${ACCOUNT}"`,
      );
      return [name, JSON.parse(text) as object] as const;
    }),
  );

const isByHand = (sample: object) =>
  'detail-type' in sample && sample['detail-type'] === 'Security Hub Findings - Custom Action';

/** What is said to a message that came over this topic or, without one, by itself. */
function refused(message: unknown, topic?: string): string | undefined {
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    found = undefined;
  }
  const object = typeof found === 'object' && found !== null && !Array.isArray(found) ? found : undefined;
  const source = object && sources.find((each) => each.accepts(object));
  return senderOf(senders, topic === undefined ? {} : { topic }).refuses(object, source);
}

describe('topics', () => {
  test.each([[good], ['not JSON'], ['']])('the installation’s own: %j', (message) => {
    expect(refused(message, TOPIC)).toBeUndefined();
  });

  test.each([
    [''],
    ['selfheal-prod-findings'],
    [`${TOPIC}-2`],
    [TOPIC.toUpperCase()],
    [TOPIC.replace('eu-west-1', 'eu-west-2')],
    [TOPIC.replace(ACCOUNT, '999999999999')],
    ['__proto__'],
  ])('%j is another', (topic) => {
    for (const message of [good, event, 'not JSON']) {
      expect(refused(message, topic)).toMatch(/^the topic ".*" is not one that findings may come over/);
    }
  });

  test('an endless name does not make an endless reason', () => {
    expect(refused(good, 'x'.repeat(100_000))?.length).toBeLessThan(500);
  });
});

describe('events of EventBridge', () => {
  const kinds = sources.flatMap(({ eventPattern }) =>
    (eventPattern?.source ?? []).flatMap((source) =>
      (eventPattern?.['detail-type'] ?? []).map((type) => [source, type] as const),
    ),
  );

  test('there are some', () => {
    expect(kinds.length).toBeGreaterThan(7);
  });

  test.each(kinds)(
    '%s %s is taken in by itself, over a topic only if that is listed for it',
    (source, type) => {
      const known = { ...event, source, 'detail-type': type };
      expect(refused(known)).toBeUndefined();
      expect(refused(known, OPEN)).toEqual(
        isByHand(known) ? expect.stringMatching(/may not press a custom action/) : undefined,
      );
      expect(refused(known, TOPIC)).toMatch(/may not speak for \w+: .*EventBridge alone/);
    },
  );

  test.each(samples)('%s, which AWS sends, is not believed over a topic in whatever form', (name, sample) => {
    expect(refused(sample, OPEN)).toEqual(
      isByHand(sample) ? expect.stringMatching(/may not press a custom action/) : undefined,
    );
    expect(refused(sample, TOPIC)).toMatch(new RegExp(`may not speak for ${name}: `));
  });

  test('what people choose by hand comes from EventBridge, not even over a topic that is listed', () => {
    const pressed = samples.map(([, sample]) => sample).filter(isByHand);
    expect(pressed.length).toBeGreaterThan(0);
    for (const sample of pressed) expect(refused(sample)).toBeUndefined();
  });

  test('however its keys are written', () => {
    const written = JSON.stringify(event).replace('detail-type', 'detail\\u002dtype');
    expect(JSON.parse(written)).toEqual(event);
    expect(refused(written, TOPIC)).toMatch(/may not speak for guardduty/);
  });

  test('an alarm that CloudWatch publishes is believed as others are, its event is not', () => {
    const alarm = { AlarmName: 'a', NewStateValue: 'ALARM', AlarmArn: 'arn' };
    expect(refused(alarm, TOPIC)).toBeUndefined();
    expect(refused({ ...alarm, 'detail-type': 'x' }, TOPIC)).toMatch(/may not speak for alarm/);
  });

  test('an event in which another source is heard too is neither', () => {
    expect(refused({ ...event, bot: 'rotate', target: { id: 'k' } })).toMatch(/are not taken in/);
  });

  test.each<[object, string]>([
    [{ source: 'aws.ec2' }, 'events "GuardDuty Finding" of "aws.ec2" are not taken in'],
    [{ 'detail-type': 'Object Created' }, 'events "Object Created" of "aws.guardduty" are not taken in'],
    // Each is known, but not the one of the other.
    [{ source: 'aws.macie' }, 'events "GuardDuty Finding" of "aws.macie" are not taken in'],
    [{ source: null }, 'events "GuardDuty Finding" of without a name are not taken in'],
    [{ source: ['aws.guardduty'] }, 'events "GuardDuty Finding" of without a name are not taken in'],
    [{ 'detail-type': undefined, 'detail-typo': 1 }, 'the message names no topic'],
    [{ account: undefined }, 'the event of "aws.guardduty" names no account'],
    [{ account: 111_122_223_333 }, 'the event of "aws.guardduty" names no account'],
    [{ account: '999999999999' }, 'the event of "aws.guardduty" comes from elsewhere: account 999999999999'],
    [{ account: '' }, 'the event of "aws.guardduty" comes from elsewhere: account '],
  ])('%j is refused', (changes, reason) => {
    expect(refused({ ...event, ...changes })).toContain(reason);
  });

  test('of another account are refused over the topic too', () => {
    expect(refused({ ...event, account: '999999999999' }, OPEN)).toMatch(/comes from elsewhere/);
  });
});

test.each([
  [good],
  ['not JSON'],
  ['"detail-type"'],
  ['["detail-type"]'],
  ['{"detail-type":'],
  ['null'],
  [''],
])('what stands on the queue by itself and is no event, %j, names no sender', (message) => {
  expect(refused(message)).toMatch(/^the message names no topic/);
});

describe('the intake', () => {
  let world: World;
  beforeEach(async () => {
    world = await newWorld();
  });

  const context = () => ({
    ...{
      config: enabling('rotate'),
      catalogue: [entry('rotate')],
      topics: [{ arn: TOPIC }, { arn: `${TOPIC}-named` }],
    },
    ...{ environment: world.environment, sqs: world.sqs, looksQueueUrl: 'looks' },
  });
  const notification = (TopicArn: string, id: string) => ({
    ...{ Type: 'Notification', MessageId: id, TopicArn, Timestamp: '2026-11-21T10:00:00.000Z' },
    Message: JSON.stringify({ bot: 'rotate', target: { id } }),
  });
  const topics = [TOPIC, `${TOPIC}-other`, `${TOPIC}-named`];

  test.each([
    [
      'from the queue',
      (): object[] =>
        topics.map((topic, index) => ({
          messageId: `sqs-${index}`,
          body: JSON.stringify(notification(topic, `key-${index}`)),
        })),
    ],
    [
      'straight from SNS',
      (): object[] => topics.map((topic, index) => ({ Sns: notification(topic, `key-${index}`) })),
    ],
  ])('keeps with the reason what came over another topic, %s', async (_name, records) => {
    const { tally, batchItemFailures } = await takeIn(context(), { Records: records() });
    expect(tally).toEqual({ enqueued: 2, declined: 0, deadLettered: 1, withoutRoute: 0 });
    expect(batchItemFailures).toEqual([]);
    expect((await receive(world)).map(({ body }) => body.target.id)).toEqual(['key-0', 'key-2']);
    expect(await deadLetters(world)).toEqual([
      {
        body: JSON.stringify({ bot: 'rotate', target: { id: 'key-1' } }),
        reason: `the topic "${TOPIC}-other" is not one that findings may come over: name it under findings.topics in config.ts`,
      },
    ]);
  });

  test('keeps raw messages and direct invocations that nobody answers for', async () => {
    const raw = { messageId: 'sqs-1', body: JSON.stringify(good) };
    const { tally } = await takeIn(context(), { Records: [raw] });
    const direct = await takeIn(context(), good);
    expect([tally.deadLettered, direct.tally.deadLettered]).toEqual([1, 1]);
    expect(await receive(world)).toEqual([]);
  });

  test('another message under the id of one that was kept is kept too', async () => {
    const record = (Message: string) => ({ Sns: { MessageId: 'same', TopicArn: 'other', Message } });
    await takeIn(context(), { Records: [record('one'), record('two'), record('two')] });
    expect((await deadLetters(world)).map(({ body }) => body).sort()).toEqual(['one', 'two']);
  });
});
