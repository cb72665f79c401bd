import { readFileSync } from 'node:fs';
import { type Tally, takeIn } from '../functions/findings/intake';
import { catalogue } from '../functions/remediators/catalogue';
import type { Installation } from '../local/installation';
import type { Config } from '../shared/config';
import { remediationSchema, repetitionOf } from '../shared/worker/message';

/** What findings are counted by. */
export const KINDS = ['enqueued', 'declined', 'deadLettered', 'withoutRoute'] as const;

/** A message as the findings function is handed it. */
export interface SqsRecord {
  readonly messageId: string;
}

/** What several invocations counted together. */
export function totalOf(tallies: readonly Tally[]): Tally {
  const sum = (kind: keyof Tally) => tallies.reduce((all, tally) => all + tally[kind], 0);
  return Object.fromEntries(KINDS.map((kind) => [kind, sum(kind)])) as unknown as Tally;
}

/** What the same events come to, message by message, with an SQS that only listens. */
export async function answeredHere(
  installation: Installation,
  config: Config,
  records: readonly SqsRecord[],
) {
  const listening = { enqueued: [] as string[], deadLettered: [] as string[] };
  interface Input {
    Entries?: { MessageBody: string }[];
    MessageDeduplicationId: string;
  }
  const sqs = {
    send: ({ input }: { input: Input }) => {
      const bodies = (input.Entries ?? []).map(({ MessageBody }) => MessageBody);
      if (input.Entries) listening.enqueued.push(...bodies.map(askedIn));
      else listening.deadLettered.push(input.MessageDeduplicationId);
      return Promise.resolve({});
    },
  };
  const { accountId, region, queueUrl, deadLetterQueueUrl, eventsTopicArn, journalTable } = installation;
  const names = { accountId, region, queueUrl, deadLetterQueueUrl, eventsTopicArn, journalTable };
  const context = {
    ...{
      config,
      catalogue,
      topics: [{ arn: installation.findingsTopicArn, ...config.findings?.own }],
      sqs: sqs as never,
      looksQueueUrl: '',
    },
    environment: { ...names, functionPrefix: 'selfheal-prod-', stage: 'prod' },
  };
  const tallies: Tally[] = [];
  for (const record of records) tallies.push((await takeIn(context, { Records: [record] })).tally);
  const found = tallies.map(({ enqueued, declined, deadLettered }) => enqueued + declined + deadLettered);
  return {
    ...listening,
    tally: totalOf(tallies),
    findings: found.reduce((all, each) => all + each, 0),
    unanswered: found.filter((findings) => findings === 0).length,
  };
}

/** What tells a repetition of what a message of the remediation queue asks for. */
export function askedIn(body: string): string {
  return repetitionOf(remediationSchema.parse(JSON.parse(body)));
}

/** What the lines of metrics in a function's log add up to. */
export function metricsIn(log: string): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const line of readFileSync(log, 'utf8').split('\n')) {
    if (!line.includes('"_aws"')) continue;
    const fields = JSON.parse(line.slice(line.indexOf('{'))) as Record<string, unknown>;
    for (const [name, value] of Object.entries(fields)) {
      if (typeof value === 'number') sums[name] = (sums[name] ?? 0) + value;
    }
  }
  return sums;
}
