import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { resourcesOf } from '../../shared/aws/inventory';
import { typesOf } from '../../shared/bot/bot';
import { type CatalogueEntry, findBot } from '../../shared/catalogue';
import { type Survey, surveySchema } from '../../shared/survey';
import { settingsOf } from '../../shared/config';
import { refusal } from '../../shared/worker/admission';
import { log } from '../../shared/worker/log';
import { enqueue } from '../../shared/worker/queue';
import { globalRegionOf } from '../../shared/resources/regions';
import {
  REGION,
  isGlobal,
  isSettings,
  partitionOf,
  settingsTarget,
  targetSchema,
} from '../../shared/resources/target';
import { faultIn } from '../../shared/text';
import { type Evaluator, judge } from './evaluate';
import { type Look, changeOf } from './notification';

/** Messages of one batch. Source: SQS SendMessageBatch. */
const BATCH = 10;

/** What looks at members are made with; tests give their own. */
export interface Lookout extends Omit<Evaluator, 'awsConfig'> {
  readonly catalogue: readonly CatalogueEntry[];
  /** The queue on which changes in members, the daily tick and single looks wait. */
  readonly looksQueueUrl: string;
}

const time = z.iso.datetime({ offset: true });
const messageSchema = z.union([
  z.object({
    source: z.literal('aws.config'),
    'detail-type': z.literal('Config Configuration Item Change'),
    account: z.string(),
    detail: z.unknown(),
  }),
  z.object({ source: z.literal('aws.events'), 'detail-type': z.literal('Scheduled Event'), time }),
  z.object({ look: z.object({ bot: z.string(), target: targetSchema, seenAt: time }) }),
  z.object({ survey: surveySchema }),
]);

/**
 * Works through messages of the looks queue. A change or the daily tick becomes one look for each bot that it concerns,
 * put on the same queue: what one bot cannot read comes back for that bot alone. A look reads live state with a session
 * that can only read, and what it finds goes to the remediation queue.
 */
export async function lookAround(lookout: Lookout, { Records }: SQSEvent): Promise<SQSBatchResponse> {
  const answers = Records.map(async ({ messageId, body }) => {
    try {
      await answer(lookout, body);
      return [];
    } catch (error) {
      log('error', 'a look failed and comes back', { messageId, error: String(error) });
      return [{ itemIdentifier: messageId }];
    }
  });
  return { batchItemFailures: (await Promise.all(answers)).flat() };
}

async function answer(lookout: Lookout, body: string): Promise<void> {
  const parsed = messageSchema.safeParse(JSON.parse(body));
  if (!parsed.success) throw new Error(`not a message for looks: ${faultIn(parsed.error)}`);
  const message = parsed.data;
  if ('look' in message) await lookOnce(lookout, message.look);
  else if ('survey' in message) await survey(lookout, message.survey);
  else if ('time' in message) await send(lookout, settingsLooks(lookout, message.time));
  else await send(lookout, changeLooks(lookout, message.account, message.detail));
}

/**
 * A survey becomes one look at each resource of its bot's types in the account and region: what asks for it, a control
 * that judges an account or a daily rule, names none.
 */
async function survey(lookout: Lookout, { bot, account, region, seenAt }: Survey): Promise<void> {
  const { catalogue, clients, config, environment } = lookout;
  const entry = findBot(catalogue, bot);
  const declined =
    entry === undefined || settingsOf(config, entry.id) === undefined
      ? `${bot} is not enabled`
      : refusal(config, environment, settingsTarget(REGION, account, region));
  if (declined !== undefined || entry === undefined) {
    log('warn', 'a survey was declined', { bot, account, region, reason: declined });
    return;
  }
  const looks: Look[] = [];
  for await (const target of resourcesOf(clients, entry.id, entry.resource, { account, region })) {
    looks.push({ bot: entry.id, target, seenAt });
  }
  await send(lookout, looks);
  log('info', 'surveyed', { bot: entry.id, account, region, resources: looks.length });
}

/** Looks at a resource that AWS Config saw change. AWS writes the account that an event comes from, its sender the rest. */
function changeLooks(lookout: Lookout, account: string, detail: unknown): Look[] {
  const { environment, config } = lookout;
  const { target, seenAt, left } = changeOf(detail, environment.region);
  const refused =
    target.account === account
      ? refusal(config, environment, target)
      : `the event comes from account ${account} and speaks of account ${target.account}`;
  if (refused !== undefined) {
    log('warn', 'a change was declined', { target, reason: refused });
    return [];
  }
  if (left) return [];
  return postureBots(lookout)
    .filter((entry) => typesOf(entry).includes(target.type))
    .map(({ id }) => ({ bot: id, target, seenAt }));
}

/**
 * Looks at the settings of the accounts that config.ts lists, in the regions that it names, or in the installation's own:
 * AWS Config sends no changes of them. What the rules at home ask about is left to them.
 */
function settingsLooks(lookout: Lookout, seenAt: string): Look[] {
  const { config, environment } = lookout;
  const { accountId: home, region: own } = environment;
  const { accounts = [] } = config.accounts?.mode === 'multi' ? config.accounts : {};
  const bots = postureBots(lookout).filter(({ resource }) => isSettings(resource));
  return [...new Set([home, ...accounts])].flatMap((account) =>
    bots.flatMap(({ id, resource }) => {
      const regions = isGlobal(resource) ? [globalRegionOf(partitionOf(own))] : (config.regions ?? [own]);
      return regions
        .filter((region) => account !== home || (!isGlobal(resource) && region !== own))
        .map((region) => ({ bot: id, target: settingsTarget(resource, account, region), seenAt }))
        .filter(({ target }) => refusal(config, environment, target) === undefined);
    }),
  );
}

function postureBots({ catalogue, config }: Lookout): CatalogueEntry[] {
  return catalogue.filter(({ id, kind }) => kind === 'posture' && settingsOf(config, id) !== undefined);
}

async function lookOnce(lookout: Lookout, look: Look): Promise<void> {
  const { config, environment, sqs } = lookout;
  const { bot, target } = look;
  // A deployment may have come between.
  const declined =
    settingsOf(config, bot) === undefined
      ? `${bot} is not enabled any more`
      : refusal(config, environment, target);
  if (declined !== undefined) {
    log('warn', 'a look was declined', { ...look, reason: declined });
    return;
  }
  const { compliance, remediation } = await judge(lookout, look);
  if (remediation) await enqueue(sqs, environment.queueUrl, [remediation]);
  log('info', 'looked', { bot, target, compliance });
}

async function send({ sqs, looksQueueUrl }: Pick<Lookout, 'sqs' | 'looksQueueUrl'>, looks: readonly Look[]) {
  const batches = Array.from({ length: Math.ceil(looks.length / BATCH) }, (_, index) =>
    looks.slice(index * BATCH, (index + 1) * BATCH),
  );
  await Promise.all(batches.map((batch) => sendBatch(sqs, looksQueueUrl, batch)));
}

async function sendBatch(sqs: SQSClient, QueueUrl: string, looks: readonly Look[]) {
  const { Failed = [] } = await sqs.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: looks.map((look, index) => ({ Id: String(index), MessageBody: JSON.stringify({ look }) })),
    }),
  );
  const [first] = Failed;
  if (first)
    throw new Error(`SQS refused ${Failed.length} looks: ${first.Code ?? ''} ${first.Message ?? ''}`);
}
