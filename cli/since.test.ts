import { Problem } from './terminal/errors';
import { ago, moment, sinceToIso } from './since';

const NOW = Date.parse('2026-11-21T12:00:00Z');

test.each([
  ['90s', '2026-11-21T11:58:30.000Z'],
  ['15m', '2026-11-21T11:45:00.000Z'],
  ['2h', '2026-11-21T10:00:00.000Z'],
  ['7d', '2026-11-14T12:00:00.000Z'],
  ['2w', '2026-11-07T12:00:00.000Z'],
  ['2026-11-20', '2026-11-20T00:00:00.000Z'],
  ['2026-11-20T10:00:00Z', '2026-11-20T10:00:00.000Z'],
  ['2026-11-20T10:00:00+02:00', '2026-11-20T08:00:00.000Z'],
])('%s', (text, iso) => {
  expect(sinceToIso(text, NOW)).toBe(iso);
});

test.each(['', 'yesterday', '2', '-2h', '2x', '2026-13-45', '2027-01-01'])(
  '%j is refused in a sentence',
  (text) => {
    expect(() => sinceToIso(text, NOW)).toThrow(Problem);
  },
);

test('ages and moments', () => {
  expect([500, 59_000, 61_000, 7_200_000, 200_000_000].map((millis) => ago(NOW - millis, NOW))).toEqual([
    '0s',
    '59s',
    '1m',
    '2h',
    '2d',
  ]);
  expect(moment('2026-11-21T09:30:12.123Z')).toBe('2026-11-21 09:30:12Z');
});
