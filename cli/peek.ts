import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  type QueueAttributeName,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { concurrently } from './concurrently';
import { Problem } from './terminal/errors';
import { EXIT } from './terminal/exit-codes';
import type { Queue } from './installation';
import { type Session, warn } from './session';

/** What a look into a queue found. */
export interface Peeked {
  readonly messages: readonly Message[];
  /** Waiting before the look began; SQS counts approximately. */
  readonly waiting: number;
  /** In somebody's hands. */
  readonly inFlight: number;
}

/** Long enough to read, short enough that a killed look does not hold up the coordinator. */
const VISIBILITY_SECONDS = 30;
/** Messages come back by themselves after the visibility; reading ends well before that. */
const READING_MS = 20_000;
const BATCH = 10;

/**
 * Reads messages and hands every one back at once, also when it is interrupted or fails. Messages of one group come
 * in line: while some are out, those behind them are not given out.
 *
 * @throws Problem after Ctrl-C.
 */
export async function peek(session: Session, queue: Queue, limit: number): Promise<Peeked> {
  return borrowing(session, queue, { limit, seconds: VISIBILITY_SECONDS }, (peeked) =>
    Promise.resolve(peeked),
  );
}

/** Lends the messages for as long as `use` works with them; those that it does not keep are handed back. */
export async function borrowing<T>(
  session: Session,
  queue: Queue,
  { limit, seconds }: { readonly limit: number; readonly seconds: number },
  use: (peeked: Peeked, keep: (message: Message) => void) => Promise<T>,
): Promise<T> {
  const { waiting, inFlight } = await countsOf(queue);
  const taken = new Map<string, Message>();
  const stopping = { now: false };
  const ignore = session.io.onInterrupt(() => {
    stopping.now = true;
  });
  try {
    const end = Date.now() + READING_MS;
    // A receive that is under way is waited for: what it takes must be handed back as well.
    let empty = 0;
    while (taken.size < limit && Date.now() < end && !stopping.now) {
      const messages = await receive(queue, seconds, Math.min(BATCH, limit - taken.size));
      for (const message of messages) taken.set(message.MessageId ?? '', message);
      empty = messages.length === 0 ? empty + 1 : 0;
      // SQS counts approximately: where it says that there is more, one empty answer is not believed.
      if (empty > 0 && (empty > 1 || taken.size >= waiting)) break;
    }
    if (stopping.now) throw new Problem('interrupted; every message has been handed back', EXIT.interrupted);
    const peeked = { messages: [...taken.values()], waiting: Math.max(waiting, taken.size), inFlight };
    return await use(peeked, ({ MessageId = '' }) => taken.delete(MessageId));
  } finally {
    await handBack(session, queue, [...taken.values()], seconds);
    ignore();
  }
}

/** How many messages are in a queue, those among them that nobody can read yet. */
export async function countAll({ sqs, url }: Queue): Promise<number> {
  const names = ['', 'NotVisible', 'Delayed'].map((state) => `ApproximateNumberOfMessages${state}` as const);
  const AttributeNames = names as QueueAttributeName[];
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames }),
  );
  return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
}

async function receive({ sqs, url }: Queue, seconds: number, most: number): Promise<readonly Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: most,
      VisibilityTimeout: seconds,
      // A long poll asks all of SQS's servers, a short one only some.
      WaitTimeSeconds: 1,
      MessageSystemAttributeNames: ['MessageGroupId', 'SentTimestamp', 'ApproximateReceiveCount'],
      MessageAttributeNames: ['reason', 'source', 'messageId', 'sentAt'],
    }),
  );
  return Messages;
}

async function countsOf({ sqs, url }: Queue) {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return {
    waiting: Number(Attributes.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
  };
}

async function handBack(
  session: Session,
  { sqs, url }: Queue,
  messages: readonly Message[],
  seconds: number,
): Promise<void> {
  const batches = Array.from({ length: Math.ceil(messages.length / BATCH) }, (_, index) =>
    messages.slice(index * BATCH, (index + 1) * BATCH),
  );
  try {
    await concurrently(batches, 8, async (batch) => {
      const { Failed = [] } = await sqs.send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl: url,
          Entries: batch.map(({ ReceiptHandle }, index) => ({
            Id: String(index),
            ReceiptHandle,
            VisibilityTimeout: 0,
          })),
        }),
      );
      const [first] = Failed;
      if (first) throw new Error(`${first.Code ?? ''} ${first.Message ?? ''}`);
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    warn(
      session,
      `not every message could be handed back (${why}): they come back within ${seconds} seconds`,
    );
  }
}
