import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ConfigServiceClient,
  DeleteConfigRuleCommand,
  paginateDescribeConfigRules,
} from '@aws-sdk/client-config-service';
import { CreateKeyCommand, GetKeyRotationStatusCommand, KMSClient } from '@aws-sdk/client-kms';
import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { LocalError, ROOT } from '../local/aws';
import { type Installation, startInstallation } from '../local/installation';
import type { InvokeEvent } from '../local/lambda-host';
import { SQS_DEFAULTS } from '../shared/aws/clients';
import type { Dispatch } from '../shared/worker/message';
import { REGION, settings } from './aws';

/** The bot that deployed installations are measured with. */
export const BOT = 'kms_enable_rotation';
/** Where the functions of a measured installation write. */
export const LOGS = `${ROOT}/.selfheal/bench-logs`;
const PATIENCE_MS = 180_000;
/** Of `/proc/<pid>/stat`. Source: proc(5); Linux gives 100 a second to programs on every architecture. */
const MS_PER_TICK = 10;

/** Calls of one operation by one role, as local AWS has counted them; '' is whoever has no session of a role. */
export interface Counted {
  readonly role: string;
  readonly call: string;
  /** The queue, function or topic that the call names. */
  readonly on: string;
  readonly count: number;
}

/** Deploys the demo's config.ts for a measurement, with auto response off. */
export async function deployForBench(onInvoke: (event: InvokeEvent) => void): Promise<Installation> {
  return startInstallation({
    autoResponse: false,
    scheduleScale: 0.1,
    region: REGION,
    env: { SELFHEAL_CONFIG: 'local/demo/config.ts' },
    logDirectory: LOGS,
    onInvoke,
  });
}

/** Notes when a bot's function said that it had fixed a key. */
export function noteFixed(fixed: Map<string, number>, { functionName, payload, result }: InvokeEvent): void {
  if (!functionName.endsWith(BOT)) return;
  const { deliveries } = JSON.parse(payload) as Dispatch;
  const { outcomes = [] } = JSON.parse(result.payload) as { outcomes?: readonly string[] };
  for (const [index, { body }] of deliveries.entries()) {
    if (outcomes[index] === 'fixed') fixed.set(body.target.id, performance.now());
  }
}

/**
 * The rules would find the same keys, and each would be on the queue twice. What they found already stays. The recorder
 * may have read the rules just before: its look that is under way is waited for.
 */
export async function deleteRules(installation: Installation): Promise<void> {
  const client = new ConfigServiceClient(settings(installation.endpoint));
  const names: string[] = [];
  for await (const { ConfigRules = [] } of paginateDescribeConfigRules({ client }, {})) {
    names.push(...ConfigRules.flatMap(({ ConfigRuleName }) => ConfigRuleName ?? []));
  }
  for (const ConfigRuleName of names) await client.send(new DeleteConfigRuleCommand({ ConfigRuleName }));
  client.destroy();
  const looks = async () =>
    sum((await callsOf(installation)).filter(({ call }) => call === 'config:DescribeConfigRules'));
  const before = await looks();
  await until('the recorder to see that there are no rules', async () => (await looks()) >= before + 2);
  await installation.host.idle();
}

/** Makes keys that do not rotate. */
export async function makeKeys(endpoint: string, count: number): Promise<string[]> {
  const kms = new KMSClient(settings(endpoint));
  const keys: string[] = [];
  for (let made = 0; made < count; made += 1) {
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    keys.push(KeyMetadata?.KeyId ?? '');
  }
  kms.destroy();
  return keys;
}

/** Sends a finding for each key to the findings topic. */
export async function publishFindings(
  { endpoint, findingsTopicArn }: Installation,
  keys: readonly string[],
): Promise<void> {
  const sns = new SNSClient(settings(endpoint));
  for (let first = 0; first < keys.length; first += 10) {
    const entries = keys.slice(first, first + 10).map((id, index) => ({
      Id: String(index),
      Message: JSON.stringify({ bot: BOT, target: { id }, id: `bench-${id}`, title: 'does not rotate' }),
    }));
    await sns.send(
      new PublishBatchCommand({ TopicArn: findingsTopicArn, PublishBatchRequestEntries: entries }),
    );
  }
  sns.destroy();
}

/** How many messages of the remediation queue can be received now. */
export async function waiting({ endpoint, queueUrl }: Installation): Promise<number> {
  const sqs = new SQSClient({ ...SQS_DEFAULTS, ...settings(endpoint) });
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  sqs.destroy();
  return Number(Attributes?.ApproximateNumberOfMessages);
}

/** @throws LocalError when one of the keys does not rotate. */
export async function assertFixed(endpoint: string, keys: readonly string[]): Promise<void> {
  const kms = new KMSClient(settings(endpoint));
  for (const KeyId of keys) {
    const { KeyRotationEnabled } = await kms.send(new GetKeyRotationStatusCommand({ KeyId }));
    if (!KeyRotationEnabled) throw new LocalError(`key ${KeyId} was said to be fixed and is not`);
  }
  kms.destroy();
}

/** What local AWS was asked since it started. */
export async function callsOf({ endpoint }: Pick<Installation, 'endpoint'>): Promise<Counted[]> {
  return (await (await fetch(`${endpoint}/selfheal/calls`)).json()) as Counted[];
}

/** What was asked between two counts. */
export function callsBetween(before: readonly Counted[], after: readonly Counted[]): Counted[] {
  const keyOf = ({ role, call, on }: Counted) => `${role} ${call} ${on}`;
  const earlier = new Map(before.map((each) => [keyOf(each), each.count]));
  return after
    .map((each) => ({ ...each, count: each.count - (earlier.get(keyOf(each)) ?? 0) }))
    .filter(({ count }) => count > 0);
}

/** How many calls those are in all. */
export function sum(counted: readonly Counted[]): number {
  return counted.reduce((all, { count }) => all + count, 0);
}

/** The CPU time that local AWS has taken, in milliseconds; `undefined` where the machine does not tell. */
export function cpuOf({ pid }: Pick<Installation, 'pid'>): number | undefined {
  try {
    // The name of the program, in brackets, may hold anything.
    const [, rest = ''] = readFileSync(`/proc/${pid ?? ''}/stat`, 'utf8').split(/\) (?=[A-Z] )/);
    const [user, system] = rest.split(' ').slice(11, 13).map(Number);
    return ((user ?? NaN) + (system ?? NaN)) * MS_PER_TICK;
  } catch {
    return undefined;
  }
}

/** Waits until something is so. */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (Date.now() > end) throw new LocalError(`waited ${PATIENCE_MS / 1000} s for ${what}, in vain`);
    await sleep(100);
  }
}
