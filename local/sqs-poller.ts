import { setTimeout as sleep } from 'node:timers/promises';
import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda';
import {
  DeleteMessageBatchCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import type { LambdaHost } from './lambda-host';

/** What a poller works with. */
export interface PollerOptions {
  sqs: SQSClient;
  host: Pick<LambdaHost, 'invoke'>;
  mapping: EventSourceMappingConfiguration;
  onError: (error: unknown) => void;
}

const MOST_OF_ONE_RECEIVE = 10;
/** Between two receives of one window, unless the first was full. */
const PAUSE_MS = 500;

/**
 * Polls a queue for a function, as Lambda's event source mapping does: batches up to its size or window, deletes
 * what succeeded, and leaves what failed hidden until the queue's visibility timeout brings it back.
 *
 * @returns A function that stops it after the batch that it is at.
 */
export function startPoller(options: PollerOptions): () => Promise<void> {
  const stopping = new AbortController();
  const workers = Math.min(options.mapping.ScalingConfig?.MaximumConcurrency ?? 4, 4);
  const loops = Array.from({ length: workers }, () => poll(options, stopping.signal));
  return async () => {
    stopping.abort();
    await Promise.all(loops);
  };
}

async function poll(options: PollerOptions, signal: AbortSignal): Promise<void> {
  const stopped = () => signal.aborted;
  let url: string | undefined;
  while (!stopped()) {
    try {
      url ??= await queueUrl(options);
      const messages = await batch(options, url, signal);
      if (messages.length > 0) await handOver(options, url, messages);
    } catch (error) {
      if (stopped()) return;
      options.onError(error);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

async function queueUrl({ sqs, mapping }: PollerOptions): Promise<string> {
  const name = mapping.EventSourceArn?.split(':').at(-1);
  return (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl ?? '';
}

async function batch({ sqs, mapping }: PollerOptions, url: string, signal: AbortSignal): Promise<Message[]> {
  const size = mapping.BatchSize ?? MOST_OF_ONE_RECEIVE;
  const window = (mapping.MaximumBatchingWindowInSeconds ?? 0) * 1000;
  const messages: Message[] = [];
  let until = Infinity;
  do {
    const wait = Math.min(5, Math.max(0, Math.ceil((until - Date.now()) / 1000)));
    const answer = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: Math.min(MOST_OF_ONE_RECEIVE, size - messages.length),
        WaitTimeSeconds: messages.length === 0 ? 5 : wait,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
      // What was received while stopping would stay hidden for nothing, so only an empty wait is cut off.
      messages.length === 0 ? { abortSignal: signal } : {},
    );
    const received = answer.Messages ?? [];
    messages.push(...received);
    if (messages.length > 0 && until === Infinity) until = Date.now() + window;
    // What trickles in is not asked for one by one: SQS is asked again when more may have come.
    if (messages.length > 0 && received.length < MOST_OF_ONE_RECEIVE && Date.now() < until) {
      await sleep(Math.max(0, Math.min(PAUSE_MS, until - Date.now())));
    }
  } while (!signal.aborted && messages.length > 0 && messages.length < size && Date.now() < until);
  return messages;
}

async function handOver(options: PollerOptions, url: string, messages: Message[]): Promise<void> {
  const { mapping } = options;
  const event = { Records: messages.map((message) => toRecord(message, mapping.EventSourceArn ?? '')) };
  const result = await options.host.invoke(mapping.FunctionArn ?? '', JSON.stringify(event));
  const partial = mapping.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false;
  const failed = result.functionError ? 'all' : failedItems(partial ? result.payload : 'null', messages);
  if (failed === 'all') return;
  const done = messages.filter((message) => !failed.has(message.MessageId ?? ''));
  for (let first = 0; first < done.length; first += MOST_OF_ONE_RECEIVE) {
    const Entries = done
      .slice(first, first + MOST_OF_ONE_RECEIVE)
      .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await options.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
  }
}

/**
 * Which messages a function says it could not process; an answer that names none of the batch, or is of no known
 * shape, fails the whole batch. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function failedItems(payload: string, messages: Pick<Message, 'MessageId'>[]): Set<string> | 'all' {
  const answer = JSON.parse(payload) as { batchItemFailures?: unknown } | null;
  const failures = answer === null || typeof answer !== 'object' ? undefined : answer.batchItemFailures;
  if (failures === undefined || failures === null) return new Set();
  if (!Array.isArray(failures)) return 'all';
  const known = new Set(messages.map(({ MessageId }) => MessageId));
  const ids = failures.map((each: unknown) => (each as { itemIdentifier?: unknown } | null)?.itemIdentifier);
  return ids.every((id) => typeof id === 'string' && known.has(id)) ? new Set(ids as string[]) : 'all';
}

function toRecord(message: Message, queueArn: string): SQSRecord {
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: message.Attributes as SQSRecord['attributes'],
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
        name,
        {
          dataType: (value.DataType ?? 'String') as 'String',
          stringValue: value.StringValue,
          binaryValue: value.BinaryValue && Buffer.from(value.BinaryValue).toString('base64'),
          stringListValues: [],
          binaryListValues: [],
        },
      ]),
    ),
    md5OfBody: message.MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(':')[3] ?? '',
  };
}
