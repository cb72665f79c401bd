import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type * as z from 'zod';
import { type Target, isSettings } from '../resources/target';
import type { Bot, ClientClasses, Clients, Context, Held, Home, Waiting } from './bot';
import { type Change, changesOf } from './changes';
import { differences } from './differences';
import type { Call, Outcome, UndoOutcome } from './outcome';
import { adviceFor, isBusy, isThrottled, leftText, sentenceOf } from './refusals';
import { type Carried, carryOut, send, toCall, toFailure } from './steps';

/** Everything a run needs beside the bot. `params` has passed the bot's own zod object. */
export interface Job<C extends ClientClasses, P extends z.ZodObject, S> {
  readonly aws: Clients<C>;
  readonly target: Target;
  readonly params: z.output<P>;
  readonly home?: Home;
  /** `plan` reads and judges, and writes nothing. */
  readonly mode: 'apply' | 'plan';
  /**
   * Called once, before the first write: what must be on record is recorded here. It may answer with a reason to
   * hold or to wait, that it is only to be planned, or with the state before that an interrupted earlier run of the same
   * message recorded.
   */
  readonly begin?: (
    start: Start<S>,
  ) => Promise<Held | Waiting | OnlyPlan | { readonly before: S } | undefined>;
  /** Called before every later write: a reason to go no further now, or `undefined`. */
  readonly between?: () => Promise<Waiting | undefined>;
  readonly settle?: Settle;
}

/** Nothing is to be written: a person is to be asked, or only told. */
export interface OnlyPlan {
  readonly only: 'plan';
}

/** What a run is about to do. */
export interface Start<S> {
  readonly violation: string;
  readonly before: S;
  readonly calls: readonly Call[];
  /** What the calls change, in words. */
  readonly changes: readonly Change[];
}

/** How long a re-read waits for AWS to show a write: so many more reads, with this growing delay before each. */
export interface Settle {
  readonly tries: number;
  readonly delayMs: number;
}

const MAX_PASSES = 6;
const SETTLE: Settle = { tries: 5, delayMs: 300 };

/**
 * Reconciles: inspect, check, plan, apply, and again until check passes. Every way it can end is an
 * {@link Outcome}; nothing is thrown but by a bug in `begin`'s caller.
 */
export async function remediate<C extends ClientClasses, P extends z.ZodObject, S extends object>(
  bot: Bot<C, P, S>,
  job: Job<C, P, S>,
): Promise<Outcome<S>> {
  const context = contextOf(job);
  const sent: Call[] = [];
  const known: { violation?: string; before?: S; changes?: readonly Change[] } = {};
  try {
    const found = await inspect(bot, job.aws, context);
    if (!found) return { outcome: 'gone' };
    const violation = bot.check(found, context);
    if (violation === undefined) return { outcome: 'compliant', state: found };
    Object.assign(known, { violation, before: found });
    let before: S = found;
    let state: S = found;
    let still = violation;
    for (let pass = 1; pass <= MAX_PASSES; pass++) {
      const rest = {
        ...(sent.length > 0 && { after: state, ...(known.changes && { changes: known.changes }) }),
        calls: sent,
      };
      const steps = bot.plan(state, context);
      if ('held' in steps) return { outcome: 'held', reason: steps.held, violation, before, ...rest };
      if ('waiting' in steps)
        return { outcome: 'waiting', reason: steps.waiting, violation, before, ...rest };
      const calls = steps.map(toCall);
      if (calls.length === 0) throw new Error(`${bot.id} found a fault and planned nothing: ${still}`);
      const changes = inWords(bot, state, context, calls);
      if (job.mode === 'plan') return { outcome: 'planned', violation, before, calls, changes };
      const answer = pass === 1 ? await job.begin?.({ violation, before, calls, changes }) : undefined;
      if (answer && 'held' in answer) return { outcome: 'held', reason: answer.held, violation, before };
      if (answer && 'waiting' in answer) {
        return { outcome: 'waiting', reason: answer.waiting, violation, before, calls: sent };
      }
      if (answer && 'only' in answer) return { outcome: 'planned', violation, before, calls, changes };
      known.changes = further(known.changes, changes);
      if (answer) before = known.before = answer.before;
      const carried = await carryOut(steps, {
        ...{ aws: job.aws, target: job.target, risk: bot.risk },
        onSent: (call) => sent.push(call),
        between: async (index) => (pass > 1 || index > 0 ? job.between?.() : undefined),
      });
      if (carried.paused !== undefined || carried.left.length > 0) {
        return await endedEarly(bot, job, carried, { violation, before, sent, changes: known.changes });
      }
      const after = await settled(bot, job, calls);
      const done = { violation, before, calls: sent, changes: known.changes };
      if (!after) return { outcome: 'fixed', ...done };
      const open = bot.check(after, context);
      if (open === undefined) return { outcome: 'fixed', ...done, after };
      still = open;
      state = after;
      // What AWS was told is not what it shows, and more of the same would not change that.
      if (isDeepStrictEqual(planned(bot, after, context), calls)) break;
    }
    const changes = known.changes ?? [];
    return { outcome: 'unverified', violation, still, before, after: state, calls: sent, changes };
  } catch (error) {
    const after = sent.length > 0 ? await stateNow(bot, job) : known.before;
    const failed = { error: toFailure(error, job.target), calls: sent, ...known, ...(after && { after }) };
    // A look is one person's or rule's, who hears what AWS said: nobody tries it again by itself.
    return job.mode === 'plan' ? { outcome: 'failed', ...failed } : weighed({ outcome: 'failed', ...failed });
  }
}

/**
 * What a failure comes to. AWS asks for patience, or is busy: `waiting`. Trying again cannot mend any of what was refused:
 * `held`, with what to do. Anything else may be better the next time, and stays `failed`.
 */
export function weighed<S>(failed: Outcome<S> & { readonly outcome: 'failed' }): Outcome<S> {
  const { error, left = [], outcome: _, ...found } = failed;
  const errors = left.flatMap((one) => one.error ?? []);
  const all = errors.length > 0 ? errors : [error];
  if (all.every((one) => isThrottled(one) || isBusy(one))) {
    return { outcome: 'waiting', reason: sentenceOf(error), error, ...found };
  }
  const advice = all.map(adviceFor);
  if (advice.includes(undefined)) return failed;
  const reason = `${[...new Set(advice)].join('; ')} (${sentenceOf(error)})${left.length > 1 ? leftText(left) : ''}`;
  return { outcome: 'held', reason, error, ...found };
}

/** How a run ends of whose plan not everything was carried out. */
async function endedEarly<C extends ClientClasses, P extends z.ZodObject, S extends object>(
  bot: Bot<C, P, S>,
  job: Job<C, P, S>,
  { left, paused }: Carried,
  {
    violation,
    before,
    sent,
    changes,
  }: {
    readonly violation: string;
    readonly before: S;
    readonly sent: readonly Call[];
    readonly changes: readonly Change[];
  },
): Promise<Outcome<S>> {
  const after = sent.length > 0 ? await stateNow(bot, job) : before;
  const found = { violation, before, calls: sent, changes, ...(after && { after }) };
  const errors = left.flatMap(({ error }) => error ?? []);
  // What trying again may mend says best why it is tried again.
  const error = errors.find((one) => adviceFor(one) === undefined) ?? errors[0];
  if (error) return weighed({ outcome: 'failed', error, left, ...found });
  return { outcome: 'waiting', reason: paused ?? 'it goes on later', ...found };
}

/** What stands now is what undo has to reckon with, where it can still be read. */
async function stateNow<C extends ClientClasses, P extends z.ZodObject, S extends object>(
  bot: Bot<C, P, S>,
  { aws, target, params }: Job<C, P, S>,
): Promise<S | undefined> {
  return inspect(bot, aws, { target, params }).catch(() => undefined);
}

/**
 * The target by its own name and in its own region, where the bot can find it by what the finding says; else how that
 * ended.
 */
export async function find<C extends ClientClasses, P extends z.ZodObject, S extends object>(
  bot: Bot<C, P, S>,
  aws: Clients<C>,
  target: Target,
): Promise<{ readonly target: Target } | { readonly outcome: Outcome }> {
  if (!bot.finder) return { target };
  try {
    const found = await bot.finder.find(aws, target);
    if (!found) return { outcome: { outcome: 'gone' } };
    return 'held' in found ? { outcome: { outcome: 'held', reason: found.held } } : { target: found };
  } catch (error) {
    return { outcome: weighed({ outcome: 'failed', error: toFailure(error, target), calls: [] }) };
  }
}

/**
 * A look at what no message brought: the settings of an account are looked at where the bot finds them, in the home
 * region of its trail, say. Writes nothing.
 */
export async function looked<C extends ClientClasses, P extends z.ZodObject, S extends object>(
  bot: Bot<C, P, S>,
  clientsFor: (target: Target) => Clients<C>,
  { target, params }: Pick<Job<C, P, S>, 'target' | 'params'>,
): Promise<Outcome> {
  const isKept = bot.finder !== undefined && isSettings(target.type);
  const found = isKept ? await find(bot, clientsFor(target), target) : { target };
  if ('outcome' in found) return found.outcome;
  return remediate(bot, { aws: clientsFor(found.target), target: found.target, params, mode: 'plan' });
}

/** What undo needs: the journaled states, and whether to go on although the resource has changed since. */
export interface UndoJob<C extends ClientClasses, P extends z.ZodObject, S> {
  readonly aws: Clients<C>;
  readonly target: Target;
  readonly params: z.output<P>;
  readonly home?: Home;
  readonly before: S;
  /** The state that the fix left; absent when the run was interrupted, which counts as a change. */
  readonly after?: S;
  readonly mode: 'apply' | 'plan';
  readonly force?: boolean;
  readonly settle?: Settle;
}

/** Leads the resource back to the journaled state, and proves it by a re-read. */
export async function undo<C extends ClientClasses, P extends z.ZodObject, S extends object>(
  bot: Bot<C, P, S>,
  job: UndoJob<C, P, S>,
): Promise<UndoOutcome<S>> {
  const context = { target: job.target, params: job.params };
  const footprint = (state: S) => bot.footprint?.(state) ?? state;
  const sent: Call[] = [];
  try {
    const now = await inspect(bot, job.aws, context);
    if (!now) return { outcome: 'gone' };
    const steps = bot.undo(job.before, { ...context, now });
    if ('irreversible' in steps) return { outcome: 'irreversible', reason: steps.irreversible };
    const calls = steps.map(toCall);
    const drift = job.after
      ? differences(footprint(job.after), footprint(now))
      : ['the run was interrupted, so the state it left is not on record'];
    if (drift.length > 0 && !job.force) return { outcome: 'changed', differences: drift, calls };
    if (job.mode === 'plan') {
      return { outcome: 'planned', calls, changes: inWords(bot, now, context, calls, job.before), now };
    }
    // The way back is one chain: what it opens again must not come before what makes that safe.
    for (const [index, step] of steps.entries()) {
      await send(job.aws, step);
      sent.push(...calls.slice(index, index + 1));
    }
    const { tries, delayMs } = job.settle ?? SETTLE;
    for (let attempt = 0; ; attempt++) {
      const after = await inspect(bot, job.aws, context);
      if (!after) return { outcome: 'gone' };
      const left = differences(footprint(job.before), footprint(after));
      if (left.length === 0) return { outcome: 'undone', calls: sent, after };
      if (attempt === tries) return { outcome: 'unverified', differences: left, calls: sent };
      await sleep(delayMs * 2 ** attempt);
    }
  } catch (error) {
    return { outcome: 'failed', error: toFailure(error, job.target), calls: sent };
  }
}

/** What calls change. A repair is never kept from being done because it could not be put into words. */
function inWords(
  bot: Pick<Bot<ClientClasses, z.ZodObject, object>, 'id' | 'changes'>,
  ...rest: [state: object, context: Context<unknown>, calls: readonly Call[], before?: object]
): readonly Change[] {
  try {
    return changesOf(bot, ...rest);
  } catch {
    return [];
  }
}

/** The changes of the passes so far, and those of the next: what stays is said once. */
function further(before: readonly Change[] | undefined, next: readonly Change[]): readonly Change[] {
  if (before === undefined) return next;
  const said = new Set(before.map(({ sign, text }) => sign + text));
  return [...before, ...next.filter(({ sign, text }) => sign !== ' ' && !said.has(sign + text))];
}

/** Live state; `undefined` also when the service says that there is no such resource. */
async function inspect<C extends ClientClasses, P extends z.ZodObject, S extends object>(
  bot: Bot<C, P, S>,
  aws: Clients<C>,
  context: Context<z.output<P>>,
): Promise<S | undefined> {
  try {
    return await bot.inspect(aws, context);
  } catch (error) {
    if (error instanceof Error && bot.gone?.includes(error.name)) return undefined;
    throw error;
  }
}

function contextOf<P>({ target, params, home }: Context<P>): Context<P> {
  return { target, params, ...(home && { home }) };
}

/** Re-reads until the fault is gone or something else is to be done than was just done. */
async function settled<C extends ClientClasses, P extends z.ZodObject, S extends object>(
  bot: Bot<C, P, S>,
  { aws, settle = SETTLE, ...job }: Job<C, P, S>,
  applied: readonly Call[],
): Promise<S | undefined> {
  const context = contextOf(job);
  for (let attempt = 0; ; attempt++) {
    const state = await inspect(bot, aws, context);
    if (!state || bot.check(state, context) === undefined || attempt === settle.tries) return state;
    if (!isDeepStrictEqual(planned(bot, state, context), applied)) return state;
    await sleep(settle.delayMs * 2 ** attempt);
  }
}

function planned<C extends ClientClasses, P extends z.ZodObject, S extends object>(
  bot: Bot<C, P, S>,
  state: S,
  context: { readonly target: Target; readonly params: z.output<P> },
): Call[] | Held | Waiting {
  const steps = bot.plan(state, context);
  return 'held' in steps || 'waiting' in steps ? steps : steps.map(toCall);
}
