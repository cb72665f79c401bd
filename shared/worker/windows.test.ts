import type { Severity } from '../bot/bot';
import type { Hours, Window } from '../config/windows';
import type { CalendarState } from './calendars';
import { gateOf } from './windows';

const ACCOUNT = '111122223333';
const wanted = { account: ACCOUNT, bot: 'kms_enable_rotation', severity: 'medium' } as const;
const NIGHTS: Window = { cron: '0 22 * * 1-5', timeZone: 'Europe/Berlin', hours: 4 };

function asked(
  hours: Hours,
  at: string,
  about: { account?: string; bot?: string; severity?: Severity } = {},
  states: Record<string, CalendarState> = {},
) {
  const gate = gateOf(hours, (name) => Promise.resolve(states[name] ?? { state: 'closed' }));
  return gate({ ...wanted, ...about }, Date.parse(at));
}

async function isOpen(...args: Parameters<typeof asked>) {
  return (await asked(...args)) === undefined;
}

describe('a window', () => {
  test.each([
    ['2026-12-01T20:59:59Z', false],
    ['2026-12-01T21:00:00Z', true],
    ['2026-12-02T00:59:59.999Z', true],
    ['2026-12-02T01:00:00Z', false],
    // In summer ten in the evening is an hour earlier.
    ['2026-07-01T20:00:00Z', true],
    ['2026-07-01T19:59:59Z', false],
    // Saturday evening; and the early hours of Saturday, which belong to Friday's window.
    ['2026-12-05T21:30:00Z', false],
    ['2026-12-05T00:30:00Z', true],
  ])('at %s: %s', async (at, open) => {
    expect(await isOpen({ windows: [NIGHTS] }, at)).toBe(open);
  });

  test('says when it opens, and for whom it is said', async () => {
    expect(await asked({ windows: [NIGHTS] }, '2026-12-01T12:00:00Z')).toEqual({
      reason: 'its window opens Tue 22:00 Europe/Berlin',
      opens: Date.parse('2026-12-01T21:00:00Z'),
    });
    const yearly = { windows: [{ ...NIGHTS, cron: '0 0 1 6 *' }] };
    expect((await asked(yearly, '2026-12-01T12:00:00Z'))?.reason).toBe(
      'its window opens 1 Jun 2027 00:00 Europe/Berlin',
    );
  });

  test('restricts only what it matches; any one of those that match is enough', async () => {
    const noon = '2026-12-01T12:00:00Z';
    const mornings: Window = { ...NIGHTS, cron: '0 12 * * *', hours: 2 };
    expect(await isOpen({}, noon)).toBe(true);
    expect(await isOpen({ windows: [{ ...NIGHTS, accounts: ['999999999999'] }] }, noon)).toBe(true);
    expect(await isOpen({ windows: [{ ...NIGHTS, accounts: [ACCOUNT] }] }, noon)).toBe(false);
    expect(await isOpen({ windows: [{ ...NIGHTS, bots: ['sg_close_ports'] }] }, noon)).toBe(true);
    expect(await isOpen({ windows: [{ ...NIGHTS, bots: ['kms_enable_rotation'] }] }, noon)).toBe(false);
    expect(await isOpen({ windows: [{ ...NIGHTS, severities: ['low', 'high'] }] }, noon)).toBe(true);
    expect(await isOpen({ windows: [{ ...NIGHTS, minSeverity: 'high' }] }, noon)).toBe(true);
    expect(await isOpen({ windows: [{ ...NIGHTS, minSeverity: 'medium' }] }, noon)).toBe(false);
    expect(await isOpen({ windows: [NIGHTS, mornings] }, noon)).toBe(true);
    // A window that is open, and about something else, opens nothing.
    expect(await isOpen({ windows: [NIGHTS, { ...mornings, bots: ['sg_close_ports'] }] }, noon)).toBe(false);
  });

  test('lets critical severity pass where it says so', async () => {
    const noon = '2026-12-01T12:00:00Z';
    const passes = { windows: [{ ...NIGHTS, criticalPasses: true }] };
    expect(await isOpen(passes, noon, { severity: 'critical' })).toBe(true);
    expect(await isOpen(passes, noon, { severity: 'high' })).toBe(false);
    expect(await isOpen({ windows: [NIGHTS] }, noon, { severity: 'critical' })).toBe(false);
  });
});

describe('when the clocks change', () => {
  const early = (cron: string) => ({ windows: [{ cron, timeZone: 'Europe/Berlin', minutes: 45 }] });

  test.each([
    // 29 March 2026, 02:00 becomes 03:00, that is 01:00 UTC: there is no half past two.
    ['30 2 * * *', '2026-03-29T00:59:59Z', false],
    ['30 2 * * *', '2026-03-29T01:00:00Z', true],
    ['30 2 * * *', '2026-03-29T01:44:59Z', true],
    ['30 2 * * *', '2026-03-29T01:45:00Z', false],
    ['30 2 * * *', '2026-03-30T00:30:00Z', true],
    // The same for an hour of a list.
    ['30 2,14 * * *', '2026-03-29T01:00:00Z', true],
    // 25 October 2026, 03:00 becomes 02:00, that is 01:00 UTC: half past two comes twice, the first counts.
    ['30 2 * * *', '2026-10-25T00:29:59Z', false],
    ['30 2 * * *', '2026-10-25T00:30:00Z', true],
    ['30 2 * * *', '2026-10-25T01:14:59Z', true],
    ['30 2 * * *', '2026-10-25T01:15:00Z', false],
    ['30 2 * * *', '2026-10-25T01:30:00Z', false],
    ['30 2,14 * * *', '2026-10-25T01:30:00Z', false],
    // An hour that follows the clock is left out, or comes twice.
    ['30 */2 * * *', '2026-03-29T01:10:00Z', false],
    ['30 */2 * * *', '2026-10-25T01:30:00Z', true],
  ])('%s at %s: %s', async (cron, at, open) => {
    expect(await isOpen(early(cron), at)).toBe(open);
  });

  test('stays open for as many hours as it says, which pass in any case', async () => {
    const night = { windows: [{ cron: '0 22 * * *', timeZone: 'Europe/Berlin', hours: 6 }] };
    // From 21:00 UTC on for six hours: until four by the new clock, not five.
    expect(await isOpen(night, '2026-03-29T02:59:59Z')).toBe(true);
    expect(await isOpen(night, '2026-03-29T03:00:00Z')).toBe(false);
  });

  test('names the moment by the clock that will be', async () => {
    expect((await asked(early('30 2 * * *'), '2026-03-28T12:00:00Z'))?.reason).toBe(
      'its window opens Sun 03:00 Europe/Berlin',
    );
  });
});

describe('a freeze', () => {
  const freezes = [{ from: '2026-12-20', until: '2027-01-04', reason: 'year-end close' }];

  test('closes, whatever windows say', async () => {
    expect(await isOpen({ freezes }, '2026-12-19T23:59:59Z')).toBe(true);
    expect(await asked({ freezes, windows: [NIGHTS] }, '2026-12-21T21:30:00Z')).toEqual({
      reason: 'changes are frozen until 4 Jan 2027 00:00 UTC: year-end close',
      // Monday night, the first window behind it.
      opens: Date.parse('2027-01-04T21:00:00Z'),
    });
    expect(await isOpen({ freezes }, '2027-01-04T00:00:00Z')).toBe(true);
  });

  test('has offsets, scopes and an exception for critical severity', async () => {
    const berlin = [
      {
        from: '2026-12-18T18:00:00+01:00',
        until: '2026-12-18T20:00:00+01:00',
        reason: 'x',
        criticalPasses: true,
      },
    ];
    expect(await isOpen({ freezes: berlin }, '2026-12-18T16:59:00Z')).toBe(true);
    expect(await isOpen({ freezes: berlin }, '2026-12-18T17:00:00Z')).toBe(false);
    expect(await isOpen({ freezes: berlin }, '2026-12-18T17:00:00Z', { severity: 'critical' })).toBe(true);
    const both = [...berlin, { ...berlin[0], criticalPasses: false }] as Hours['freezes'] & object;
    expect(await isOpen({ freezes: both }, '2026-12-18T17:00:00Z', { severity: 'critical' })).toBe(false);
    const others = [{ ...freezes[0], accounts: ['999999999999'] }] as Hours['freezes'] & object;
    expect(await isOpen({ freezes: others }, '2026-12-21T12:00:00Z')).toBe(true);
  });

  test('one behind the other: the opening is behind the last', async () => {
    const chain = [
      { from: '2026-12-01', until: '2026-12-10', reason: 'one' },
      { from: '2026-12-09', until: '2026-12-20', reason: 'two' },
      { from: '2026-12-20', until: '2026-12-24', reason: 'three' },
    ];
    expect(await asked({ freezes: chain }, '2026-12-05T00:00:00Z')).toMatchObject({
      opens: Date.parse('2026-12-24T00:00:00Z'),
    });
  });

  test('windows that never come open nothing, and do not loop', async () => {
    const never = { windows: [{ ...NIGHTS, cron: '0 0 30 2 *' }] };
    expect(await asked(never, '2026-12-01T00:00:00Z')).toEqual({
      reason: 'no window of config.ts opens for it',
    });
  });
});

describe('a Change Calendar', () => {
  const calendars = [{ name: 'Closings' }];
  const noon = '2026-12-01T12:00:00Z';

  test('closes while it is closed, and is asked only about what it concerns', async () => {
    expect(await isOpen({ calendars }, noon, {}, { Closings: { state: 'open' } })).toBe(true);
    const until = Date.parse('2026-12-02T08:00:00Z');
    expect(await asked({ calendars }, noon, {}, { Closings: { state: 'closed', until } })).toEqual({
      reason: 'the Change Calendar Closings is closed until Wed 08:00 UTC',
      opens: until,
    });
    const never = gateOf({ calendars: [{ name: 'Closings', accounts: ['999999999999'] }] }, () => {
      throw new Error('asked');
    });
    expect(await never(wanted)).toBeUndefined();
  });

  test('counts as closed where it cannot be asked, and nobody knows until when', async () => {
    const states = { Closings: { state: 'closed', failed: 'AccessDeniedException: no' } } as const;
    expect(await asked({ calendars }, noon, {}, states)).toEqual({
      reason:
        'whether the Change Calendar Closings is open cannot be told, so it counts as closed: AccessDeniedException: no',
    });
    const passing = [{ name: 'Closings', criticalPasses: true }];
    expect(await isOpen({ calendars: passing }, noon, { severity: 'critical' }, states)).toBe(true);
  });
});
