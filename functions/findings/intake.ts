import { createHash } from 'node:crypto';
import type { SQSBatchResponse } from 'aws-lambda';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { CatalogueEntry } from '../../shared/catalogue';
import type { Config } from '../../shared/config';
import type { Environment } from '../../shared/environment';
import { log } from '../../shared/log';
import type { Remediation } from '../../shared/message';
import { deadLetter, enqueue } from '../../shared/queue';
import { readFinding } from './read';
import { type Received, unwrap } from './records';

/** What the intake works with; tests give their own. */
export interface Desk {
  readonly config: Config;
  readonly catalogue: readonly CatalogueEntry[];
  readonly environment: Environment;
  readonly sqs: SQSClient;
}

/** What became of the findings of one event. */
export interface Tally {
  enqueued: number;
  declined: number;
  deadLettered: number;
}

/**
 * Takes in the findings of one event. Findings that ask for a repair go to the remediation queue, those that
 * cannot be used to the dead-letter queue with the reason; if AWS refuses either, the messages come back.
 */
export async function takeIn(
  desk: Desk,
  event: unknown,
): Promise<SQSBatchResponse & { readonly tally: Tally }> {
  const tally: Tally = { enqueued: 0, declined: 0, deadLettered: 0 };
  const messages = unwrap(event);
  const accepted: Remediation[] = [];
  const failed = new Set<Received>();
  for (const message of messages) {
    for (const reading of readFinding({ ...desk, ...desk.environment }, message).readings) {
      if ('remediation' in reading) accepted.push(reading.remediation);
      else if ('declined' in reading) {
        tally.declined += 1;
        log('info', 'declined', { messageId: message.messageId, reason: reading.declined });
      } else {
        await letter(desk, message, reading.unusable).then(
          () => (tally.deadLettered += 1),
          (error: unknown) => {
            log('error', 'a finding could not be put on the dead-letter queue', { error: String(error) });
            failed.add(message);
          },
        );
      }
    }
  }
  try {
    await enqueue(desk.sqs, desk.environment.queueUrl, accepted);
    tally.enqueued = accepted.length;
  } catch (error) {
    // Deduplication makes it harmless to take in again what was sent before the error.
    log('error', 'findings could not be enqueued', { error: String(error) });
    for (const message of messages) failed.add(message);
  }
  log('info', 'intake', { messages: messages.length, ...tally });
  return giveBack(failed, tally);
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
  const id = createHash('sha256').update(`${messageId}/${reason}`).digest('hex');
  await deadLetter(sqs, environment.deadLetterQueueUrl, {
    body: text === '' ? '-' : text,
    reason,
    source: 'findings',
    id,
    group: id,
  });
}
