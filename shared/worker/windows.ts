import { Cron } from 'croner';
import type { Severity } from '../bot/bot';
import type { CatalogueEntry } from '../catalogue';
import type { Calendar, Freeze, Hours, Scope, Window } from '../config/windows';
import type { CalendarState, Calendars } from './calendars';
import type { Remediation } from './message';

/** What is to be done where, as far as windows ask. */
export interface Wanted {
  readonly account: string;
  readonly bot: string;
  readonly severity: Severity;
}

/** That bots may not act now, and why. */
export interface Closed {
  /** For people: `its window opens Mon 22:00 Europe/Berlin`. */
  readonly reason: string;
  /** When it may be open again, in epoch milliseconds; absent: nobody knows. */
  readonly opens?: number;
}

/** Why bots may not act now on what is wanted, or `undefined`: they may. */
export type Gate = (wanted: Wanted, at?: number) => Promise<Closed | undefined>;

const RANKS: Readonly<Record<Severity, number>> = { low: 0, medium: 1, high: 2, critical: 3 };
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** So many closed stretches are looked behind for the next opening; config.ts that has more is one that never opens. */
const MOST_STRETCHES = 100;

/** Whether bots may act, by windows and freezes of config.ts and the state that Change Calendars are in. */
export function gateOf(hours: Hours, calendars: Calendars): Gate {
  const { windows = [], freezes = [] } = hours;
  return async (wanted, at = Date.now()) => {
    const concerned = (hours.calendars ?? []).filter((calendar) => stops(calendar, wanted));
    const states = await Promise.all(
      concerned.map(async (calendar) => ({
        name: nameOf(calendar),
        state: await calendars(nameOf(calendar)),
      })),
    );
    return closedAt(
      {
        windows: windows.filter((window) => isAbout(window, wanted)),
        freezes: freezes.filter((freeze) => stops(freeze, wanted)),
        calendars: states,
      },
      wanted.severity === 'critical',
      at,
    );
  };
}

/** What windows ask of a message: the severity of its finding, or that of the bot. */
export function wantedBy(
  { bot, target, finding }: Remediation,
  catalogue: readonly CatalogueEntry[],
): Wanted {
  // A bot that is not known gets no further than this, and passes nothing as critical.
  const own = catalogue.find(({ id }) => id === bot)?.severity ?? 'low';
  return { account: target.account, bot, severity: finding.severity ?? own };
}

/** What config.ts calls the calendar. */
export function nameOf(calendar: Calendar): string {
  return 'arn' in calendar ? calendar.arn : calendar.name;
}

/**
 * The times at which a window opens. What the clocks jump over is at the moment of the jump, what comes twice is at the
 * first; hours that are a `*` or a step follow the clock, so that one may be left out or come twice.
 *
 * @throws Error of croner for an expression or a time zone that is none.
 */
export function cronOf({ cron, timeZone }: Pick<Window, 'cron' | 'timeZone'>): Cron {
  return new Cron(cron, { timezone: timeZone, paused: true, mode: '5-part', fixedTimeRule: 'no-wildcard' });
}

/** How long a window stays open. */
export function millisOpen({ hours = 0, minutes = 0 }: Pick<Window, 'hours' | 'minutes'>): number {
  return hours * HOUR_MS + minutes * MINUTE_MS;
}

/** A moment for people: `Mon 22:00 Europe/Berlin` in the week that begins, `22 Dec 2026 22:00 UTC` beyond. */
export function momentText(moment: number, timeZone: string, now: number): string {
  const isNear = moment - now < 6 * 24 * HOUR_MS;
  const day = isNear ? ({ weekday: 'short' } as const) : DATE;
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const format = new Intl.DateTimeFormat('en-GB', { ...day, ...time, timeZone });
  const part = (type: string) => format.formatToParts(moment).find((one) => one.type === type)?.value ?? '';
  const date = isNear ? part('weekday') : `${part('day')} ${part('month')} ${part('year')}`;
  return `${date} ${part('hour')}:${part('minute')} ${timeZone}`;
}

const DATE = { day: 'numeric', month: 'short', year: 'numeric' } as const;

interface Concerned {
  readonly windows: readonly Window[];
  readonly freezes: readonly Freeze[];
  readonly calendars: readonly { readonly name: string; readonly state: CalendarState }[];
}

function closedAt(
  { windows, freezes, calendars }: Concerned,
  isCritical: boolean,
  now: number,
): Closed | undefined {
  const frozen = freezeAt(freezes, now);
  const shut = calendars.find(({ state }) => state.state === 'closed');
  const isOpen = (at: number) =>
    windows.length === 0 ||
    windows.some((window) => (isCritical && window.criticalPasses === true) || isOpenAt(window, at));
  if (!frozen && !shut && isOpen(now)) return undefined;
  const opening = nextOpening(windows, freezes, now, isOpen);
  const known = shut ? shut.state.until : now;
  const opens = opening === undefined || known === undefined ? undefined : Math.max(opening.at, known);
  return { reason: reasonOf({ frozen, shut, opening }, now), ...(opens !== undefined && { opens }) };
}

function reasonOf(
  {
    frozen,
    shut,
    opening,
  }: {
    readonly frozen: Freeze | undefined;
    readonly shut: Concerned['calendars'][number] | undefined;
    readonly opening: Opening | undefined;
  },
  now: number,
): string {
  if (frozen) {
    const until = momentText(Date.parse(frozen.until), 'UTC', now);
    return `changes are frozen until ${until}: ${frozen.reason}`;
  }
  if (shut) {
    const { failed, until } = shut.state;
    if (failed !== undefined) {
      return `whether the Change Calendar ${shut.name} is open cannot be told, so it counts as closed: ${failed}`;
    }
    const next = until === undefined ? '' : ` until ${momentText(until, 'UTC', now)}`;
    return `the Change Calendar ${shut.name} is closed${next}`;
  }
  if (!opening) return 'no window of config.ts opens for it';
  return `its window opens ${momentText(opening.at, opening.timeZone, now)}`;
}

interface Opening {
  readonly at: number;
  readonly timeZone: string;
}

/** The first moment from now on that no freeze covers and at which a window is open. */
function nextOpening(
  windows: readonly Window[],
  freezes: readonly Freeze[],
  now: number,
  isOpen: (at: number) => boolean,
): Opening | undefined {
  let next: Opening = { at: now, timeZone: 'UTC' };
  for (let stretch = 0; stretch < MOST_STRETCHES; stretch += 1) {
    const freeze = freezeAt(freezes, next.at);
    if (freeze) {
      next = { at: Date.parse(freeze.until), timeZone: next.timeZone };
      continue;
    }
    if (isOpen(next.at)) return next;
    const { at } = next;
    const [first] = windows
      .flatMap((window) => {
        const start = cronOf(window).nextRun(new Date(at));
        return start ? [{ at: start.getTime(), timeZone: window.timeZone }] : [];
      })
      .sort((one, other) => one.at - other.at);
    if (!first) return undefined;
    next = first;
  }
  return undefined;
}

/** A window is open at a moment when it opened no longer ago than it stays open; whole seconds, as cron counts. */
function isOpenAt(window: Window, at: number): boolean {
  const start = cronOf(window).nextRun(new Date(Math.floor((at - millisOpen(window)) / 1000) * 1000));
  return start !== null && start.getTime() <= at;
}

/** The freeze that ends last, of those that cover the moment. */
function freezeAt(freezes: readonly Freeze[], at: number): Freeze | undefined {
  return freezes
    .filter(({ from, until }) => Date.parse(from) <= at && at < Date.parse(until))
    .sort((one, other) => Date.parse(other.until) - Date.parse(one.until))[0];
}

function stops(closing: Freeze | Calendar, wanted: Wanted): boolean {
  return isAbout(closing, wanted) && !(closing.criticalPasses && wanted.severity === 'critical');
}

function isAbout({ accounts, bots, severities, minSeverity }: Scope, wanted: Wanted): boolean {
  return (
    (accounts?.includes(wanted.account) ?? true) &&
    (bots?.some((bot) => bot === wanted.bot) ?? true) &&
    (severities?.includes(wanted.severity) ?? true) &&
    (minSeverity === undefined || RANKS[wanted.severity] >= RANKS[minSeverity])
  );
}
