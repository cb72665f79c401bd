import {
  type Order,
  type RepairRequest,
  exitOfLook,
  lookedAt,
  planText,
  resolveRequest,
  wayBack,
} from '../../order';
import type { Outcome } from '../../../shared/bot/outcome';
import type { Result, Session } from '../../session';

/** `selfheal plan <bot> [resource] [words…]`: a dry run on the live resource. */
export async function plan(
  session: Session,
  request: RepairRequest,
  { resourceRegion }: { readonly resourceRegion?: string },
): Promise<Result> {
  const order = await resolveRequest(session, { ...request, resourceRegion });
  const outcome = await lookedAt(session, order);
  const exit = exitOfLook(session, outcome);
  session.say(planText(session, order, outcome));
  return { exit, document: planDocument(order, outcome) };
}

/** The dry run for machines. */
export function planDocument(order: Order, outcome: Outcome): object {
  const { entry, target, params, exemption } = order;
  return {
    bot: entry.id,
    target,
    params,
    risk: entry.risk,
    passes: entry.passes,
    ...(exemption !== undefined && { exemption }),
    ...(outcome.outcome === 'planned' && { undo: wayBack(order, outcome.before) }),
    ...outcome,
  };
}
