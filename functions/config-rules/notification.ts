import * as z from 'zod';
import { faultIn } from '../../shared/text';
import { type Canonical, canonical } from '../../shared/resources/canonical';
import { ACCOUNT, type Target, partitionOf, settingsTarget } from '../../shared/resources/target';
import { typeNamed } from '../../shared/resources/types';

/** AWS Config writes ISO times; one that is none would order nothing. */
const timeSchema = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), 'not a time')
  .transform((text) => new Date(text).toISOString());

const itemSchema = z.object({
  resourceType: z.string(),
  resourceId: z.string(),
  awsAccountId: z.string(),
  resourceName: z.string().nullish(),
  awsRegion: z.string(),
  configurationItemCaptureTime: timeSchema,
  configurationItemStatus: z.string(),
});

const changeSchema = z.discriminatedUnion('messageType', [
  z.object({
    messageType: z.literal('ConfigurationItemChangeNotification'),
    configurationItem: itemSchema,
  }),
  z.object({
    messageType: z.literal('OversizedConfigurationItemChangeNotification'),
    configurationItemSummary: itemSchema,
  }),
]);

const invokingSchema = z.discriminatedUnion('messageType', [
  changeSchema,
  z.object({
    messageType: z.literal('ScheduledNotification'),
    awsAccountId: z.string(),
    notificationCreationTime: timeSchema,
  }),
]);

/** The event that AWS Config sends to a custom rule's function, as far as it is read here. */
export interface RuleEvent {
  readonly invokingEvent: string;
  readonly ruleParameters?: string | undefined;
  readonly resultToken: string;
  readonly configRuleName: string;
  readonly eventLeftScope?: boolean | undefined;
}

/** A person tries the rule: AWS keeps no evaluation, and nothing is to be repaired. */
export function isTest(resultToken: string): boolean {
  return resultToken === 'TESTMODE';
}

/** One look of one bot at one resource. */
export interface Look {
  readonly bot: string;
  readonly target: Target;
  /** ISO time of the state that AWS Config saw: orders evaluations, and tells a fault that came back from a repetition. */
  readonly seenAt: string;
}

/** How AWS Config names a resource. */
interface ConfigName {
  readonly resourceType: string;
  readonly resourceId: string;
  readonly resourceName?: string | null | undefined;
}

/** What a rule is asked about. */
export interface Question extends Look {
  /** The target by the names that AWS Config has for it. */
  readonly evaluated: { readonly type: string; readonly id: string };
  /** The resource is deleted, not recorded any more, or has left the rule's scope. */
  readonly left: boolean;
}

const DELETED = ['ResourceDeleted', 'ResourceDeletedNotRecorded', 'ResourceNotRecorded'];

/** What a rule is asked by the clock: the bot, about the account, when. */
export interface Schedule {
  readonly bot: string;
  readonly account: string;
  readonly seenAt: string;
}

/**
 * Reads the event of a custom rule: about one resource, or by the clock. The item itself is not read, which is why an
 * oversized one does no harm: bots judge live state.
 *
 * @throws Error in one sentence when the event is not one of AWS Config's.
 */
export function readRule(event: RuleEvent, region: string): Question | Schedule {
  const bot = botOf(event);
  const invoking = invokingSchema.safeParse(json(event.invokingEvent));
  if (!invoking.success) {
    throw new Error(`not a notification of AWS Config: ${faultIn(invoking.error)}`);
  }
  const notice = invoking.data;
  if (notice.messageType === 'ScheduledNotification') {
    return { bot, account: notice.awsAccountId, seenAt: notice.notificationCreationTime };
  }
  const change = changeIn(notice, region);
  return { ...change, bot, left: event.eventLeftScope === true || change.left };
}

/** What a rule that is asked by the clock evaluates where it is asked about settings: the account. */
export function aboutAccount({ bot, account, seenAt }: Schedule, region: string): Question {
  const target = settingsTarget(ACCOUNT, account, region);
  return { bot, target, evaluated: { type: ACCOUNT, id: account }, seenAt, left: false };
}

/**
 * Reads the detail of a `Config Configuration Item Change`, which is what rules are sent. `region` is where resources
 * are reached that lie in none.
 *
 * @throws Error in one sentence when it is none.
 */
export function changeOf(detail: unknown, region: string): Omit<Question, 'bot'> {
  const change = changeSchema.safeParse(detail);
  if (!change.success) throw new Error(`not a change that AWS Config tells: ${faultIn(change.error)}`);
  return changeIn(change.data, region);
}

function changeIn(notice: z.output<typeof changeSchema>, region: string): Omit<Question, 'bot'> {
  const item =
    notice.messageType === 'ConfigurationItemChangeNotification'
      ? notice.configurationItem
      : notice.configurationItemSummary;
  const named = namedByConfig(item, { account: item.awsAccountId, region: item.awsRegion }, region);
  if ('wrong' in named) throw new Error(`not a change that can be looked into: ${named.wrong}`);
  return {
    target: named.target,
    evaluated: { type: item.resourceType, id: item.resourceId },
    seenAt: item.configurationItemCaptureTime,
    left: DELETED.includes(item.configurationItemStatus),
  };
}

/** A resource by our name for it. `region` is where resources are reached that lie in none. */
export function namedByConfig(
  { resourceType, resourceId, resourceName }: ConfigName,
  place: { readonly account: string; readonly region: string },
  region: string,
): Canonical {
  const row = typeNamed(resourceType);
  const id = row?.isName ? (resourceName ?? resourceId) : resourceId;
  return canonical({ type: row?.type ?? resourceType, id, ...place }, partitionOf(region));
}

function botOf({ ruleParameters, configRuleName }: RuleEvent): string {
  const { bot } = (json(ruleParameters ?? '{}') ?? {}) as { bot?: unknown };
  if (typeof bot === 'string') return bot;
  throw new Error(`the rule ${configRuleName} names no bot in its parameters: deploy again`);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
