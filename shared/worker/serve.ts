import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import type { Context as LambdaContext } from 'aws-lambda';
import type * as z from 'zod';
import config from '#config';
import { CLIENT_DEFAULTS, SQS_DEFAULTS, type ClientMaker, clientMaker } from '../aws/clients';
import { sessions } from '../aws/sessions';
import { type Config, modeOf } from '../config';
import { type Environment, readEnvironment } from './environment';
import { type SelfhealEvent, newEvent, reasonOf, saidOf } from './event';
import { admit } from './admission';
import { type Journal, journal, journalId } from './journal';
import { type Mended, disagreementOf } from './disagreement';
import { count, log } from './log';
import { type Delivery, type Dispatch, deduplicationIdOf, groupOf } from './message';
import { publish } from './publish';
import { type Target, resourceKey } from '../resources/target';
import { clip, faultsIn } from '../text';
import { deadLetter, enqueue, handBack, takeOff } from './queue';
import type { Bot, ClientClasses, Metadata } from '../bot/bot';
import type { Failure, Outcome } from '../bot/outcome';
import { find, remediate, weighed } from '../bot/run';
import { isExpired } from '../bot/steps';

/** After so many tries a message is given up: it goes to the dead-letter queue with the last reason. */
export const MAX_ATTEMPTS = 5;
/** After so long a message that only waits is given up all the same. */
export const MAX_WAIT_MS = 24 * 3_600_000;
/** A run that is begun with less time than this might be cut off between two writes. */
const ENOUGH_MS = 30_000;

/** What a bot's function works with; tests give their own. */
export interface Worker {
  readonly config: Config;
  readonly environment: Environment;
  readonly sqs: SQSClient;
  readonly journal: Journal;
  readonly clients: ClientMaker;
  /** Drops the session with a target that AWS has called expired. */
  readonly forget?: (target: Target) => void;
  readonly tell: (event: SelfhealEvent) => Promise<void>;
  /** What this function has put right; of a worker that keeps none every finding is news. */
  readonly mended?: Mended;
}

/** The Lambda function of a bot. */
export function serve<C extends ClientClasses, P extends z.ZodObject, S extends object>(bot: Bot<C, P, S>) {
  let worker: Worker | undefined;
  return async (dispatch: Dispatch, lambda: Pick<LambdaContext, 'getRemainingTimeInMillis'>) =>
    work(bot, (worker ??= lambdaWorker()), dispatch, () =>
      Math.min(lambda.getRemainingTimeInMillis(), dispatch.visibleAgainAt - Date.now()),
    );
}

/**
 * Answers for the messages one after the other: run, journal, tell, and only then off the queue. Whatever stops it
 * on the way leaves the message to come back.
 */
export async function work<C extends ClientClasses, P extends z.ZodObject, S extends object>(
  bot: Bot<C, P, S>,
  worker: Worker,
  { deliveries }: Dispatch,
  millisLeft: () => number,
): Promise<{ readonly outcomes: readonly Outcome['outcome'][] }> {
  const outcomes: Outcome['outcome'][] = [];
  const { sqs, environment } = worker;
  for (const [index, delivery] of deliveries.entries()) {
    const answered = millisLeft() < ENOUGH_MS ? undefined : await answer(bot, worker, delivery);
    if (answered?.outcome) outcomes.push(answered.outcome);
    if (answered?.done) continue;
    // What stands behind it in the group waits for it, in order, and has not been tried.
    const untried = answered ? index + 1 : index;
    for (const { receiptHandle } of deliveries.slice(untried)) {
      await handBack(sqs, environment.queueUrl, receiptHandle, 0);
    }
    break;
  }
  return { outcomes };
}

async function answer<C extends ClientClasses, P extends z.ZodObject, S extends object>(
  bot: Bot<C, P, S>,
  worker: Worker,
  delivery: Delivery,
): Promise<{ readonly outcome?: Outcome['outcome']; readonly done: boolean }> {
  const { sqs, environment } = worker;
  const attempt = await worker.journal.attempt(delivery.messageId);
  const run =
    attempt > MAX_ATTEMPTS
      ? hopeless(
          'Interrupted',
          `${MAX_ATTEMPTS} tries were begun and none of them ended: see the function's log`,
        )
      : await runOnce(bot, worker, delivery);
  if ('movedTo' in run) {
    await enqueue(sqs, environment.queueUrl, [{ ...delivery.body, target: run.movedTo }]);
    await takeOff(sqs, environment.queueUrl, delivery.receiptHandle);
    log('info', 'named otherwise', { bot: bot.id, target: delivery.body.target, is: run.movedTo.id });
    return { done: true };
  }
  const { outcome } = run;
  if (outcome.outcome === 'failed' && isExpired(outcome.error)) worker.forget?.(delivery.body.target);
  if (outcome.outcome === 'waiting') {
    const { waits, waitedMs } = await worker.journal.uncount(delivery.messageId);
    if (waitedMs <= MAX_WAIT_MS) return waitOn(bot, worker, delivery, { ...run, outcome }, waits);
  }
  const settled = !['failed', 'unverified', 'waiting'].includes(outcome.outcome);
  const givenUp = !settled && (run.hopeless || attempt >= MAX_ATTEMPTS || outcome.outcome === 'waiting');
  const done = settled || givenUp;
  log(settled ? 'info' : 'warn', 'answered', {
    ...{ bot: bot.id, target: delivery.body.target, outcome: outcome.outcome, attempt },
    ...whyOf(outcome),
  });
  if (outcome.outcome === 'fixed') worker.mended?.set(resourceKey(delivery.body.target), Date.now());
  const disagreement = disagreementOf(
    bot,
    delivery.body,
    outcome.outcome,
    worker.mended ?? new Map<string, number>(),
  );
  if (disagreement !== undefined) count(delivery.body.finding.source, { FindingsDisagreed: 1 });
  // Of the tries between the first and the last nobody needs to hear.
  if (done || attempt === 1) {
    const event = eventOf(bot, delivery, run, attempt, givenUp);
    await worker.tell(disagreement === undefined ? event : { ...event, disagreement });
  }
  if (givenUp) {
    await deadLetter(sqs, environment.deadLetterQueueUrl, {
      body: JSON.stringify(delivery.body),
      reason: reasonOf(outcome) ?? outcome.outcome,
      source: bot.id,
      id: deduplicationIdOf(delivery.body),
      group: groupOf(delivery.body),
    });
  }
  if (done) await takeOff(sqs, environment.queueUrl, delivery.receiptHandle);
  else await handBack(sqs, environment.queueUrl, delivery.receiptHandle, backoffSeconds(attempt));
  return { outcome: outcome.outcome, done };
}

/** AWS only asks for patience: no try is counted, and that it waits for something is told once, throttling never. */
async function waitOn(
  bot: Metadata,
  { sqs, environment, tell }: Worker,
  delivery: Delivery,
  run: Run & { readonly outcome: Outcome & { readonly outcome: 'waiting' } },
  waits: number,
): Promise<{ readonly outcome: 'waiting'; readonly done: false }> {
  const { outcome } = run;
  log('info', 'waiting', { bot: bot.id, target: delivery.body.target, waits, ...whyOf(outcome) });
  if (waits === 1 && outcome.error === undefined) await tell(eventOf(bot, delivery, run, 1, false));
  await handBack(sqs, environment.queueUrl, delivery.receiptHandle, Math.min(30 * 2 ** (waits - 1), 900));
  return { outcome: 'waiting', done: false };
}

/** The message named the resource otherwise than its API does. */
interface Moved {
  readonly movedTo: Target;
}

interface Run {
  readonly outcome: Outcome;
  readonly journalId?: string;
  /** Trying again cannot help. */
  readonly hopeless: boolean;
}

async function runOnce<C extends ClientClasses, P extends z.ZodObject, S extends object>(
  bot: Bot<C, P, S>,
  worker: Worker,
  { body, messageId, sentAt }: Delivery,
): Promise<Run | Moved> {
  const { finding } = body;
  const { config, environment: home } = worker;
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
  const found = await find(bot, worker.clients(bot, body.target, journalId(sentAt, messageId)), body.target);
  if ('outcome' in found) return { outcome: found.outcome, hopeless: false };
  const { target } = found;
  const admission = admit({ config, home, bot, target, params: asked });
  if ('refused' in admission) return hopeless(admission.code, admission.refused);
  if ('exempt' in admission) {
    return { outcome: { outcome: 'exempt', reason: admission.exempt }, hopeless: false };
  }
  // Under its own name it has another place in line: nothing else may be at work on it meanwhile.
  if (resourceKey(target) !== resourceKey(body.target)) return { movedTo: target };
  const { settings } = admission;
  const params = { data: given as z.output<P> };

  let id = journalId(sentAt, messageId);
  const earlier = await worker.journal.entry(id);
  const interrupted = earlier && earlier.status !== 'fixed' && earlier.status !== 'undone';
  if (earlier && !interrupted) id = journalId(sentAt, `${messageId}/${earlier.status}`);
  const journaled = { begun: false };
  const ran: Outcome<S> = await remediate(bot, {
    aws: worker.clients(bot, target, id),
    target,
    params: params.data,
    mode: modeOf(settings, bot.risk) === 'auto' ? 'apply' : 'plan',
    begin: async ({ violation, before, calls }) => {
      const reason = await worker.journal.heldBecause(bot.id, target);
      if (reason !== undefined) return { held: reason };
      journaled.begun = true;
      const first = interrupted ? (earlier.before as S) : before;
      await worker.journal.begin({
        id,
        bot: bot.id,
        target,
        params: params.data,
        finding,
        violation,
        before: first,
        calls,
        status: 'started',
        startedAt: new Date().toISOString(),
      });
      return { before: first };
    },
  });
  // Entry and event tell of all that was sent for this message, also by tries before this one.
  const earlierCalls = interrupted && earlier.status !== 'started' ? earlier.calls : [];
  const weighted = ran.outcome === 'failed' ? weighed(ran) : ran;
  const outcome: Outcome<S> =
    weighted.outcome === 'planned' || !('calls' in weighted)
      ? weighted
      : { ...weighted, calls: [...earlierCalls, ...(weighted.calls ?? [])] };
  if (journaled.begun) await worker.journal.end(id, outcome);
  const deleted = outcome.outcome === 'gone' && interrupted && earlier.calls.length > 0;
  if (interrupted && (outcome.outcome === 'compliant' || deleted)) {
    // An earlier try of this message did it, and was not there to see it.
    const after = outcome.outcome === 'compliant' ? outcome.state : undefined;
    await worker.journal.settle(id, after);
    const { violation, before, calls } = earlier;
    const fixed = { outcome: 'fixed', violation, before, calls, ...(after && { after }) } as const;
    return { journalId: id, outcome: fixed, hopeless: false };
  }
  return { outcome, hopeless: false, ...((journaled.begun || interrupted) && { journalId: id }) };
}

function hopeless(code: string, message: string): Run {
  return { outcome: { outcome: 'failed', error: { code, message }, calls: [] }, hopeless: true };
}

/** For the log: what went wrong, by the names to search for, and in short. */
function whyOf(outcome: Outcome): object {
  const reason = reasonOf(outcome);
  const { code, call } = 'error' in outcome && outcome.error ? outcome.error : ({} as Partial<Failure>);
  return {
    ...(code !== undefined && { code: clip(code, 100) }),
    ...(call !== undefined && { call }),
    ...(reason !== undefined && { reason: clip(reason, 300) }),
  };
}

function backoffSeconds(attempt: number): number {
  return Math.min(20 * 3 ** (attempt - 1), 600);
}

function eventOf(
  { id, title, severity }: Metadata,
  { body: { target, finding } }: Delivery,
  { outcome, journalId: change }: Run,
  attempt: number,
  givenUp: boolean,
): SelfhealEvent {
  return newEvent({
    ...saidOf(outcome),
    ...(givenUp && { outcome: 'dead-lettered' }),
    bot: id,
    ...{ title, severity, target, finding, attempt },
    ...(change !== undefined && { journalId: change }),
  });
}

function lambdaWorker(): Worker {
  const environment = readEnvironment();
  const { credentialsFor, forget } = sessions({
    accounts: config.accounts,
    home: environment.accountId,
    stage: environment.stage,
    sts: new STSClient({ ...CLIENT_DEFAULTS }),
    use: 'apply',
  });
  const sns = new SNSClient({ ...CLIENT_DEFAULTS });
  return {
    config,
    environment,
    sqs: new SQSClient({ ...SQS_DEFAULTS }),
    journal: journal(environment.journalTable),
    clients: clientMaker({}, { credentialsFor }),
    forget,
    mended: new Map(),
    tell: (event) => publish(sns, environment.eventsTopicArn, event),
  };
}
