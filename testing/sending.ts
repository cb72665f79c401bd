import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PublishBatchCommand } from '@aws-sdk/client-sns';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { accountOf } from '../local/demo/account';
import type { Installation } from '../local/installation';
import { queueUrlOf } from './drained';
import type { Mutation, Way } from './mutations';

/** Sends each message to the installation on its own way, in as few calls as AWS allows. */
export async function send(installation: Installation, messages: readonly Mutation[]): Promise<void> {
  const account = accountOf(installation);
  const events = new EventBridgeClient({
    ...{ endpoint: installation.endpoint, region: installation.region },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  for (const batch of batches(messages.filter(({ way }) => way === 'topic'))) {
    const { Failed } = await account.sns.send(
      new PublishBatchCommand({
        TopicArn: installation.findingsTopicArn,
        PublishBatchRequestEntries: batch.map(({ text }, index) => ({ Id: String(index), Message: text })),
      }),
    );
    expect(Failed ?? []).toEqual([]);
  }
  for (const batch of batches(messages.filter(({ way }) => way === 'event'))) {
    const Entries = batch.map(({ text }) => {
      const { source, type, detail } = JSON.parse(text) as { source: string; type: string; detail: object };
      return { Source: source, DetailType: type, Detail: JSON.stringify(detail) };
    });
    const { FailedEntryCount } = await events.send(new PutEventsCommand({ Entries }));
    expect(FailedEntryCount).toBe(0);
  }
  for (const batch of batches(messages.filter(({ way }) => way !== 'topic' && way !== 'event'))) {
    const { Failed } = await account.sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrlOf(installation, 'findings'),
        Entries: batch.map(({ way, text }, index) => ({
          Id: String(index),
          MessageBody: way === 'raw' ? text : envelope(installation, way, text),
        })),
      }),
    );
    expect(Failed ?? []).toEqual([]);
  }
  events.destroy();
}

function envelope({ findingsTopicArn }: Installation, way: Way, Message: string): string {
  const TopicArn = `${findingsTopicArn}${way === 'otherTopic' ? '-of-others' : ''}`;
  return JSON.stringify({ Type: 'Notification', TopicArn, Message, Timestamp: '2026-11-21T10:00:00.000Z' });
}

/** Ten at most, and under what SNS takes in one call. */
function batches(messages: readonly Mutation[]): Mutation[][] {
  const all: Mutation[][] = [];
  let bytes = Infinity;
  for (const message of messages) {
    const size = Buffer.byteLength(message.text);
    if ((all.at(-1)?.length ?? 10) === 10 || bytes + size > 240_000) {
      all.push([]);
      bytes = 0;
    }
    all.at(-1)?.push(message);
    bytes += size;
  }
  return all;
}
