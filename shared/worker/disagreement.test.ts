import { asks } from '../../testing/entry';
import { resourceKey } from '../resources/target';
import { disagreementOf } from './disagreement';

const NOW = Date.parse('2026-11-21T10:30:00Z');
const bot = { id: 'sg_close_ports', kind: 'posture' } as const;
const account = { account: '111122223333', region: 'eu-west-1' };
const finding = { source: 'securityhub', id: 'f-1', time: '2026-11-21T10:00:00Z', title: 'EC2.19 on 9200' };
const body = asks({ account } as never, 'key-1', { finding });

const said = (
  changes: object = {},
  outcome: 'compliant' | 'gone' | 'fixed' | 'held' = 'compliant',
  at = NOW,
) => disagreementOf(bot, { ...body, finding: { ...finding, ...changes } }, outcome, new Map(), at);

test('a fresh finding of somebody else, and the bot finds nothing', () => {
  expect(said()).toBe(
    'the finding says "EC2.19 on 9200", the bot finds nothing wrong: it was put right in between, or the two judge it differently',
  );
  expect(said({}, 'gone')).toMatch(/nothing wrong: there is no such resource where the finding says it is$/);
});

test.each<[string, string | undefined]>([
  ['fixed', said({}, 'fixed')],
  ['held', said({}, 'held')],
  ['an old finding', said({}, 'compliant', NOW + 3_600_000)],
  ['a rule of our own', said({ source: 'config', id: 'sg_close_ports/sg-1' })],
  ['our own scan', said({ source: 'scan' })],
  [
    'a bot that answers attacks',
    disagreementOf({ id: 'x', kind: 'response' }, body, 'compliant', new Map(), NOW),
  ],
])('%s is none', (_name, disagreement) => {
  expect(disagreement).toBeUndefined();
});

test('what this function put right since explains it, what it put right before does not', () => {
  const mendedAt = (time: string) => new Map([[resourceKey(body.target), Date.parse(time)]]);
  expect(disagreementOf(bot, body, 'compliant', mendedAt('2026-11-21T10:10:00Z'), NOW)).toBeUndefined();
  expect(disagreementOf(bot, body, 'compliant', mendedAt('2026-11-21T09:00:00Z'), NOW)).toBeDefined();
});
