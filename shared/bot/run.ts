import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type * as z from 'zod';
import { type Target, isGlobal } from '../resources/target';
import { actionOf } from '../aws/iam-names';
import type { Bot, Client, ClientClasses, Clients, Context, Held, Step, Waiting } from './bot';
import { differences } from './differences';
import type { Call, Failure, Outcome, UndoOutcome } from './outcome';

/** Everything a run needs beside the bot. `params` has passed the bot's own zod object. */
export interface Job<C extends ClientClasses, P extends z.ZodObject, S> {
  readonly aws: Clients<C>;
  readonly target: Target;
  readonly params: z.output<P>;
  /** `plan` reads and judges, and writes nothing. */
  readonly mode: 'apply' | 'plan';
  /**
   * Called once, before the first write: what must be on record is recorded here. It may answer with a reason to
   * hold, or with the state before that an interrupted earlier run of the same message recorded.
   */
  readonly begin?: (start: Start<S>) => Promise<Held | { readonly before: S } | undefined>;
  readonly settle?: Settle;
}

/** What a run is about to do. */
export interface Start<S> {
  readonly violation: string;
  readonly before: S;
  readonly calls: readonly Call[];
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
  const context = { target: job.target, params: job.params };
  const sent: Call[] = [];
  const known: { violation?: string; before?: S } = {};
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
      const steps = bot.plan(state, context);
      if ('held' in steps || 'waiting' in steps) {
        still = 'held' in steps ? steps.held : steps.waiting;
        const over = sent.length === 0 && ('held' in steps || job.mode === 'plan');
        if (over) return { outcome: 'held', violation, reason: still, before };
        break;
      }
      const calls = steps.map(toCall);
      if (calls.length === 0) throw new Error(`${bot.id} found a fault and planned nothing: ${still}`);
      if (job.mode === 'plan') return { outcome: 'planned', violation, before, calls };
      if (pass === 1) {
        const answer: Held | { readonly before: S } | undefined = await job.begin?.({
          violation,
          before,
          calls,
        });
        if (answer && 'held' in answer) return { outcome: 'held', violation, reason: answer.held, before };
        if (answer) before = known.before = answer.before;
      }
      for (const step of steps) sent.push(await send(job.aws, step));
      const after = await settled(bot, job, calls);
      if (!after) return { outcome: 'fixed', violation, before, calls: sent };
      const rest = bot.check(after, context);
      if (rest === undefined) return { outcome: 'fixed', violation, before, after, calls: sent };
      still = rest;
      state = after;
      // What AWS was told is not what it shows, and more of the same would not change that.
      if (isDeepStrictEqual(planned(bot, after, context), calls)) break;
    }
    return { outcome: 'unverified', violation, still, before, after: state, calls: sent };
  } catch (error) {
    // What stands now is what undo has to reckon with, where it can still be read.
    const after =
      sent.length > 0 ? await inspect(bot, job.aws, context).catch(() => undefined) : known.before;
    const failure = toFailure(error, job.target);
    return { outcome: 'failed', error: failure, calls: sent, ...known, ...(after && { after }) };
  }
}

/** What undo needs: the journaled states, and whether to go on although the resource has changed since. */
export interface UndoJob<C extends ClientClasses, P extends z.ZodObject, S> {
  readonly aws: Clients<C>;
  readonly target: Target;
  readonly params: z.output<P>;
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
    if (job.mode === 'plan') return { outcome: 'planned', calls, now };
    for (const step of steps) sent.push(await send(job.aws, step));
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

/** A step as it is shown and journaled. */
export function toCall(step: Step<ClientClasses>): Call {
  const { service, command } = split(step);
  return { action: actionOf(service, command.constructor.name), input: command.input };
}

/**
 * What services of a region answer to keys of an account that has not enabled it. Source: re:Post, AuthFailure in some
 * regions; AWS Account Management, enabling regions.
 */
const UNKNOWN_KEYS = /^(InvalidClientTokenId|UnrecognizedClient(Exception)?|AuthFailure|InvalidToken)$/;

/** An error as data, with the name that AWS gave it. */
function toFailure(error: unknown, { account, region, type }: Target): Failure {
  if (!(error instanceof Error)) return { code: 'Error', message: String(error) };
  const { call, $metadata } = error as { call?: string; $metadata?: { httpStatusCode?: number } };
  const at = call !== undefined && { call };
  // The answer to a HEAD has no body, so that the SDK has no name for its error.
  if (error.name === 'Unknown' && $metadata?.httpStatusCode === 403) {
    return { code: 'AccessDenied', message: 'access denied', ...at };
  }
  const hint =
    UNKNOWN_KEYS.test(error.name) && !isGlobal(type) && call !== 'sts:AssumeRole'
      ? `; region ${region} may not be enabled in account ${account}: enable it there, or leave it out of regions in config.ts`
      : '';
  return {
    code: error.name,
    message: hint ? `${error.message.replace(/\.$/, '')}${hint}` : error.message,
    ...at,
  };
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

/** Re-reads until the fault is gone or something else is to be done than was just done. */
async function settled<C extends ClientClasses, P extends z.ZodObject, S extends object>(
  bot: Bot<C, P, S>,
  { aws, target, params, settle = SETTLE }: Job<C, P, S>,
  applied: readonly Call[],
): Promise<S | undefined> {
  const context = { target, params };
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

async function send(aws: Clients<ClientClasses>, step: Step<ClientClasses>): Promise<Call> {
  const { service, command } = split(step);
  const client = aws[service] as Client & { send(command: object): Promise<unknown> };
  const call = toCall(step);
  try {
    await client.send(command);
  } catch (error) {
    // That a session could not be opened says so itself.
    if (!(error instanceof Error) || 'call' in error) throw error;
    throw Object.assign(error, { call: call.action });
  }
  return call;
}

function split(step: Step<ClientClasses>) {
  const [entry] = Object.entries(step);
  if (!entry) throw new Error('a step names no client');
  return { service: entry[0], command: entry[1] };
}
