import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { bot } from '../functions/remediators/s3/s3_enable_versioning';
import { startAws } from '../local/aws';
import type { SingleAccount } from '../shared/accounts';
import { CLIENT_DEFAULTS, SQS_DEFAULTS, clientMaker } from '../shared/aws/clients';
import { sessions } from '../shared/aws/sessions';
import { type Worker, work } from '../shared/worker/serve';
import { journal } from '../shared/worker/journal';
import { type Delivery, type Remediation, VISIBILITY_SECONDS } from '../shared/worker/message';
import { decideOn } from '../shared/worker/decide';
import { planId } from '../shared/worker/plans';
import type { Config } from '../shared/config';
import { publish } from '../shared/worker/publish';
import { enqueue } from '../shared/worker/queue';
import { REGION, counter, quietly, settings } from './aws';
import { ACCOUNT } from './messages';
import { type Row, median } from './table';

const ROUNDS = 5;
/** Remediations of each way in a round. */
const TURNS = 16;
/** How a bot comes by its rights; `kept` has the session of an earlier remediation. */
const WAYS = {
  surrounding: { mode: 'single' },
  fresh: { mode: 'single', scopedSessions: true },
  kept: { mode: 'single', scopedSessions: true, sessionScope: 'account' },
} as const satisfies Record<string, SingleAccount>;

type Way = keyof typeof WAYS;

interface Place {
  readonly endpoint: string;
  readonly queueUrl: string;
  readonly topicArn: string;
  readonly journalTable: string;
}

/** A bot's function that answers on local AWS. */
interface Running {
  readonly worker: Worker;
  /** The calls that it has made. */
  readonly count: () => number;
}

/** The time of a remediation with a session, a new one or one that was kept, beside one without. */
export async function measureOverhead(say: (line: string) => void): Promise<Row[]> {
  say('starting local AWS …');
  const aws = await startAws();
  try {
    const place = await makePlace(aws.endpoint);
    const running = {
      surrounding: start(place, WAYS.surrounding),
      fresh: start(place, WAYS.fresh),
      kept: start(place, WAYS.kept),
    };
    // The first round warms the machine up, opens the session that is kept, and counts the calls.
    const calls = await callsOf(place, running);
    const rounds: Record<Way, number>[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const times = await timesOf(place, running, `round-${round}`);
      const said = Object.values(times).map((time) => time.toFixed(1));
      say(`round ${round} of ${ROUNDS}: ${said.join(' ')} ms`);
      rounds.push(times);
    }
    const row = (way: 'fresh' | 'kept', session: string): Row => ({
      what: `remediation with ${session}, ${calls[way]} calls`,
      value: median(rounds.map((times) => times[way])),
      unit: 'ms',
      each: rounds.map((times) => times[way]),
      beside: `with surrounding credentials, ${calls.surrounding} calls`,
      besideValue: median(rounds.map(({ surrounding }) => surrounding)),
      besideEach: rounds.map(({ surrounding }) => surrounding),
      ratio: median(rounds.map((times) => times[way] / times.surrounding)),
    });
    const unlimited = await callsWithoutLimits(place);
    const limited = {
      ...{ what: 'calls of a remediation, counted against limits', value: calls.surrounding, unit: 'calls' },
      ...{ beside: 'without limits', besideValue: unlimited, ratio: calls.surrounding / unlimited },
    };
    return [
      row('fresh', 'a session of its own'),
      row('kept', 'a session that was kept'),
      limited,
      ...(await stagesOf(place, calls.surrounding)),
      await approvedOf(place, median(rounds.map(({ surrounding }) => surrounding))),
    ];
  } finally {
    await aws.stop();
  }
}

/** The calls of the last remediation of each way. */
async function callsOf(place: Place, running: Record<Way, Running>): Promise<Record<Way, number>> {
  const calls = { surrounding: 0, fresh: 0, kept: 0 };
  await byTurns(place, 'warm-up', async (way, delivery) => {
    const before = running[way].count();
    await answer(running[way].worker, delivery);
    calls[way] = running[way].count() - before;
  });
  return calls;
}

/** The calls of a remediation where config.ts sets no limits. */
async function callsWithoutLimits(place: Place): Promise<number> {
  const { worker, count } = start(place, WAYS.surrounding, false);
  let calls = 0;
  for (const delivery of await deliveries(place, 'unlimited', 2)) {
    const before = count();
    await answer(worker, delivery);
    calls = count() - before;
  }
  return calls;
}

/** Calls that stages and owners add to a repair. */
async function stagesOf(place: Place, plain: number): Promise<Row[]> {
  const added: [string, Partial<Config>][] = [
    ['with a rollout by account and region', { rollout: [{ accounts: [ACCOUNT], mode: 'auto' }] }],
    ['with the owner looked up', { ownership: { ownedBy: 'tell' } }],
  ];
  const rows: Row[] = [];
  for (const [what, changes] of added) {
    const { worker, count } = start(place, WAYS.surrounding, true, changes);
    let calls = 0;
    for (const delivery of await deliveries(place, `stages-${rows.length}`, 2)) {
      const before = count();
      await answer(worker, delivery);
      calls = count() - before;
    }
    rows.push({
      ...{ what: `calls of a remediation ${what}`, value: calls, unit: 'calls' },
      ...{ beside: 'without', besideValue: plain, ratio: calls / plain },
    });
  }
  return rows;
}

/** From the press of a button to the proof, without the coordinator's wait for its queue. */
async function approvedOf(place: Place, plain: number): Promise<Row> {
  const { worker } = start(place, WAYS.surrounding, true, { rollout: [{ mode: 'approve' }] });
  const times: number[] = [];
  for (const delivery of await deliveries(place, 'approved', TURNS)) {
    const dispatch = { deliveries: [delivery], visibleAgainAt: Date.now() + 360_000 };
    await quietly(() => work(bot, worker, dispatch, () => Infinity));
    const started = performance.now();
    await decideOn(
      { ...worker, queueUrl: place.queueUrl },
      { id: planId(bot.id, delivery.body.target), verdict: 'approve', by: 'bench' },
    );
    const [approved] = await received(place, 1);
    if (approved) await answer(worker, approved);
    times.push(performance.now() - started);
  }
  return {
    ...{ what: 'from the button to the proof', value: median(times), unit: 'ms', each: times },
    ...{ beside: 'a remediation without approval', besideValue: plain, ratio: median(times) / plain },
  };
}

/** The median time of a remediation of each way, in milliseconds. */
async function timesOf(
  place: Place,
  running: Record<Way, Running>,
  name: string,
): Promise<Record<Way, number>> {
  const times: Record<Way, number[]> = { surrounding: [], fresh: [], kept: [] };
  await byTurns(place, name, async (way, delivery) => {
    const started = performance.now();
    await answer(running[way].worker, delivery);
    times[way].push(performance.now() - started);
  });
  return {
    surrounding: median(times.surrounding),
    fresh: median(times.fresh),
    kept: median(times.kept),
  };
}

/** One remediation of each way after the other; who comes first changes from turn to turn. */
async function byTurns(
  place: Place,
  name: string,
  run: (way: Way, delivery: Delivery) => Promise<void>,
): Promise<void> {
  const ways = Object.keys(WAYS) as Way[];
  const all = await deliveries(place, name, TURNS * ways.length);
  for (const [index, delivery] of all.entries()) {
    const turn = Math.floor(index / ways.length);
    await run(ways[(index + turn) % ways.length] ?? 'surrounding', delivery);
  }
}

async function answer(worker: Worker, delivery: Delivery): Promise<void> {
  const dispatch = { deliveries: [delivery], visibleAgainAt: Date.now() + 360_000 };
  const { outcomes } = await quietly(() => work(bot, worker, dispatch, () => Infinity));
  if (outcomes.join() !== 'fixed') throw new Error(`a remediation ended ${outcomes.join()}`);
}

async function makePlace(endpoint: string): Promise<Place> {
  const sqs = new SQSClient({ ...SQS_DEFAULTS, ...settings(endpoint) });
  const { QueueUrl = '' } = await sqs.send(
    new CreateQueueCommand({ QueueName: 'bench.fifo', Attributes: { FifoQueue: 'true' } }),
  );
  const sns = new SNSClient(settings(endpoint));
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'bench' }));
  const journalTable = 'bench';
  await new DynamoDBClient(settings(endpoint)).send(
    new CreateTableCommand({
      TableName: journalTable,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  return { endpoint, queueUrl: QueueUrl, topicArn: TopicArn, journalTable };
}

/** Buckets without versioning, and the messages that ask for it, received as the coordinator does. */
async function deliveries({ endpoint, queueUrl }: Place, name: string, count: number): Promise<Delivery[]> {
  const s3 = new S3Client(settings(endpoint));
  const sqs = new SQSClient({ ...SQS_DEFAULTS, ...settings(endpoint) });
  const buckets = Array.from({ length: count }, (_, index) => `bench-${name}-${index}`);
  const CreateBucketConfiguration = { LocationConstraint: REGION } as const;
  for (const Bucket of buckets) await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  await enqueue(sqs, queueUrl, buckets.map(remediationOf));
  const found = await received({ endpoint, queueUrl }, count);
  s3.destroy();
  sqs.destroy();
  return found;
}

async function received(
  { endpoint, queueUrl }: Pick<Place, 'endpoint' | 'queueUrl'>,
  count: number,
): Promise<Delivery[]> {
  const sqs = new SQSClient({ ...SQS_DEFAULTS, ...settings(endpoint) });
  const found: Delivery[] = [];
  while (found.length < count) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: Math.min(10, count - found.length),
        VisibilityTimeout: VISIBILITY_SECONDS,
        MessageSystemAttributeNames: ['SentTimestamp'],
      }),
    );
    if (Messages.length === 0) throw new Error(`of ${count} messages ${found.length} came`);
    for (const { MessageId = '', ReceiptHandle = '', Body = '', Attributes } of Messages) {
      found.push({
        messageId: MessageId,
        receiptHandle: ReceiptHandle,
        sentAt: Number(Attributes?.SentTimestamp),
        body: JSON.parse(Body) as Remediation,
        isFirst: true,
      });
    }
  }
  sqs.destroy();
  return found;
}

function remediationOf(id: string): Remediation {
  return {
    version: 1,
    bot: bot.id,
    target: { account: ACCOUNT, region: REGION, type: bot.resource, id },
    params: {},
    finding: { source: 'generic', id, time: new Date().toISOString() },
  };
}

/** What the bot's function makes when it starts. */
function start(
  { endpoint, queueUrl, topicArn, journalTable }: Place,
  accounts: SingleAccount,
  isLimited = true,
  changes: Partial<Config> = {},
): Running {
  const { requestHandler, count } = counter(endpoint);
  const options = { ...CLIENT_DEFAULTS, ...settings(endpoint), requestHandler };
  const { credentialsFor, forget } = sessions({
    accounts,
    home: ACCOUNT,
    stage: 'prod',
    sts: new STSClient(options),
    use: 'apply',
  });
  const sns = new SNSClient(options);
  const worker: Worker = {
    config: {
      enable_auto_response: true,
      bots: { [bot.id]: { enabled: true, limit: 1_000_000 } },
      accounts,
      limits: isLimited && { perAccount: 1_000_000 },
      ...changes,
    },
    environment: {
      accountId: ACCOUNT,
      region: REGION,
      queueUrl,
      deadLetterQueueUrl: queueUrl,
      eventsTopicArn: topicArn,
      journalTable,
      functionPrefix: '',
      stage: 'prod',
    },
    sqs: new SQSClient({ ...options, ...SQS_DEFAULTS }),
    journal: journal(journalTable, new DynamoDBClient(options)),
    clients: clientMaker({ ...settings(endpoint), requestHandler }, { credentialsFor }),
    forget,
    tell: (event) => publish(sns, topicArn, event),
  };
  return { worker, count };
}
