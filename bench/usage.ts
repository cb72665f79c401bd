import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import type { Installation } from '../local/installation';
import { settings } from './aws';
import { type Counted, sum } from './deployed';
import { PRICES } from './prices';

/** What a number of findings used of AWS. */
export interface Usage {
  readonly findings: number;
  /** Calls by selfheal's functions to queues, topics, table and functions of their own. */
  readonly ownCalls: number;
  /** These, the calls that look at resources and change them, and the calls of Lambda's pollers. */
  readonly allCalls: number;
  readonly invocations: number;
  readonly gbSeconds: number;
  readonly fifoRequests: number;
  readonly standardRequests: number;
  readonly publishes: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly kmsRequests: number;
  readonly logGb: number;
  readonly evaluations: number;
  readonly items: number;
  readonly metrics: number;
}

/** What was counted while findings were worked off. */
export interface Observed {
  readonly findings: number;
  readonly calls: readonly Counted[];
  /** By the suffix of the function's name, how often it ran. */
  readonly invocations: ReadonlyMap<string, number>;
  readonly logBytes: number;
  readonly slackPosts: number;
  /** Messages that were published, each of which a topic hands to one queue. */
  readonly deliveries: number;
  /** The size of an entry of the journal. */
  readonly entryBytes: number;
}

/** What is taken for granted, for local AWS tells nothing of it. */
export const ASSUMED = {
  /** One call of AWS with the function's own work around it, one after another, in milliseconds. */
  callMs: 50,
  /** A message to Slack, in milliseconds. */
  slackMs: 300,
  /** What the start of an environment takes, in milliseconds, and how many of a thousand findings need one. */
  startMs: 600,
  starts: 0.1,
  /** What Lambda itself writes into the log for a run, in bytes. */
  logLines: 350,
  /** Keys that are read to know what stands against a repair. */
  keysOfALook: 6,
  /** One metric by the hour for each that a repair touches: all within one hour. */
  metrics: 6,
} as const;

/** Memory of the functions in GB, as serverless.yml has it. */
const MEMORY = 0.5;
const MEMORY_OF_RULES = 1;
const OWN = ['sqs:', 'sns:', 'dynamodb:', 'lambda:', 'ssm:'];

/** Adds up what was observed. */
export function usageOf({ findings, calls, invocations, ...observed }: Observed): Usage {
  const byFunctions = calls.filter(({ role }) => role !== '');
  // Whoever has no session is the measurement itself, apart from what Lambda's pollers do.
  const pollers = calls.filter(
    ({ role, call }) => role === '' && (call === 'sqs:ReceiveMessage' || call === 'sqs:DeleteMessageBatch'),
  );
  const own = byFunctions.filter(({ call }) => OWN.some((service) => call.startsWith(service)));
  const queues = [...own, ...pollers].filter(({ call }) => call.startsWith('sqs:'));
  const fifo = queues.filter(({ on }) => on.endsWith('.fifo'));
  const count = (name: string) => sum(byFunctions.filter(({ call }) => call === name));
  const kb = Math.ceil(observed.entryBytes / 1024);
  const runs = [...invocations.values()].reduce((all, each) => all + each, 0);
  return {
    findings,
    ownCalls: sum(own),
    allCalls: sum(byFunctions) + sum(pollers),
    invocations: runs,
    gbSeconds: gbSecondsOf(byFunctions, invocations, findings, observed.slackPosts),
    fifoRequests: sum(fifo),
    standardRequests: sum(queues) - sum(fifo) + observed.deliveries,
    publishes: observed.deliveries,
    // A transaction doubles: the entry, the repairs of the resource, the limits. Each of three indexes holds the entry.
    writeUnits:
      count('dynamodb:TransactWriteItems') * (2 * kb + 2 + 2 + 3 * kb) +
      count('dynamodb:UpdateItem') * 4 * kb +
      count('dynamodb:PutItem'),
    readUnits:
      count('dynamodb:BatchGetItem') * ASSUMED.keysOfALook +
      count('dynamodb:GetItem') +
      count('dynamodb:Query'),
    // At most: a data key is used for five minutes.
    kmsRequests: observed.deliveries,
    logGb: (observed.logBytes + runs * ASSUMED.logLines) / 1024 ** 3,
    evaluations: invocations.get('config-rules') ?? 0,
    items: findings,
    metrics: ASSUMED.metrics,
  };
}

/** The coordinator's minutes are no part: they run whether there are findings or not. */
function gbSecondsOf(
  calls: readonly Counted[],
  invocations: ReadonlyMap<string, number>,
  findings: number,
  slackPosts: number,
): number {
  const ofRules = sum(calls.filter(({ role }) => role.includes('ConfigRules')));
  const others = sum(calls.filter(({ role }) => !/ConfigRules|Coordinator/.test(role)));
  const quiet = [...invocations].filter(([name]) => name !== 'coordinator').length;
  const starts = findings * ASSUMED.starts + quiet;
  const ms = (others * ASSUMED.callMs + slackPosts * ASSUMED.slackMs + starts * ASSUMED.startMs) * MEMORY;
  return (ms + ofRules * ASSUMED.callMs * MEMORY_OF_RULES) / 1000;
}

/** The same for another number of findings. */
export function scaled(usage: Usage, findings: number): Usage {
  const factor = findings / usage.findings;
  return Object.fromEntries(
    Object.entries(usage).map(([name, value]: [string, number]) => [
      name,
      name === 'metrics' ? value : value * factor,
    ]),
  ) as unknown as Usage;
}

/** Dollars by service, in the order in which they are shown. */
export function dollarsOf(
  usage: Usage,
  gbSecond: number = PRICES.lambda.gbSecondArm,
): Record<string, number> {
  const { lambda, sqs, sns, dynamodb, kms, cloudwatch, config, xray } = PRICES;
  return {
    Lambda: usage.invocations * lambda.request + usage.gbSeconds * gbSecond,
    SQS: usage.fifoRequests * sqs.fifo + usage.standardRequests * sqs.standard,
    SNS: usage.publishes * sns.publish,
    DynamoDB: usage.writeUnits * dynamodb.write + usage.readUnits * dynamodb.read,
    'KMS (requests, at most)': usage.kmsRequests * kms.request,
    'CloudWatch (logs, metrics of one hour)':
      usage.logGb * cloudwatch.logGb + (usage.metrics * cloudwatch.metric) / 730,
    'X-Ray (one run in twenty)': usage.invocations * 0.05 * xray.trace,
    'EventBridge (events of AWS)': 0,
    'AWS Config, evaluations of rules': usage.evaluations * config.evaluation,
    'AWS Config, the changed resource recorded': usage.items * config.item,
  };
}

/** What CloudBots' design uses for findings of its own account. Counted by reading: template, handler and this bot. */
export function usageOfCloudBots(findings: number): Usage {
  // Regions and caller identity before the bot, EnableKeyRotation by it, and the report afterwards.
  const own = 3;
  const all = 4;
  return {
    ...{ findings, ownCalls: own * findings, allCalls: all * findings, invocations: findings },
    // Its template sets no memory: Lambda gives 128 MB.
    gbSeconds:
      ((all * findings * ASSUMED.callMs + findings * ASSUMED.starts * ASSUMED.startMs) / 1000) * 0.125,
    ...{ fifoRequests: 0, standardRequests: 0, publishes: 2 * findings, writeUnits: 0, readUnits: 0 },
    ...{ kmsRequests: 0, logGb: (findings * ASSUMED.logLines) / 1024 ** 3, evaluations: 0, items: findings },
    metrics: 0,
  };
}

/** How large an entry of the journal is on average, in bytes. */
export async function entryBytes({ endpoint, journalTable }: Installation): Promise<number> {
  const client = new DynamoDBClient(settings(endpoint));
  const sizes: number[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: journalTable })) {
    for (const item of Items) {
      if (item.kind?.S !== 'change') continue;
      const parts = Object.entries(item).map(([name, value]) => name.length + textOf(value).length);
      sizes.push(parts.reduce((all, each) => all + each, 0));
    }
  }
  client.destroy();
  return sizes.reduce((all, each) => all + each, 0) / sizes.length;
}

function textOf(value: object): string {
  return JSON.stringify(Object.values(value)[0]);
}

/** How much the functions have written into their logs so far, in bytes. */
export function logBytes(directory: string): number {
  const files = readdirSync(directory).filter((name) => name.startsWith('selfheal-'));
  return files.reduce((all, name) => all + statSync(path.join(directory, name)).size, 0);
}
