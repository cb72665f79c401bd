import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Environment } from '../../shared/worker/environment';
import { type SelfhealEvent, newEvent } from '../../shared/worker/event';
import { type Aside, type Journal, journalId } from '../../shared/worker/journal';
import { log } from '../../shared/worker/log';
import {
  type Delivery,
  type Dispatch,
  MESSAGE_BYTES,
  type Remediation,
  VISIBILITY_SECONDS,
  deduplicationIdOf,
  groupOf,
} from '../../shared/worker/message';
import { functionSuffix } from '../../shared/function-name';
import { deadLetter, enqueue, handBack, letWait, originOf, takeOff } from '../../shared/worker/queue';
import { type Gate, wantedBy } from '../../shared/worker/windows';
import type { Brake } from './brake';
import type { Membership, Units } from './membership';
import type { Standing } from './standing';
import { type Route, type Rules, route } from './route';
import type { WaitingRoom } from './waiting-room';

/** Receivers at once while there is something to receive. */
const RECEIVERS = 8;
/** Once less than this is left, nothing more is received. */
const STOP_MS = 6_000;
const LONG_POLL_SECONDS = 20;
/** As many are in work as may be: nothing was received. */
const BRAKED = -1;
const BRAKED_MS = 1_000;
/** An operator has stopped everything: nothing was received. */
const STOPPED = -2;
/** What is stopped is looked up no more often than this. */
const STOP_LOOK_MS = 2_000;
/** A bot that cannot be started is tried again after so long. */
const RETRY_SECONDS = 30;
/** A finding whose source does not say how it stands is asked about again after so long. */
const UNANSWERED_SECONDS = 60;
/** Where nobody knows when a window opens, it is asked again after so long, and never at once. */
const CLOSED_MS = 5 * 60_000;
const LEAST_CLOSED_MS = 5_000;
/** After so long without an answer its message is given up. */
const MAX_UNANSWERED_MS = 24 * 3_600_000;

/** What the coordinator works with; tests give their own. */
export interface Coordinator {
  readonly rules: Rules;
  readonly environment: Environment;
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  readonly tell: (event: SelfhealEvent) => Promise<void>;
  readonly membership: Membership;
  readonly units: Units;
  readonly standing: Standing;
  readonly journal: Pick<Journal, 'asides' | 'stops'>;
  readonly waiting: WaitingRoom;
  /** Whether bots may act now: windows, freezes and Change Calendars. */
  readonly gate: Gate;
  readonly brake: Brake;
  /** The queue of {@link waiting}. */
  readonly waitingQueueUrl: string;
}

/** What became of the messages of one tick. Every message received is in exactly one of the others. */
export interface Report {
  received: number;
  /** Handed to a bot's function. */
  dispatched: number;
  /** Unusable: put on the dead-letter queue with the reason. */
  quarantined: number;
  /** Taken off, because its finding asks for it no more. */
  declined: number;
  /** Handed back, to be received again. */
  deferred: number;
}

type Counts = Omit<Report, 'received'>;

/**
 * Works through one tick. `poll` long-polls until the time is up; `tick` stops at an empty queue. Idle it is one
 * receiver; whatever that finds starts the others.
 */
export async function coordinate(
  coordinator: Coordinator,
  millisLeft: () => number,
  mode: 'poll' | 'tick' = 'poll',
): Promise<Report> {
  const report: Report = { received: 0, dispatched: 0, quarantined: 0, declined: 0, deferred: 0 };
  const isStopped = stopLook(coordinator);
  const drain = async (waitSeconds: number) => {
    if (await isStopped()) return STOPPED;
    await coordinator.waiting.moveBack();
    const most = await coordinator.brake.room();
    if (most === 0) return BRAKED;
    const seconds = Math.min(waitSeconds, Math.max(0, Math.floor((millisLeft() - STOP_MS) / 1000)));
    if (millisLeft() <= STOP_MS) {
      coordinator.brake.took(most, 0);
      return 0;
    }
    const { messages, visibleAgainAt } = await receive(coordinator, most, seconds).catch((error: unknown) => {
      coordinator.brake.took(most, 0);
      throw error;
    });
    coordinator.brake.took(most, messages.length);
    report.received += messages.length;
    const counts = await Promise.all(
      byGroup(messages).map((group) => handleSafely(coordinator, group, visibleAgainAt)),
    );
    for (const { dispatched, quarantined, declined, deferred } of counts) {
      report.dispatched += dispatched;
      report.quarantined += quarantined;
      report.declined += declined;
      report.deferred += deferred;
    }
    return messages.length;
  };
  const drainUntilEmpty = async () => {
    while (millisLeft() > STOP_MS && (await drain(0)) > 0);
  };
  for (;;) {
    const seconds = Math.floor((millisLeft() - STOP_MS) / 1000);
    // A poll of no second is a short one, and another would follow it at once.
    if (seconds < 1) break;
    const found = await drain(mode === 'tick' ? 1 : Math.min(seconds, LONG_POLL_SECONDS));
    if (found === STOPPED) break;
    if (found === BRAKED) {
      if (mode === 'tick') break;
      await sleep(BRAKED_MS);
    } else if (found > 0) await all(Array.from({ length: RECEIVERS }, drainUntilEmpty));
    else if (mode === 'tick') break;
  }
  log('info', 'tick', report);
  return report;
}

/** While everything is stopped, all messages stay in the queue. */
function stopLook({ journal }: Coordinator): () => Promise<boolean> {
  let lookedAt = 0;
  let stops: ReturnType<Journal['stops']> | undefined;
  return async () => {
    if (!stops || Date.now() - lookedAt >= STOP_LOOK_MS) {
      lookedAt = Date.now();
      stops = journal.stops();
    }
    return 'all' in (await stops);
  };
}

/** Waits for every one, also when one fails: what was received is to be handed on before the function ends. */
async function all(works: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(works);
  await Promise.all(works);
}

async function receive({ sqs, environment }: Coordinator, most: number, WaitTimeSeconds: number) {
  const visibleAgainAt = Date.now() + VISIBILITY_SECONDS * 1000;
  const { Messages: messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: environment.queueUrl,
      MaxNumberOfMessages: most,
      VisibilityTimeout: VISIBILITY_SECONDS,
      WaitTimeSeconds,
      MessageSystemAttributeNames: ['ApproximateReceiveCount', 'MessageGroupId', 'SentTimestamp'],
      MessageAttributeNames: ['messageId', 'sentAt'],
    }),
  );
  return { messages, visibleAgainAt };
}

function byGroup(messages: readonly Message[]): Message[][] {
  const groups = new Map<string, Message[]>();
  for (const message of messages) {
    const group = message.Attributes?.MessageGroupId ?? message.MessageId ?? '';
    groups.set(group, [...(groups.get(group) ?? []), message]);
  }
  return [...groups.values()];
}

/**
 * The messages of one resource, in order. What its bot has handed back is set aside first, so that it stands in nobody's
 * way; those at the head that one bot can answer go to it together; what stands behind, for another bot, is handed back
 * and waits its turn.
 */
async function handleGroup(
  coordinator: Coordinator,
  messages: readonly Message[],
  visibleAgainAt: number,
  counts: Counts,
): Promise<void> {
  const { sqs, environment } = coordinator;
  const deliveries: Delivery[] = [];
  const asides = await asidesOf(coordinator, messages);
  let bytes = 0;
  let next = 0;
  for (const message of messages) {
    const routed = await admitted(coordinator, routeOf(message, coordinator.rules));
    if ('reason' in routed) {
      await quarantine(coordinator, message, routed.reason);
      counts.quarantined += 1;
      next += 1;
      continue;
    }
    const body = routed.remediation;
    const noted = asides.get(message) ?? coordinator.waiting.keeps(body);
    const closed = isDue(noted) ? await closedNow(coordinator, body) : undefined;
    // What waits or is given up is not asked about; it is when it comes back.
    const settled = (closed ?? noted) ? undefined : await settledBecause(coordinator, message, body);
    if (settled && !('as' in settled)) {
      await decline(coordinator, message, body, settled.reason);
      counts.declined += 1;
      next += 1;
      continue;
    }
    const aside = closed ?? noted ?? settled;
    if (aside && (await setAside(coordinator, message, body, aside))) {
      counts[aside.as === 'dead' ? 'quarantined' : 'deferred'] += 1;
      next += 1;
      continue;
    }
    bytes += Buffer.byteLength(JSON.stringify(body)) + 1000;
    const [head] = deliveries;
    if (head && (head.body.bot !== body.bot || bytes > MESSAGE_BYTES)) break;
    const units = await coordinator.units(body.target.account);
    deliveries.push({
      ...{ ...originOf(message), receiptHandle: message.ReceiptHandle ?? '', body },
      isFirst: isFirst(message),
      ...(units && { units }),
    });
    next += 1;
  }
  const started = await dispatch(coordinator, { deliveries, visibleAgainAt });
  counts[started ? 'dispatched' : 'deferred'] += deliveries.length;
  for (const { receiptHandle } of started ? [] : deliveries) {
    await handBack(sqs, environment.queueUrl, receiptHandle, RETRY_SECONDS);
  }
  for (const { ReceiptHandle } of messages.slice(next)) {
    await handBack(sqs, environment.queueUrl, ReceiptHandle ?? '', 0);
    counts.deferred += 1;
  }
}

/** Two bots would be at work on one resource, if a message of it could stand in the line of another. */
function routeOf({ Body = '', Attributes }: Message, rules: Rules): Route {
  const routed = route(Body, rules);
  if ('reason' in routed || Attributes?.MessageGroupId === groupOf(routed.remediation)) return routed;
  return {
    reason:
      'the message stands in the group of another resource: npx selfheal queue --dead --redrive puts it into its own',
  };
}

/** What bots have noted about messages that were delivered before; one that comes for the first time costs no look-up. */
async function asidesOf(
  { journal, rules }: Coordinator,
  messages: readonly Message[],
): Promise<Map<Message, Aside>> {
  const ids = new Map<Message, string>();
  for (const message of messages) {
    if (Number(message.Attributes?.ApproximateReceiveCount ?? 1) < 2) continue;
    const routed = routeOf(message, rules);
    if ('reason' in routed) continue;
    const { messageId, sentAt } = originOf(message);
    ids.set(message, journalId(routed.remediation.bot, sentAt, messageId));
  }
  const noted = await journal.asides([...ids.values()]);
  return new Map(
    [...ids].flatMap(([message, id]) => {
      const aside = noted.get(id);
      return aside ? [[message, aside] as const] : [];
    }),
  );
}

/** That nothing but a window keeps the message from its bot now. */
function isDue(noted: Aside | undefined): boolean {
  return !noted || ('notBefore' in noted && noted.notBefore <= Date.now());
}

/**
 * Outside of its window a message waits without a try and without ageing. SQS delays it for a quarter of an hour at most:
 * then it is asked again.
 */
async function closedNow(
  { gate, rules }: Coordinator,
  body: Remediation,
): Promise<(Aside & { readonly as: 'wait' }) | undefined> {
  const closed = await gate(wantedBy(body, rules.catalogue));
  if (!closed) return undefined;
  const { bot, target } = body;
  log('info', 'outside its window', { bot, target, reason: closed.reason });
  const now = Date.now();
  return {
    as: 'wait',
    notBefore: Math.max(now + LEAST_CLOSED_MS, closed.opens ?? now + CLOSED_MS),
  };
}

/** Whether SQS has not given it out before, nor it has waited: no bot can have it on record. */
function isFirst({ Attributes, MessageAttributes }: Message): boolean {
  return Attributes?.ApproximateReceiveCount === '1' && MessageAttributes?.messageId === undefined;
}

/** Out first, then off: a message that is set aside twice is answered twice, and never lost. */
async function setAside(
  { sqs, environment, waiting, waitingQueueUrl }: Coordinator,
  message: Message,
  body: Remediation,
  aside: Aside,
): Promise<boolean> {
  const { Body: text = '', ReceiptHandle: receiptHandle = '' } = message;
  if (aside.as === 'dead') {
    await deadLetter(sqs, environment.deadLetterQueueUrl, {
      body: text,
      reason: aside.reason,
      source: body.bot,
      id: deduplicationIdOf(body),
      group: groupOf(body),
    });
  } else if (aside.as === 'moved') {
    await enqueue(sqs, environment.queueUrl, [{ ...body, target: aside.target }]);
  } else {
    if (aside.forAll) waiting.keep(body);
    const seconds = (aside.notBefore - Date.now()) / 1000;
    if (seconds <= 0) return false;
    await letWait(sqs, waitingQueueUrl, { body: text, seconds, ...originOf(message) });
  }
  await takeOff(sqs, environment.queueUrl, receiptHandle);
  return true;
}

async function admitted({ membership }: Coordinator, routed: Route): Promise<Route> {
  if ('reason' in routed) return routed;
  const reason = await membership(routed.remediation.target.account);
  return reason === undefined ? routed : { reason };
}

/** Why the finding asks for the repair no more; `undefined`: it does. */
async function settledBecause(
  { standing }: Coordinator,
  message: Message,
  body: Remediation,
): Promise<{ readonly reason: string } | (Aside & { readonly as: 'wait' | 'dead' }) | undefined> {
  const { sentAt } = originOf(message);
  try {
    const reason = await standing({ sentAt, body });
    return reason === undefined ? undefined : { reason };
  } catch (error) {
    log('error', 'Security Hub does not say how a finding stands, nothing is done until it does', {
      ...{ finding: body.finding.id, error: String(error) },
    });
    const isOver = Date.now() - sentAt > MAX_UNANSWERED_MS;
    return isOver
      ? { as: 'dead', reason: `Security Hub did not say in a day how the finding stands: ${String(error)}` }
      : { as: 'wait', notBefore: Date.now() + UNANSWERED_SECONDS * 1000 };
  }
}

async function decline(
  { sqs, environment, tell }: Coordinator,
  { ReceiptHandle: receiptHandle = '' }: Message,
  { bot, target, finding }: Remediation,
  reason: string,
) {
  log('info', 'declined', { bot, target, finding: finding.id, reason });
  await tell(newEvent({ outcome: 'declined', bot, target, finding, reason }));
  await takeOff(sqs, environment.queueUrl, receiptHandle);
}

/** An error in one resource's messages is none of the others' business: they come back when their time is up. */
async function handleSafely(
  coordinator: Coordinator,
  group: readonly Message[],
  visibleAgainAt: number,
): Promise<Counts> {
  const counts: Counts = { dispatched: 0, quarantined: 0, declined: 0, deferred: 0 };
  try {
    await handleGroup(coordinator, group, visibleAgainAt, counts);
  } catch (error) {
    log('error', 'messages of one resource could not be handled', { error: String(error) });
    counts.deferred = group.length - counts.dispatched - counts.quarantined - counts.declined;
  }
  return counts;
}

async function dispatch({ lambda, environment }: Coordinator, dispatch: Dispatch): Promise<boolean> {
  const [head] = dispatch.deliveries;
  if (!head) return true;
  const FunctionName = `${environment.functionPrefix}${functionSuffix(head.body.bot)}`;
  try {
    await lambda.send(
      new InvokeCommand({
        FunctionName,
        InvocationType: 'Event',
        Payload: Buffer.from(JSON.stringify(dispatch)),
      }),
    );
    return true;
  } catch (error) {
    log('error', 'a bot could not be started', { FunctionName, error: String(error) });
    return false;
  }
}

async function quarantine({ sqs, environment, tell }: Coordinator, message: Message, reason: string) {
  const { MessageId: id = '', Body: body = '', ReceiptHandle: receiptHandle = '', Attributes } = message;
  log('warn', 'quarantined', { id, reason });
  await deadLetter(sqs, environment.deadLetterQueueUrl, {
    body: body || '-',
    reason,
    source: 'coordinator',
    id,
    group: Attributes?.MessageGroupId ?? id,
  });
  await tell(newEvent({ outcome: 'dead-lettered', reason }));
  await takeOff(sqs, environment.queueUrl, receiptHandle);
}
