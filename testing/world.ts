import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { SQS_DEFAULTS } from '../shared/aws/clients';
import type { ClientClasses, Clients } from '../shared/bot/bot';
import { type Account, newAccount } from './account';
import type { Environment } from '../shared/worker/environment';
import type { SelfhealEvent } from '../shared/worker/event';
import { type Aside, type Journal, journal, journalId } from '../shared/worker/journal';
import { type Delivery, type Dispatch, type Remediation, VISIBILITY_SECONDS } from '../shared/worker/message';
import { enqueue, handBack } from '../shared/worker/queue';

/** The queues, topic and table of an installation, in an account of local AWS of its own. */
export interface World {
  readonly account: Account;
  readonly environment: Environment;
  readonly sqs: SQSClient;
  readonly journal: Journal;
  /** What is tried again later waits here. */
  readonly waitingQueueUrl: string;
  readonly told: SelfhealEvent[];
  readonly tell: (event: SelfhealEvent) => Promise<void>;
  readonly clients: <C extends ClientClasses>(bot: { readonly clients: C }) => Clients<C>;
}

/** Makes the queues and the table as deploy/resources.yml does. */
export async function newWorld(): Promise<World> {
  const account = await newAccount();
  const Class = SQSClient;
  const credentials = account.client(Class).config.credentials;
  const sqs = new SQSClient({ ...SQS_DEFAULTS, region: account.region, credentials });
  const dynamodb = account.client(DynamoDBClient);
  const prefix = `selfheal-${randomUUID().slice(0, 8)}`;
  const fifo = {
    FifoQueue: 'true',
    DeduplicationScope: 'messageGroup',
    FifoThroughputLimit: 'perMessageGroupId',
  };
  const queue = async (name: string, MaximumMessageSize: number) => {
    const { QueueUrl = '' } = await sqs.send(
      new CreateQueueCommand({
        QueueName: `${prefix}-${name}.fifo`,
        Attributes: {
          ...fifo,
          VisibilityTimeout: String(VISIBILITY_SECONDS),
          MaximumMessageSize: String(MaximumMessageSize),
        },
      }),
    );
    return QueueUrl;
  };
  const { QueueUrl: waitingQueueUrl = '' } = await sqs.send(
    new CreateQueueCommand({ QueueName: `${prefix}-waiting` }),
  );
  const journalTable = `${prefix}-journal`;
  const S = 'S' as const;
  const index = (IndexName: string, AttributeName: string) => ({
    IndexName,
    KeySchema: [
      { AttributeName, KeyType: 'HASH' as const },
      { AttributeName: 'startedAt', KeyType: 'RANGE' as const },
    ],
    Projection: { ProjectionType: 'ALL' as const },
  });
  await dynamodb.send(
    new CreateTableCommand({
      TableName: journalTable,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['id', 'kind', 'bot', 'resource', 'startedAt'].map((AttributeName) => ({
        AttributeName,
        AttributeType: S,
      })),
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [index('all', 'kind'), index('bot', 'bot'), index('resource', 'resource')],
    }),
  );
  const told: SelfhealEvent[] = [];
  return {
    account,
    environment: {
      accountId: account.account,
      region: account.region,
      queueUrl: await queue('remediation', 256 * 1024),
      deadLetterQueueUrl: await queue('dead-letter', 1024 * 1024),
      eventsTopicArn: `arn:aws:sns:${account.region}:${account.account}:${prefix}-events`,
      journalTable,
      functionPrefix: `${prefix}-`,
      stage: 'prod',
    },
    sqs,
    journal: journal(journalTable, dynamodb),
    waitingQueueUrl,
    told,
    tell: (event) => Promise.resolve(void told.push(event)),
    clients: (bot) =>
      Object.fromEntries(
        Object.entries(bot.clients).map(([name, ClientOf]) => [name, account.client(ClientOf)]),
      ) as never,
  };
}

/** Puts remediations on the queue and receives them as the coordinator would. */
export async function dispatchOf(world: World, ...remediations: Remediation[]): Promise<Dispatch> {
  await enqueue(world.sqs, world.environment.queueUrl, remediations);
  return { deliveries: await receive(world), visibleAgainAt: Date.now() + VISIBILITY_SECONDS * 1000 };
}

/** The messages of a dispatch as they are delivered again, under receipts of their own. */
export async function redelivered(world: World, { deliveries }: Dispatch): Promise<Dispatch> {
  const { sqs, environment } = world;
  for (const { receiptHandle } of deliveries) {
    await handBack(sqs, environment.queueUrl, receiptHandle, 0).catch((error: unknown) => {
      // The bot has handed it back already.
      if (!/receipt handle has expired/i.test(String(error))) throw error;
    });
  }
  return { deliveries: await receive(world), visibleAgainAt: Date.now() + VISIBILITY_SECONDS * 1000 };
}

/** What a bot has noted about the messages of a dispatch, for the coordinator to set aside. */
export async function asidesOf(
  { journal: book }: World,
  { deliveries }: Dispatch,
): Promise<(Aside | undefined)[]> {
  const ids = deliveries.map(({ body, sentAt, messageId }) => journalId(body.bot, sentAt, messageId));
  const asides = await book.asides(ids);
  return ids.map((id) => asides.get(id));
}

/** Receives what is visible now. */
export async function receive(world: World): Promise<Delivery[]> {
  const messages = await receiveRaw(world, world.environment.queueUrl, VISIBILITY_SECONDS);
  return messages.map(({ MessageId = '', ReceiptHandle = '', Body = '', Attributes }) => ({
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    sentAt: Number(Attributes?.SentTimestamp),
    body: JSON.parse(Body) as Remediation,
    isFirst: Attributes?.ApproximateReceiveCount === '1',
  }));
}

/** The dead letters, with their reasons. */
export async function deadLetters(world: World): Promise<{ body: string; reason: string }[]> {
  const messages = await receiveRaw(world, world.environment.deadLetterQueueUrl, 0);
  return messages.map(({ Body = '', MessageAttributes }) => ({
    body: Body,
    reason: MessageAttributes?.reason?.StringValue ?? '',
  }));
}

/** How many messages lie on the remediation queue: to be received, and received already. */
export async function queued({ sqs, environment }: World): Promise<{ visible: number; inFlight: number }> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: environment.queueUrl, AttributeNames: ['All'] }),
  );
  return {
    visible: Number(Attributes?.ApproximateNumberOfMessages),
    inFlight: Number(Attributes?.ApproximateNumberOfMessagesNotVisible),
  };
}

async function receiveRaw({ sqs }: World, QueueUrl: string, VisibilityTimeout: number): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
  );
  return Messages;
}
