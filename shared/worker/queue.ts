import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  type Message,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { MESSAGE_BYTES, type Remediation, deduplicationIdOf, groupOf } from './message';

/** Ten messages, and the sum of their bodies: the limits of one batch. Source: SQS SendMessageBatch. */
const BATCH_MESSAGES = 10;
const BATCH_BYTES = 256 * 1024;

/**
 * Puts remediations on the queue in as few calls as SQS allows.
 *
 * @throws Error when SQS refuses any of them; those sent before stay sent, and deduplication makes trying
 * again harmless.
 */
export async function enqueue(sqs: SQSClient, queueUrl: string, remediations: readonly Remediation[]) {
  for (const batch of batches(remediations)) {
    const { Failed = [] } = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: batch.map(({ remediation, body }, index) => ({
          Id: String(index),
          MessageBody: body,
          MessageGroupId: groupOf(remediation),
          MessageDeduplicationId: deduplicationIdOf(remediation),
        })),
      }),
    );
    const [first] = Failed;
    if (first)
      throw new Error(`SQS refused ${Failed.length} messages: ${first.Code ?? ''} ${first.Message ?? ''}`);
  }
}

/** A message that cannot be used, with why, for people to look at. */
export interface DeadLetter {
  readonly body: string;
  /** One sentence: what is wrong with it and what to do. */
  readonly reason: string;
  /** Where it came from: `coordinator`, a bot's id, a source of findings. */
  readonly source: string;
  /** Tells repetitions apart from new ones, and keeps the resource's messages in order. */
  readonly id: string;
  readonly group: string;
}

/** Puts a message on the dead-letter queue with its reason as an attribute. */
export async function deadLetter(sqs: SQSClient, deadLetterQueueUrl: string, message: DeadLetter) {
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: deadLetterQueueUrl,
      MessageBody: printable(message.body),
      MessageGroupId: message.group,
      MessageDeduplicationId: message.id,
      MessageAttributes: {
        reason: { DataType: 'String', StringValue: attribute(message.reason) },
        source: { DataType: 'String', StringValue: attribute(message.source) },
      },
    }),
  );
}

/** What stays the same of a message that is put back as a new one: which it was first, and when SQS first took it. */
export interface Origin {
  readonly messageId: string;
  readonly sentAt: number;
}

/** The longest that SQS delays a message, in seconds. Source: SQS SendMessage, DelaySeconds. */
export const MAX_DELAY_SECONDS = 900;

/** Puts a message where it waits for so many seconds, at most {@link MAX_DELAY_SECONDS}. */
export async function letWait(
  sqs: SQSClient,
  waitingQueueUrl: string,
  { body, seconds, ...origin }: Origin & { readonly body: string; readonly seconds: number },
) {
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: waitingQueueUrl,
      MessageBody: printable(body),
      DelaySeconds: Math.min(Math.max(0, Math.ceil(seconds)), MAX_DELAY_SECONDS),
      MessageAttributes: originAttributes(origin),
    }),
  );
}

/** Puts a message that has waited at the end of its resource's line. `id` tells repetitions of this very move apart. */
export async function putBack(
  sqs: SQSClient,
  queueUrl: string,
  {
    body,
    group,
    id,
    ...origin
  }: Origin & { readonly body: string; readonly group: string; readonly id: string },
) {
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: body,
      MessageGroupId: group,
      MessageDeduplicationId: `back-${id}`,
      MessageAttributes: originAttributes(origin),
    }),
  );
}

function originAttributes({ messageId, sentAt }: Origin) {
  return {
    messageId: { DataType: 'String', StringValue: attribute(messageId) },
    sentAt: { DataType: 'Number', StringValue: String(sentAt) },
  };
}

/** Which message it was first: itself, or what it says that it was before it waited. */
export function originOf({ MessageId = '', Attributes, MessageAttributes }: Message): Origin {
  const sentAt = Number(MessageAttributes?.sentAt?.StringValue);
  return {
    messageId: MessageAttributes?.messageId?.StringValue ?? MessageId,
    sentAt: Number.isFinite(sentAt) ? sentAt : Number(Attributes?.SentTimestamp),
  };
}

/** Takes a message off the queue: it is answered for. */
export async function takeOff(sqs: SQSClient, queueUrl: string, receiptHandle: string) {
  await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receiptHandle }));
}

/**
 * Takes messages off the queue, ten in a call.
 *
 * @throws Error when SQS refuses any of them: those come back.
 */
export async function takeOffAll(sqs: SQSClient, queueUrl: string, receiptHandles: readonly string[]) {
  for (let first = 0; first < receiptHandles.length; first += BATCH_MESSAGES) {
    const batch = receiptHandles.slice(first, first + BATCH_MESSAGES);
    const { Failed = [] } = await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: batch.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle })),
      }),
    );
    const [refused] = Failed;
    if (refused)
      throw new Error(
        `SQS did not take ${Failed.length} messages off: ${refused.Message ?? refused.Code ?? ''}`,
      );
  }
}

/** Lets a message be received again after so many seconds. */
export async function handBack(sqs: SQSClient, queueUrl: string, receiptHandle: string, seconds: number) {
  await sqs.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: queueUrl,
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: seconds,
    }),
  );
}

function* batches(remediations: readonly Remediation[]) {
  let batch: { remediation: Remediation; body: string }[] = [];
  let bytes = 0;
  for (const remediation of remediations) {
    const body = bodyOf(remediation);
    const size = Buffer.byteLength(body);
    if (batch.length === BATCH_MESSAGES || bytes + size > BATCH_BYTES) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push({ remediation, body });
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

/** A message that is too large loses its preview, which is only for people to read. */
function bodyOf(remediation: Remediation): string {
  const body = sendable(remediation);
  if (Buffer.byteLength(body) <= MESSAGE_BYTES) return body;
  const { preview: _, ...rest } = remediation;
  return sendable(rest);
}

/** SQS refuses these two characters, and with them every message of the finding; JSON can write them otherwise. */
function sendable(value: object): string {
  return JSON.stringify(value).replace(/[\ufffe\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);
}

/** What SQS takes as a body or an attribute. Source: SQS SendMessage, the characters of XML 1.0. */
function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu, '\ufffd') || '-';
}

/** One line, and not endless. */
function attribute(text: string): string {
  return printable(text.slice(0, 2048)).replace(/[\t\r\n]/g, ' ');
}
