import { setTimeout as sleep } from 'node:timers/promises';
import { PurgeQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import Table from 'cli-table3';
import type { Installation } from '../local/installation';
import { SQS_DEFAULTS } from '../shared/aws/clients';
import { settings } from './aws';
import {
  type Counted,
  LOGS,
  assertFixed,
  callsBetween,
  callsOf,
  deleteRules,
  deployForBench,
  makeKeys,
  noteFixed,
  publishFindings,
  sum,
  until,
  waiting,
} from './deployed';
import { ASR_MONTHS, HOURS_A_MONTH, PRICES } from './prices';
import type { Row } from './table';
import {
  type Observed,
  type Usage,
  dollarsOf,
  entryBytes,
  logBytes,
  scaled,
  usageOf,
  usageOfCloudBots,
} from './usage';

/** As many are worked off; what they use is told for a thousand. */
const FINDINGS = 100;
const TOLD = 1_000;
/** The notifier gathers news for five seconds. */
const NEWS_MS = 12_000;
const ALARMS = 6;
/** Functions that a queue feeds, and the calls that Lambda makes for each: five pollers that wait 20 seconds each time. */
const POLLED = 3;
const POLLS_A_MINUTE = 15;
const MINUTES = HOURS_A_MONTH * 60;
const COORDINATOR_GB = 0.5;
/** A run of the plain drain: a second's wait for messages, and a call or two around it. */
const TICK_MS = 1_250;

/** What one run of the coordinator that finds nothing takes. */
interface Idle {
  readonly milliseconds: number;
  readonly calls: readonly Counted[];
}

/** What a thousand findings and a month cost, counted on a deployed selfheal, beside CloudBots' design and ASR's figures. */
export async function measureCost(say: (line: string) => void, show: (text: string) => void): Promise<Row[]> {
  const fixed = new Map<string, number>();
  const runs = new Map<string, number>();
  const idle: number[] = [];
  say('serverless deploy …');
  const installation = await deployForBench((event) => {
    noteFixed(fixed, event);
    const name = event.functionName.replace(/^selfheal-prod-(bot-)?/, '');
    runs.set(name, (runs.get(name) ?? 0) + 1);
    if (name === 'coordinator') idle.push(event.milliseconds);
  });
  try {
    // What it finds in a new account anyway, such as a password policy that is not there, is no part of the count.
    await sleep(NEWS_MS);
    await empty(installation);
    const counting = { installation, fixed, runs };
    say(`${FINDINGS} findings by AWS Config …`);
    const config = await usageWhile(counting, async () => makeKeys(installation.endpoint, FINDINGS));
    await deleteRules(installation);
    say(`${FINDINGS} findings to the findings topic …`);
    const topic = await usageWhile(counting, async () => {
      const keys = await makeKeys(installation.endpoint, FINDINGS);
      await publishFindings(installation, keys);
      return keys;
    });
    say('a minute in which nothing is found …');
    const nothing = await idleRun(installation, idle);
    const bots = usageOfCloudBots(TOLD);
    show(`${findingsTable(config, topic, bots)}\n\n${monthTable(nothing)}`);
    return rowsOf(config, topic, bots, nothing);
  } finally {
    await installation.stop();
  }
}

async function empty({ endpoint, queueUrl }: Installation): Promise<void> {
  const sqs = new SQSClient({ ...SQS_DEFAULTS, ...settings(endpoint) });
  await sqs.send(new PurgeQueueCommand({ QueueUrl: queueUrl }));
  sqs.destroy();
}

interface Counting {
  readonly installation: Installation;
  readonly fixed: ReadonlyMap<string, number>;
  readonly runs: ReadonlyMap<string, number>;
}

/** What is used from the findings to the news of their repairs, for a thousand. */
async function usageWhile(
  { installation, fixed, runs }: Counting,
  find: () => Promise<readonly string[]>,
): Promise<Usage> {
  await installation.host.idle();
  const before = await observe(installation, runs);
  const keys = await find();
  await until('the findings on the queue', async () => (await waiting(installation)) >= FINDINGS);
  await installation.setAutoResponse(true);
  await until('all repairs', () => Promise.resolve(keys.every((id) => fixed.has(id))));
  // The news of them, and what AWS Config says of the repaired resources.
  await sleep(NEWS_MS);
  const after = await observe(installation, runs);
  await installation.setAutoResponse(false);
  await installation.host.idle();
  await assertFixed(installation.endpoint, keys);
  const calls = callsBetween(before.calls, after.calls);
  const published = sum(calls.filter(({ role, call }) => role !== '' && call === 'sns:Publish'));
  const sent = calls.some(({ role, call }) => role === '' && call === 'sns:PublishBatch') ? FINDINGS : 0;
  const observed: Observed = {
    ...{ findings: FINDINGS, calls, entryBytes: await entryBytes(installation) },
    invocations: new Map(
      [...after.runs].map(([name, count]) => [name, count - (before.runs.get(name) ?? 0)]),
    ),
    logBytes: after.log - before.log,
    slackPosts: after.posts - before.posts,
    deliveries: published + sent,
  };
  return scaled(usageOf(observed), TOLD);
}

async function observe(installation: Installation, runs: ReadonlyMap<string, number>) {
  return {
    calls: await callsOf(installation),
    runs: new Map(runs),
    log: logBytes(LOGS),
    posts: installation.slack.messages.length,
  };
}

async function idleRun(installation: Installation, ended: readonly number[]): Promise<Idle> {
  await installation.host.idle();
  const before = await callsOf(installation);
  const runs = ended.length;
  await installation.setAutoResponse(true);
  await until('the coordinator to end its minute', () => Promise.resolve(ended.length > runs));
  const calls = callsBetween(before, await callsOf(installation));
  await installation.setAutoResponse(false);
  return {
    milliseconds: ended[runs] ?? NaN,
    calls: calls.filter(({ role }) => role.includes('CoordinatorRole')),
  };
}

function findingsTable(config: Usage, topic: Usage, bots: Usage): string {
  const table = new Table({
    head: [`${TOLD} findings`, 'by AWS Config', 'by the findings topic', "CloudBots' design"],
    colAligns: ['left', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  const all = [config, topic, bots];
  const line = (what: string, value: (usage: Usage) => number) =>
    table.push([what, ...all.map((usage) => Math.round(value(usage)).toLocaleString('en-US'))]);
  line('AWS calls of its own', ({ ownCalls }) => ownCalls);
  line('AWS calls in all', ({ allCalls }) => allCalls);
  line('Lambda invocations', ({ invocations }) => invocations);
  line('Lambda GB-seconds', ({ gbSeconds }) => gbSeconds);
  line('SQS requests', ({ fifoRequests, standardRequests }) => fifoRequests + standardRequests);
  line('DynamoDB write units', ({ writeUnits }) => writeUnits);
  line('evaluations of AWS Config rules', ({ evaluations }) => evaluations);
  const dollars = all.map((usage) =>
    dollarsOf(usage, usage === bots ? PRICES.lambda.gbSecondX86 : undefined),
  );
  for (const service of Object.keys(dollars[0] ?? {})) {
    table.push([`$ ${service}`, ...dollars.map((each) => (each[service] ?? NaN).toFixed(4))]);
  }
  table.push(['$ in all', ...dollars.map((each) => total(each).toFixed(2))]);
  table.push(['$ of these without AWS Config', ...dollars.map((each) => withoutConfig(each).toFixed(4))]);
  return table.toString();
}

function monthTable(idle: Idle): string {
  const table = new Table({
    head: ['a month', '$', 'how it comes about'],
    colAligns: ['left', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const [what, dollars, how] of monthly(idle)) table.push([what, dollars.toFixed(2), how]);
  return table.toString();
}

/** What stands in the account costs, whether anything is found or not. */
function monthly(idle: Idle): (readonly [what: string, dollars: number, how: string])[] {
  const { lambda, sqs, dynamodb, cloudwatch, kms } = PRICES;
  const seconds = idle.milliseconds / 1000;
  const runs = Math.round(MINUTES).toLocaleString('en-US');
  const month = (runSeconds: number) =>
    MINUTES * (runSeconds * COORDINATOR_GB * lambda.gbSecondArm + lambda.request);
  const callsOfRun = (share: number) =>
    MINUTES *
    share *
    idle.calls.reduce((all, { call, on, count }) => {
      const price = call.startsWith('sqs:')
        ? on.endsWith('.fifo')
          ? sqs.fifo
          : sqs.standard
        : dynamodb.read;
      return all + count * price;
    }, 0);
  const rounds = sum(
    idle.calls.filter(({ call, on }) => call === 'sqs:ReceiveMessage' && on.endsWith('.fifo')),
  );
  const polls = POLLED * POLLS_A_MINUTE * MINUTES;
  return [
    [
      "coordinator: 'poll', Lambda",
      month(seconds),
      `${runs} runs of ${seconds.toFixed(1)} s at ${COORDINATOR_GB} GB`,
    ],
    ["coordinator: 'poll', its calls", callsOfRun(1), `${sum(idle.calls)} calls a run, counted`],
    ["coordinator: 'tick', Lambda", month(TICK_MS / 1000), `${runs} runs of ${TICK_MS / 1000} s, assumed`],
    ["coordinator: 'tick', its calls", callsOfRun(1 / rounds), 'one round of calls a run'],
    ['KMS key of the topics', kms.keyMonth, 'one key'],
    ['alarms', ALARMS * cloudwatch.alarm, `${ALARMS} alarms`],
    ['dashboard', cloudwatch.dashboard, 'nothing while it is one of the first three of the account'],
    ["Lambda's polling of queues", polls * sqs.standard, `${POLLED} queues, five pollers of 20 s each`],
  ];
}

function rowsOf(config: Usage, topic: Usage, bots: Usage, idle: Idle): Row[] {
  const asr = ASR_MONTHS.map(({ remediations, dollars }) => (dollars / remediations) * TOLD);
  const besideValue = Math.min(...asr);
  const ofBots = withoutConfig(dollarsOf(bots, PRICES.lambda.gbSecondX86));
  const row = (what: string, value: number, unit: string, beside: string, other: number): Row => ({
    ...{ what, value, unit, beside, besideValue: other, ratio: value / other },
  });
  const [poll, , tick] = monthly(idle).map(([, dollars]) => dollars);
  const cents = (usage: Usage) => withoutConfig(dollarsOf(usage)) * 100;
  const whole = `${TOLD} findings by AWS Config, without AWS Config itself`;
  return [
    row(
      `${TOLD} findings by the topic, own calls`,
      topic.ownCalls,
      'calls',
      "CloudBots' design",
      bots.ownCalls,
    ),
    row(
      `${TOLD} findings by the topic, all calls`,
      topic.allCalls,
      'calls',
      "CloudBots' design",
      bots.allCalls,
    ),
    row(`${TOLD} findings by the topic`, cents(topic), 'cents', "CloudBots' design", ofBots * 100),
    row(whole, cents(config), 'cents', "ASR's published cost, its cheapest", besideValue * 100),
    row("a month of coordinator: 'poll'", poll ?? NaN, '$', "of 'tick'", tick ?? NaN),
  ];
}

function total(dollars: Readonly<Record<string, number>>): number {
  return Object.values(dollars).reduce((all, each) => all + each, 0);
}

function withoutConfig(dollars: Readonly<Record<string, number>>): number {
  return total(
    Object.fromEntries(Object.entries(dollars).filter(([name]) => !name.startsWith('AWS Config'))),
  );
}
