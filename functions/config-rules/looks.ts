import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod';
import { isListed, resourcesOf } from '../../shared/aws/inventory';
import { typesOf } from '../../shared/bot/bot';
import { isAskedDaily } from '../../shared/aws/recorded';
import { type CatalogueEntry, findBot } from '../../shared/catalogue';
import { type Survey, askForSurvey, surveySchema } from '../../shared/survey';
import { settingsOf } from '../../shared/config';
import { admit } from '../../shared/worker/admission';
import { log } from '../../shared/worker/log';
import { enqueue } from '../../shared/worker/queue';
import { globalRegionOf } from '../../shared/resources/regions';
import {
  type Target,
  isGlobal,
  isSettings,
  partitionOf,
  settingsTarget,
} from '../../shared/resources/target';
import { faultIn } from '../../shared/text';
import { answerRule } from './daily';
import { judge, putEvaluation } from './evaluate';
import { type Lookout, type QueuedLook, lookSchema, sendLooks } from './lookout';
import { type Look, changeOf, isTest } from './notification';

const time = z.iso.datetime({ offset: true });
const messageSchema = z.union([
  z.object({
    source: z.literal('aws.config'),
    'detail-type': z.literal('Config Configuration Item Change'),
    account: z.string(),
    detail: z.unknown(),
  }),
  z.object({ source: z.literal('aws.events'), 'detail-type': z.literal('Scheduled Event'), time }),
  z.object({ look: lookSchema }),
  z.object({ survey: surveySchema }),
  // What Lambda could not have done in three tries. Source: Lambda, records of asynchronous invocations.
  z.object({
    requestContext: z.object({ condition: z.string() }),
    requestPayload: z.object({
      invokingEvent: z.string(),
      ruleParameters: z.string().optional(),
      resultToken: z.string(),
      configRuleName: z.string(),
      eventLeftScope: z.boolean().optional(),
    }),
  }),
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
  else if ('requestPayload' in message) await answerRule(lookout, message.requestPayload, 'late');
  else if ('time' in message) await lookDaily(lookout, message.time);
  else await sendLooks(lookout, changeLooks(lookout, message.account, message.detail));
}

/**
 * A survey becomes one look at each resource of its bot's types in the account and region: what asks for it, a control
 * that judges an account or a daily rule, names none.
 */
async function survey(lookout: Lookout, { bot, account, region, seenAt }: Survey): Promise<void> {
  const { catalogue, clients } = lookout;
  const entry = findBot(catalogue, bot);
  const declined = entry ? refusalOf(lookout, entry, { account, region }) : `there is no bot ${bot}`;
  if (declined !== undefined || !entry) {
    log('warn', 'a survey was declined', { bot, account, region, reason: declined });
    return;
  }
  const looks: Look[] = [];
  for await (const target of resourcesOf(clients, entry.id, entry.resource, { account, region })) {
    looks.push({ bot: entry.id, target, seenAt });
  }
  await sendLooks(lookout, looks);
  log('info', 'surveyed', { bot: entry.id, account, region, resources: looks.length });
}

/** Looks at a resource that AWS Config saw change. AWS writes the account that an event comes from, its sender the rest. */
function changeLooks(lookout: Lookout, account: string, detail: unknown): Look[] {
  const { target, seenAt, left } = changeOf(detail, lookout.environment.region);
  if (left) return [];
  const bots = postureBots(lookout).filter((entry) => typesOf(entry).includes(target.type));
  const isOfAnother = target.account !== account;
  const refusals = isOfAnother
    ? [`the event comes from account ${account} and speaks of account ${target.account}`]
    : bots.map((bot) => refusalOf(lookout, bot, target));
  const reason = refusals.find((each) => each !== undefined);
  if (reason !== undefined) log('warn', 'a change was declined', { target, reason });
  return bots
    .filter((_, index) => !isOfAnother && refusals[index] === undefined)
    .map(({ id }) => ({ bot: id, target, seenAt }));
}

/**
 * Looks at what no change tells, in the accounts that config.ts lists and the regions that it names, or in the
 * installation's own: at settings at once, and for a survey of other resources it asks. What the rules at home ask about
 * is left to them.
 */
async function lookDaily(lookout: Lookout, seenAt: string): Promise<void> {
  const { config, environment, looksQueueUrl, sqs } = lookout;
  const { accountId: home, region: own } = environment;
  const { accounts = [] } = config.accounts?.mode === 'multi' ? config.accounts : {};
  const bots = postureBots(lookout)
    .filter(isAskedDaily)
    .filter(({ resource }) => isSettings(resource) || isListed(resource));
  const daily = [...new Set([home, ...accounts])].flatMap((account) =>
    bots.flatMap((bot) => {
      const { id, resource } = bot;
      const regions = isGlobal(resource) ? [globalRegionOf(partitionOf(own))] : (config.regions ?? [own]);
      return regions
        .filter((region) => account !== home || (!isGlobal(resource) && region !== own))
        .filter((region) => refusalOf(lookout, bot, { account, region }) === undefined)
        .map((region) => ({ bot: id, target: settingsTarget(resource, account, region), seenAt }));
    }),
  );
  const isLook = ({ target }: Look) => isSettings(target.type);
  await sendLooks(lookout, daily.filter(isLook));
  for (const { bot, target } of daily.filter((look) => !isLook(look))) {
    const { account, region } = target;
    await askForSurvey(sqs, looksQueueUrl, { bot, account, region, seenAt });
  }
}

function postureBots({ catalogue, config }: Lookout): CatalogueEntry[] {
  return catalogue.filter(({ id, kind }) => kind === 'posture' && settingsOf(config, id) !== undefined);
}

function refusalOf(
  { config, environment: home }: Lookout,
  bot: CatalogueEntry,
  target: Target | Pick<Target, 'account' | 'region'>,
): string | undefined {
  const admission = admit({ config, home, bot, target });
  return 'refused' in admission ? admission.refused : undefined;
}

async function lookOnce(lookout: Lookout, look: QueuedLook): Promise<void> {
  const { environment, sqs, awsConfig } = lookout;
  const { bot, target, seenAt, asked } = look;
  const verdict = await judge(lookout, { bot, target, seenAt });
  if ('refused' in verdict) {
    // A deployment may have come between.
    log('warn', 'a look was declined', { ...look, reason: verdict.refused });
    return;
  }
  const { compliance, remediation } = verdict;
  if (asked) await putEvaluation(awsConfig, asked, { ...asked, seenAt }, verdict, 'late');
  if (remediation && !(asked && isTest(asked.token))) {
    await enqueue(sqs, environment.queueUrl, [remediation]);
  }
  log('info', 'looked', { bot, target, compliance });
}
