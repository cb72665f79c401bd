import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type LocalAws, startAws } from './aws';

let aws: LocalAws;
let sqs: SQSClient;
let queues = 0;

beforeAll(async () => {
  aws = await startAws();
  sqs = new SQSClient({
    endpoint: aws.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    useQueueUrlAsEndpoint: false,
  });
});

afterAll(async () => {
  sqs.destroy();
  await aws.stop();
});

test('one receive hands out a group in order, and no other receive gets at that group meanwhile', async () => {
  const url = await fifo();
  await send(url, 'a', '1');
  await send(url, 'a', '2');
  await send(url, 'b', '3');

  expect(bodies(await receive(url, 2))).toEqual(['a1', 'a2']);
  expect(bodies(await receive(url))).toEqual(['b3']);
  expect(await receive(url)).toEqual([]);
});

test('deleting all that is held of a group lets the rest of it out', async () => {
  const url = await fifo();
  await send(url, 'a', '1');
  await send(url, 'a', '2');
  const [first] = await receive(url, 1);
  expect(await receive(url)).toEqual([]);

  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle }));
  expect(bodies(await receive(url))).toEqual(['a2']);
});

test('a message handed back comes before those behind it', async () => {
  const url = await fifo();
  await send(url, 'a', '1');
  await send(url, 'a', '2');
  const [first] = await receive(url, 1);
  await show(url, first);

  expect(bodies(await receive(url))).toEqual(['a1', 'a2']);
});

test('the same deduplication id is dropped within its group only, also after the message is gone', async () => {
  const url = await fifo({ DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' });
  const sent = await send(url, 'a', '1');
  const [message] = await receive(url);
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message?.ReceiptHandle }));

  expect((await send(url, 'a', '1')).MessageId).toBe(sent.MessageId);
  expect(await receive(url)).toEqual([]);
  await send(url, 'b', '1');
  expect(bodies(await receive(url))).toEqual(['b1']);
});

test('a receive after the last allowed one moves the message to the dead letters and frees its group', async () => {
  const dead = await fifo();
  const url = await fifo();
  const deadLetterTargetArn = (await attributes(dead)).QueueArn;
  await sqs.send(
    new SetQueueAttributesCommand({
      QueueUrl: url,
      Attributes: { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 }) },
    }),
  );
  await send(url, 'a', '1');
  await send(url, 'a', '2');
  await show(url, (await receive(url, 1))[0]);
  expect(bodies(await receive(dead))).toEqual([]);

  expect(bodies(await receive(url))).toEqual(['a2']);
  expect(bodies(await receive(dead))).toEqual(['a1']);
});

test('a receipt handle ends with the visibility timeout', async () => {
  const url = await fifo({ VisibilityTimeout: '1' });
  await send(url, 'a', '1');
  const [message] = await receive(url);
  expect(bodies(await receive(url, 1, 3))).toEqual(['a1']);

  const old = new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message?.ReceiptHandle });
  await expect(sqs.send(old)).rejects.toThrow('The receipt handle has expired');
});

test('setting one attribute leaves the policy of the queue', async () => {
  const url = await fifo();
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sqs:*' }] });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { Policy } }));
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { VisibilityTimeout: '7' } }));

  expect(await attributes(url)).toMatchObject({
    VisibilityTimeout: '7',
    Policy: expect.stringContaining('sqs:*'),
  });
});

test('eight consumers get every one of a thousand messages once, in seconds', async () => {
  const { QueueUrl: url = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'thousand' }));
  for (let batch = 0; batch < 100; batch += 1) {
    const Entries = Array.from({ length: 10 }, (_, index) => ({
      Id: `${index}`,
      MessageBody: `${batch}-${index}`,
    }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
  }
  const seen: string[] = [];
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let messages = await receive(url); messages.length > 0; messages = await receive(url)) {
        seen.push(...bodies(messages));
        const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle }));
        await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
      }
    }),
  );
  expect(seen).toHaveLength(1_000);
  expect(new Set(seen).size).toBe(1_000);
});

async function fifo(more: Record<string, string> = {}): Promise<string> {
  queues += 1;
  const create = new CreateQueueCommand({
    QueueName: `queue-${queues}.fifo`,
    Attributes: { FifoQueue: 'true', ...more },
  });
  return (await sqs.send(create)).QueueUrl ?? '';
}

function send(url: string, group: string, id: string) {
  return sqs.send(
    new SendMessageCommand({
      QueueUrl: url,
      MessageBody: `${group}${id}`,
      MessageGroupId: group,
      MessageDeduplicationId: id,
    }),
  );
}

async function receive(url: string, most = 10, wait = 0): Promise<Message[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: url,
    MaxNumberOfMessages: most,
    WaitTimeSeconds: wait,
  });
  return (await sqs.send(command)).Messages ?? [];
}

async function show(url: string, message: Message | undefined): Promise<void> {
  const { ReceiptHandle } = message ?? {};
  await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle, VisibilityTimeout: 0 }));
}

async function attributes(url: string): Promise<Record<string, string>> {
  const answer = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }));
  return answer.Attributes ?? {};
}

function bodies(messages: Message[]): string[] {
  return messages.map(({ Body }) => Body ?? '');
}
