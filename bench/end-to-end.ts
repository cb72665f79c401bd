import { setTimeout as sleep } from 'node:timers/promises';
import {
  ConfigServiceClient,
  DeleteConfigRuleCommand,
  paginateDescribeConfigRules,
} from '@aws-sdk/client-config-service';
import { CreateKeyCommand, GetKeyRotationStatusCommand, KMSClient } from '@aws-sdk/client-kms';
import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { SQS_DEFAULTS } from '../shared/aws/clients';
import type { Dispatch } from '../shared/worker/message';
import { LocalError, ROOT } from '../local/aws';
import { type Installation, startInstallation } from '../local/installation';
import type { InvokeEvent } from '../local/lambda-host';
import { REGION, settings } from './aws';
import { type Ceiling, makeCeiling } from './ceiling';
import { type Row, median } from './table';

const FINDINGS = 200;
/** Before the switch and after it. */
const CEILING_ROUNDS = 2;
const BOT = 'kms_enable_rotation';
const PATIENCE_MS = 180_000;

/** Findings fixed per second by a deployed selfheal, beside what local AWS itself can take. */
export async function measureEndToEnd(say: (line: string) => void): Promise<Row[]> {
  const fixed = new Map<string, number>();
  say('serverless deploy …');
  const installation = await startInstallation({
    autoResponse: false,
    scheduleScale: 0.1,
    region: REGION,
    env: { SELFHEAL_CONFIG: 'local/demo/config.ts' },
    logDirectory: `${ROOT}/.selfheal/bench-logs`,
    onInvoke: (event) => {
      note(fixed, event);
    },
  });
  try {
    await deleteRules(installation);
    const keys = await makeKeys(installation.endpoint, FINDINGS);
    say(`${FINDINGS} findings to the findings topic …`);
    await publishFindings(installation, keys);
    await until('the findings on the queue', async () => (await waiting(installation)) >= FINDINGS);

    const [key = ''] = await makeKeys(installation.endpoint, 1);
    const ceiling = await makeCeiling(installation, key);
    const alone = await ceilingRounds(installation, ceiling, say);
    const switchedOn = performance.now();
    await installation.setAutoResponse(true);
    await until('all repairs', () => Promise.resolve(keys.every((id) => fixed.has(id))));
    await assertFixed(installation.endpoint, keys);
    const lastAt = Math.max(...keys.map((id) => fixed.get(id) ?? NaN));
    const value = (FINDINGS / (lastAt - switchedOn)) * 1000;
    say(`selfheal: ${value.toFixed(1)} findings/s`);
    await installation.setAutoResponse(false);
    await installation.host.idle();
    alone.push(...(await ceilingRounds(installation, ceiling, say)));

    const besideValue = median(alone);
    return [
      {
        what: `end to end, ${FINDINGS} findings, cold start included`,
        value,
        unit: 'fixed/s',
        beside: `local AWS alone, ${ceiling.calls} calls a finding`,
        besideValue,
        besideEach: alone,
        ratio: value / besideValue,
      },
    ];
  } finally {
    await installation.stop();
  }
}

/** Notes when a bot's function said that it had fixed a key. */
function note(fixed: Map<string, number>, { functionName, payload, result }: InvokeEvent): void {
  if (!functionName.endsWith(BOT)) return;
  const { deliveries } = JSON.parse(payload) as Dispatch;
  const { outcomes = [] } = JSON.parse(result.payload) as { outcomes?: readonly string[] };
  for (const [index, { body }] of deliveries.entries()) {
    if (outcomes[index] === 'fixed') fixed.set(body.target.id, performance.now());
  }
}

async function ceilingRounds({ endpoint }: Installation, ceiling: Ceiling, say: (line: string) => void) {
  const rounds: number[] = [];
  for (let round = 0; round < CEILING_ROUNDS; round += 1) {
    const perSecond = await ceiling.measure(await makeKeys(endpoint, FINDINGS / CEILING_ROUNDS));
    say(`local AWS alone: ${perSecond.toFixed(1)} findings/s`);
    rounds.push(perSecond);
  }
  return rounds;
}

/** The rules would find the same keys, and each would be on the queue twice. What they found already stays. */
async function deleteRules({ endpoint }: Installation): Promise<void> {
  const client = new ConfigServiceClient(settings(endpoint));
  const names: string[] = [];
  for await (const { ConfigRules = [] } of paginateDescribeConfigRules({ client }, {})) {
    names.push(...ConfigRules.flatMap(({ ConfigRuleName }) => ConfigRuleName ?? []));
  }
  for (const ConfigRuleName of names) await client.send(new DeleteConfigRuleCommand({ ConfigRuleName }));
  client.destroy();
}

async function makeKeys(endpoint: string, count: number): Promise<string[]> {
  const kms = new KMSClient(settings(endpoint));
  const keys: string[] = [];
  for (let made = 0; made < count; made += 1) {
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    keys.push(KeyMetadata?.KeyId ?? '');
  }
  kms.destroy();
  return keys;
}

async function publishFindings({ endpoint, findingsTopicArn }: Installation, keys: readonly string[]) {
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

async function waiting({ endpoint, queueUrl }: Installation): Promise<number> {
  const sqs = new SQSClient({ ...SQS_DEFAULTS, ...settings(endpoint) });
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  sqs.destroy();
  return Number(Attributes?.ApproximateNumberOfMessages);
}

async function assertFixed(endpoint: string, keys: readonly string[]): Promise<void> {
  const kms = new KMSClient(settings(endpoint));
  for (const KeyId of keys) {
    const { KeyRotationEnabled } = await kms.send(new GetKeyRotationStatusCommand({ KeyId }));
    if (!KeyRotationEnabled) throw new LocalError(`key ${KeyId} was said to be fixed and is not`);
  }
  kms.destroy();
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (Date.now() > end) throw new LocalError(`waited ${PATIENCE_MS / 1000} s for ${what}, in vain`);
    await sleep(100);
  }
}
