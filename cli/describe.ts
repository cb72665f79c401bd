import type { Change } from '../shared/bot/changes';
import type { Call } from '../shared/bot/outcome';
import type { CatalogueEntry } from '../shared/catalogue';
import type { JournalEntry } from '../shared/worker/journal';
import { ACCOUNT, REGION, type Target } from '../shared/resources/target';
import type { Severity } from '../shared/bot/bot';
import { consoleUrl } from '../shared/resources/console';
import type { Peeked } from './peek';
import type { Session } from './session';
import type { Cell } from './terminal/table';
import {
  type Paint,
  type Paints,
  type Printable,
  compact,
  indented,
  joined,
  linked,
  outline,
  printable,
  shortened,
  text,
} from './terminal/print';

/** The exact calls, numbered, each with its whole input. */
export function callsText(paint: Paints, calls: readonly Call[]): Printable {
  return joined(
    calls.map(({ action, input }, index) => {
      const fields = Object.keys(input).length > 0 ? text`\n${indented(outline(input), 5)}` : text``;
      return text`  ${index + 1}. ${paint.bold(printable(action))}${fields}`;
    }),
    '\n',
  );
}

/** What changes, a line each: what goes is red, what comes is green, what stays is dim. */
export function changesText(paint: Paints, changes: readonly Change[]): Printable {
  const colours = { '-': paint.red, '+': paint.green, ' ': paint.dim };
  return joined(
    changes.map(({ sign, text: said }) => colours[sign](text`  ${printable(sign)} ${printable(said)}`)),
    '\n',
  );
}

/** The changes of a cell in a table: what goes and comes, a line each, cut; what stays is left out. */
export function changesBrief(
  changes: readonly Change[],
  lines = BRIEF_CALLS,
  length = BRIEF_LENGTH,
): Printable {
  const told = changes.filter(({ sign }) => sign !== ' ');
  const shown = told
    .slice(0, lines)
    .map(({ sign, text: said }) => shortened(text`${printable(sign)} ${printable(said)}`, length));
  const more = told.length - shown.length;
  return joined(more > 0 ? [...shown, text`and ${more} more`] : shown, '\n');
}

/** The calls of a cell in a table: a line each, cut, without the resource's own id, which stands beside. */
export function callsBrief(calls: readonly Call[], id: string): Printable {
  const lines = calls
    .slice(0, BRIEF_CALLS)
    .map(({ action, input }) =>
      shortened(text`${printable(action)} ${compact(without(input, id))}`, BRIEF_LENGTH),
    );
  const more = calls.length - lines.length;
  return joined(more > 0 ? [...lines, text`and ${more} more`] : lines, '\n');
}

/** A resource in full: `sg-1 (AWS::EC2::SecurityGroup) in eu-west-1 of account 123456789012`. */
export function targetText({ id, type, region, account }: Target): Printable {
  if (type === ACCOUNT) return text`account ${printable(account)}`;
  if (type === REGION) return text`${printable(id)} of account ${printable(account)}`;
  return text`${printable(id)} (${printable(type)}) in ${printable(region)} of account ${printable(account)}`;
}

/** A resource in a table: its id, and where it lies when that is elsewhere. */
export function targetBrief({ id, type, region, account }: Target, home: string | undefined): Printable {
  if (type === ACCOUNT) return text`account ${printable(account)}`;
  if (type === REGION) return printable(id);
  return region === home ? printable(id) : text`${printable(id)}\n${printable(region)}`;
}

/** Where selfheal is: what lies there is said without its place. */
export interface Home {
  readonly account: string;
  readonly region: string;
}

/** A resource in a table, by which its page in AWS's console opens where the terminal can. */
export function resourceCell({ io, paint }: Pick<Session, 'io' | 'paint'>, target: Target, home: Home): Cell {
  const url = io.links ? consoleUrl(target) : undefined;
  const { account, type } = target;
  const brief = targetBrief(target, home.region);
  const shown =
    account === home.account || type === ACCOUNT ? brief : text`${brief}\naccount ${printable(account)}`;
  return url === undefined ? shown : { text: shown, paint: (line) => linked(url, paint.underline(line)) };
}

/** A severity in its colour. */
export function severityCell(paint: Paints, severity: Severity): Cell {
  return { text: printable(severity), paint: gravity(paint, severity) };
}

/** What tells a change or a message from others on a screen: the end of its id, `3f9a2c41`. */
export function shortId(id: string): string {
  return /-([0-9a-f]{8})$/.exec(id)?.[1] ?? id;
}

/** `3 calls`, `1 call`. */
export function counted(count: number, singular: string, plural = `${singular}s`): Printable {
  return text`${count} ${printable(count === 1 ? singular : plural)}`;
}

/** `12 of 40 shown …`: what is not shown, and why; nothing when all is. */
export function restText({ waiting, inFlight }: Peeked, shown: number, limit: number): Printable[] {
  const behind = waiting - shown;
  const why =
    shown >= limit
      ? text`--limit shows more`
      : text`the others stand in line behind them, as messages of one resource do`;
  return [
    ...(behind > 0 ? [text`${shown} of ${waiting} shown; ${why}.`] : []),
    ...(inFlight > 0
      ? [
          text`${counted(inFlight, 'message')} more ${inFlight === 1 ? text`is` : text`are`} being worked on or read elsewhere.`,
        ]
      : []),
  ];
}

/** Said where nothing was read: that nothing is there, or that what is there is out. */
export function emptyText(peeked: Peeked, empty: string): Printable[] {
  const rest = restText(peeked, 0, Infinity);
  return rest.length === 0 ? [printable(empty)] : [text`Nothing can be read right now.`, ...rest];
}

/** The colour that a severity or a risk deserves. */
export function gravity(paint: Paints, word: CatalogueEntry['severity'] | CatalogueEntry['risk']): Paint {
  switch (word) {
    case 'critical':
    case 'destructive':
      return (value) => paint.bold(paint.red(value));
    case 'high':
      return paint.red;
    case 'medium':
    case 'disruptive':
      return paint.yellow;
    default:
      return (value) => value;
  }
}

/** How a change stands, as people read it. */
export type Standing = Exclude<JournalEntry['status'], 'started'> | 'running' | 'interrupted' | 'deleted';

/** An entry that is still `started` after this is of a run that was cut off: no bot's function lives so long. */
const RUN_MS = 6 * 60_000;

/** How a change stands: a run that never ended was interrupted, a fix without a state after deleted the resource. */
export function standingOf(
  { status, after, startedAt }: Pick<JournalEntry, 'status' | 'after' | 'startedAt'>,
  nowMs: number = Date.now(),
): Standing {
  if (status === 'started') return nowMs - Date.parse(startedAt) > RUN_MS ? 'interrupted' : 'running';
  return status === 'fixed' && after === undefined ? 'deleted' : status;
}

/** A standing in its colour. */
export function standingCell(paint: Paints, standing: Standing): { text: Printable; paint: Paint } {
  const colour = { fixed: paint.green, deleted: paint.green, undone: paint.cyan, running: paint.cyan };
  return {
    text: printable(standing === 'deleted' ? 'fixed, by deletion' : standing),
    paint: standing in colour ? colour[standing as keyof typeof colour] : paint.red,
  };
}

function without(input: object, id: string): object {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== id));
}

const BRIEF_CALLS = 4;
const BRIEF_LENGTH = 72;
