/**
 * Every metric that selfheal's own code writes, for the code that writes it, the alarms and the dashboard. What a
 * dimension may say is bounded, since CloudWatch takes money for each combination: see metrics.ts.
 */

/** Counts by `source`. */
export const COUNTS = [
  'FindingsEnqueued',
  'FindingsDeclined',
  'FindingsDeadLettered',
  'FindingsWithoutRoute',
  'FindingsDisagreed',
  'Limited',
] as const;

/** See {@link COUNTS}. */
export type CountName = (typeof COUNTS)[number];

/** Answers to messages. */
export const OUTCOMES = 'Outcomes';
/** From the finding's own time to the re-read that proves the repair. */
export const SECONDS_TO_PROOF = 'SecondsToProof';

/** How a bot answers: `failed` and `unverified` are tried again, all others are the end of a message. */
export const ANSWERS = [
  'fixed',
  'planned',
  'held',
  'compliant',
  'gone',
  'exempt',
  'failed',
  'unverified',
  'dead-lettered',
] as const;

/** By metric, the sets of dimensions that it has points under. */
export const DIMENSIONS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  ...Object.fromEntries(COUNTS.map((name) => [name, [['source']]])),
  [OUTCOMES]: [['outcome'], ['bot', 'outcome'], ['source', 'outcome'], ['account', 'outcome']],
  [SECONDS_TO_PROOF]: [[], ['source']],
};

/** Where a stage's metrics are: those of two stages in one account are not to be added up. */
export function namespaceOf(stage: string | undefined): string {
  return stage === undefined || stage === '' ? 'selfheal' : `selfheal/${stage}`;
}
