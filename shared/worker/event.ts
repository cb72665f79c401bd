import * as z from 'zod';
import { CHANGES, changesSchema, findingSchema } from './message';
import { atMost } from '../bot/changes/change';
import type { Call, Outcome } from '../bot/outcome';
import { leftText, sentenceOf } from '../bot/refusals';
import { targetSchema } from '../resources/target';

/** What is told on the events topic: to Slack by the notifier, and to whoever else subscribes. */
export const eventSchema = z.object({
  kind: z.literal('selfheal'),
  version: z.literal(1),
  time: z.iso.datetime(),
  /**
   * How it ended; `waiting`: it goes on by itself; `undone` by a person, `declined`: its finding was settled while it
   * waited, `dead-lettered`: given up, the message is kept with its reason. What a person decided on a plan, or let pass:
   * `approved`, `rejected`, `snoozed`, `expired`.
   */
  outcome: z.enum([
    'gone',
    'compliant',
    'exempt',
    'held',
    'waiting',
    'planned',
    'fixed',
    'unverified',
    'failed',
    'undone',
    'declined',
    'dead-lettered',
    'approved',
    'rejected',
    'snoozed',
    'expired',
    'exemption-ending',
    'exemption-ended',
  ]),
  /** Absent when the message could not be understood. */
  bot: z.string().optional(),
  title: z.string().optional(),
  severity: z.enum(['low', 'medium', 'high', 'critical']).optional(),
  target: targetSchema.optional(),
  finding: findingSchema.optional(),
  violation: z.string().optional(),
  /** Why it is held, waits, is exempt, unverified, failed or given up. */
  reason: z.string().optional(),
  /** Of `gone` and `compliant`: that a finder says otherwise, and only just did. */
  disagreement: z.string().optional(),
  /** What was sent to AWS, or would be; cut to what an SNS message holds. */
  calls: z.array(z.object({ action: z.string(), input: z.looseObject({}) })).default([]),
  /** What the calls change, in words; what was planned where not all of it was done. */
  changes: changesSchema.optional(),
  /** The journal's id of the change: what `selfheal undo` takes. */
  journalId: z.string().optional(),
  attempt: z.int().optional(),
  /** Of `planned`, and of what was decided on it: what `selfheal approve` takes. */
  plan: z
    .object({
      id: z.string(),
      digest: z.string(),
      /** `approve`: a person is asked. */
      mode: z.enum(['plan', 'approve']),
      decideBy: z.iso.datetime().optional(),
    })
    .optional(),
  /** Of `planned`: the same was planned before, and people have heard of it. */
  isRepeated: z.boolean().optional(),
  /** Who let it be done. */
  approvedBy: z.string().optional(),
  /** The stack or the state that owns the resource, and who last changed it, where config.ts asks for that. */
  ownedBy: z.string().optional(),
  changedBy: z.string().optional(),
});

/** See {@link eventSchema}. */
export type SelfhealEvent = z.infer<typeof eventSchema>;

/** An event of now; calls as a bot's outcome has them. */
export function newEvent(
  fields: Omit<SelfhealEvent, 'kind' | 'version' | 'time' | 'calls'> & { readonly calls?: readonly Call[] },
): SelfhealEvent {
  return {
    kind: 'selfheal',
    version: 1,
    time: new Date().toISOString(),
    ...fields,
    calls: (fields.calls ?? []).map(({ action, input }) => ({ action, input: { ...input } })),
  };
}

/** What an event says of an outcome. */
export function saidOf(outcome: Outcome) {
  const reason = reasonOf(outcome);
  return {
    outcome: outcome.outcome,
    ...('violation' in outcome && { violation: outcome.violation }),
    ...('calls' in outcome && { calls: outcome.calls }),
    ...('changes' in outcome &&
      outcome.changes.length > 0 && { changes: [...atMost(outcome.changes, CHANGES)] }),
    ...(reason !== undefined && { reason }),
  };
}

/** One sentence on why an outcome is not what was wanted. */
export function reasonOf(outcome: Outcome): string | undefined {
  switch (outcome.outcome) {
    case 'failed': {
      const { error, left = [] } = outcome;
      return `${sentenceOf(error)}${left.length > 1 ? leftText(left) : ''}`;
    }
    case 'unverified':
      return `the re-read still finds: ${outcome.still}`;
    case 'held':
    case 'waiting':
    case 'exempt':
      return outcome.reason;
    default:
      return undefined;
  }
}
