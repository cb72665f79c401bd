import { randomUUID } from 'node:crypto';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './sqs_configure_dlq';

const make = async ({ client }: Account, QueueName: string, Attributes: Record<string, string> = {}) =>
  (await client(SQSClient).send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';
const arnOf = ({ account }: Account, name: string) => `arn:aws:sqs:eu-west-1:${account}:${name}`;
const redrive = (account: Account, to: string) => ({
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf(account, to), maxReceiveCount: 3 }),
});
const queue =
  (Attributes: Record<string, string> = {}, name: string = randomUUID()) =>
  (account: Account) =>
    make(account, name, { VisibilityTimeout: '77', ...Attributes });

const untouched = async ({ client }: Account, QueueUrl: string) => {
  const { Attributes } = await client(SQSClient).send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout', 'KmsMasterKeyId'] }),
  );
  return Attributes;
};
const none = 'the queue has no dead-letter queue: give it one';
const both = ['sqs:CreateQueue', 'sqs:SetQueueAttributes'];
const to = (name: string, count = 50) => ({
  works: true,
  redrive: expect.stringMatching(new RegExp(`:${name}", ?"maxReceiveCount": ?${count}}$`)) as string,
});
const long = 'x'.repeat(80);

testBot(bot, {
  violating: [
    {
      name: 'none',
      given: queue({}, 'orders'),
      violation: none,
      writes: both,
      after: to('dlq-for-orders'),
      untouched,
    },
    {
      name: 'none, in order, with a key and a long name',
      given: queue({ FifoQueue: 'true', KmsMasterKeyId: 'alias/k' }, `${long.slice(5)}.fifo`),
      params: { maxReceiveCount: 7 },
      ...{ violation: none, writes: both, untouched },
      after: to(`dlq-for-${long.slice(13)}.fifo`, 7),
    },
    {
      name: 'none, but the queue for it is there',
      given: async (account) => {
        await make(account, 'dlq-for-orders');
        return queue({}, 'orders')(account);
      },
      ...{ violation: none, writes: ['sqs:SetQueueAttributes'], after: to('dlq-for-orders'), untouched },
    },
    {
      name: 'one that has been deleted',
      given: async (account) => {
        const QueueUrl = await make(account, 'lost');
        const url = await queue(redrive(account, 'lost'))(account);
        await account.client(SQSClient).send(new DeleteQueueCommand({ QueueUrl }));
        return url;
      },
      ...{ violation: /is itself or is not there \(arn:\S+:lost\)/, writes: both, untouched },
      irreversible: /does not take one that is not there/,
    },
  ],
  compliant: [
    {
      name: 'has one already',
      given: async (account) => {
        await make(account, 'mine');
        return queue(redrive(account, 'mine'))(account);
      },
    },
    {
      name: 'a dead-letter queue itself',
      given: async (account) => {
        const url = await make(account, 'mine');
        await queue(redrive(account, 'mine'))(account);
        return url;
      },
    },
  ],
  gone: `${process.env.AWS_ENDPOINT_URL ?? ''}/111122223333/gone`,
});
