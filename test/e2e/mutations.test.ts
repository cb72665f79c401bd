/**
 * Ten thousand random findings through the deployed installation, and not one of them lost, doubled or let through:
 * over the topic, on the queue, as events, into the deployed function, and out on one of two queues or declined.
 *
 * MUTATIONS_SEED=… repeats a run; the seed stands in the name of the first test.
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PublishBatchCommand } from '@aws-sdk/client-sns';
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { type Tally, takeIn } from '../../functions/findings/intake';
import { catalogue } from '../../functions/remediators/catalogue';
import { ROOT } from '../../local/aws';
import { type Account, accountOf } from '../../local/demo/account';
import { type Installation, startInstallation } from '../../local/installation';
import type { InvokeEvent } from '../../local/lambda-host';
import { settingsOf } from '../../shared/config';
import { type Remediation, remediationSchema } from '../../shared/message';
import { FOREIGN, type Mutation, type Way, mutations } from '../mutations';
import config from './mutations.config';

const SEED = Number(process.env.MUTATIONS_SEED ?? Date.now() % 2 ** 31);
const MUTATIONS = 10_000;
/** Of these every twentieth is sent twice. */
const SENT = MUTATIONS + MUTATIONS / 20;
const FIXTURES = path.join(ROOT, 'functions', 'findings', 'sources', 'fixtures');
const LOGS = path.join(ROOT, '.selfheal', 'logs-mutations');
const ACCOUNT_OF_FIXTURES = '111122223333';
const KINDS = ['enqueued', 'declined', 'deadLettered', 'withoutRoute'] as const;

jest.setTimeout(900_000);

let installation: Installation;
let account: Account;
let sent: readonly Mutation[];
let enqueued: readonly { readonly id: string; readonly body: Remediation }[];
let letters: readonly { readonly id: string; readonly text: string; readonly reason: string }[];
const invokes: InvokeEvent[] = [];
/** What the function was handed, in all its invocations. */
const records: SqsRecord[] = [];
let expected: Awaited<ReturnType<typeof answeredHere>>;

beforeAll(async () => {
  installation = await startInstallation({
    autoResponse: false,
    env: { SELFHEAL_CONFIG: path.join('test', 'e2e', 'mutations.config.ts') },
    logDirectory: LOGS,
    onInvoke: (event) => {
      if (event.functionName !== 'selfheal-prod-findings') return;
      invokes.push(event);
      records.push(...(JSON.parse(event.payload) as { Records: SqsRecord[] }).Records);
    },
  });
  account = accountOf(installation);
  const made = fc.sample(mutations(samples(), installation.accountId), { seed: SEED, numRuns: MUTATIONS });
  sent = [...made, ...made.filter((_, index) => index % 20 === 0)];
  await send(sent);
  await settled();
  expected = await answeredHere();
  // What AWS Config's rules found meanwhile comes with a preview, which findings never have.
  enqueued = (await drained(installation.queueUrl))
    .map(({ id, body }) => ({ id, body: remediationSchema.parse(JSON.parse(body)) }))
    .filter(({ body }) => body.preview === undefined);
  letters = (await drained(installation.deadLetterQueueUrl)).map(({ id, body, reason }) => ({
    ...{ id, text: body, reason },
  }));
}, 900_000);

afterAll(async () => {
  await installation.stop();
}, 60_000);

test(`every message reached the function once and was answered for (MUTATIONS_SEED=${SEED})`, () => {
  expect(sent).toHaveLength(SENT);
  expect(invokes.filter(({ result }) => result.functionError)).toEqual([]);
  expect(answers().flatMap(({ batchItemFailures }) => batchItemFailures)).toEqual([]);
  const taken = records.map(({ messageId }) => messageId);
  expect(taken).toHaveLength(SENT);
  expect(new Set(taken).size).toBe(SENT);
});

test('nothing is left on the way', async () => {
  for (const name of ['findings', 'undelivered']) expect(await depth(urlOf(name))).toBe(0);
});

describe('the sum', () => {
  test('in = enqueued + declined + dead-lettered, finding by finding', () => {
    const tally = total();
    expect(tally).toEqual(expected.tally);
    // A message holds one finding or more, and every message is answered for.
    expect(expected.unanswered).toBe(0);
    expect(tally.enqueued + tally.declined + tally.deadLettered).toBe(expected.findings);
    expect(expected.findings).toBeGreaterThanOrEqual(SENT);
    // Mutations that all went one way would prove little.
    for (const kind of KINDS) expect(tally[kind]).toBeGreaterThan(MUTATIONS / 100);
  });

  test('what was enqueued stands on the remediation queue, repeats once', () => {
    expect(new Set(enqueued.map(({ id }) => id))).toEqual(new Set(expected.enqueued));
    expect(expected.enqueued).toHaveLength(total().enqueued);
  });

  test('what could not be used stands on the dead-letter queue with a reason, repeats once', () => {
    expect(new Set(letters.map(({ id }) => id))).toEqual(new Set(expected.deadLettered));
    expect(expected.deadLettered).toHaveLength(total().deadLettered);
    expect(letters.filter(({ reason }) => reason === '')).toEqual([]);
  });

  test('the metrics in the log say the same', async () => {
    const metrics = {
      FindingsEnqueued: total().enqueued,
      FindingsDeclined: total().declined,
      FindingsDeadLettered: total().deadLettered,
      FindingsWithoutRoute: total().withoutRoute,
    };
    await progressing(() => logged().FindingsEnqueued ?? 0, metrics.FindingsEnqueued);
    expect(logged()).toEqual(metrics);
  });
});

describe('whatever the finding says', () => {
  test('every message on the remediation queue names an enabled bot and this account', () => {
    const ids = new Set(catalogue.map(({ id }) => id));
    expect(enqueued.filter(({ body }) => !ids.has(body.bot) || !settingsOf(config, body.bot))).toEqual([]);
    const accounts = new Set(enqueued.map(({ body }) => body.target.account));
    expect([...accounts]).toEqual([installation.accountId]);
  });

  test('what is about another account alone is refused', () => {
    const ofOthers = letters.filter(({ reason }) => reason.includes(`account ${FOREIGN} is not`));
    expect(ofOthers.length).toBeGreaterThan(MUTATIONS / 100);
  });

  test('what is no JSON is kept as it was', () => {
    const kept = new Set(letters.map(({ text }) => text));
    const lost = of('notJson', 'topic', 'envelope', 'otherTopic', 'raw').filter(
      ({ text }) => !kept.has(text),
    );
    expect(lost).toEqual([]);
  });

  test('what is right and comes over the topic is enqueued, from elsewhere kept', () => {
    const asked = new Set(enqueued.map(({ body }) => body.finding.id));
    const idOf = ({ text }: Mutation) => (JSON.parse(text) as { id: string }).id;
    const right = of('good', 'topic', 'envelope');
    expect(right.length).toBeGreaterThan(MUTATIONS / 100);
    expect(right.filter((each) => !asked.has(idOf(each)))).toEqual([]);
    const elsewhere = of('good', 'otherTopic', 'raw');
    expect(elsewhere.length).toBeGreaterThan(10);
    expect(elsewhere.filter((each) => asked.has(idOf(each)))).toEqual([]);
    const kept = new Set(letters.map(({ text }) => text));
    expect(elsewhere.filter(({ text }) => !kept.has(text))).toEqual([]);
  });
});

/** Every sample of every source, about this account. */
function samples(): object[] {
  const files = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => readFileSync(path.join(FIXTURES, file), 'utf8'))
    .map((text) => JSON.parse(text.replaceAll(ACCOUNT_OF_FIXTURES, installation.accountId)) as object);
}

function of(kind: Mutation['kind'], ...ways: Way[]): Mutation[] {
  return sent.filter((each) => each.kind === kind && ways.includes(each.way));
}

async function send(messages: readonly Mutation[]): Promise<void> {
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
        QueueUrl: urlOf('findings'),
        Entries: batch.map(({ way, text }, index) => ({
          Id: String(index),
          MessageBody: way === 'raw' ? text : envelope(way, text),
        })),
      }),
    );
    expect(Failed ?? []).toEqual([]);
  }
  events.destroy();
}

function envelope(way: Way, Message: string): string {
  const TopicArn = `${installation.findingsTopicArn}${way === 'otherTopic' ? '-of-others' : ''}`;
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

/** Waits until the function has answered for everything. */
async function settled(): Promise<void> {
  await progressing(() => records.length, SENT);
  await progressing(async () => -(await depth(urlOf('findings'))), 0);
}

/** Waits for the count, as long as there is progress towards it now and then. */
async function progressing(count: () => number | Promise<number>, wanted: number): Promise<void> {
  let [most, since] = [-Infinity, Date.now()];
  for (let now = await count(); now < wanted; now = await count()) {
    if (now > most) [most, since] = [now, Date.now()];
    if (Date.now() - since > 120_000) throw new Error(`stuck at ${now} of ${wanted} for two minutes`);
    await sleep(250);
  }
}

interface SqsRecord {
  readonly messageId: string;
}

function answers() {
  type Reply = Awaited<ReturnType<typeof takeIn>>;
  return invokes.map(({ result }) => JSON.parse(result.payload) as Reply);
}

function total(): Tally {
  const sum = (kind: keyof Tally) => answers().reduce((all, { tally }) => all + tally[kind], 0);
  return Object.fromEntries(KINDS.map((kind) => [kind, sum(kind)])) as unknown as Tally;
}

/** What the same events come to, message by message, with an SQS that only listens. */
async function answeredHere() {
  const listening = { enqueued: [] as string[], deadLettered: [] as string[] };
  interface Input {
    Entries?: { MessageDeduplicationId: string }[];
    MessageDeduplicationId: string;
  }
  const sqs = {
    send: ({ input }: { input: Input }) => {
      if (input.Entries) listening.enqueued.push(...input.Entries.map((each) => each.MessageDeduplicationId));
      else listening.deadLettered.push(input.MessageDeduplicationId);
      return Promise.resolve({});
    },
  };
  const { accountId, region, queueUrl, deadLetterQueueUrl, eventsTopicArn, journalTable } = installation;
  const names = { accountId, region, queueUrl, deadLetterQueueUrl, eventsTopicArn, journalTable };
  const desk = {
    ...{ config, catalogue, topics: [installation.findingsTopicArn], sqs: sqs as never },
    environment: { ...names, functionPrefix: 'selfheal-prod-' },
  };
  const tallies: Tally[] = [];
  for (const record of records) tallies.push((await takeIn(desk, { Records: [record] })).tally);
  const sum = (kind: keyof Tally) => tallies.reduce((all, tally) => all + tally[kind], 0);
  const found = tallies.map(({ enqueued, declined, deadLettered }) => enqueued + declined + deadLettered);
  return {
    ...listening,
    tally: Object.fromEntries(KINDS.map((kind) => [kind, sum(kind)])),
    findings: found.reduce((all, each) => all + each, 0),
    unanswered: found.filter((findings) => findings === 0).length,
  };
}

/** What the lines of metrics in the function's log add up to. */
function logged(): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const line of readFileSync(path.join(LOGS, 'selfheal-prod-findings.log'), 'utf8').split('\n')) {
    if (!line.includes('"_aws"')) continue;
    const fields = JSON.parse(line.slice(line.indexOf('{'))) as Record<string, unknown>;
    for (const [name, value] of Object.entries(fields)) {
      if (typeof value === 'number') sums[name] = (sums[name] ?? 0) + value;
    }
  }
  return sums;
}

function urlOf(name: string): string {
  return installation.queueUrl.replace(/remediation\.fifo$/, name);
}

async function depth(QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await account.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  return (
    Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible)
  );
}

/** Everything on a queue, which is empty then. */
async function drained(QueueUrl: string): Promise<{ id: string; body: string; reason: string }[]> {
  const all: Message[] = [];
  while ((await depth(QueueUrl)) > 0) {
    const { Messages = [] } = await account.sqs.send(
      new ReceiveMessageCommand({
        ...{ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 },
        ...{ MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'] },
      }),
    );
    if (Messages.length === 0) continue;
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await account.sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    all.push(...Messages);
  }
  return all.map(({ Body = '', Attributes, MessageAttributes }) => ({
    ...{ id: Attributes?.MessageDeduplicationId ?? '', body: Body },
    reason: MessageAttributes?.reason?.StringValue ?? '',
  }));
}
