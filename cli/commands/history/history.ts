import { resourceOf } from '../../../shared/resources/arn';
import type { JournalEntry } from '../../../shared/worker/journal';
import { differences } from '../../../shared/bot/differences';
import { callsText, counted, standingCell, standingOf, targetBrief, targetText } from '../../describe';
import { Problem } from '../../terminal/errors';
import { EXIT } from '../../terminal/exit-codes';
import { openJournal, regionOf } from '../../installation';
import { type Printable, indented, joined, outline, printable, text } from '../../terminal/print';
import { arnOf } from '../../resource';
import { type Result, type Session, botNamed } from '../../session';
import { ago, moment, sinceToIso } from '../../since';
import { table } from '../../terminal/table';

/** Options of `selfheal history`. */
export interface HistoryOptions {
  readonly bot?: string;
  readonly resource?: string;
  readonly since?: string;
  readonly limit?: number;
}

/** `selfheal history [id]`: changes, newest first, or one in full. */
export async function history(
  session: Session,
  id: string | undefined,
  options: HistoryOptions,
): Promise<Result> {
  return id === undefined ? listed(session, options) : inFull(session, id);
}

/**
 * The entry with this id.
 *
 * @throws Problem when there is none.
 */
export async function entryWith(session: Session, id: string): Promise<JournalEntry> {
  const journal = await openJournal(session);
  const entry = await session.during('reading the journal', journal.entry(id));
  if (entry) return entry;
  throw new Problem(`there is no change "${id}" in the journal: see selfheal history`);
}

async function listed(session: Session, options: HistoryOptions): Promise<Result> {
  const { resource, limit = 50 } = options;
  const since = options.since === undefined ? undefined : sinceToIso(options.since);
  const bot = options.bot === undefined ? undefined : (await botNamed(session, options.bot)).id;
  const home = await regionOf(session);
  const journal = await openJournal(session);
  const entries = await session.during(
    'reading the journal',
    journal.list({
      ...(bot !== undefined && { bot }),
      ...(since !== undefined && { since }),
      ...(resource !== undefined && { where: (entry: JournalEntry) => isOf(entry, resource) }),
      limit,
    }),
  );
  session.say(
    entries.length > 0 ? listText(session, entries, home) : text`No changes are on record that match.`,
  );
  if (entries.length === limit) session.note(text`The newest ${limit} are shown: --limit shows more.`);
  return { exit: EXIT.fine, document: { changes: entries.map(documentOf) } };
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
  return { ...entry, standing: standingOf(entry) };
}

function listText({ paint, io }: Session, entries: readonly JournalEntry[], home: string): Printable {
  return table(
    paint,
    io.columns,
    { id: 'whole', age: 'whole', bot: 'name', resource: 'name', 'what was wrong': 'prose', status: 'whole' },
    entries.map((entry) => [
      printable(entry.id),
      printable(ago(Date.parse(entry.startedAt))),
      printable(entry.bot),
      targetBrief(entry.target, home),
      printable(entry.violation),
      standingCell(paint, standingOf(entry)),
    ]),
  );
}

function page({ paint }: Session, entry: JournalEntry): Printable {
  const standing = standingCell(paint, standingOf(entry));
  const { finding, before, after, calls } = entry;
  const changed = after === undefined ? [] : differences(before, after).map(printable);
  const title = finding.title === undefined ? text`` : text`: ${printable(finding.title)}`;
  const facts: [string, Printable][] = [
    ['change', paint.bold(printable(entry.id))],
    ['status', standing.paint(standing.text)],
    ...(entry.reason === undefined ? [] : [['because', printable(entry.reason)] as [string, Printable]]),
    ['bot', printable(entry.bot)],
    ['resource', targetText(entry.target)],
    ['wrong', printable(entry.violation)],
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
