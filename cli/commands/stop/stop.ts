import { stopTexts } from '../../../shared/worker/stops';
import { callerOf, openJournal } from '../../installation';
import { EXIT } from '../../terminal/exit-codes';
import { Problem } from '../../terminal/errors';
import { printable, text } from '../../terminal/print';
import { type Result, type Session, botNamed, confirm } from '../../session';

/** What `selfheal stop` and `selfheal start` are about: one of these. */
export interface ScopeOptions {
  readonly all?: boolean;
  readonly account?: string;
  readonly bot?: string;
}

/** Options of `selfheal stop`. */
export interface StopOptions extends ScopeOptions {
  readonly reason?: string;
  readonly yes?: boolean;
}

/**
 * `selfheal stop`: from the next write on, no bot changes anything, or none in an account, or not one bot; what runs stops
 * before its next call. Messages stay in the queue. Without a scope it says what is stopped.
 */
export async function stop(session: Session, options: StopOptions): Promise<Result> {
  const journal = await openJournal(session);
  const scope = await scopeOf(session, options);
  if (scope !== undefined) {
    const caller = await callerOf(session);
    await confirm(session, `Stop ${spoken(scope)} until npx selfheal start?`, options.yes);
    const why = options.reason === undefined ? '' : `, ${options.reason}`;
    await journal.stop(scope, `by ${caller.arn} at ${new Date().toISOString().slice(0, 19)}Z${why}`);
  }
  return stopped(session, journal);
}

/** `selfheal start`: lets go on what was stopped. */
export async function start(session: Session, options: ScopeOptions): Promise<Result> {
  const journal = await openJournal(session);
  const scope = await scopeOf(session, options);
  if (scope === undefined) throw new Problem('say what to start: --all, --account <id> or --bot <bot>');
  if (!(scope in (await journal.stops()))) throw new Problem(`${spoken(scope)} is not stopped`, EXIT.refused);
  await journal.stop(scope, undefined);
  return stopped(session, journal);
}

async function stopped(
  { say, paint }: Session,
  journal: Awaited<ReturnType<typeof openJournal>>,
): Promise<Result> {
  const stops = await journal.stops();
  const lines = stopTexts(stops);
  if (lines.length === 0) say(text`Nothing is stopped.`);
  for (const line of lines) say(paint.yellow(printable(line)));
  return { exit: EXIT.fine, document: { stops } };
}

async function scopeOf(session: Session, { all, account, bot }: ScopeOptions): Promise<string | undefined> {
  const named = [all, account, bot].filter((one) => one !== undefined && one !== false);
  if (named.length > 1) throw new Problem('one at a time: --all, --account <id> or --bot <bot>');
  if (all) return 'all';
  if (account !== undefined) {
    if (!/^\d{12}$/.test(account)) throw new Problem(`"${account}" is not an account: twelve digits`);
    return `account/${account}`;
  }
  return bot === undefined ? undefined : `bot/${(await botNamed(session, bot)).id}`;
}

function spoken(scope: string): string {
  return scope === 'all' ? 'everything' : scope.replace('/', ' ');
}
