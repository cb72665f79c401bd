import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { newAccount } from '../testing/account';

interface Counted {
  readonly role: string;
  readonly call: string;
  readonly on: string;
  readonly count: number;
}

const QUEUE = 'counted-by-tally';

async function receives(): Promise<Counted[]> {
  const answer = await fetch(`${process.env.AWS_ENDPOINT_URL ?? ''}/selfheal/calls`);
  return ((await answer.json()) as Counted[]).filter(
    ({ call, on }) => call === 'sqs:ReceiveMessage' && on === QUEUE,
  );
}

test('local AWS counts calls by role, operation and queue', async () => {
  const account = await newAccount();
  const Statement = [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }];
  const session = await account.confined(JSON.stringify({ Version: '2012-10-17', Statement }));
  const sqs = session(SQSClient);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: QUEUE }));
  for (let turn = 0; turn < 3; turn += 1) await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  const counted = await receives();
  expect(counted).toEqual([
    { role: expect.any(String) as string, call: 'sqs:ReceiveMessage', on: QUEUE, count: 3 },
  ]);
  expect(counted[0]?.role).not.toBe('');
});
