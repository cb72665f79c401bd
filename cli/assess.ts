import { loadBot } from '../shared/worker/load';
import type { Change } from '../shared/bot/changes';
import type { Call, UndoOutcome } from '../shared/bot/outcome';
import { undo } from '../shared/bot/run';
import type { AnyBot } from '../shared/bot/bot';
import { admit } from '../shared/worker/admission';
import { type JournalEntry } from '../shared/worker/journal';
import { resourceKey } from '../shared/resources/target';
import { differences } from '../shared/bot/differences';
import { standingOf } from './describe';
import { explainFailure, parsedParams, placeOf } from './order';
import { EXIT, type ExitCode } from './terminal/exit-codes';
import { botClients, callerOf } from './installation';
import { type Printable, printable, text } from './terminal/print';
import { type Session } from './session';
import { moment } from './since';

/** What undoing one change comes to, before anything is written. */
export type Assessment = { readonly entry: JournalEntry } & (
  | {
      readonly verdict: 'ready';
      readonly bot: AnyBot;
      readonly calls: readonly Call[];
      /** What they change, in words. */
      readonly changes: readonly Change[];
      readonly warnings: readonly Printable[];
    }
  /** The state before is there already: an undo that was cut off, or somebody's own hand. */
  | { readonly verdict: 'back'; readonly bot: AnyBot }
  /** A newer change of the same resource must be undone first; only then can be said what is to be sent. */
  | { readonly verdict: 'later'; readonly bot: AnyBot }
  | {
      readonly verdict: 'changed';
      readonly differences: readonly Printable[];
      readonly calls: readonly Call[];
    }
  | { readonly verdict: 'skipped' | 'refused' | 'failed'; readonly reason: string; readonly exit: ExitCode }
);

/** Judges changes, newest first, against the live resources. Writes nothing. */
export async function assessed(
  session: Session,
  entries: readonly JournalEntry[],
  force: boolean,
): Promise<Assessment[]> {
  const assessments: Assessment[] = [];
  const willChange = new Set<string>();
  for (const entry of entries) {
    const assessment = await assess(session, entry, force, willChange.has(resourceKey(entry.target)));
    if (assessment.verdict === 'ready') willChange.add(resourceKey(entry.target));
    assessments.push(assessment);
  }
  return assessments;
}

/** Judges one change. */
export async function assess(
  session: Session,
  entry: JournalEntry,
  force: boolean,
  waitsForNewer = false,
): Promise<Assessment> {
  if (!entry.id.startsWith(`${entry.bot}/`)) {
    // The one thing about an entry that its writer's role decides.
    const reason = `the entry was not written by ${entry.bot}: nothing is undone by it`;
    return { entry, verdict: 'refused', reason, exit: EXIT.refused };
  }
  const standing = standingOf(entry);
  if (standing === 'undone') {
    const when = entry.undoneAt === undefined ? '' : ` at ${moment(entry.undoneAt)}`;
    return { entry, verdict: 'skipped', reason: `undone already${when}`, exit: EXIT.fine };
  }
  if (standing === 'running' && !force) {
    const reason = 'it is being worked on right now: wait for its end, or pass --force';
    return { entry, verdict: 'refused', reason, exit: EXIT.refused };
  }
  const bot = await loadBot(await session.registry(), entry.bot);
  if (!bot) {
    const reason = `there is no bot ${entry.bot} any more, and only it knows the way back`;
    return { entry, verdict: 'failed', reason, exit: EXIT.failed };
  }
  const params = parsedParams(bot, entry.params);
  if ('wrong' in params) {
    const reason = `its parameters as recorded are not the bot's: ${params.wrong}`;
    return { entry, verdict: 'refused', reason, exit: EXIT.refused };
  }
  const beyond = await notAdmitted(session, bot, entry);
  if (beyond !== undefined) return { entry, verdict: 'refused', reason: beyond, exit: EXIT.refused };
  if (waitsForNewer) return { entry, verdict: 'later', bot };
  const look = await dryRun(session, bot, entry, force);
  switch (look.outcome) {
    case 'planned': {
      if (isBack(bot, entry, look.now)) return { entry, verdict: 'back', bot };
      const warnings = force ? driftOf(bot, entry, look.now) : [];
      return { entry, verdict: 'ready', bot, calls: look.calls, changes: look.changes, warnings };
    }
    case 'changed': {
      const seen = await dryRun(session, bot, entry, true);
      if (seen.outcome !== 'planned') {
        return { entry, verdict: 'changed', differences: look.differences.map(printable), calls: look.calls };
      }
      if (isBack(bot, entry, seen.now)) return { entry, verdict: 'back', bot };
      return { entry, verdict: 'changed', differences: driftOf(bot, entry, seen.now), calls: seen.calls };
    }
    case 'gone':
      return {
        entry,
        verdict: 'failed',
        reason: 'the resource is gone: there is nothing to lead back',
        exit: EXIT.failed,
      };
    case 'irreversible':
      return {
        entry,
        verdict: 'refused',
        reason: `there is no way back: ${look.reason}`,
        exit: EXIT.refused,
      };
    case 'failed': {
      const { sentence, exit } = explainFailure(look.error, placeOf(session));
      return { entry, verdict: 'failed', reason: sentence, exit };
    }
    default:
      return { entry, verdict: 'failed', reason: `a dry run answered ${look.outcome}`, exit: EXIT.failed };
  }
}

/** Why the installation must not touch what the entry names: whoever wrote it need not have been a bot. */
async function notAdmitted(
  session: Session,
  bot: AnyBot,
  { target }: JournalEntry,
): Promise<string | undefined> {
  const { account: accountId, region } = await callerOf(session);
  const home = { accountId, region, stage: session.options.stage };
  const admission = admit({ config: await session.config(), home, bot, target, byHand: true });
  return 'refused' in admission ? `what it names is not to be touched: ${admission.refused}` : undefined;
}

/** Runs an undo, dry or wet, with the caller's credentials. */
export async function undoEntry(
  session: Session,
  bot: AnyBot,
  { target, params, before, after }: JournalEntry,
  how: { readonly mode: 'plan' | 'apply'; readonly force: boolean },
): Promise<UndoOutcome> {
  const aws = botClients(session)(bot, target);
  const states = { before: before as object, ...(after !== undefined && { after }) };
  const what = how.mode === 'plan' ? `looking at ${target.id}` : `undoing on ${target.id}`;
  return session.during(what, undo(bot, { aws, target, params, ...states, ...how }));
}

function dryRun(session: Session, bot: AnyBot, entry: JournalEntry, force: boolean): Promise<UndoOutcome> {
  return undoEntry(session, bot, entry, { mode: 'plan', force });
}

/** How the resource differs from how the change left it. */
function driftOf(bot: AnyBot, { after }: JournalEntry, now: unknown): Printable[] {
  return after === undefined
    ? [text`the run was interrupted or failed, so how it left the resource is not on record`]
    : differences(footprintOf(bot, after), footprintOf(bot, now)).map(printable);
}

function isBack(bot: AnyBot, { before }: JournalEntry, now: unknown): boolean {
  return differences(footprintOf(bot, before), footprintOf(bot, now)).length === 0;
}

function footprintOf(bot: AnyBot, state: unknown): unknown {
  const plain: unknown = JSON.parse(JSON.stringify(bot.footprint?.(state) ?? state));
  return plain;
}
