import { createHash } from 'node:crypto';
import type { SQSBatchResponse } from 'aws-lambda';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { CatalogueEntry } from '../../shared/catalogue';
import type { Config, FindingsTopic } from '../../shared/config';
import type { Environment } from '../../shared/worker/environment';
import { count, log } from '../../shared/worker/log';
import { type Remediation, repetitionOf } from '../../shared/worker/message';
import { askForSurvey } from '../../shared/survey';
import { deadLetter, enqueue } from '../../shared/worker/queue';
import { clip } from '../../shared/text';
import { LIMITS } from './limits';
import { type Read, readFinding } from './read';
import { type Received, unwrap } from './records';
import { senderOf } from './senders';

/** With less time than this nothing more is begun: what is left comes back, and is done the next time. */
const ENOUGH_MS = 15_000;
/** Messages that are read before what they ask for is sent, ten to a call. */
const BATCH = 10;

/** What the intake works with; tests give their own. */
export interface IntakeContext {
  readonly config: Config;
  readonly catalogue: readonly CatalogueEntry[];
  readonly environment: Environment;
  /** The topics that findings may come over, each with what it may ask for. */
  readonly topics: readonly FindingsTopic[];
  readonly sqs: SQSClient;
  /** The queue on which looks and surveys wait. */
  readonly looksQueueUrl: string;
}

/**
 * What became of the findings of one event. Each finding counts once, under one of the first three, a repeat as what it
 * repeats; a message that is handed back counts when it comes again.
 */
export interface Tally {
  enqueued: number;
  declined: number;
  /** Messages of which something could not be used: they have one letter each. */
  deadLettered: number;
  /** Of those declined: neither config.ts nor a bot answers them. */
  withoutRoute: number;
}

interface Answer extends Read {
  readonly message: Received;
}

/**
 * Takes in the findings of one event. Findings that ask for a repair go to the remediation queue, a message of which
 * something cannot be used to the dead-letter queue with the reasons. Messages that AWS refuses to take, and those that
 * the function has no time left for, come back; they hold up no others.
 */
export async function takeIn(
  context: IntakeContext,
  event: unknown,
  millisLeft: () => number = () => Infinity,
): Promise<SQSBatchResponse & { readonly tally: Tally }> {
  const messages = unwrap(event);
  const seen = new Set<string>();
  const taken: Answer[] = [];
  const failed = new Set<Received>();
  for (const batch of batchesOf(messages)) {
    const answers: Answer[] = [];
    for (const message of batch) {
      const answer = millisLeft() > ENOUGH_MS ? answerTo(context, message) : undefined;
      if (answer) answers.push(answer);
      else failed.add(message);
    }
    for (const { message } of answers) failed.add(message);
    for (const answer of await enqueued(context, answers, seen, millisLeft)) {
      if (!(await surveyed(context, answer)) || !(await deadLetterFor(context, answer))) continue;
      taken.push(answer);
      failed.delete(answer.message);
    }
  }
  measure(taken);
  const tally = tallyOf(taken);
  log('info', 'intake', { messages: messages.length, handedBack: failed.size, ...tally });
  return giveBack(failed, tally);
}

/** Judges one message. One that breaks the function is handed back alone, and ends among the undelivered. */
function answerTo(context: IntakeContext, message: Received): Answer | undefined {
  try {
    const rules = { ...context, ...context.environment };
    const read = readFinding(rules, message, senderOf(rules, message));
    for (const reading of read.readings) {
      if ('declined' in reading) {
        log('info', 'declined', { messageId: message.messageId, reason: reading.declined });
      }
    }
    return { message, ...read };
  } catch (error) {
    log('error', 'a finding could not be read', { messageId: message.messageId, error: String(error) });
    return undefined;
  }
}

/** The answers whose remediations SQS took. `seen`: what was asked for in this event already. */
async function enqueued(
  context: IntakeContext,
  answers: readonly Answer[],
  seen: Set<string>,
  millisLeft: () => number,
): Promise<readonly Answer[]> {
  const fresh = answers.map((answer) => ({ answer, remediations: unseen(answer, seen) }));
  const { sqs, environment } = context;
  try {
    await enqueue(
      sqs,
      environment.queueUrl,
      fresh.flatMap(({ remediations }) => remediations),
    );
    return answers;
  } catch (error) {
    log('warn', 'findings could not be enqueued together', { error: String(error) });
  }
  // Deduplication makes it harmless to send again what was taken before the error.
  const taken: Answer[] = [];
  for (const { answer, remediations } of fresh) {
    try {
      if (millisLeft() <= ENOUGH_MS) throw new Error('the time is up');
      await enqueue(sqs, environment.queueUrl, remediations);
      taken.push(answer);
    } catch (error) {
      for (const remediation of remediations) seen.delete(repetitionOf(remediation));
      log('error', 'a finding could not be enqueued', {
        messageId: answer.message.messageId,
        error: String(error),
      });
    }
  }
  return taken;
}

/** What nobody asked for before in this event: the same finding twice is one message. */
function unseen({ readings }: Answer, seen: Set<string>): Remediation[] {
  return readings.flatMap((reading) => {
    if (!('remediation' in reading)) return [];
    const key = repetitionOf(reading.remediation);
    if (seen.has(key)) return [];
    seen.add(key);
    return [reading.remediation];
  });
}

/** As many messages as are read before what they ask for is sent. */
function batchesOf(messages: readonly Received[]): Received[][] {
  return Array.from({ length: Math.ceil(messages.length / BATCH) }, (_, index) =>
    messages.slice(index * BATCH, (index + 1) * BATCH),
  );
}

function tallyOf(answers: readonly Answer[]): Tally {
  const readings = answers.flatMap((answer) => answer.readings);
  const declined = readings.filter((reading) => 'declined' in reading);
  return {
    enqueued: readings.filter((reading) => 'remediation' in reading || 'survey' in reading).length,
    declined: declined.length,
    deadLettered: answers.filter((answer) => answer.readings.some((reading) => 'unusable' in reading)).length,
    withoutRoute: declined.filter(({ withoutRoute }) => withoutRoute).length,
  };
}

function measure(answers: readonly Answer[]): void {
  for (const source of new Set(answers.map((answer) => answer.source))) {
    const ofSource = answers.filter((answer) => answer.source === source);
    const { enqueued, declined, deadLettered, withoutRoute } = tallyOf(ofSource);
    count(source ?? 'unknown', {
      FindingsEnqueued: enqueued,
      FindingsDeclined: declined,
      FindingsDeadLettered: deadLettered,
      FindingsWithoutRoute: withoutRoute,
    });
  }
}

function giveBack(failed: ReadonlySet<Received>, tally: Tally) {
  const unqueued = [...failed].find(({ itemIdentifier }) => itemIdentifier === undefined);
  if (unqueued) throw new Error(`finding ${unqueued.messageId} could not be taken in: try again`);
  return {
    batchItemFailures: [...failed].map(({ itemIdentifier = '' }) => ({ itemIdentifier })),
    tally,
  };
}

/** Asks for the surveys of a message; `false`: SQS refused one, and the message comes back. A look twice does no harm. */
async function surveyed(
  { sqs, looksQueueUrl }: IntakeContext,
  { message, readings }: Answer,
): Promise<boolean> {
  try {
    for (const reading of readings) {
      if ('survey' in reading) await askForSurvey(sqs, looksQueueUrl, reading.survey);
    }
    return true;
  } catch (error) {
    const { messageId } = message;
    log('error', 'a survey could not be asked for', { messageId, error: String(error) });
    return false;
  }
}

/** Keeps what could not be used of a message, in one letter; `false`: SQS refused it, and the message comes back. */
async function deadLetterFor(
  { sqs, environment }: IntakeContext,
  { message, readings }: Answer,
): Promise<boolean> {
  const reasons = new Set(readings.flatMap((reading) => ('unusable' in reading ? [reading.unusable] : [])));
  if (reasons.size === 0) return true;
  const { text, messageId } = message;
  const reason = reasonOf([...reasons], text);
  // The text too: ids come from envelopes, and another message under the same id is not to be dropped.
  const id = createHash('sha256')
    .update(JSON.stringify([messageId, reason, text]))
    .digest('hex');
  try {
    await deadLetter(sqs, environment.deadLetterQueueUrl, {
      body: text === '' ? '-' : cut(text),
      reason,
      source: 'findings',
      id,
      group: id,
    });
    return true;
  } catch (error) {
    log('error', 'a finding could not be put on the dead-letter queue', { error: String(error) });
    return false;
  }
}

function reasonOf(reasons: readonly string[], text: string): string {
  const said = reasons.slice(0, LIMITS.reasons).map((reason) => clip(reason, 512));
  const more = reasons.length - said.length;
  const bytes = Buffer.byteLength(text);
  return [
    ...said,
    ...(more > 0 ? [`and ${more} more reasons`] : []),
    ...(bytes > LIMITS.letterBytes ? [`its ${bytes} bytes are cut to ${LIMITS.letterBytes}`] : []),
  ].join('; ');
}

/** A character that is cut in two at the end becomes one that stands for the unknown. */
function cut(text: string): string {
  const bytes = Buffer.from(text);
  return bytes.length <= LIMITS.letterBytes ? text : bytes.toString('utf8', 0, LIMITS.letterBytes);
}
