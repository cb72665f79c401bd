import { resourceOf } from '../../../shared/resources/arn';
import type { JournalEntry } from '../../../shared/worker/journal';
import { differences } from '../../../shared/bot/differences';
import { consoleUrl } from '../../../shared/resources/console';
import {
  callsText,
  changesBrief,
  changesText,
  counted,
  resourceCell,
  severityCell,
  shortId,
  standingCell,
  standingOf,
  targetText,
} from '../../describe';
import { handOn } from '../../export/export';
import type { Exported } from '../../export/record';
import type { Group } from '../../rows/kinds';
import { type Facts, type NarrowOptions, narrowing, severityOf } from '../../rows/narrow';
import { totalsOf, totalsText } from '../../rows/order';
import { Problem } from '../../terminal/errors';
import { EXIT } from '../../terminal/exit-codes';
import { openJournal } from '../../installation';
import { regionOf } from '../../place';
import { type Printable, indented, joined, outline, printable, text } from '../../terminal/print';
import { arnOf } from '../../resource';
import { type Result, type Session, botNamed } from '../../session';
import { ago, moment, sinceToIso } from '../../since';
import { type Cell, type ColumnKind, table } from '../../terminal/table';
import { watching } from '../../watch';

/** Options of `selfheal history`. */
export interface HistoryOptions extends NarrowOptions {
  readonly resource?: string;
  readonly since?: string;
  readonly groupBy?: Group;
  readonly limit?: number;
  readonly watch?: number;
}

/** `selfheal history [id]`: changes, newest first, or one in full. */
export async function history(
  session: Session,
  id: string | undefined,
  options: HistoryOptions,
): Promise<Result> {
  if (id !== undefined) return inFull(session, id);
  const { watch } = options;
  const told = new Set<string>();
  if (watch === undefined) return listed(session, options, told);
  return watching(session, watch, async () => ({ result: await listed(session, options, told) }));
}

/**
 * The entry with this id, or the one whose id ends with it.
 *
 * @throws Problem when there is none, or several end so.
 */
export async function entryWith(session: Session, id: string): Promise<JournalEntry> {
  const journal = await openJournal(session);
  const entry = await session.during('reading the journal', journal.entry(id));
  if (entry) return entry;
  const where = (each: JournalEntry) => shortId(each.id) === id;
  const [found, another] = /^[0-9a-f]{8}$/.test(id)
    ? await session.during('reading the journal', journal.list({ where, limit: 2 }))
    : [];
  if (found && another) {
    throw new Problem(`several changes end with ${id}: ${found.id} and ${another.id}; name one of them`);
  }
  if (found) return found;
  throw new Problem(`there is no change "${id}" in the journal: see npx selfheal history`);
}

/** @param told The changes that JSON Lines have shown already: each is shown once. */
async function listed(session: Session, options: HistoryOptions, told: Set<string>): Promise<Result> {
  const { resource, groupBy, limit = 50 } = options;
  const since = options.since === undefined ? undefined : sinceToIso(options.since);
  const passes = await narrowing(session, options);
  const bots = options.bot && (await Promise.all(options.bot.map((name) => botNamed(session, name))));
  const [bot] = bots?.length === 1 ? bots : [];
  const home = await regionOf(session);
  const [journal, catalogue] = await Promise.all([openJournal(session), session.catalogue()]);
  const entryOf = new Map(catalogue.map((entry) => [entry.id, entry]));
  const factsOf = ({ bot: name, target, finding, startedAt }: JournalEntry): Facts => ({
    ...{ bot: name, target, source: finding.source, atMs: Date.parse(startedAt) },
    severity: severityOf(finding, entryOf.get(name)),
  });
  const isWanted = (entry: JournalEntry) =>
    (resource === undefined || isOf(entry, resource)) && (passes?.(factsOf(entry)) ?? true);
  const entries = await session.during(
    'reading the journal',
    journal.list({
      ...(bot !== undefined && { bot: bot.id }),
      ...(since !== undefined && { since }),
      ...((resource !== undefined || passes) && { where: isWanted }),
      limit,
    }),
  );
  const facts = entries.map(factsOf);
  session.say(
    entries.length === 0
      ? text`No changes are on record that match.`
      : groupBy === undefined
        ? listText(session, entries, { facts, home })
        : totalsText(session.paint, session.io.columns, groupBy, facts),
  );
  if (entries.length === limit) session.note(text`The newest ${limit} are shown: --limit shows more.`);
  const fresh = entries.filter(({ id, status }) => !told.has(`${id} ${status}`));
  for (const { id, status } of entries) told.add(`${id} ${status}`);
  await handOn(session, {
    command: 'history',
    rows: entries.map((entry) => exportedOf(entry, factsOf(entry))),
    documents: fresh.reverse().map(documentOf),
  });
  return {
    exit: EXIT.fine,
    document: { ...totalsOf(facts, groupBy), changes: entries.map(documentOf) },
  };
}

function exportedOf(entry: JournalEntry, facts: Facts): Exported {
  const { id, violation, calls, changes = [], params, finding, reason } = entry;
  const standing = standingOf(entry);
  const isOver = ['fixed', 'deleted'].includes(standing);
  return {
    ...facts,
    ...{ id, violation, calls, changes, params, finding, by: byOf(entry) },
    status: isOver ? 'settled' : 'open',
    standing: reason === undefined ? standing : `${standing}: ${reason}`,
  };
}

/** Who made a change: selfheal itself, or whoever called `selfheal fix`. */
function byOf({ finding: { source, title = '' } }: JournalEntry): string {
  const [, arn] = /^selfheal fix by (\S+)/.exec(title) ?? [];
  return source === 'cli' ? (arn ?? 'somebody') : 'selfheal';
}

async function inFull(session: Session, id: string): Promise<Result> {
  const entry = await entryWith(session, id);
  session.say(page(session, entry));
  return { exit: EXIT.fine, document: documentOf(entry) };
}

function isOf({ target }: JournalEntry, resource: string): boolean {
  const arn = arnOf(resource);
  if (!arn) return target.id === resource;
  const named = resourceOf(resource);
  return (
    named?.type === target.type &&
    named.id === target.id &&
    (!arn.account || arn.account === target.account) &&
    (!arn.region || arn.region === target.region)
  );
}

function documentOf(entry: JournalEntry): object {
  return { ...entry, standing: standingOf(entry), by: byOf(entry) };
}

const COLUMNS: Readonly<Record<string, ColumnKind>> = {
  ...{ id: 'whole', age: 'whole', severity: 'extra', account: 'extra', bot: 'name', resource: 'name' },
  ...{ 'what was wrong': 'prose', 'what changed': 'prose', 'found by': 'extra', by: 'name' },
  status: 'prose',
};

function listText(
  session: Session,
  entries: readonly JournalEntry[],
  { facts, home }: { readonly facts: readonly Facts[]; readonly home: string },
): Printable {
  const { paint, io } = session;
  return table(
    paint,
    io.columns,
    COLUMNS,
    entries.map((entry, index): Cell[] => [
      printable(shortId(entry.id)),
      printable(ago(Date.parse(entry.startedAt))),
      severityCell(paint, facts[index]?.severity ?? 'low'),
      printable(entry.target.account),
      printable(entry.bot),
      resourceCell(session, entry.target, { account: entry.target.account, region: home }),
      printable(entry.violation),
      changesBrief(entry.changes ?? []),
      printable(entry.finding.source),
      printable(byOf(entry).split('/').at(-1) ?? ''),
      standingCell(paint, standingOf(entry)),
    ]),
  );
}

function page({ paint }: Session, entry: JournalEntry): Printable {
  const standing = standingCell(paint, standingOf(entry));
  const { finding, before, after, calls, target } = entry;
  const url = consoleUrl(target);
  const changed = after === undefined ? [] : differences(before, after).map(printable);
  const title = finding.title === undefined ? text`` : text`: ${printable(finding.title)}`;
  const facts: [string, Printable][] = [
    ['change', paint.bold(printable(entry.id))],
    ['status', standing.paint(standing.text)],
    ...(entry.reason === undefined ? [] : [['because', printable(entry.reason)] as [string, Printable]]),
    ['bot', printable(entry.bot)],
    ['resource', targetText(target)],
    ['wrong', printable(entry.violation)],
    ...(url === undefined ? [] : [['console', printable(url)] as [string, Printable]]),
    ['by', printable(byOf(entry))],
    ['found by', text`${printable(finding.source)}${title}`],
    ['finding', text`${printable(finding.id)} at ${printable(moment(finding.time))}`],
    ['started', printable(moment(entry.startedAt))],
    ...(['endedAt', 'undoneAt'] as const).flatMap((field): [string, Printable][] =>
      entry[field] === undefined ? [] : [[field.replace('At', ''), printable(moment(entry[field]))]],
    ),
  ];
  const sections: [string, Printable][] = [
    ...(Object.keys(entry.params).length > 0
      ? [['Parameters', indented(outline(entry.params))] as [string, Printable]]
      : []),
    [
      entry.status === 'started' ? 'Was about to send' : text`Sent (${counted(calls.length, 'call')})`,
      calls.length > 0 ? callsText(paint, calls) : text`  nothing`,
    ],
    ...(entry.changes && entry.changes.length > 0
      ? [['In words', changesText(paint, entry.changes)] as [string, Printable]]
      : []),
    ['Before', indented(outline(before))],
    ['After', after === undefined ? text`  not on record` : indented(outline(after))],
    ...(changed.length > 0 ? [['What changed', indented(joined(changed, '\n'))] as [string, Printable]] : []),
  ];
  return joined(
    [
      joined(
        facts.map(([name, value]) => text`${paint.dim(printable(name.padEnd(10)))}${value}`),
        '\n',
      ),
      ...sections.map(([title, body]) => text`${paint.bold(printable(title))}\n${body}`),
    ],
    '\n\n',
  );
}
