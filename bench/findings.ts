import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { type IntakeContext, takeIn } from '../functions/findings/intake';
import { readFinding } from '../functions/findings/read';
import { catalogue } from '../functions/remediators/catalogue';
import type { Config } from '../shared/config';
import { quietly } from './aws';
import type { Row } from './table';

const FIXTURES = join(__dirname, '../functions/findings/sources/fixtures');
const ACCOUNT = '111122223333';
const TOPIC = `arn:aws:sns:eu-west-1:${ACCOUNT}:selfheal-prod-findings`;
const SECONDS = 0.5;
const FINDINGS = 1000;
/** CloudBots' handler before its bot starts: regions, caller identity, role. */
const CLOUDBOTS_CALLS = 3;

/** How fast findings of each source are understood, and what taking them in costs in calls of AWS. */
export async function measureFindings(say: (line: string) => void): Promise<Row[]> {
  say('each source over its own samples, on one core');
  const speeds = sourceSpeeds();
  const slowest = Math.min(...speeds.map(({ perSecond }) => perSecond));
  const calls = await callsPerFinding();
  return [
    ...speeds.map(({ source, perSecond }) => ({
      what: `findings of ${source}`,
      value: perSecond,
      unit: 'findings/s',
      beside: 'the slowest source',
      besideValue: slowest,
      ratio: perSecond / slowest,
    })),
    {
      what: 'calls by the function, 1000 findings of CloudGuard',
      value: calls,
      unit: 'calls a finding',
      beside: "CloudBots' handler, before its bot starts",
      besideValue: CLOUDBOTS_CALLS,
      ratio: calls / CLOUDBOTS_CALLS,
      goal: { atMost: 0.067 },
    },
  ];
}

/** Findings a second by source. */
function sourceSpeeds(): { readonly source: string; readonly perSecond: number }[] {
  const rules = { config: configOfAll(), catalogue, accountId: ACCOUNT, region: 'eu-west-1' };
  return readdirSync(FIXTURES).map((source) => {
    const texts = readdirSync(join(FIXTURES, source)).map((file) =>
      readFileSync(join(FIXTURES, source, file), 'utf8'),
    );
    const read = (text: string) =>
      readFinding(rules, { text, messageId: 'm', sentAt: '2026-11-21T10:00:00Z' });
    for (let warm = 0; warm < 200; warm++) texts.forEach(read);
    const end = performance.now() + SECONDS * 1000;
    let count = 0;
    for (; performance.now() < end; count += texts.length) texts.forEach(read);
    return { source, perSecond: count / SECONDS };
  });
}

/** AWS calls that the function makes for a finding, of 1,000 in batches as Lambda hands them over. */
async function callsPerFinding(): Promise<number> {
  let calls = 0;
  const send = ({ input }: { input: { Entries?: unknown[] } }) => {
    calls += 1;
    return Promise.resolve({ Successful: input.Entries });
  };
  const context: IntakeContext = {
    looksQueueUrl: 'looks',
    config: configOfAll(),
    catalogue,
    environment: {
      accountId: ACCOUNT,
      region: 'eu-west-1',
      queueUrl: 'queue',
      deadLetterQueueUrl: 'dead',
      eventsTopicArn: 'topic',
      journalTable: 'journal',
      functionPrefix: 'selfheal-prod-',
      stage: 'prod',
    },
    topics: [{ arn: TOPIC }],
    sqs: { send } as unknown as SQSClient,
  };
  const sample = JSON.parse(
    readFileSync(join(FIXTURES, 'cloudguard', 'security-group.json'), 'utf8'),
  ) as object;
  const records = Array.from({ length: FINDINGS }, (_, index) => ({
    messageId: String(index),
    body: JSON.stringify({
      Type: 'Notification',
      MessageId: `sns-${index}`,
      TopicArn: TOPIC,
      Message: JSON.stringify({ ...sample, findingKey: `finding-${index}` }),
    }),
    attributes: { SentTimestamp: '1795255200000' },
    eventSource: 'aws:sqs',
  }));
  for (let from = 0; from < FINDINGS; from += 50) {
    const { tally } = await quietly(() => takeIn(context, { Records: records.slice(from, from + 50) }));
    if (tally.enqueued !== 50) throw new Error(`of 50 findings ${tally.enqueued} were enqueued`);
  }
  return calls / FINDINGS;
}

/** Every bot enabled. */
export function configOfAll(): Config {
  return {
    enable_auto_response: true,
    bots: Object.fromEntries(catalogue.map(({ id }) => [id, { enabled: true }])),
  };
}
