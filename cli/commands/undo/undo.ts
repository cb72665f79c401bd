import type { Metadata } from '../../../shared/bot/bot';
import type { Call } from '../../../shared/bot/outcome';
import { type SelfhealEvent, newEvent } from '../../../shared/worker/event';
import type { Journal, JournalEntry } from '../../../shared/worker/journal';
import { type Assessment, assess, assessed, undoEntry } from '../../assess';
import { callsText, changesText, counted, targetText } from '../../describe';
import { Problem } from '../../terminal/errors';
import { EXIT, type ExitCode, worst } from '../../terminal/exit-codes';
import { type Caller, callerOf, openJournal, tell } from '../../installation';
import { explainFailure, placeOf } from '../../order';
import { type Printable, indented, joined, printable, text } from '../../terminal/print';
import { type Result, type Session, botNamed, confirm } from '../../session';
import { sinceToIso } from '../../since';
import { entryWith } from '../history/history';

/** Options of `selfheal undo`. */
export interface UndoOptions {
  readonly bot?: string;
  readonly since?: string;
  readonly run?: string;
  readonly yes?: boolean;
  readonly force?: boolean;
  /** Only show what would be done. */
  readonly dryRun?: boolean;
}

/** What became of one change. */
interface Undone {
  readonly id: string;
  readonly bot: string;
  readonly target: JournalEntry['target'];
  readonly outcome: 'undone' | 'skipped' | 'refused' | 'changed' | 'failed' | 'unverified';
  readonly exit: ExitCode;
  readonly reason?: string;
  readonly differences?: readonly string[];
  readonly calls?: readonly Call[];
}

/** `selfheal undo <id>`, `--bot … --since …`, `--run <id>`: takes changes back, newest first. */
export async function undo(session: Session, id: string | undefined, options: UndoOptions): Promise<Result> {
  const { force = false, yes } = options;
  const entries = await chosen(session, id, options);
  if (entries.length === 0) {
    session.say(text`No changes are on record that match.`);
    return { exit: EXIT.fine, document: { changes: [] } };
  }
  const assessments = await assessed(session, entries, force);
  session.say(
    joined(
      assessments.map((assessment) => assessmentText(session, assessment)),
      '\n\n',
    ),
  );
  const possible = assessments.filter(({ verdict }) => ['ready', 'back', 'later'].includes(verdict));
  if (possible.length === 0) {
    const changes = assessments.flatMap(unable);
    return { exit: worst(changes.map(({ exit }) => exit)), document: { changes } };
  }
  if (options.dryRun) {
    session.say(text`\nNothing was changed: a dry run.`);
    return {
      exit: EXIT.fine,
      document: { dryRun: true, changes: possible.map(({ entry }) => ({ id: entry.id })) },
    };
  }
  await confirm(session, questionOf(possible), yes);
  const caller = await callerOf(session);
  const journal = await openJournal(session);
  const changes: Undone[] = [];
  session.say(text``);
  for (const assessment of assessments) {
    const undone = await takeBack(session, journal, caller, assessment, force);
    changes.push(undone);
    report(session, undone);
  }
  return { exit: worst(changes.map(({ exit }) => exit)), document: { changes } };
}

/** The changes that are meant, newest first. */
async function chosen(
  session: Session,
  id: string | undefined,
  { bot, since, run }: UndoOptions,
): Promise<readonly JournalEntry[]> {
  const ways = [id, run, since ?? bot].filter((way) => way !== undefined);
  if (ways.length !== 1) {
    throw new Problem('name what to undo in one way: a change by its id, --run <id>, or --bot with --since');
  }
  if (id !== undefined) return [await entryWith(session, id)];
  const journal = await openJournal(session);
  if (run !== undefined) {
    const { finding, startedAt } = await entryWith(session, run);
    const since = [new Date(finding.time).toISOString(), startedAt].sort()[0] ?? startedAt;
    return journal.list({ since, where: (entry) => isSameFinding(entry.finding, finding) });
  }
  if (since === undefined) {
    throw new Problem(
      '--bot without --since would undo all that it ever did: say since when, as in --since 2h',
    );
  }
  const from = sinceToIso(since);
  const name = bot === undefined ? undefined : (await botNamed(session, bot)).id;
  return journal.list({ since: from, ...(name !== undefined && { bot: name }) });
}

/** One finding may ask several bots for several repairs; the same finding at another time is another run. */
function isSameFinding(one: JournalEntry['finding'], other: JournalEntry['finding']): boolean {
  return one.source === other.source && one.id === other.id && one.time === other.time;
}

async function takeBack(
  session: Session,
  journal: Journal,
  caller: Caller,
  assessment: Assessment,
  force: boolean,
): Promise<Undone> {
  const { entry } = assessment;
  // What stood behind a newer change can be judged now.
  const now = assessment.verdict === 'later' ? await assess(session, entry, force) : assessment;
  const [cannot] = unable(now);
  if (cannot || !('bot' in now)) return cannot ?? failed(entry, 'it cannot be undone', EXIT.failed);
  const { bot, target, id } = entry;
  const earlierHold = await journal.heldBecause(bot, target);
  // Before the first write: a bot that sees the fault come back must not mend it again.
  await journal.hold(bot, target, `undone by ${caller.arn} on ${today()}; npx selfheal fix releases it`);
  const outcome =
    now.verdict === 'back'
      ? ({ outcome: 'undone', calls: [] } as const)
      : await undoEntry(session, now.bot, entry, { mode: 'apply', force });
  const calls = 'calls' in outcome && outcome.outcome !== 'changed' ? outcome.calls : [];
  if (outcome.outcome === 'undone') {
    await journal.undone(id);
    await tell(session, caller, eventOf(entry, now.bot, caller, calls));
    const reason = now.verdict === 'back' ? 'it was back already' : undefined;
    return { ...named(entry), outcome: 'undone', exit: EXIT.fine, calls, ...(reason && { reason }) };
  }
  if (calls.length === 0) {
    await (earlierHold === undefined ? journal.release(bot, target) : journal.hold(bot, target, earlierHold));
  }
  switch (outcome.outcome) {
    case 'changed':
      return { ...named(entry), outcome: 'changed', exit: EXIT.refused, differences: outcome.differences };
    case 'irreversible':
      return {
        ...failed(entry, `there is no way back: ${outcome.reason}`, EXIT.refused),
        outcome: 'refused',
      };
    case 'unverified': {
      const reason = 'the calls were sent, and a re-read still differs from before; the bot is kept away';
      return {
        ...failed(entry, reason, EXIT.failed),
        ...{ outcome: 'unverified', differences: outcome.differences, calls },
      };
    }
    case 'failed': {
      const { sentence, exit } = explainFailure(outcome.error, placeOf(session));
      const reason =
        calls.length > 0 ? `${sentence}; ${counted(calls.length, 'call')} had been sent` : sentence;
      return { ...failed(entry, reason, calls.length > 0 ? EXIT.failed : exit), calls };
    }
    default:
      return failed(entry, 'the resource is gone: there is nothing to lead back', EXIT.failed);
  }
}

/** What cannot be undone, as its result; nothing when it can. */
function unable(assessment: Assessment): Undone[] {
  const { entry } = assessment;
  switch (assessment.verdict) {
    case 'changed': {
      const { differences, calls } = assessment;
      const reason = 'the resource has changed since: pass --force to undo all the same';
      return [{ ...named(entry), outcome: 'changed', exit: EXIT.refused, reason, differences, calls }];
    }
    case 'skipped':
    case 'refused':
    case 'failed':
      return [{ ...failed(entry, assessment.reason, assessment.exit), outcome: assessment.verdict }];
    default:
      return [];
  }
}

function failed(entry: JournalEntry, reason: string, exit: ExitCode): Undone {
  return { ...named(entry), outcome: 'failed', exit, reason };
}

function named({ id, bot, target }: JournalEntry) {
  return { id, bot, target };
}

function assessmentText({ paint }: Session, assessment: Assessment): Printable {
  const { entry } = assessment;
  const head = text`${paint.bold(printable(entry.id))} ${printable(entry.bot)} on ${targetText(entry.target)}`;
  const lines = (values: readonly Printable[]) => indented(joined(values, '\n'), 4);
  switch (assessment.verdict) {
    case 'ready':
      return joined(
        [
          text`${head}\n  repaired: ${printable(entry.violation)}`,
          ...(assessment.warnings.length > 0
            ? [
                text`  ${paint.yellow(text`changed since, and --force goes over it:`)}\n${lines(assessment.warnings)}`,
              ]
            : []),
          ...(assessment.changes.length > 0
            ? [text`  What changes:`, indented(changesText(paint, assessment.changes))]
            : []),
          text`  To bring it back would be sent:`,
          assessment.calls.length > 0
            ? indented(callsText(paint, assessment.calls))
            : text`    nothing: others have it back already`,
        ],
        '\n',
      );
    case 'back':
      return text`${head}\n  is as it was before the change: nothing to send, it is only put on record`;
    case 'later':
      return text`${head}\n  is looked at once the newer change above is undone`;
    case 'changed':
      return text`${head}\n  ${paint.red(text`changed since`)}, so it is left alone (--force undoes it all the same):\n${lines(assessment.differences)}`;
    case 'skipped':
      return text`${head}\n  ${paint.dim(printable(assessment.reason))}`;
    default:
      return text`${head}\n  ${paint.red(printable(assessment.reason))}`;
  }
}

function report({ say, note, paint }: Session, undone: Undone): void {
  const what = text`${printable(undone.id)} on ${printable(undone.target.id)}`;
  const reason = undone.reason === undefined ? text`` : text`: ${printable(undone.reason)}`;
  if (undone.outcome === 'undone') {
    const fix = text`npx selfheal fix ${printable(undone.bot)} ${printable(undone.target.id)}`;
    const held = text`The bot is kept away until: ${fix}`;
    say(
      text`${paint.green(text`undone`)} ${what}${reason || text`, proven by a re-read`}. \n  ${paint.dim(held)}`,
    );
  } else if (undone.outcome === 'skipped') {
    say(paint.dim(text`skipped ${what}${reason}`));
  } else {
    const list = (undone.differences ?? []).map((line) => text`\n    ${printable(line)}`);
    note(text`${paint.red(printable(undone.outcome))} ${what}${reason}${list.join('') as Printable}`);
  }
}

function questionOf(possible: readonly Assessment[]): string {
  const changes = counted(possible.length, 'change');
  return `\nUndo ${changes}? The fault comes back, and the bot is kept away until npx selfheal fix is run.`;
}

function eventOf(
  { id: journalId, target, finding, violation }: JournalEntry,
  { id, title, severity }: Pick<Metadata, 'id' | 'title' | 'severity'>,
  caller: Caller,
  calls: readonly Call[],
): SelfhealEvent {
  const reason = `undone by ${caller.arn}`;
  return newEvent({
    outcome: 'undone',
    bot: id,
    ...{ title, severity, target, finding, violation, reason, calls, journalId },
  });
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}
