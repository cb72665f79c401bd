import type { Outcome } from '../bot/outcome';
import type { OnlyPlan, Start } from '../bot/run';
import type { Bot, ClientClasses, Held, Waiting } from '../bot/bot';
import type { Stage } from '../rollout';
import type { Target } from '../resources/target';
import type * as z from 'zod';
import type { Entering, JournalEntry, Standing } from './journal';
import { limitsOf } from './limits';
import { count } from './log';
import type { Remediation } from './message';
import { type Plan, digestOfCalls, isAskedAgain, planId, standingOf } from './plans';
import { KEPT_REPAIRS, type Repair, repeatLimitOf, repeatedTooOften } from './repeats';
import type { Worker } from './serve';

/** Between two writes, what somebody has stopped is looked up no more often than this. */
const STOP_LOOK_MS = 1_000;
const HOUR_MS = 3_600_000;
/** Hours after which a request for approval ends where config.ts says nothing. */
const DEADLINE_HOURS = 24;

/** What keeps a bot from going on for now. */
export interface Kept {
  readonly by: 'limit' | 'stop';
  /** Whether to tell: one message an hour says that a limit is reached. */
  readonly isFirst: boolean;
}

/** Whose a resource is and who brought the fault, as far as config.ts asks for that; who approved of the repair. */
export interface Whose {
  readonly ownedBy?: string;
  readonly changedBy?: string;
  readonly approvedBy?: string;
}

/** What the gate is told of a run. */
export interface Passing<C extends ClientClasses, P extends z.ZodObject, S extends object> {
  readonly bot: Bot<C, P, S>;
  readonly worker: Worker;
  readonly body: Remediation;
  readonly target: Target;
  readonly params: z.output<P>;
  /** The journal's id of the change. */
  readonly id: string;
  /** Of a delivery that nothing has claimed yet: handed over twice, it begins once. */
  readonly receipt: Entering['receipt'];
  readonly stage: Stage;
  readonly ownedBy: string | undefined;
  readonly changedBy: () => Promise<string | undefined>;
  /** An earlier try of the same message that did not end well. */
  readonly interrupted: JournalEntry | undefined;
  /** Read while the bot looks at the resource. */
  readonly standing: Promise<Standing>;
}

/** What became of a run at the gate. */
export interface Passed {
  /** The change is on record, and may be under way. */
  begun: boolean;
  /** Another run of this very delivery has begun. */
  taken: boolean;
  kept?: Kept;
  whose: Whose;
  /** What was planned and not done; `isRepeated`: people have heard of it. */
  plan?: Plan & { readonly isRepeated: boolean };
}

/**
 * What stands between a plan and its first write: what somebody has stopped or undone, who owns the resource, a fault
 * that keeps coming back, a person who has to approve, and the limits of the hour; at last the journal.
 */
export function gate<C extends ClientClasses, P extends z.ZodObject, S extends object>(
  passing: Passing<C, P, S>,
) {
  const { bot, worker, target, stage, interrupted } = passing;
  const { config, journal } = worker;
  const passed: Passed = {
    begun: false,
    taken: false,
    whose: passing.ownedBy === undefined ? {} : { ownedBy: passing.ownedBy },
  };
  let lookedAt = 0;

  async function begin(start: Start<S>): Promise<Held | Waiting | OnlyPlan | { readonly before: S }> {
    lookedAt = Date.now();
    const standing = await passing.standing;
    if (standing.stopped !== undefined) {
      passed.kept = { by: 'stop', isFirst: false };
      return { waiting: standing.stopped };
    }
    if (standing.held !== undefined) return { held: standing.held };
    const by = await passing.changedBy();
    if (by !== undefined) passed.whose = { ...passed.whose, changedBy: by };
    const { ownedBy } = passing;
    if (ownedBy !== undefined && config.ownership?.ownedBy === 'hold') {
      return {
        held: `it belongs to ${ownedBy}, which would bring the fault back: change it there (ownership.ownedBy in config.ts is hold)`,
      };
    }
    // What goes on with an earlier try was let through with it, and counted.
    if (!interrupted) {
      const often = repeatedTooOften(repeatLimitOf(config), standing.repairs, by);
      if (often !== undefined) return { held: often };
      if (stage.mode !== 'auto') {
        const decided = await decidedOn(start, standing);
        if (decided.only) return decided.only;
        passed.whose = { ...passed.whose, approvedBy: decided.by };
      }
    }
    return enter(start, by);
  }

  /** Who has approved of this very plan; `only`: nobody, so that it stays one. */
  async function decidedOn(
    { violation, calls, changes }: Start<S>,
    { plan, decision }: Standing,
  ): Promise<{ readonly by: string; readonly only?: never } | { readonly only: OnlyPlan }> {
    const digest = digestOfCalls(calls);
    const isSame = plan?.digest === digest;
    if (isSame && decision && standingOf(plan, decision) === 'approved') return { by: decision.by };
    if (isSame && !isAskedAgain(plan, decision)) {
      passed.plan = { ...plan, isRepeated: true };
      return { only: { only: 'plan' } };
    }
    const { body } = passing;
    const now = Date.now();
    const hours = config.approvals?.deadlineHours ?? DEADLINE_HOURS;
    const asked: Plan = {
      ...{ id: planId(bot.id, target), bot: bot.id, target, params: body.params, finding: body.finding },
      ...{ violation, calls, changes, digest },
      mode: stage.mode === 'approve' ? 'approve' : 'plan',
      startedAt: new Date(now).toISOString(),
      ...(stage.mode === 'approve' && { decideBy: new Date(now + hours * HOUR_MS).toISOString() }),
      status: 'open',
      ...(passed.whose.ownedBy !== undefined && { ownedBy: passed.whose.ownedBy }),
      ...(passed.whose.changedBy !== undefined && { changedBy: passed.whose.changedBy }),
    };
    await journal.plan(asked);
    passed.plan = { ...asked, isRepeated: false };
    return { only: { only: 'plan' } };
  }

  /** Counts the change against the limits and puts it on record, in one write. */
  async function enter({ violation, before, calls, changes }: Start<S>, by: string | undefined) {
    const first = interrupted ? (interrupted.before as S) : before;
    const { id, params, body } = passing;
    const limits = interrupted ? undefined : limitsOf(config, bot);
    const entry: JournalEntry = {
      ...{ id, bot: bot.id, target, params, finding: body.finding, violation, before: first, calls, changes },
      status: 'started',
      startedAt: new Date().toISOString(),
      ...passed.whose,
    };
    const repair: Repair = { id, at: entry.startedAt, ...(by !== undefined && { by }) };
    const { repairs } = await passing.standing;
    const entered = await journal.enter(entry, {
      ...(passing.receipt && { receipt: passing.receipt }),
      ...(limits && { limits }),
      ...(!interrupted && repeatLimitOf(config) && { repairs: [repair, ...repairs].slice(0, KEPT_REPAIRS) }),
    });
    if (entered === 'taken') {
      passed.taken = true;
      return { waiting: 'another run has begun on it' };
    }
    if (limits && entered) {
      passed.kept = { by: 'limit', isFirst: entered.isFirst };
      count('limits', { Limited: 1 });
      return {
        waiting: `a limit is reached: ${limits.perBot} changes an hour by ${bot.id}, ${limits.perAccount} by all bots, in account ${target.account}; what is over waits until ${new Date(entered.until).toISOString()}, or until npx selfheal limits releases it`,
      };
    }
    passed.begun = true;
    return { before: first };
  }

  return {
    passed,
    begin,
    /** Between two writes: whether somebody has stopped it meanwhile. */
    between: async (): Promise<Waiting | undefined> => {
      if (Date.now() - lookedAt < STOP_LOOK_MS) return undefined;
      lookedAt = Date.now();
      const { stopped: why } = await journal.standing(bot.id, target);
      if (why === undefined) return undefined;
      passed.kept = { by: 'stop', isFirst: false };
      return { waiting: why };
    },
    /** Once the fault is gone, nobody need decide on it. */
    close: async (outcome: Outcome['outcome']): Promise<void> => {
      if (stage.mode !== 'auto' && ['fixed', 'compliant', 'gone'].includes(outcome)) {
        await journal.closePlan(planId(bot.id, target));
      }
    },
  };
}
