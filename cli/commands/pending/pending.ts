import { type Decided, type Said, decideOn } from '../../../shared/worker/decide';
import { type Decision, type Plan, type Standing, standingOf } from '../../../shared/worker/plans';
import { callsText, changesText, counted, targetBrief, targetText } from '../../describe';
import { type Caller, callerOf, openJournal, openQueue, tell } from '../../installation';
import { type Result, type Session, botNamed, confirm } from '../../session';
import { ago, laterIso } from '../../since';
import { Problem } from '../../terminal/errors';
import { EXIT } from '../../terminal/exit-codes';
import { type Printable, indented, joined, printable, text } from '../../terminal/print';
import { table } from '../../terminal/table';

/** Options of `selfheal pending`. */
export interface PendingOptions {
  readonly bot?: string;
  readonly account?: string;
  readonly all?: boolean;
}

/** Options of the commands that decide. */
export interface DecideOptions {
  readonly yes?: boolean;
  readonly for?: string;
}

interface Row {
  readonly plan: Plan;
  readonly decision?: Decision;
  readonly standing: Standing;
}

const COLUMNS = {
  id: 'whole',
  age: 'whole',
  resource: 'name',
  'what is wrong': 'prose',
  'how it stands': 'prose',
} as const;

/** `selfheal pending`: what was planned and waits for somebody, newest first. */
export async function pending(session: Session, options: PendingOptions): Promise<Result> {
  const bot = options.bot === undefined ? undefined : (await botNamed(session, options.bot)).id;
  const { region } = await callerOf(session);
  const journal = await openJournal(session);
  const all = await session.during('reading the journal', journal.plans());
  const rows = all
    .map(({ plan, decision }): Row => ({
      plan,
      ...(decision && { decision }),
      standing: standingOf(plan, decision),
    }))
    .filter(({ plan, standing }) => {
      const isListed = options.all === true || ['open', 'approved', 'snoozed'].includes(standing);
      const { account } = plan.target;
      return isListed && (bot ?? plan.bot) === plan.bot && (options.account ?? account) === account;
    });
  session.say(
    rows.length > 0 ? listText(session, rows, region) : text`Nothing that was planned waits for anybody.`,
  );
  return { exit: EXIT.fine, document: { plans: rows.map(({ plan, ...rest }) => ({ ...plan, ...rest })) } };
}

function listText({ paint, io }: Session, rows: readonly Row[], home: string): Printable {
  const cells = rows.map(({ plan, decision, standing }) => [
    printable(plan.id),
    printable(ago(Date.parse(plan.startedAt))),
    targetBrief(plan.target, home),
    printable(plan.violation),
    standingText(plan, standing, decision),
  ]);
  const open = rows.filter(({ standing }) => standing === 'open').length;
  const foot = text`${counted(rows.length, 'plan')}, ${open} to be decided on: npx selfheal approve, reject, snooze or drop <id>.`;
  return text`${table(paint, io.columns, COLUMNS, cells)}\n\n${paint.dim(foot)}`;
}

function standingText(
  { mode, decideBy }: Plan,
  standing: Standing,
  decision: Decision | undefined,
): Printable {
  if (standing !== 'open') return text`${printable(standing)} by ${printable(decision?.by ?? 'nobody')}`;
  if (mode === 'plan') return text`told only (mode plan)`;
  return decideBy === undefined
    ? text`waits for approval`
    : text`waits for approval until ${printable(decideBy)}`;
}

/** `selfheal approve <id>`: shows the plan, asks, and has its bot do it. */
export async function approve(session: Session, id: string, options: DecideOptions): Promise<Result> {
  return decide(session, id, { verdict: 'approve' }, 'Approve of this repair?', options.yes);
}

/** `selfheal reject <id>`: the plan is not to be done, and not asked about again. */
export async function reject(session: Session, id: string, options: DecideOptions): Promise<Result> {
  return decide(session, id, { verdict: 'reject' }, 'Reject this repair?', options.yes);
}

/** `selfheal snooze <id> --for 7d`: not now. */
export async function snooze(session: Session, id: string, options: DecideOptions): Promise<Result> {
  const until = options.for === undefined ? {} : { until: laterIso(options.for, '--for') };
  return decide(session, id, { verdict: 'snooze', ...until }, 'Leave it for later?', options.yes);
}

/** `selfheal drop <id>`: off the list; the next finding asks again. */
export async function drop(session: Session, id: string, options: DecideOptions): Promise<Result> {
  return decide(session, id, { verdict: 'drop' }, 'Take it off the list?', options.yes);
}

async function decide(
  session: Session,
  id: string,
  said: Pick<Said, 'verdict' | 'until'>,
  question: string,
  yes: boolean | undefined,
): Promise<Result> {
  const caller = await callerOf(session);
  const journal = await openJournal(session);
  const { plan, decision } = await session.during('reading the journal', journal.planned(id));
  if (!plan) throw new Problem(`nothing is planned under "${id}": see npx selfheal pending`);
  session.say(page(session, plan, standingOf(plan, decision), decision));
  await confirm(session, `\n${question}`, yes);
  const { sqs, url } = await openQueue(session, 'remediationQueue');
  const decided: Decided = await decideOn(
    { journal, sqs, queueUrl: url, tell: (event) => tell(session, caller, event) },
    // What was shown is what is decided on.
    { id, digest: plan.digest, by: byOf(caller), ...said },
  );
  if ('refused' in decided) throw new Problem(decided.refused, EXIT.refused);
  session.say(text`${session.paint.green(text`done`)} ${printable(decided.done)}`);
  return { exit: EXIT.fine, document: { id, ...said, done: decided.done } };
}

function byOf({ arn }: Caller): string {
  return `${arn} (command line)`.slice(0, 200);
}

function page({ paint }: Session, plan: Plan, standing: Standing, decision: Decision | undefined): Printable {
  const { bot, target, violation, calls, changes, ownedBy, changedBy } = plan;
  const facts: [string, Printable][] = [
    ['plan', paint.bold(printable(plan.id))],
    ['stands', standingText(plan, standing, decision)],
    ['bot', printable(bot)],
    ['resource', targetText(target)],
    ['wrong', printable(violation)],
    ...(ownedBy === undefined ? [] : [['owned by', printable(ownedBy)] as [string, Printable]]),
    ...(changedBy === undefined ? [] : [['changed by', printable(changedBy)] as [string, Printable]]),
  ];
  const lines = facts.map(([name, value]) => text`${paint.dim(printable(name.padEnd(11)))}${value}`);
  return joined(
    [
      joined(lines, '\n'),
      ...(changes && changes.length > 0
        ? [text`${paint.bold(text`What would change`)}\n${indented(changesText(paint, changes))}`]
        : []),
      text`${paint.bold(text`Would be sent (${counted(calls.length, 'call')})`)}\n${callsText(paint, calls)}`,
    ],
    '\n\n',
  );
}
