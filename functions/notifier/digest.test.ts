import { digest, DIGEST_LINES } from './digest';
import { mrkdwn } from './escape';
import type { Summary } from './summary';
import { PLACE, faultsOf, textsOf } from './testing';

const summary = (over: Partial<Summary> = {}): Summary => ({
  emoji: mrkdwn`✅`,
  word: 'Fixed',
  by: 'sg_close_ports',
  severity: 'medium',
  open: false,
  resource: 'sg-1',
  account: '111122223333',
  region: 'eu-west-1',
  sentence: 'port 22 is open',
  ...over,
});
const many = (n: number, over: (index: number) => Partial<Summary> = () => ({})) =>
  Array.from({ length: n }, (_, index) => summary(over(index)));
const linesOf = (news: readonly Summary[]) =>
  textsOf(digest(news, PLACE))
    .slice(1)
    .flatMap(({ text }) => text.split('\n'));

test('counts per outcome and bot, then the most severe, then how many more', () => {
  const lines = linesOf([
    ...many(240),
    ...many(8, () => ({ by: 'kms_enable_rotation', severity: 'low' })),
    ...many(3, (n) => ({
      emoji: mrkdwn`❌`,
      word: 'Failed',
      severity: 'critical',
      resource: `sg-bad-${n}`,
      sentence: 'AccessDenied',
    })),
  ]);
  expect(lines.slice(0, 6)).toEqual([
    '📚 251 messages at once: 3 failed, 248 fixed',
    '*Failed: 3* (`sg_close_ports` 3)',
    '*Fixed: 248* (`sg_close_ports` 240, `kms_enable_rotation` 8)',
    '❌ *Failed* `sg_close_ports` on `sg-bad-0` in `111122223333` `eu-west-1`: `AccessDenied`',
    '❌ *Failed* `sg_close_ports` on `sg-bad-1` in `111122223333` `eu-west-1`: `AccessDenied`',
    '❌ *Failed* `sg_close_ports` on `sg-bad-2` in `111122223333` `eu-west-1`: `AccessDenied`',
  ]);
  expect(lines).toHaveLength(3 + DIGEST_LINES + 1);
  expect(lines.at(-1)).toBe(
    '… and 231 more; what was changed is listed by `npx selfheal history --region eu-west-1`',
  );
});

test('of the same severity, what is not settled comes first', () => {
  const news = [...many(30), summary({ word: 'Failed', open: true, resource: 'sg-bad' })];
  expect(linesOf(news)[0]).toBe('📚 31 messages at once: 1 failed, 30 fixed');
  expect(linesOf(news)[3]).toContain('sg-bad');
});

test('nothing more is said to come when every line is there', () => {
  const lines = linesOf(many(DIGEST_LINES));
  expect(lines).toHaveLength(2 + DIGEST_LINES);
  expect(lines.join()).not.toContain('more');
});

test('many bots are named by their number', () => {
  expect(linesOf(many(30, (n) => ({ by: `bot_${n % 10}` })))[1]).toMatch(
    /^\*Fixed: 30\* \((`bot_\d` 3, ){8}2 others\)$/,
  );
});

test('no more outcomes are counted than a reader takes in', () => {
  const lines = linesOf(many(30, (n) => ({ word: `Word ${n}` })));
  expect(lines.filter((line) => line.endsWith('(`sg_close_ports` 1)'))).toHaveLength(12);
});

test('each change has its id, and one line by bot takes all of them back', () => {
  const since = Date.parse('2026-03-01T09:58:00.000Z');
  const change = (bot: string, n: number) => ({ bot, id: `${bot}/2026-${n}`, since: since + n * 60_000 });
  const lines = linesOf([
    ...many(3, (n) => ({ change: change('sg_close_ports', 3 - n) })),
    summary({ by: 'kms_enable_rotation', change: change('kms_enable_rotation', 0) }),
    summary({ word: 'Planned', isPlan: true }),
  ]);
  expect(lines.slice(3)).toEqual([
    expect.stringMatching(/: `port 22 is open` `sg_close_ports\/2026-3`$/),
    expect.stringMatching(/`sg_close_ports\/2026-2`$/),
    expect.stringMatching(/`sg_close_ports\/2026-1`$/),
    expect.stringMatching(/`kms_enable_rotation\/2026-0`$/),
    expect.stringMatching(/^✅ \*Planned\* .* `port 22 is open`$/),
    'Undo all 3: `npx selfheal undo --since 2026-03-01T09:59:00Z --bot sg_close_ports --region eu-west-1`',
    'Undo all 1: `npx selfheal undo --since 2026-03-01T09:58:00Z --bot kms_enable_rotation --region eu-west-1`',
    'What is planned is done by `npx selfheal fix BOT RESOURCE --region eu-west-1`',
  ]);
});

test('of many bots, those that changed most have a line', () => {
  const lines = linesOf(
    many(30, (n) => ({ change: { bot: `bot_${n % 10}`, id: `bot_${n % 10}/${n}`, since: 0 } })),
  );
  expect(lines.filter((line) => line.startsWith('Undo all 3: '))).toHaveLength(8);
  expect(lines).toContain('… and so on for 2 more bots');
});

test('the longest texts still fit', () => {
  const long = '<`&😀'.repeat(2000);
  const news = many(500, (n) => ({
    word: `${n} ${'w'.repeat(200)}`,
    by: `${n} ${long}`,
    resource: long,
    account: long,
    region: long,
    sentence: long,
    isPlan: true,
    change: { bot: `${'b'.repeat(60)}${n}`, id: `${long}${n}`, since: 0 },
  }));
  expect(faultsOf(digest(news, PLACE))).toEqual([]);
});
