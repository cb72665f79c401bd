import fc from 'fast-check';
import { mutated } from './mutated';

/** How a message is sent. */
export type Way =
  /** Published to the findings topic. */
  | 'topic'
  /** Put on the findings queue in the envelope of the findings topic. */
  | 'envelope'
  /** Put on the queue in the envelope of another topic. */
  | 'otherTopic'
  /** Put on the queue as it is. */
  | 'raw'
  /** Put as an event of EventBridge: the text is `{ source, type, detail }`. */
  | 'event';

/** What was done to the sample, where that says by itself what must become of it. */
export type Kind = 'any' | 'foreign' | 'notJson' | 'good';

/** One message for the findings intake. */
export interface Mutation {
  readonly way: Way;
  readonly kind: Kind;
  readonly text: string;
}

/** What `account` is turned into where a finding is to be about somebody else's. */
export const FOREIGN = '999988887777';

/** PutEvents of moto copies events recursively, and answers 500 to those that are nested deeper than Python's stack. */
const MOTO_DEPTH = 100;

/** Messages near enough to real ones to get anywhere, and bad in every way that we could think of. */
export function mutations(samples: readonly object[], account: string): fc.Arbitrary<Mutation> {
  const bodies = fc.oneof(
    { weight: 8, arbitrary: some(fields(samples), 'any') },
    { weight: 2, arbitrary: some(keyed(samples), 'any') },
    { weight: 2, arbitrary: some(several(samples), 'any') },
    { weight: 2, arbitrary: some(foreign(fields(samples), account), 'foreign') },
    { weight: 1, arbitrary: some(foreign(fc.constantFrom(...samples).map(json), account), 'foreign') },
    { weight: 2, arbitrary: some(notJson(samples), 'notJson') },
    { weight: 2, arbitrary: some(good(), 'good') },
  );
  const ways = fc.oneof(
    { weight: 4, arbitrary: fc.constant('topic' as const) },
    { weight: 12, arbitrary: fc.constant('envelope' as const) },
    { weight: 1, arbitrary: fc.constant('otherTopic' as const) },
    { weight: 3, arbitrary: fc.constant('raw' as const) },
  );
  const sent = fc
    .tuple(ways, bodies)
    .map(([way, { text, kind }]): Mutation => ({ way, kind, text: sendable(text) }));
  return fc.oneof(
    { weight: 16, arbitrary: sent },
    { weight: 1, arbitrary: envelopes(samples) },
    { weight: 2, arbitrary: events(samples, account) },
  );
}

/** What is hostile wherever it stands. */
const hostile = hostileUpTo(1_500);

function hostileUpTo(depth: number): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.jsonValue() },
    { weight: 2, arbitrary: fc.constantFrom(undefined, null, '', [], {}, 0, -0, true) },
    { weight: 2, arbitrary: fc.constantFrom(1e308, -1e308, 5e-324, 2 ** 53 + 2, -1, 0.1, '1e999', 'NaN') },
    { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        '\u202Egnp.exe\u0000\u001b[31m',
        '👩‍👩‍👧‍👦é\uD800\uFFFF\uFEFF',
        '__proto__',
        'constructor',
        'arn:aws:s3:::',
        'arn:aws:ec2:::::/',
        'AUTO: sg_close_ports | AUTO: constructor',
        '0000-00-00T99:99:99Z',
      ),
    },
    { weight: 1, arbitrary: fc.constantFrom(2_000, 40_000).map((length) => 'x'.repeat(length)) },
    { weight: 1, arbitrary: fc.constantFrom(50, depth).map((levels) => nested(levels)) },
  );
}

function fields(samples: readonly object[]): fc.Arbitrary<string> {
  return mutated(samples, hostile).map(json);
}

/** A key that means something to JavaScript, in the sample or in one of its objects. */
function keyed(samples: readonly object[]): fc.Arbitrary<string> {
  const key = fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '');
  const value = fc.oneof(hostile, fc.constant({ isAdmin: true, bot: 'kms_enable_rotation', target: {} }));
  return fc.tuple(fc.constantFrom(...samples), key, value, fc.nat()).map(([sample, name, each, where]) => {
    const text = json(sample);
    const braces = [...text.matchAll(/\{(?=")/g)].map(({ index }) => index + 1);
    const at = braces[where % braces.length] ?? 1;
    return `${text.slice(0, at)}${JSON.stringify(name)}:${json(each ?? null)},${text.slice(at)}`;
  });
}

/** Several findings in one message, in the ways that exports and events have. */
function several(samples: readonly object[]): fc.Arbitrary<string> {
  const some = fc.array(fc.constantFrom(...samples), { minLength: 2, maxLength: 4 });
  const shape = fc.constantFrom(
    json,
    (all: object[]) => json({ Findings: all }),
    (all: object[]) => all.map(json).join('\n'),
  );
  const repeated = fc.tuple(fc.constantFrom(...samples), fc.integer({ min: 2, max: 4 }));
  return fc.oneof(
    fc.tuple(some, shape).map(([all, write]) => write(all)),
    repeated.map(([sample, times]) =>
      JSON.stringify(sample, (_key, value: unknown) =>
        Array.isArray(value) ? Array.from({ length: times }, () => value as unknown[]).flat() : value,
      ),
    ),
  );
}

function foreign(texts: fc.Arbitrary<string>, account: string): fc.Arbitrary<string> {
  return texts.map((text) => text.replaceAll(account, FOREIGN));
}

function notJson(samples: readonly object[]): fc.Arbitrary<string> {
  const text = fc.constantFrom(...samples).map(json);
  return fc
    .oneof(
      fc.tuple(text, fc.nat()).map(([whole, length]) => whole.slice(0, length % whole.length)),
      text.map((whole) => `\ufeff${whole}`),
      text.map((whole) => `${whole},`),
      text.map((whole) => whole.replaceAll('"', "'")),
      fc.string({ unit: 'binary', minLength: 1 }),
    )
    .filter((each) => each.trim() !== '' && !isJson(each));
}

/** What is right, and about a key that no other message is about. */
function good(): fc.Arbitrary<string> {
  return fc.uuid().map((id) => json({ bot: 'kms_enable_rotation', target: { id: `key/${id}` }, id }));
}

/** SNS's envelope itself, with some of its own fields replaced. */
function envelopes(samples: readonly object[]): fc.Arbitrary<Mutation> {
  return fc
    .constantFrom(...samples)
    .chain((sample) =>
      mutated(
        [
          {
            ...{ Type: 'Notification', MessageId: 'an-id', TopicArn: 'arn:aws:sns:eu-west-1:1:t' },
            ...{ Message: json(sample), Timestamp: '2026-11-21T10:00:00.000Z' },
          },
        ],
        hostile,
      ),
    )
    .map((envelope) => ({ way: 'raw', kind: 'any', text: sendable(json(envelope)) }));
}

/**
 * Events that EventBridge sends on whatever stands in their detail. The rule for Security Hub looks into findings,
 * but not into those that a person sends with a custom action.
 */
function events(samples: readonly object[], account: string): fc.Arbitrary<Mutation> {
  const own = ['aws.guardduty', 'aws.securityhub', 'aws.health'];
  const details = samples.flatMap((sample) => {
    const { source = '', 'detail-type': type, detail } = sample as Record<string, unknown>;
    return own.includes(source as string) && detail ? [{ source, type, detail }] : [];
  });
  return fc
    .constantFrom(...details)
    .chain(({ source, type, detail }) =>
      fc.tuple(fc.constant({ source, type }), mutated([detail], hostileUpTo(MOTO_DEPTH)), fc.boolean()),
    )
    .map(([kind, mutatedDetail, isForeign]) => {
      const isAsked = kind.source === 'aws.securityhub';
      const detail = isAsked ? { ...mutatedDetail, actionName: 'Ask selfheal' } : mutatedDetail;
      const text = json({ ...kind, detail });
      return {
        ...{ way: 'event', kind: isForeign ? 'foreign' : 'any' },
        text: sendable(isForeign ? text.replaceAll(account, FOREIGN) : text),
      };
    });
}

function some(texts: fc.Arbitrary<string>, kind: Kind) {
  return texts.map((text) => ({ text, kind }));
}

function json(value: unknown): string {
  return JSON.stringify(value);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function nested(depth: number): unknown {
  return JSON.parse('[{"a":'.repeat(depth) + '1' + '}]'.repeat(depth)) as unknown;
}

/** SQS and SNS take the characters of XML 1.0, and no message without any. */
function sendable(text: string): string {
  return text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '?') || ' ';
}
