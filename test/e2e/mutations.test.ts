/**
 * Ten thousand random findings through the deployed installation, and not one of them lost, doubled or let through:
 * over the topic, on the queue, as events, into the deployed function, and out on one of two queues or declined.
 *
 * MUTATIONS_SEED=… repeats a run; the seed stands in the name of the first test.
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { SQSClient } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import type { Tally, takeIn } from '../../functions/findings/intake';
import { catalogue } from '../../functions/remediators/catalogue';
import { ROOT } from '../../local/aws';
import { accountOf } from '../../local/demo/account';
import { type Installation, startInstallation } from '../../local/installation';
import type { InvokeEvent } from '../../local/lambda-host';
import { settingsOf } from '../../shared/config';
import { type Remediation, remediationSchema } from '../../shared/worker/message';
import { KINDS, type SqsRecord, answeredHere, askedIn, metricsIn, totalOf } from '../../testing/counting';
import { depth, drained, progressing, queueUrlOf } from '../../testing/drained';
import { FOREIGN, type Mutation, type Way, mutations } from '../../testing/mutations';
import { send } from '../../testing/sending';
import config from './mutations.config';

const SEED = Number(process.env.MUTATIONS_SEED ?? Date.now() % 2 ** 31);
const MUTATIONS = 10_000;
/** Of these every twentieth is sent twice. */
const SENT = MUTATIONS + MUTATIONS / 20;
const FIXTURES = path.join(ROOT, 'functions', 'findings', 'sources', 'fixtures');
const LOGS = path.join(ROOT, '.selfheal', 'logs-mutations');
const LOG = path.join(LOGS, 'selfheal-prod-findings.log');
const ACCOUNT_OF_FIXTURES = '111122223333';

jest.setTimeout(900_000);

let installation: Installation;
let sqs: SQSClient;
let sent: readonly Mutation[];
let enqueued: readonly { readonly id: string; readonly body: Remediation }[];
let deadLetters: readonly { readonly id: string; readonly text: string; readonly reason: string }[];
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
  ({ sqs } = accountOf(installation));
  const made = fc.sample(mutations(samples(), installation.accountId), { seed: SEED, numRuns: MUTATIONS });
  sent = [...made, ...made.filter((_, index) => index % 20 === 0)];
  await send(installation, sent);
  await settled();
  expected = await answeredHere(installation, config, records);
  // What AWS Config's rules found meanwhile comes with a preview, which findings never have.
  enqueued = (await drained(sqs, installation.queueUrl))
    .map(({ body }) => ({ id: askedIn(body), body: remediationSchema.parse(JSON.parse(body)) }))
    .filter(({ body }) => body.preview === undefined);
  deadLetters = (await drained(sqs, installation.deadLetterQueueUrl)).map(({ id, body, reason }) => ({
    ...{ id, text: body, reason },
  }));
}, 900_000);

afterAll(async () => {
  await installation.stop();
}, 240_000);

test(`every message reached the function once and was answered for (MUTATIONS_SEED=${SEED})`, () => {
  expect(sent).toHaveLength(SENT);
  expect(invokes.filter(({ result }) => result.functionError)).toEqual([]);
  expect(answers().flatMap(({ batchItemFailures }) => batchItemFailures)).toEqual([]);
  const taken = records.map(({ messageId }) => messageId);
  expect(taken).toHaveLength(SENT);
  expect(new Set(taken).size).toBe(SENT);
});

test('nothing is left on the way', async () => {
  for (const name of ['findings', 'undelivered'])
    expect(await depth(sqs, queueUrlOf(installation, name))).toBe(0);
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
    expect(new Set(deadLetters.map(({ id }) => id))).toEqual(new Set(expected.deadLettered));
    expect(expected.deadLettered).toHaveLength(total().deadLettered);
    expect(deadLetters.filter(({ reason }) => reason === '')).toEqual([]);
  });

  test('the metrics in the log say the same', async () => {
    const metrics = {
      FindingsEnqueued: total().enqueued,
      FindingsDeclined: total().declined,
      FindingsDeadLettered: total().deadLettered,
      FindingsWithoutRoute: total().withoutRoute,
    };
    await progressing(() => metricsIn(LOG).FindingsEnqueued ?? 0, metrics.FindingsEnqueued);
    expect(metricsIn(LOG)).toEqual(metrics);
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
    const ofOthers = deadLetters.filter(({ reason }) => reason.includes(`account ${FOREIGN} is not`));
    expect(ofOthers.length).toBeGreaterThan(MUTATIONS / 100);
  });

  test('what is no JSON is kept as it was', () => {
    const kept = new Set(deadLetters.map(({ text }) => text));
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
    const kept = new Set(deadLetters.map(({ text }) => text));
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

/** Waits until the function has answered for everything. */
async function settled(): Promise<void> {
  await progressing(() => records.length, SENT);
  await progressing(async () => -(await depth(sqs, queueUrlOf(installation, 'findings'))), 0);
}

function answers() {
  type Reply = Awaited<ReturnType<typeof takeIn>>;
  return invokes.map(({ result }) => JSON.parse(result.payload) as Reply);
}

function total(): Tally {
  return totalOf(answers().map(({ tally }) => tally));
}
