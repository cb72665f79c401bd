import { createHash } from 'node:crypto';
import type { SQSBatchResponse } from 'aws-lambda';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { CatalogueEntry } from '../../shared/catalogue';
import type { Config } from '../../shared/config';
import type { Environment } from '../../shared/worker/environment';
import { count, log } from '../../shared/worker/log';
import { deadLetter, enqueue } from '../../shared/worker/queue';
import { type Read, readFinding } from './read';
import { type Received, unwrap } from './records';
import { senderRefusal } from './senders';

/** What the intake works with; tests give their own. */
export interface Desk {
  readonly config: Config;
  readonly catalogue: readonly CatalogueEntry[];
  readonly environment: Environment;
  /** ARNs of the topics that findings may come over. */
  readonly topics: readonly string[];
  readonly sqs: SQSClient;
}

/**
 * What became of the findings of one event. Each finding counts once, under one of the first three; a message that is
 * handed back counts when it comes again.
 */
export interface Tally {
  enqueued: number;
  declined: number;
  deadLettered: number;
  /** Of those declined: neither config.ts nor a bot answers them. */
  withoutRoute: number;
}

interface Answer extends Read {
  readonly message: Received;
}

/**
 * Takes in the findings of one event. Findings that ask for a repair go to the remediation queue, those that
 * cannot be used to the dead-letter queue with the reason; if AWS refuses either, the messages come back.
 */
export async function takeIn(
  desk: Desk,
  event: unknown,
): Promise<SQSBatchResponse & { readonly tally: Tally }> {
  const answers = unwrap(event).map((message): Answer => ({ message, ...answerTo(desk, message) }));
  const failed = new Set<Received>();
  for (const { message, readings } of answers) {
    for (const reading of readings) {
      if ('declined' in reading) {
        log('info', 'declined', { messageId: message.messageId, reason: reading.declined });
      } else if ('unusable' in reading) {
        await letter(desk, message, reading.unusable).catch((error: unknown) => {
          log('error', 'a finding could not be put on the dead-letter queue', { error: String(error) });
          failed.add(message);
        });
      }
    }
  }
  try {
    const accepted = answers.flatMap(({ readings }) =>
      readings.flatMap((reading) => ('remediation' in reading ? [reading.remediation] : [])),
    );
    await enqueue(desk.sqs, desk.environment.queueUrl, accepted);
  } catch (error) {
    // Deduplication makes it harmless to take in again what was sent before the error.
    log('error', 'findings could not be enqueued', { error: String(error) });
    for (const { message } of answers) failed.add(message);
  }
  const taken = answers.filter(({ message }) => !failed.has(message));
  measure(taken);
  const tally = tallyOf(taken);
  log('info', 'intake', { messages: answers.length, handedBack: failed.size, ...tally });
  return giveBack(failed, tally);
}

function answerTo(desk: Desk, message: Received): Read {
  const rules = { ...desk, ...desk.environment };
  const refused = senderRefusal(rules, message);
  return refused === undefined ? readFinding(rules, message) : { readings: [{ unusable: refused }] };
}

function tallyOf(answers: readonly Answer[]): Tally {
  const readings = answers.flatMap((answer) => answer.readings);
  const declined = readings.filter((reading) => 'declined' in reading);
  return {
    enqueued: readings.filter((reading) => 'remediation' in reading).length,
    declined: declined.length,
    deadLettered: readings.filter((reading) => 'unusable' in reading).length,
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

async function letter(
  { sqs, environment }: Desk,
  { text, messageId }: Received,
  reason: string,
): Promise<void> {
  // The text too: ids come from envelopes, and another message under the same id is not to be dropped.
  const id = createHash('sha256')
    .update(JSON.stringify([messageId, reason, text]))
    .digest('hex');
  await deadLetter(sqs, environment.deadLetterQueueUrl, {
    body: text === '' ? '-' : text,
    reason,
    source: 'findings',
    id,
    group: id,
  });
}
