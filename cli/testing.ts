/** An installation of its own for a test of the command line, on local AWS, and a terminal that keeps what is said. */
import { randomBytes } from 'node:crypto';
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetBucketTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
  SetQueueAttributesCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { catalogueEntry } from '../tools/catalogue';
import { bots } from '../functions/remediators';
import { catalogue } from '../functions/remediators/catalogue';
import { SQS_DEFAULTS } from '../shared/aws/clients';
import { undefinedIfGone } from '../shared/aws/errors';
import type { AnyBot } from '../shared/bot/bot';
import type { Config } from '../shared/config';
import { journal } from '../shared/worker/journal';
import { type Remediation, VISIBILITY_SECONDS } from '../shared/worker/message';
import type { Target } from '../shared/resources/target';
import { journalTableOf } from './installation';
import { namesOf } from './place';
import { main } from './main';
import type { Printable } from './terminal/print';
import { TEST_BOTS, TEST_PAGE, tagging, tagsIn } from './testing-bots';
import { type Io, begun } from './terminal/io';

/** Where everything of a test lies. */
export const REGION = 'eu-west-1';
/** The account of local AWS for keys that name none. */
export const ACCOUNT = '123456789012';

/** What a command printed and how it ended. */
export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
  /** The document of `--json`. */
  readonly json: () => unknown;
}

/** How a command is run. */
export interface Running {
  readonly config?: Partial<Config>;
  /** The text of config.ts. */
  readonly source?: string;
  /** Answers questions; without it nobody is there to ask. */
  readonly answer?: boolean;
  readonly columns?: number;
  readonly colour?: boolean;
  /** Presses Ctrl-C as soon as somebody listens for it. */
  readonly interrupt?: boolean;
  /** A person reads stdout. */
  readonly isTerminal?: boolean;
  /** What is typed to questions, one after the other; then nothing. */
  readonly answers?: readonly string[];
}

/** Makes queues, topic and table under a stage of their own. */
export async function newInstallation() {
  const stage = `t${randomBytes(5).toString('hex')}`;
  const names = namesOf(stage);
  const sqs = new SQSClient({ region: REGION, ...SQS_DEFAULTS });
  const db = new DynamoDBClient({ region: REGION });
  const stacks = new CloudFormationClient({ region: REGION });
  await stacks.send(stackOf(names.stack));
  const journalTable = (await journalTableOf(stacks, stage)) ?? '';
  const deadLetterUrl = await fifo(sqs, names.deadLetterQueue);
  const queueUrl = await fifo(sqs, names.remediationQueue);
  await sqs.send(new CreateQueueCommand({ QueueName: names.waitingQueue }));
  const topic = await new SNSClient({ region: REGION }).send(
    new CreateTopicCommand({ Name: names.eventsTopic }),
  );
  const told = await eavesdrop(sqs, topic.TopicArn ?? '', stage);
  return {
    stage,
    sqs,
    queueUrl,
    deadLetterUrl,
    journalTable,
    journal: journal(journalTable, db),
    told,
    run: (argv: readonly string[], running?: Running) =>
      run([...argv, '--stage', stage, '--region', REGION], running),
    /** Puts a message on the remediation queue. */
    send: async (body: Remediation | string, group = 'g') => {
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: typeof body === 'string' ? body : JSON.stringify(body),
          MessageGroupId: group,
          MessageDeduplicationId: randomBytes(16).toString('hex'),
        }),
      );
    },
  };
}

/** Runs the command as a process would, without one. */
export async function run(
  argv: readonly string[],
  {
    config,
    source = '',
    answer,
    columns = 100,
    colour = false,
    interrupt = false,
    isTerminal = false,
    answers = [],
  }: Running = {},
): Promise<Ran> {
  const typed = [...answers];
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    out: (line: Printable) => void out.push(line),
    err: (line: Printable) => void err.push(line),
    columns,
    colour,
    isTerminal,
    ...(answer !== undefined && {
      ask: (question: Printable) => {
        err.push(question);
        return Promise.resolve(answer);
      },
    }),
    ...(answers.length > 0 && {
      question: (about: Printable) => {
        err.push(about);
        return Promise.resolve(typed.shift() ?? '');
      },
    }),
    during: (_what, work) => begun(work),
    onInterrupt: (handler) => {
      if (interrupt) handler();
      return () => undefined;
    },
  };
  const exit = await main(argv, {
    io,
    config: () => Promise.resolve({ enable_auto_response: false, bots: {}, ...config }),
    configIn: async (path) => ((await import(path)) as { default: Config }).default,
    configFile: () => Promise.resolve({ path: 'config.ts', text: source }),
    catalogue: () => Promise.resolve([...catalogue, ...TEST_BOTS.map((bot) => catalogueEntry(bot, 'test'))]),
    registry: () => Promise.resolve({ ...bots, ...Object.fromEntries(TEST_BOTS.map(lazily)) }),
    pageOf: () => Promise.resolve(TEST_PAGE),
  });
  return {
    exit,
    out: out.join('\n'),
    err: err.join('\n'),
    json: () => JSON.parse(out.join('\n')) as unknown,
  };
}

/** A bucket for the bots of the tests. */
export async function newBucket(tags: Record<string, string> = {}): Promise<Target> {
  const id = `b-${randomBytes(8).toString('hex')}`;
  await s3().send(
    new CreateBucketCommand({ Bucket: id, CreateBucketConfiguration: { LocationConstraint: REGION } }),
  );
  await setTags(id, tags);
  return { account: ACCOUNT, region: REGION, type: 'AWS::S3::Bucket', id };
}

/** Changes a bucket behind selfheal's back. */
export async function setTags(Bucket: string, tags: Record<string, string>): Promise<void> {
  await s3().send(tagging(Bucket, tags));
}

/** The tags of a bucket now. */
export async function tagsOf(Bucket: string): Promise<Record<string, string>> {
  const reply = await undefinedIfGone(s3().send(new GetBucketTaggingCommand({ Bucket })), 'NoSuchTagSet');
  return tagsIn(reply?.TagSet);
}

/** A message for the test's bot. */
export function remediationFor(target: Target, more: Partial<Remediation> = {}): Remediation {
  return {
    version: 1,
    bot: 'test_tag_bucket',
    target,
    params: {},
    finding: { source: 'generic', id: randomBytes(8).toString('hex'), time: new Date().toISOString() },
    ...more,
  };
}

/** How many messages wait, and how many are out. */
export async function countsOf(sqs: SQSClient, QueueUrl: string): Promise<{ waiting: number; out: number }> {
  const { Attributes: counts } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return {
    waiting: Number(counts?.ApproximateNumberOfMessages),
    out: Number(counts?.ApproximateNumberOfMessagesNotVisible),
  };
}

function lazily(bot: AnyBot): [string, () => Promise<{ bot: AnyBot }>] {
  return [bot.id, () => Promise.resolve({ bot })];
}

function s3(): S3Client {
  return new S3Client({ region: REGION });
}

/** As in deploy/resources.yml. */
async function fifo(sqs: SQSClient, QueueName: string): Promise<string> {
  const Attributes = {
    FifoQueue: 'true',
    DeduplicationScope: 'messageGroup',
    FifoThroughputLimit: 'perMessageGroupId',
    VisibilityTimeout: String(VISIBILITY_SECONDS),
  };
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  return QueueUrl;
}

/** The part of the stack that is found by its outputs: the journal, as in deploy/resources.yml. */
function stackOf(StackName: string): CreateStackCommand {
  const range = { AttributeName: 'startedAt', KeyType: 'RANGE' };
  const JournalTable = {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['id', 'kind', 'bot', 'resource', 'startedAt'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        ['all', 'kind'],
        ['bot', 'bot'],
        ['resource', 'resource'],
      ].map(([IndexName, AttributeName]) => ({
        IndexName,
        KeySchema: [{ AttributeName, KeyType: 'HASH' }, range],
        Projection: { ProjectionType: 'ALL' },
      })),
    },
  };
  return new CreateStackCommand({
    StackName,
    TemplateBody: JSON.stringify({
      Resources: { JournalTable },
      Outputs: { JournalTable: { Value: { Ref: 'JournalTable' } } },
    }),
  });
}

/** Subscribes to the events topic; answers with the outcomes told so far. */
async function eavesdrop(sqs: SQSClient, topicArn: string, stage: string) {
  const { SubscribeCommand } = await import('@aws-sdk/client-sns');
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `told-${stage}` }));
  const arn = `arn:aws:sqs:${REGION}:${ACCOUNT}:told-${stage}`;
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '0' } }));
  await new SNSClient({ region: REGION }).send(
    new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint: arn }),
  );
  return async (): Promise<Record<string, unknown>[]> => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    return Messages.map(({ Body = '' }) => {
      const { Message } = JSON.parse(Body) as { Message: string };
      return JSON.parse(Message) as Record<string, unknown>;
    });
  };
}
