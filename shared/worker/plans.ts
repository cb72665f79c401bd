import { createHash } from 'node:crypto';
import { type DynamoDBDocumentClient, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Change } from '../bot/changes';
import type { Call } from '../bot/outcome';
import { type Target, resourceKey } from '../resources/target';
import type { Finding } from './message';
import { updateOf } from './update';

/**
 * A repair that was planned and not done: a bot has one for a resource, and what a person decides about it stands beside
 * it, see {@link Decision}.
 */
export interface Plan {
  /** `sg_close_ports/pending-3f9a2c41b7d0`: the same for a bot and a resource at all times. */
  readonly id: string;
  readonly bot: string;
  readonly target: Target;
  /** What the finding asks for; config.ts and the bot's defaults fill in the rest. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly finding: Finding;
  readonly violation: string;
  readonly calls: readonly Call[];
  /** The same in words. */
  readonly changes?: readonly Change[];
  /** What tells this plan from any other of the same bot and resource: see {@link digestOfCalls}. */
  readonly digest: string;
  /** `approve`: a person is asked; `plan`: it was only told. */
  readonly mode: 'plan' | 'approve';
  /** When a person was asked, ISO. */
  readonly startedAt: string;
  /** ISO; absent: it may be decided on at any time. */
  readonly decideBy?: string;
  /** `closed`: the fault is gone, by whatever way. */
  readonly status: 'open' | 'closed';
  readonly ownedBy?: string;
  readonly changedBy?: string;
}

/** What a person, or the deadline, has said of a plan. It is kept where no bot may write. */
export interface Decision {
  /** `drop`: it is off the list, and the next finding asks again. */
  readonly verdict: 'approve' | 'reject' | 'snooze' | 'drop' | 'expire';
  /** Of the plan that it was said of. */
  readonly digest: string;
  readonly by: string;
  readonly at: string;
  /** ISO: an approval that nobody has used, and a snooze, end then. */
  readonly until?: string;
}

/** How a plan stands. */
export type Standing = 'open' | 'approved' | 'rejected' | 'snoozed' | 'dropped' | 'expired' | 'closed';

const VERDICTS = {
  approve: 'approved',
  reject: 'rejected',
  snooze: 'snoozed',
  drop: 'dropped',
  expire: 'expired',
} as const;

/** A decision that came too late or was made before. */
export interface Undecided {
  readonly refused: string;
}

const KEPT_DAYS = 90;

/** See {@link Plan.id}. */
export function planId(bot: string, target: Target): string {
  return `${bot}/pending-${sha256(resourceKey(target)).slice(0, 12)}`;
}

/** Under which key the decision on a plan is kept. */
export function decisionId(plan: string): string {
  return `decision/${plan}`;
}

/** What a plan would send, in 64 characters: what was approved is what is done. */
export function digestOfCalls(calls: readonly Call[]): string {
  return sha256(JSON.stringify(calls.map(({ action, input }) => [action, input])));
}

/** How a plan stands by what was decided on it; a decision on another plan, or before it was asked, says nothing. */
export function standingOf(
  plan: Pick<Plan, 'status' | 'digest' | 'startedAt'>,
  decision: Decision | undefined,
  now = Date.now(),
): Standing {
  if (plan.status === 'closed') return 'closed';
  if (decision?.digest !== plan.digest || decision.at < plan.startedAt) return 'open';
  const isOver = decision.until !== undefined && Date.parse(decision.until) <= now;
  return isOver ? 'open' : VERDICTS[decision.verdict];
}

/** Whether a bot that has the same plan once more has to ask: nobody was asked, or what was said is over. */
export function isAskedAgain(plan: Plan, decision: Decision | undefined, now = Date.now()): boolean {
  const standing = standingOf(plan, decision, now);
  const isAnswered = decision?.digest === plan.digest && decision.at >= plan.startedAt;
  return (
    standing === 'closed' ||
    standing === 'dropped' ||
    standing === 'expired' ||
    (standing === 'open' && isAnswered)
  );
}

/** The part of the journal that keeps plans and what was decided on them. */
export function planBook(
  table: string,
  db: DynamoDBDocumentClient,
  getAll: (ids: readonly string[]) => Promise<Record<string, unknown>[]>,
) {
  return {
    /** Asks: keeps the plan in place of whatever was planned before. */
    async plan({ id, ...plan }: Plan): Promise<void> {
      const fields: Record<string, unknown> = {
        ...toItem(plan),
        expiresAt: seconds(Date.now() + KEPT_DAYS * 86_400_000),
      };
      const gone = ['decideBy', 'ownedBy', 'changedBy', 'changes'].filter(
        (name) => fields[name] === undefined,
      );
      await db.send(new UpdateCommand({ TableName: table, Key: { id }, ...updateOf(fields, gone) }));
    },

    /** The fault is gone: nobody need decide any more. */
    async closePlan(id: string): Promise<void> {
      await unlessRefused(
        db.send(
          new UpdateCommand({
            TableName: table,
            Key: { id },
            UpdateExpression: 'SET #status = :closed',
            ConditionExpression: '#status = :open',
            ExpressionAttributeNames: { '#status': 'status' },
            ExpressionAttributeValues: { ':closed': 'closed', ':open': 'open' },
          }),
        ),
      );
    },

    /** The plan with this id, and what was decided on it. */
    async planned(id: string): Promise<{ readonly plan?: Plan; readonly decision?: Decision }> {
      return planIn(await getAll([id, decisionId(id)]), id);
    },

    /** Plans that were not closed, newest first, each with what was decided on it. */
    async plans(): Promise<{ readonly plan: Plan; readonly decision?: Decision }[]> {
      const plans: Plan[] = [];
      let from: Record<string, unknown> | undefined;
      do {
        const page = await db.send(
          new QueryCommand({
            TableName: table,
            IndexName: 'all',
            KeyConditionExpression: 'kind = :plan',
            FilterExpression: '#status = :open',
            ExpressionAttributeNames: { '#status': 'status' },
            ExpressionAttributeValues: { ':plan': 'plan', ':open': 'open' },
            ScanIndexForward: false,
            ExclusiveStartKey: from,
          }),
        );
        plans.push(...(page.Items ?? []).map(fromItem));
        from = page.LastEvaluatedKey;
      } while (from);
      const decisions = await decisionsOn(plans);
      return plans.map((plan) => {
        const decision = decisions.get(plan.id);
        return { plan, ...(decision && { decision }) };
      });
    },

    /**
     * Decides on a plan, once: the first who says approve, reject or expire has said it.
     *
     * @returns Why it cannot be decided so any more, in one sentence; `undefined`: it is decided.
     */
    async decide(
      plan: Plan,
      said: Omit<Decision, 'digest' | 'at'>,
      now = Date.now(),
    ): Promise<Undecided | undefined> {
      const decision: Decision = { ...said, digest: plan.digest, at: new Date(now).toISOString() };
      const isDone = await unlessRefused(
        db.send(
          new PutCommand({
            TableName: table,
            Item: { id: decisionId(plan.id), ...decision, expiresAt: seconds(now + KEPT_DAYS * 86_400_000) },
            // One on an older plan is over, and so is one whose time has passed.
            ConditionExpression:
              'attribute_not_exists(digest) OR digest <> :digest OR #at < :asked OR #until <= :now OR verdict = :snooze',
            ExpressionAttributeNames: { '#at': 'at', '#until': 'until' },
            ExpressionAttributeValues: {
              ':digest': plan.digest,
              ':asked': plan.startedAt,
              ':now': decision.at,
              ':snooze': 'snooze',
            },
          }),
        ),
      );
      if (isDone) return undefined;
      const [item] = await getAll([decisionId(plan.id)]);
      const { verdict, by, at } = item as unknown as Decision;
      return { refused: `it was ${VERDICTS[verdict]} by ${by} at ${at} already` };
    },
  };

  async function decisionsOn(plans: readonly Plan[]): Promise<Map<string, Decision>> {
    const found = new Map<string, Decision>();
    for (let first = 0; first < plans.length; first += 100) {
      const ids = plans.slice(first, first + 100).map(({ id }) => decisionId(id));
      for (const item of await getAll(ids))
        found.set(String(item.id).slice('decision/'.length), decisionIn(item));
    }
    return found;
  }
}

/** The plan with this id and the decision on it, among items of the table. */
export function planIn(
  items: readonly Record<string, unknown>[],
  id: string,
): { readonly plan?: Plan; readonly decision?: Decision } {
  const plan = items.find((item) => item.id === id && item.kind === 'plan');
  const decision = items.find((item) => item.id === decisionId(id));
  return { ...(plan && { plan: fromItem(plan) }), ...(decision && { decision: decisionIn(decision) }) };
}

function decisionIn({ id: _, expiresAt: _expires, ...decision }: Record<string, unknown>): Decision {
  return decision as unknown as Decision;
}

const JSONS = ['params', 'finding', 'calls', 'changes'];

function toItem({ params, finding, calls, changes, target, ...rest }: Omit<Plan, 'id'>) {
  return {
    ...rest,
    kind: 'plan',
    resource: resourceKey(target),
    target,
    params: JSON.stringify(params),
    finding: JSON.stringify(finding),
    calls: JSON.stringify(calls),
    ...(changes && { changes: JSON.stringify(changes) }),
  };
}

function fromItem({
  kind: _kind,
  resource: _resource,
  expiresAt: _expires,
  ...item
}: Record<string, unknown>): Plan {
  const read = Object.entries(item).map(([name, value]) => [
    name,
    JSONS.includes(name) ? (JSON.parse(value as string) as unknown) : value,
  ]);
  return Object.fromEntries(read) as Plan;
}

/** Whether a conditional write was made; any other error is thrown. */
async function unlessRefused(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
