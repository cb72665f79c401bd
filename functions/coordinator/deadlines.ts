import type { Config } from '../../shared/config';
import { type Decider, decideOn } from '../../shared/worker/decide';
import type { Journal } from '../../shared/worker/journal';
import { log } from '../../shared/worker/log';
import { standingOf } from '../../shared/worker/plans';

/**
 * Ends what nobody has decided on in time: it expires, or where config.ts says so it is done. What was snoozed long
 * enough is asked about again with the bot's next finding.
 */
export async function endOverdue(
  decider: Decider & { readonly journal: Pick<Journal, 'plans'> },
  { approvals }: Pick<Config, 'approvals'>,
  now = Date.now(),
): Promise<void> {
  for (const { plan, decision } of await decider.journal.plans()) {
    const isOverdue = plan.decideBy !== undefined && Date.parse(plan.decideBy) <= now;
    if (!isOverdue || standingOf(plan, decision, now) !== 'open') continue;
    const verdict = approvals?.onDeadline === 'run' ? 'approve' : 'expire';
    const by = 'the deadline (approvals.onDeadline in config.ts)';
    const { id, digest } = plan;
    try {
      await decideOn(decider, { id, digest, verdict, by }, undefined, now);
    } catch (error) {
      log('error', 'a plan whose time is up could not be ended, it is tried again', {
        id,
        error: String(error),
      });
    }
  }
}
