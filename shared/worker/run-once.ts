import type * as z from 'zod';
import type { Bot, ClientClasses } from '../bot/bot';
import type { Outcome } from '../bot/outcome';
import { find, remediate, weighed } from '../bot/run';
import { ownerIn, wantsTags, withWhose } from '../ownership';
import { stageOf } from '../rollout';
import { type Target, resourceKey } from '../resources/target';
import { faultsIn } from '../text';
import { admit } from './admission';
import { exemptionByTag, exemptionTagOn, provenanceOf } from './exemption-tags';
import { type JournalEntry, journalId } from './journal';
import { type Kept, type Passed, type Whose, gate } from './gate';
import { homeOf } from './own';
import type { Delivery } from './message';
import type { Worker } from './serve';

/** How one try of a message ended. */
export interface Run {
  readonly outcome: Outcome;
  readonly journalId?: string;
  /** Trying again cannot help. */
  readonly hopeless: boolean;
  /** It waits for a limit or a stop, which would keep every other message for this bot and account as well. */
  readonly keptBy?: Kept;
  /** What was planned and not done; `isRepeated`: people have heard of it. */
  readonly plan?: Passed['plan'];
  readonly whose?: Whose;
  /** The change was begun, which claims its delivery. */
  readonly hasBegun?: boolean;
}

/** The message named the resource otherwise than its API does. */
export interface Moved {
  readonly movedTo: Target;
}

/** What is known of a delivery before it is run. */
export interface Claim {
  readonly earlier?: JournalEntry | undefined;
  /** The journal has it that this delivery is being worked on; else the first write does. */
  readonly isClaimed: boolean;
  /** Epoch milliseconds. */
  readonly visibleAgainAt: number;
}

/** Runs the bot once for a message, with everything that must be on record around it. */
export async function runOnce<C extends ClientClasses, P extends z.ZodObject, S extends object>(
  bot: Bot<C, P, S>,
  worker: Worker,
  { body, messageId, receiptHandle, sentAt, units }: Delivery,
  { earlier, isClaimed, visibleAgainAt }: Claim,
): Promise<Run | Moved | 'taken'> {
  const { finding } = body;
  const { config, environment: home } = worker;
  const acting = withWhose(bot, config);
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
  const found = await find(bot, worker.clients(acting, body.target, looking), body.target);
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
  if (!given) throw new Error(`${bot.id} was let in with parameters that were not read`);

  const interrupted =
    earlier && earlier.status !== 'fixed' && earlier.status !== 'undone' ? earlier : undefined;
  const seed = earlier && !interrupted ? `${messageId}/${earlier.status}` : messageId;
  const id = journalId(bot.id, sentAt, seed);
  // Loaded by those who ask: it makes a function start more slowly.
  const whoseOf = async () => {
    const whose = await import('./whose');
    const clients = (place: Target) => worker.clients({ ...acting, clients: whose.WHOSE_CLIENTS }, place, id);
    return {
      ...whose,
      clients,
      trail: () => clients({ ...target, region: whose.trailRegion(target) }).trail,
    };
  };
  const tagged = async () => {
    const { clients, tagsOf } = await whoseOf();
    return tagsOf(clients(target).tagging, target);
  };
  const tags = wantsTags(config) ? await tagged() : undefined;
  const stage = stageOf(config, { bot, target, severity: finding.severity, units, tags });
  if (stage.mode === 'off') {
    return {
      outcome: { outcome: 'exempt', reason: `mode off, by ${stage.by} of config.ts` },
      hopeless: false,
    };
  }
  const tag = exemptionTagOn(config, bot.id, tags);
  if (tag) {
    const { trail } = await whoseOf();
    const when = { sentAt, now: Date.now() };
    const exempted = exemptionByTag(tag, await provenanceOf(trail(), target, tag), when);
    if (exempted) return { outcome: exempted, hopeless: false };
  }
  const standing = worker.journal.standing(bot.id, target);
  // It is waited for only where something is to be done.
  standing.catch(() => undefined);
  const { begin, between, close, passed } = gate({
    ...{ bot, worker, body, target, params: given, id, stage, interrupted, standing },
    receipt: isClaimed ? undefined : { handle: receiptHandle, until: visibleAgainAt },
    ownedBy: ownerIn(tags, config),
    changedBy: async () => {
      if (!config.ownership?.changedBy) return undefined;
      const { trail, changedBy } = await whoseOf();
      return changedBy(trail(), target, (by) => by.includes(`:assumed-role/selfheal-`));
    },
  });
  const ran: Outcome<S> = await remediate(bot, {
    aws: worker.clients(acting, target, id),
    ...{ target, params: given, begin, between },
    ...(ownHome && { home: ownHome }),
    mode: 'apply',
  });
  if (passed.taken) return 'taken';
  // Entry and event tell of all that was sent for this message, also by tries before this one.
  const earlierCalls = interrupted && interrupted.status !== 'started' ? interrupted.calls : [];
  const weighted = ran.outcome === 'failed' ? weighed(ran) : ran;
  const outcome: Outcome<S> =
    weighted.outcome === 'planned' || !('calls' in weighted)
      ? weighted
      : { ...weighted, calls: [...earlierCalls, ...(weighted.calls ?? [])] };
  if (passed.begun) await worker.journal.end(id, outcome);
  await close(outcome.outcome);
  const deleted = outcome.outcome === 'gone' && interrupted && interrupted.calls.length > 0;
  if (interrupted && (outcome.outcome === 'compliant' || deleted)) {
    // An earlier try of this message did it, and was not there to see it.
    const after = outcome.outcome === 'compliant' ? outcome.state : undefined;
    await worker.journal.settle(id, after);
    const { violation, before, calls } = interrupted;
    const fixed = { outcome: 'fixed', violation, before, calls, ...(after && { after }) } as const;
    return { journalId: id, outcome: fixed, hopeless: false, whose: passed.whose };
  }
  return {
    ...{ outcome, hopeless: false, whose: passed.whose, hasBegun: passed.begun },
    ...((passed.begun || interrupted) && { journalId: id }),
    ...(outcome.outcome === 'waiting' && passed.kept && { keptBy: passed.kept }),
    ...(outcome.outcome === 'planned' && passed.plan && { plan: passed.plan }),
  };
}

/** A try that no other can better. */
export function hopeless(code: string, message: string): Run {
  return { outcome: { outcome: 'failed', error: { code, message }, calls: [] }, hopeless: true };
}
