import type * as z from 'zod';
import type { Bot, ClientClasses, Waiting } from '../bot/bot';
import type { Outcome } from '../bot/outcome';
import { find, remediate, weighed } from '../bot/run';
import { modeOf } from '../config';
import { type Target, resourceKey } from '../resources/target';
import { faultsIn } from '../text';
import { admit } from './admission';
import { type JournalEntry, journalId } from './journal';
import { limitsOf } from './limits';
import { homeOf } from './own';
import { count } from './log';
import type { Delivery } from './message';
import type { Worker } from './serve';

/** Between two writes, what somebody has stopped is looked up no more often than this. */
const STOP_LOOK_MS = 1_000;

/** How one try of a message ended. */
export interface Run {
  readonly outcome: Outcome;
  readonly journalId?: string;
  /** Trying again cannot help. */
  readonly hopeless: boolean;
  /** It waits for a limit or a stop, which would keep every other message for this bot and account as well. */
  readonly keptBy?: Kept;
}

/** The message named the resource otherwise than its API does. */
export interface Moved {
  readonly movedTo: Target;
}

/** What keeps a bot from going on for now. */
export interface Kept {
  readonly by: 'limit' | 'stop';
  /** Whether to tell: one message an hour says that a limit is reached. */
  readonly isFirst: boolean;
}

/** Runs the bot once for a message, with everything that must be on record around it. */
export async function runOnce<C extends ClientClasses, P extends z.ZodObject, S extends object>(
  bot: Bot<C, P, S>,
  worker: Worker,
  { body, messageId, sentAt }: Delivery,
  earlier: JournalEntry | undefined,
): Promise<Run | Moved> {
  const { finding } = body;
  const { config, environment: home } = worker;
  const ownHome = homeOf(home);
  let given: z.output<P> | undefined;
  const asked = {
    said: body.params,
    defaults: bot.params.partial().safeParse({}).data ?? {},
    wrong: (configured: object) => {
      const read = bot.params.safeParse({ ...configured, ...body.params });
      given = read.data;
      return read.error && faultsIn(read.error, 'params');
    },
  };
  const before = admit({ config, home, bot, target: body.target, params: asked, isLocated: false });
  if ('refused' in before) return hopeless(before.code, before.refused);
  const looking = journalId(bot.id, sentAt, messageId);
  const found = await find(bot, worker.clients(bot, body.target, looking), body.target);
  if ('outcome' in found) {
    return {
      outcome: found.outcome.outcome === 'failed' ? weighed(found.outcome) : found.outcome,
      hopeless: false,
    };
  }
  const { target } = found;
  const admission = admit({ config, home, bot, target, params: asked });
  if ('refused' in admission) return hopeless(admission.code, admission.refused);
  if ('exempt' in admission) {
    return { outcome: { outcome: 'exempt', reason: admission.exempt }, hopeless: false };
  }
  // Under its own name it has another place in line: nothing else may be at work on it meanwhile.
  if (resourceKey(target) !== resourceKey(body.target)) return { movedTo: target };
  const { settings } = admission;
  if (!given) throw new Error(`${bot.id} was let in with parameters that were not read`);
  const params = { data: given };

  const interrupted =
    earlier && earlier.status !== 'fixed' && earlier.status !== 'undone' ? earlier : undefined;
  const seed = earlier && !interrupted ? `${messageId}/${earlier.status}` : messageId;
  const id = journalId(bot.id, sentAt, seed);
  const journaled = { begun: false };
  let kept: Kept | undefined;
  let lookedAt = 0;
  const stopped = async (): Promise<Waiting | undefined> => {
    if (Date.now() - lookedAt < STOP_LOOK_MS) return undefined;
    lookedAt = Date.now();
    const { stopped: why } = await worker.journal.standing(bot.id, target);
    if (why === undefined) return undefined;
    kept = { by: 'stop', isFirst: false };
    return { waiting: why };
  };
  const ran: Outcome<S> = await remediate(bot, {
    aws: worker.clients(bot, target, id),
    target,
    params: params.data,
    ...(ownHome && { home: ownHome }),
    mode: modeOf(settings, bot.risk) === 'auto' ? 'apply' : 'plan',
    begin: async ({ violation, before, calls }) => {
      lookedAt = Date.now();
      const standing = await worker.journal.standing(bot.id, target);
      if (standing.stopped !== undefined) {
        kept = { by: 'stop', isFirst: false };
        return { waiting: standing.stopped };
      }
      if (standing.held !== undefined) return { held: standing.held };
      const limits = limitsOf(worker.config, bot);
      // What goes on with an earlier try has been counted with it.
      const reached =
        limits && !interrupted ? await worker.journal.count(bot.id, target.account, limits) : undefined;
      if (limits && reached) {
        kept = { by: 'limit', isFirst: reached.isFirst };
        count('limits', { Limited: 1 });
        return {
          waiting: `a limit is reached: ${limits.perBot} changes an hour by ${bot.id}, ${limits.perAccount} by all bots, in account ${target.account}; what is over waits until ${new Date(reached.until).toISOString()}, or until npx selfheal limits releases it`,
        };
      }
      const first = interrupted ? (interrupted.before as S) : before;
      await worker.journal.begin({
        ...{ id, bot: bot.id, target, params: params.data, finding, violation, before: first, calls },
        status: 'started',
        startedAt: new Date().toISOString(),
      });
      journaled.begun = true;
      return { before: first };
    },
    between: stopped,
  });
  // Entry and event tell of all that was sent for this message, also by tries before this one.
  const earlierCalls = interrupted && interrupted.status !== 'started' ? interrupted.calls : [];
  const weighted = ran.outcome === 'failed' ? weighed(ran) : ran;
  const outcome: Outcome<S> =
    weighted.outcome === 'planned' || !('calls' in weighted)
      ? weighted
      : { ...weighted, calls: [...earlierCalls, ...(weighted.calls ?? [])] };
  if (journaled.begun) await worker.journal.end(id, outcome);
  const deleted = outcome.outcome === 'gone' && interrupted && interrupted.calls.length > 0;
  if (interrupted && (outcome.outcome === 'compliant' || deleted)) {
    // An earlier try of this message did it, and was not there to see it.
    const after = outcome.outcome === 'compliant' ? outcome.state : undefined;
    await worker.journal.settle(id, after);
    const { violation, before, calls } = interrupted;
    const fixed = { outcome: 'fixed', violation, before, calls, ...(after && { after }) } as const;
    return { journalId: id, outcome: fixed, hopeless: false };
  }
  return {
    outcome,
    hopeless: false,
    ...((journaled.begun || interrupted) && { journalId: id }),
    ...(outcome.outcome === 'waiting' && kept && { keptBy: kept }),
  };
}

/** A try that no other can better. */
export function hopeless(code: string, message: string): Run {
  return { outcome: { outcome: 'failed', error: { code, message }, calls: [] }, hopeless: true };
}
