import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import type { Context as LambdaContext } from 'aws-lambda';
import type * as z from 'zod';
import config from '#config';
import { CLIENT_DEFAULTS, SQS_DEFAULTS, type ClientMaker, clientMaker } from '../aws/clients';
import { sessions } from '../aws/sessions';
import { type Config, settingsOf } from '../config';
import { type Environment, readEnvironment } from './environment';
import { type SelfhealEvent, newEvent, reasonOf, saidOf } from './event';
import { type Delivered, type Journal, journal, journalId } from './journal';
import { type Mended, disagreementOf } from './disagreement';
import { count, log } from './log';
import type { Delivery, Dispatch } from './message';
import { measure } from './metrics';
import { publish } from './publish';
import { type Target, resourceKey } from '../resources/target';
import { clip } from '../text';
import { handBack, takeOff, takeOffAll } from './queue';
import { type Moved, type Run, hopeless, runOnce } from './run-once';
import type { Bot, ClientClasses, Metadata } from '../bot/bot';
import type { Failure, Outcome } from '../bot/outcome';
import { isExpired } from '../bot/steps';

/** After so many tries a message is given up: it goes to the dead-letter queue with the last reason. */
export const MAX_ATTEMPTS = 5;
/** After so long a message that only waits is given up all the same. */
export const MAX_WAIT_MS = 24 * 3_600_000;
/** Where windows close bots off, it has been asked so often too: what takes some hours of open windows. */
const LEAST_ASKED = 20;
/** What a limit or a stop keeps is looked at again after so long: it may have been released. */
const KEPT_MS = 5 * 60_000;
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
  { deliveries, visibleAgainAt }: Dispatch,
  millisLeft: () => number,
): Promise<{ readonly outcomes: readonly Outcome['outcome'][] }> {
  const outcomes: Outcome['outcome'][] = [];
  let alike: readonly Delivery[] = [];
  for (const [index, delivery] of deliveries.entries()) {
    if (alike.includes(delivery)) continue;
    const answered =
      millisLeft() < ENOUGH_MS ? 'no time' : await answer(bot, worker, delivery, visibleAgainAt);
    // Whoever works on this dispatch, or on a later one, answers for all of it.
    if (answered === 'taken') break;
    if (answered !== 'no time' && answered.outcome) outcomes.push(answered.outcome);
    if (answered !== 'no time' && answered.done) {
      alike = answered.isGone ? alikeBehind(deliveries, index) : [];
      if (alike.length > 0) await answerAlike(bot, worker, alike);
      outcomes.push(...alike.map(() => 'compliant' as const));
      continue;
    }
    // What is not done is handed back, and with it what stands behind it in the group, in order and untried: the
    // coordinator sets aside what is to wait, and hands on the rest.
    for (const { receiptHandle } of deliveries.slice(index)) {
      await handBack(worker.sqs, worker.environment.queueUrl, receiptHandle, 0);
    }
    break;
  }
  return { outcomes };
}

interface Answered {
  /** Absent: nothing was run. */
  readonly outcome?: Outcome['outcome'];
  readonly done: boolean;
  /** The fault is gone, by a look of this moment. */
  readonly isGone?: boolean;
}

/** Messages right behind one that ask for the same of the same resource, and that nothing is on record of. */
function alikeBehind(deliveries: readonly Delivery[], index: number): readonly Delivery[] {
  const params = JSON.stringify(deliveries[index]?.body.params);
  const behind = deliveries.slice(index + 1);
  const other = behind.findIndex(({ body, isFirst }) => !isFirst || JSON.stringify(body.params) !== params);
  return other < 0 ? behind : behind.slice(0, other);
}

/** The look that answered the one before them answers them too. */
async function answerAlike(
  bot: Metadata,
  { tell, sqs, environment }: Worker,
  alike: readonly Delivery[],
): Promise<void> {
  log('info', 'answered with the one before', {
    bot: bot.id,
    target: alike[0]?.body.target,
    messages: alike.length,
  });
  const run: Run = { outcome: { outcome: 'compliant', state: {} }, hopeless: false };
  await Promise.all(alike.map((delivery) => tell(eventOf(bot, delivery, run, 1, false))));
  await takeOffAll(
    sqs,
    environment.queueUrl,
    alike.map(({ receiptHandle }) => receiptHandle),
  );
}

async function answer<C extends ClientClasses, P extends z.ZodObject, S extends object>(
  bot: Bot<C, P, S>,
  worker: Worker,
  delivery: Delivery,
  visibleAgainAt: number,
): Promise<Answered | 'taken'> {
  const { messageId, sentAt, receiptHandle, body, isFirst = false } = delivery;
  const id = journalId(bot.id, sentAt, messageId);
  const claim = () => worker.journal.deliver(id, receiptHandle, visibleAgainAt);
  // Of a message that comes for the first time nothing is on record: its first write claims it.
  const before = isFirst ? FIRST : await claim();
  if (!before) return 'taken';
  const { earlier } = before;
  const ran =
    before.attempt > MAX_ATTEMPTS
      ? hopeless(
          'Interrupted',
          `${MAX_ATTEMPTS} tries were begun and none of them ended: see the function's log`,
        )
      : await runOnce(bot, worker, delivery, { earlier, isClaimed: !isFirst, visibleAgainAt });
  if (ran === 'taken') return 'taken';
  const isClaimed = !isFirst || ('hasBegun' in ran && ran.hasBegun);
  const delivered = isClaimed ? before : await claim();
  if (!delivered) return 'taken';
  const { attempt, asides } = delivered;
  const run = patient(ran, delivered, worker.config);
  if ('movedTo' in run) {
    log('info', 'named otherwise', { bot: bot.id, target: body.target, is: run.movedTo.id });
    await worker.journal.setAside(id, { as: 'moved', target: run.movedTo });
    return { done: false };
  }
  const { outcome } = run;
  if (earlier && run.hopeless) await worker.journal.end(earlier.id, outcome);
  if (outcome.outcome === 'failed' && isExpired(outcome.error)) worker.forget?.(body.target);
  if (outcome.outcome === 'waiting') {
    log('info', 'waiting', { bot: bot.id, target: body.target, asides, ...whyOf(outcome) });
    if (isWorthTelling(run, asides)) await worker.tell(eventOf(bot, delivery, run, attempt, false));
    await worker.journal.setAside(id, {
      as: 'wait',
      notBefore: Date.now() + (run.keptBy ? KEPT_MS : waitMs(asides)),
      ...(run.keptBy && { forAll: true }),
    });
    return { outcome: outcome.outcome, done: false };
  }
  const settled = outcome.outcome !== 'failed' && outcome.outcome !== 'unverified';
  const givenUp = !settled && (run.hopeless || attempt >= MAX_ATTEMPTS);
  measure(worker, bot, body, givenUp ? 'dead-lettered' : outcome.outcome);
  log(settled ? 'info' : 'warn', 'answered', {
    ...{ bot: bot.id, target: body.target, outcome: outcome.outcome, attempt },
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
  if (settled || givenUp || attempt === 1) {
    const event = eventOf(bot, delivery, run, attempt, givenUp);
    await worker.tell(disagreement === undefined ? event : { ...event, disagreement });
  }
  if (settled) {
    await takeOff(worker.sqs, worker.environment.queueUrl, receiptHandle);
    const isGone = ['fixed', 'compliant', 'gone'].includes(outcome.outcome);
    return { outcome: outcome.outcome, done: true, isGone };
  }
  await worker.journal.setAside(
    id,
    givenUp
      ? { as: 'dead', reason: clip(reasonOf(outcome) ?? outcome.outcome, 2000) }
      : { as: 'retry', notBefore: Date.now() + backoffSeconds(attempt) * 1000 },
  );
  return { outcome: outcome.outcome, done: false };
}

/** A delivery of a message that nothing is on record of. */
const FIRST: Delivered = { attempt: 1, asides: 0, waitedMs: 0 };

/** What AWS lets wait for more than a day is given up. */
function patient(
  run: Run | Moved,
  { waitedMs, asides }: Delivered,
  { windows, freezes, calendars }: Config,
): Run | Moved {
  if ('movedTo' in run) return run;
  const { outcome, keptBy } = run;
  if (outcome.outcome !== 'waiting' || keptBy || waitedMs <= MAX_WAIT_MS) return run;
  // Outside of windows nobody has asked AWS: a weekend is no day of waiting for it.
  if ((windows ?? freezes ?? calendars) && asides < LEAST_ASKED) return run;
  const { reason, error: _, outcome: _outcome, ...found } = outcome;
  const message = `after 24 hours of waiting: ${reason}`;
  return {
    ...run,
    hopeless: true,
    outcome: { outcome: 'failed', error: { code: 'WaitedTooLong', message }, ...found },
  };
}

/** That it waits is told once; of throttling, and of what somebody has stopped, nobody needs to hear. */
function isWorthTelling({ outcome, keptBy }: Run, asides: number): boolean {
  if (keptBy) return keptBy.isFirst;
  return asides === 0 && !('error' in outcome);
}

/** For the log: what went wrong, by the names to search for, and in short. */
function whyOf(outcome: Outcome): object {
  const reason = reasonOf(outcome);
  const { code, call }: Partial<Failure> = 'error' in outcome ? outcome.error : {};
  return {
    ...(code !== undefined && { code: clip(code, 100) }),
    ...(call !== undefined && { call }),
    ...(reason !== undefined && { reason: clip(reason, 300) }),
  };
}

/** Half a minute at first, a quarter of an hour at last. */
function waitMs(asides: number): number {
  return Math.min(30_000 * 2 ** Math.min(asides, 10), 900_000);
}

function backoffSeconds(attempt: number): number {
  return Math.min(20 * 3 ** (attempt - 1), 600);
}

function eventOf(
  { id, title, severity }: Metadata,
  { body: { target, finding } }: Delivery,
  { outcome, journalId: change, plan, whose }: Run,
  attempt: number,
  givenUp: boolean,
): SelfhealEvent {
  return newEvent({
    ...saidOf(outcome),
    ...(givenUp && { outcome: 'dead-lettered' }),
    bot: id,
    ...{ title, severity, target, finding, attempt },
    ...(change !== undefined && { journalId: change }),
    ...(plan && {
      plan: {
        ...{ id: plan.id, digest: plan.digest, mode: plan.mode },
        ...(plan.decideBy !== undefined && { decideBy: plan.decideBy }),
      },
      isRepeated: plan.isRepeated,
    }),
    ...whose,
  });
}

function lambdaWorker(): Worker {
  const environment = readEnvironment();
  const { credentialsFor, forget } = sessions({
    accounts: config.accounts,
    home: environment.accountId,
    stage: environment.stage,
    granted: (bot) => settingsOf(config, bot),
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
