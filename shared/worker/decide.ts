import type { SQSClient } from '@aws-sdk/client-sqs';
import { type SelfhealEvent, newEvent } from './event';
import type { Journal } from './journal';
import type { Remediation } from './message';
import { type Decision, type Plan, standingOf } from './plans';
import { enqueue } from './queue';

/** An approval that nothing has used for so long is over. */
const APPROVAL_MS = 24 * 3_600_000;
/** A snooze for which nobody says how long. */
const SNOOZE_MS = 7 * 24 * 3_600_000;
/** An exemption that is made by a press of a button: a longer one is config.ts' to give. */
const EXEMPTION_MS = 30 * 24 * 3_600_000;

/** What somebody says of a plan. */
export interface Said {
  readonly id: string;
  /** Of the plan that was looked at; absent: the one that stands now. */
  readonly digest?: string | undefined;
  /** `exempt`: the bot is kept from the resource for 30 days. */
  readonly verdict: Decision['verdict'] | 'exempt';
  readonly by: string;
  /** ISO, of a snooze. */
  readonly until?: string | undefined;
}

/** Where decisions are kept and what they set off. */
export interface Decider {
  readonly journal: Pick<Journal, 'planned' | 'decide' | 'hold'>;
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly tell: (event: SelfhealEvent) => Promise<void>;
}

/** What came of it: the plan as it was decided on, or one sentence on why it cannot be. */
export type Decided =
  { readonly plan: Plan; readonly done: string } | { readonly refused: string; readonly plan?: Plan };

/**
 * Decides on a plan: records it where no bot can, and puts what was approved on the queue, where its bot looks at the
 * resource again. What was looked at is what is decided on: of another plan nothing is believed. Said twice, it is done
 * once.
 */
export async function decideOn(
  { journal, sqs, queueUrl, tell }: Decider,
  { id, digest, verdict: said, by, until }: Said,
  mayDecide: (plan: Plan) => string | undefined = () => undefined,
  now = Date.now(),
): Promise<Decided> {
  const { plan, decision } = await journal.planned(id);
  if (!plan) return { refused: `there is no plan ${id}: it was done, or the bot has found the fault gone` };
  const forbidden = mayDecide(plan);
  if (forbidden !== undefined) return { refused: forbidden, plan };
  if (digest !== undefined && digest !== plan.digest) {
    return { refused: 'the plan has changed since: look at it again', plan };
  }
  if (plan.status === 'closed') return { refused: 'nothing is left to do: the fault is gone', plan };
  // One that was approved and got lost on the way to the queue is put there again: SQS takes it once.
  if (said === 'approve' && decision && standingOf(plan, decision, now) === 'approved') {
    await enqueue(sqs, queueUrl, [remediationOf(plan, decision.at)]);
    return { refused: `it was approved by ${decision.by} at ${decision.at} already`, plan };
  }
  const isExemption = said === 'exempt';
  const verdict = isExemption ? 'reject' : said;
  const at = new Date(now).toISOString();
  const end = endOf(said, until, now);
  const undecided = await journal.decide(
    plan,
    { verdict, by, ...(end !== undefined && { until: end }) },
    now,
  );
  if (undecided) return { ...undecided, plan };
  if (isExemption)
    await journal.hold(
      plan.bot,
      plan.target,
      `exempted by ${by} until ${exemptUntil(now)}`,
      exemptUntil(now),
    );
  if (verdict === 'approve') await enqueue(sqs, queueUrl, [remediationOf(plan, at)]);
  const done = sentenceOf(said, by, end ?? exemptUntil(now));
  await tell(eventOf(plan, said, done));
  return { plan, done };
}

function endOf(verdict: Said['verdict'], until: string | undefined, now: number): string | undefined {
  if (verdict === 'approve') return new Date(now + APPROVAL_MS).toISOString();
  if (verdict !== 'snooze') return undefined;
  return until ?? new Date(now + SNOOZE_MS).toISOString();
}

function exemptUntil(now: number): string {
  return new Date(now + EXEMPTION_MS).toISOString();
}

function remediationOf({ bot, target, params, finding }: Plan, decided: string): Remediation {
  return { version: 1, bot, target, params: { ...params }, finding, decided };
}

function sentenceOf(said: Said['verdict'], by: string, until: string): string {
  switch (said) {
    case 'approve':
      return `approved by ${by}`;
    case 'reject':
      return `rejected by ${by}: this plan is not asked about again`;
    case 'snooze':
      return `snoozed by ${by} until ${until}`;
    case 'exempt':
      return `the resource is exempted by ${by} until ${until}`;
    case 'drop':
      return `taken off the list by ${by}: the next finding asks again`;
    case 'expire':
      return 'nobody has decided on it in time: the next finding asks again';
  }
}

const OUTCOMES = {
  approve: 'approved',
  reject: 'rejected',
  exempt: 'rejected',
  drop: 'rejected',
  snooze: 'snoozed',
  expire: 'expired',
} as const;

function eventOf(
  { id, digest, mode, bot, target, finding, violation, calls }: Plan,
  said: Said['verdict'],
  reason: string,
) {
  return newEvent({
    outcome: OUTCOMES[said],
    ...{ bot, target, finding, violation, calls, reason },
    plan: { id, digest, mode },
  });
}
