import { InvokeCommand } from '@aws-sdk/client-lambda';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { coordinate } from '../functions/coordinator/coordinate';
import { catalogue } from '../functions/remediators/catalogue';
import config from '../local/demo/config';
import { VISIBILITY_SECONDS } from '../shared/worker/message';
import { REGION, coordinatorClients, quietly } from './aws';
import { ACCOUNT } from './messages';
import { type Stub, startStub } from './stub';
import { type Row, median } from './table';

const MESSAGES = 5_000;
/** One after the other takes its time: fewer are enough to know how fast it is. */
const MESSAGES_ONE_BY_ONE = 400;
/** Until the compiler has seen it all. */
const WARM_UP = 2_000;
const ROUNDS = 5;
const QUEUE = `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/selfheal-prod-remediation.fifo`;
/** Time is never up. */
const NEVER = () => Infinity;

/** Drains what the stub holds with selfheal's coordinator, as its function does in one tick. */
export async function drain(endpoint: string): Promise<void> {
  const { sqs, lambda } = coordinatorClients(endpoint);
  await quietly(() =>
    coordinate(
      {
        rules: { config, accountId: ACCOUNT, region: REGION, catalogue },
        environment: {
          accountId: ACCOUNT,
          region: REGION,
          queueUrl: QUEUE,
          deadLetterQueueUrl: QUEUE,
          eventsTopicArn: '',
          journalTable: '',
          functionPrefix: 'selfheal-prod-',
          stage: 'prod',
        },
        sqs,
        lambda,
        standing: () => Promise.resolve(undefined),
        membership: () => Promise.resolve(undefined),
        gate: () => Promise.resolve(undefined),
        units: () => Promise.resolve(undefined),
        journal: { asides: () => Promise.resolve(new Map()), stops: () => Promise.resolve({}) },
        waiting: { moveBack: () => Promise.resolve(), keep: () => undefined, keeps: () => undefined },
        waitingQueueUrl: QUEUE,
        brake: { room: () => Promise.resolve(10), took: () => undefined },
        tell: ({ reason }) =>
          Promise.reject(new Error(`nothing is wrong with the messages: ${reason ?? ''}`)),
      },
      NEVER,
      'tick',
    ),
  );
  sqs.destroy();
  lambda.destroy();
}

/** The coordinator's throughput beside a loop that only receives and invokes, and beside DD-AWS's loop. */
export async function measureCoordinator(say: (line: string) => void): Promise<Row[]> {
  const stub = await startStub();
  try {
    await messagesPerSecond(stub, WARM_UP, () => drain(stub.endpoint));
    const { receivers } = await stub.seen();
    await messagesPerSecond(stub, WARM_UP, () => bareLoops(stub.endpoint, receivers));
    const rounds = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const [ours, bare] = await inTurns(round, [
        () => messagesPerSecond(stub, MESSAGES, () => drain(stub.endpoint)),
        () => messagesPerSecond(stub, MESSAGES, () => bareLoops(stub.endpoint, receivers)),
      ]);
      const oneByOne = await messagesPerSecond(stub, MESSAGES_ONE_BY_ONE, () =>
        oneAfterTheOther(stub.endpoint),
      );
      say(
        `round ${round} of ${ROUNDS}: ${ours.toFixed()} ${bare.toFixed()} ${oneByOne.toFixed()} messages/s`,
      );
      rounds.push({ ours, bare, oneByOne });
    }
    const value = median(rounds.map(({ ours }) => ours));
    return [
      {
        what: `coordinator, ${MESSAGES} messages`,
        value,
        unit: 'messages/s',
        each: rounds.map(({ ours }) => ours),
        beside: `bare receive and invoke, ${receivers} receivers`,
        besideValue: median(rounds.map(({ bare }) => bare)),
        besideEach: rounds.map(({ bare }) => bare),
        ratio: median(rounds.map(({ ours, bare }) => ours / bare)),
        goal: { atLeast: 0.9 },
      },
      {
        what: `coordinator, ${MESSAGES} messages`,
        value,
        unit: 'messages/s',
        beside: `DD-AWS's loop, ${MESSAGES_ONE_BY_ONE} messages`,
        besideValue: median(rounds.map(({ oneByOne }) => oneByOne)),
        besideEach: rounds.map(({ oneByOne }) => oneByOne),
        ratio: median(rounds.map(({ ours, oneByOne }) => ours / oneByOne)),
        goal: { atLeast: 10 },
      },
    ];
  } finally {
    await stub.stop();
  }
}

/** Runs both, the other first every other round: who comes second has the warmer machine. */
async function inTurns(
  round: number,
  [first, second]: readonly [() => Promise<number>, () => Promise<number>],
): Promise<readonly [number, number]> {
  if (round % 2 === 1) return [await first(), await second()];
  const later = await second();
  return [await first(), later];
}

async function messagesPerSecond(stub: Stub, messages: number, work: () => Promise<void>): Promise<number> {
  await stub.fill(messages);
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  const { received, invoked, others } = await stub.seen();
  if (received !== messages || invoked !== messages || others > 0) {
    throw new Error(`of ${messages} messages ${invoked} were handed on, with ${others} other calls`);
  }
  return messages / seconds;
}

/** What the coordinator's work comes to when nothing is looked at: the same receivers, all invokes at once. */
async function bareLoops(endpoint: string, receivers: number): Promise<void> {
  const { sqs, lambda } = coordinatorClients(endpoint);
  const loop = async () => {
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: QUEUE,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: VISIBILITY_SECONDS,
          MessageSystemAttributeNames: ['MessageGroupId', 'SentTimestamp'],
        }),
      );
      if (Messages.length === 0) return;
      await Promise.all(
        Messages.map(({ Body = '' }) =>
          lambda.send(
            new InvokeCommand({
              FunctionName: 'selfheal-prod-kms_enable_rotation',
              InvocationType: 'Event',
              Payload: Buffer.from(Body),
            }),
          ),
        ),
      );
    }
  };
  await Promise.all(Array.from({ length: receivers }, loop));
  sqs.destroy();
  lambda.destroy();
}

/** The loop of Defendable Design for AWS: receives ten, and invokes for one after the other. */
async function oneAfterTheOther(endpoint: string): Promise<void> {
  const { sqs, lambda } = coordinatorClients(endpoint);
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: QUEUE,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 180,
        WaitTimeSeconds: 3,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) break;
    for (const { Body = '', ReceiptHandle } of Messages) {
      const payload = {
        sqsUrl: QUEUE,
        receiptHandle: ReceiptHandle,
        messageBody: JSON.parse(Body) as unknown,
      };
      await lambda.send(
        new InvokeCommand({
          FunctionName: 'selfheal-prod-kms_enable_rotation',
          InvocationType: 'Event',
          Payload: Buffer.from(JSON.stringify(payload)),
        }),
      );
    }
  }
  sqs.destroy();
  lambda.destroy();
}
