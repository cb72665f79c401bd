import { assertLoopback, localEnvironment } from './loopback';
import { parseSchedule } from './schedule';
import { faultOf } from './slack';
import { failedItems } from './sqs-poller';

describe('loopback', () => {
  test.each(['http://127.0.0.1:4566', 'http://localhost:1', 'http://[::1]:2', 'http://1234.localhost:3'])(
    '%s stays on this machine',
    (url) => {
      expect(() => {
        assertLoopback(url);
      }).not.toThrow();
    },
  );

  test.each(['https://sqs.eu-west-1.amazonaws.com', 'http://127.0.0.1.example.com', 'http://10.0.0.1:4566'])(
    '%s is refused',
    (url) => {
      expect(() => {
        assertLoopback(url);
      }).toThrow('not on this machine');
    },
  );

  test('the environment takes away whatever could lead to real AWS', () => {
    const base = {
      PATH: '/bin',
      AWS_PROFILE: 'production',
      AWS_SESSION_TOKEN: 'real',
      AWS_ENDPOINT_URL_SQS: 'x',
    };
    const environment = localEnvironment('http://127.0.0.1:4566', 'eu-west-1', base);

    expect(environment).toMatchObject({ PATH: '/bin', AWS_ACCESS_KEY_ID: 'test', AWS_REGION: 'eu-west-1' });
    expect(Object.keys(environment)).not.toEqual(expect.arrayContaining(['AWS_PROFILE']));
    expect(environment).not.toHaveProperty('AWS_SESSION_TOKEN');
    expect(environment).not.toHaveProperty('AWS_ENDPOINT_URL_SQS');
  });
});

describe('schedule', () => {
  const after = new Date('2026-03-31T22:59:30Z');

  test.each([
    ['rate(1 minute)', '2026-03-31T23:00:30.000Z'],
    ['rate(12 hours)', '2026-04-01T10:59:30.000Z'],
    ['cron(0/15 * * * ? *)', '2026-03-31T23:00:00.000Z'],
    ['cron(30 8 1,15 * ? *)', '2026-04-01T08:30:00.000Z'],
    ['cron(0 18 ? * MON-FRI *)', '2026-04-01T18:00:00.000Z'],
    ['cron(0 0 1 JAN ? *)', '2027-01-01T00:00:00.000Z'],
  ])('%s fires next at %s', (expression, next) => {
    expect(parseSchedule(expression)(after)?.toISOString()).toBe(next);
  });

  test('a scale shortens a rate', () => {
    expect(parseSchedule('rate(1 minute)', 0.1)(after)?.toISOString()).toBe('2026-03-31T22:59:36.000Z');
  });

  test('a year that has passed never comes', () => {
    expect(parseSchedule('cron(0 0 * * ? 2020)')(after)).toBeUndefined();
  });

  test('anything else is refused', () => {
    expect(() => parseSchedule('at(2026-01-01T00:00:00)')).toThrow('Not a schedule expression');
  });
});

describe('partial batch answers', () => {
  const messages = [{ MessageId: 'a' }, { MessageId: 'b' }];

  test.each([
    ['null', new Set()],
    ['{}', new Set()],
    ['{"batchItemFailures":null}', new Set()],
    ['{"batchItemFailures":[]}', new Set()],
    ['{"batchItemFailures":[{"itemIdentifier":"b"}]}', new Set(['b'])],
    ['{"batchItemFailures":[{"itemIdentifier":"c"}]}', 'all'],
    ['{"batchItemFailures":[{"itemIdentifier":""}]}', 'all'],
    ['{"batchItemFailures":[{}]}', 'all'],
    ['{"batchItemFailures":"b"}', 'all'],
  ])('%s', (payload, failed) => {
    expect(failedItems(payload, messages)).toEqual(failed);
  });
});

describe('what Slack refuses', () => {
  const section = (length: number) => ({
    type: 'section',
    text: { type: 'mrkdwn', text: 'x'.repeat(length) },
  });

  test.each([
    ['not JSON', 'hello', 'invalid_payload'],
    ['no object', '[]', 'invalid_payload'],
    ['nothing to say', '{}', 'no_text'],
    ['a text', '{"text":"hello"}', undefined],
    ['too long a text', JSON.stringify({ text: 'x'.repeat(40_001) }), 'msg_too_long'],
    ['fifty blocks', JSON.stringify({ blocks: Array(50).fill({ type: 'divider' }) }), undefined],
    ['fifty-one blocks', JSON.stringify({ blocks: Array(51).fill({ type: 'divider' }) }), 'invalid_blocks'],
    ['a section at its limit', JSON.stringify({ blocks: [section(3_000)] }), undefined],
    ['a section over its limit', JSON.stringify({ blocks: [section(3_001)] }), 'invalid_blocks'],
    [
      'a header over its limit',
      JSON.stringify({ blocks: [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }] }),
      'invalid_blocks',
    ],
  ])('%s', (_, body, fault) => {
    expect(faultOf(body)).toBe(fault);
  });
});
