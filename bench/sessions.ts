import { createHash } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { bot as block } from '../functions/remediators/s3/s3_block_all_public_access';
import { bot as version } from '../functions/remediators/s3/s3_enable_versioning';
import { bot as own } from '../functions/remediators/s3/s3_enforce_bucket_owner';
import { bot as requireTls } from '../functions/remediators/s3/s3_only_allow_ssl';
import { startAws } from '../local/aws';
import type { MemberAccounts } from '../shared/accounts';
import { CLIENT_DEFAULTS, clientMaker } from '../shared/aws/clients';
import { sessions } from '../shared/aws/sessions';
import type { AnyBot } from '../shared/bot/bot';
import { type Worker, work } from '../shared/worker/serve';
import type { Journal } from '../shared/worker/journal';
import type { Delivery } from '../shared/worker/message';
import type { Target } from '../shared/resources/target';
import { REGION, counter, quietly, settings } from './aws';
import { ACCOUNT } from './messages';
import type { Row } from './table';

const ACCOUNTS = 50;
const BOTS: readonly AnyBot[] = [block, version, own, requireTls];
/** Where the four buckets of an account lie. Every bot finds fault with each, and with the first a second time. */
const BUCKETS = [REGION, REGION, REGION, 'us-east-1'];
/** As a burst makes Lambda run them: each keeps its own sessions. */
const ENVIRONMENTS = 8;
const EXTERNAL_ID = 'selfheal-bench';

type Scope = NonNullable<MemberAccounts['sessionScope']>;

interface Asked {
  readonly bot: AnyBot;
  readonly target: Target;
}

/** Calls of STS for 1,000 findings in 50 accounts, beside one for each account and bot. */
export async function measureSessions(say: (line: string) => void): Promise<Row[]> {
  say('starting local AWS, making buckets …');
  const aws = await startAws();
  try {
    const asked = inAnyOrder(await makeFindings(aws.endpoint));
    const goal = ACCOUNTS * BOTS.length;
    const rows: Row[] = [];
    for (const [scope, environments] of [
      ['resource', 1],
      ['account', 1],
      ['account', ENVIRONMENTS],
    ] as const) {
      const value = await callsFor(aws.endpoint, asked, scope, environments);
      const functions = environments === 1 ? '' : `, ${environments} environments of each bot`;
      say(`sessionScope ${scope}${functions}: ${value} calls of STS for ${asked.length} findings`);
      rows.push({
        what: `sessionScope ${scope}, ${asked.length} findings${functions}`,
        value,
        unit: 'calls of STS',
        beside: `one for each of ${ACCOUNTS} accounts and ${BOTS.length} bots`,
        besideValue: goal,
        ratio: value / goal,
        ...(scope === 'account' && environments === 1 && { goal: { atMost: 1 } }),
      });
    }
    return rows;
  } finally {
    await aws.stop();
  }
}

/** Makes the buckets with their faults in accounts of local AWS. */
async function makeFindings(endpoint: string): Promise<Asked[]> {
  const sts = new STSClient(settings(endpoint));
  const asked: Asked[] = [];
  for (const account of members()) {
    const RoleArn = `arn:aws:iam::${account}:role/bench`;
    const { Credentials: keys } = await sts.send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 'bench' }),
    );
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = keys ?? {};
    const credentials = {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    };
    for (const [index, region] of BUCKETS.entries()) {
      const Bucket = `bench-${account}-${index}`;
      const s3 = new S3Client({ ...settings(endpoint), region, credentials });
      const CreateBucketConfiguration = { LocationConstraint: REGION } as const;
      await s3.send(
        new CreateBucketCommand({
          Bucket,
          ...(region === REGION && { CreateBucketConfiguration }),
        }),
      );
      s3.destroy();
      const target = { account, region, type: 'AWS::S3::Bucket', id: Bucket };
      for (const bot of BOTS) asked.push(...Array<Asked>(index === 0 ? 2 : 1).fill({ bot, target }));
    }
  }
  return asked;
}

function members(): string[] {
  return Array.from({ length: ACCOUNTS }, (_, index) => String(200_000_000_000 + index));
}

/** As findings come: neither by account nor by bot, but in each run the same. */
function inAnyOrder(asked: readonly Asked[]): Asked[] {
  const digest = (index: number) => createHash('sha256').update(String(index)).digest('hex');
  return asked
    .map((each, index) => ({ each, at: digest(index) }))
    .sort((one, other) => one.at.localeCompare(other.at))
    .map(({ each }) => each);
}

/** Has every bot answer for its findings, in so many environments by turns, and counts the sessions opened. */
async function callsFor(
  endpoint: string,
  asked: readonly Asked[],
  scope: Scope,
  environments: number,
): Promise<number> {
  const { requestHandler, count } = counter(endpoint);
  const sts = new STSClient({ ...CLIENT_DEFAULTS, ...settings(endpoint), requestHandler });
  const runBot = async (bot: AnyBot) => {
    const workers = Array.from({ length: environments }, () => workerOf(endpoint, sts, scope));
    const own = asked.filter((each) => each.bot === bot);
    for (const [index, { target }] of own.entries()) {
      const worker = workers[index % environments];
      if (worker) await answer(bot, worker, target, `${bot.id}-${index}`);
    }
  };
  await quietly(() => Promise.all(BOTS.map(runBot)));
  return count();
}

async function answer(bot: AnyBot, worker: Worker, target: Target, messageId: string): Promise<void> {
  const time = new Date().toISOString();
  const finding = { source: 'generic', id: messageId, time } as const;
  const delivery: Delivery = {
    messageId,
    receiptHandle: messageId,
    sentAt: Date.now(),
    body: { version: 1, bot: bot.id, target, params: {}, finding },
  };
  const dispatch = { deliveries: [delivery], visibleAgainAt: Infinity };
  const { outcomes } = await work(bot, worker, dispatch, () => Infinity);
  if (!/^(fixed|compliant)$/.test(outcomes.join())) {
    throw new Error(`${bot.id} answered for ${target.id} with ${outcomes.join()}`);
  }
}

/** What a bot's function makes when it starts; queue, journal and topic, which need no session, take everything. */
function workerOf(endpoint: string, sts: STSClient, sessionScope: Scope): Worker {
  const accounts = { mode: 'multi', externalId: EXTERNAL_ID, accounts: members(), sessionScope } as const;
  const { credentialsFor, forget } = sessions({ accounts, home: ACCOUNT, stage: 'prod', sts, use: 'apply' });
  const nothing = () => Promise.resolve(undefined);
  const journal = {
    deliver: () => Promise.resolve({ attempt: 1, asides: 0, waitedMs: 0 }),
    standing: () => Promise.resolve({}),
    count: nothing,
    setAside: nothing,
    settle: nothing,
    begin: nothing,
    end: nothing,
  };
  return {
    config: {
      enable_auto_response: true,
      bots: Object.fromEntries(BOTS.map(({ id }) => [id, { enabled: true, mode: 'auto' }])),
      accounts,
    },
    environment: {
      accountId: ACCOUNT,
      region: REGION,
      queueUrl: 'queue',
      deadLetterQueueUrl: 'dead',
      eventsTopicArn: 'topic',
      journalTable: 'journal',
      functionPrefix: '',
      stage: 'prod',
    },
    sqs: { send: nothing } as unknown as SQSClient,
    journal: journal as unknown as Journal,
    clients: clientMaker({ endpoint }, { credentialsFor }),
    forget,
    tell: () => Promise.resolve(),
  };
}
