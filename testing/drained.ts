import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Installation } from '../local/installation';

/** The URL of a queue of the installation, by the end of its name. */
export function queueUrlOf({ queueUrl }: Installation, name: string): string {
  return queueUrl.replace(/remediation\.fifo$/, name);
}

/** How many messages are on a queue, those in flight too. */
export async function depth(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  return (
    Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible)
  );
}

/** Everything on a queue, which is empty then. */
export async function drained(
  sqs: SQSClient,
  QueueUrl: string,
): Promise<{ id: string; body: string; reason: string }[]> {
  const all: Message[] = [];
  while ((await depth(sqs, QueueUrl)) > 0) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        ...{ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 },
        ...{ MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'] },
      }),
    );
    if (Messages.length === 0) continue;
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    all.push(...Messages);
  }
  return all.map(({ Body = '', Attributes, MessageAttributes }) => ({
    ...{ id: Attributes?.MessageDeduplicationId ?? '', body: Body },
    reason: MessageAttributes?.reason?.StringValue ?? '',
  }));
}

/** Waits for the count, as long as there is progress towards it now and then. */
export async function progressing(count: () => number | Promise<number>, wanted: number): Promise<void> {
  let [most, since] = [-Infinity, Date.now()];
  for (let now = await count(); now < wanted; now = await count()) {
    if (now > most) [most, since] = [now, Date.now()];
    if (Date.now() - since > 120_000) throw new Error(`stuck at ${now} of ${wanted} for two minutes`);
    await sleep(250);
  }
}
