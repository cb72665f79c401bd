import * as z from 'zod';
import { faultIn } from '../../shared/text';
import { canonical } from '../../shared/resources/canonical';
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
  readonly ruleParameters?: string;
  readonly resultToken: string;
  readonly configRuleName: string;
  readonly eventLeftScope?: boolean;
}

/** One look of one bot at one resource. */
export interface Look {
  readonly bot: string;
  readonly target: Target;
  /** ISO time of the state that AWS Config saw: orders evaluations, and tells a fault that came back from a repetition. */
  readonly seenAt: string;
}

/** What a rule is asked about. */
export interface Question extends Look {
  /** The target by the names that AWS Config has for it. */
  readonly evaluated: { readonly type: string; readonly id: string };
  /** The resource is deleted, not recorded any more, or has left the rule's scope. */
  readonly left: boolean;
}

const DELETED = ['ResourceDeleted', 'ResourceDeletedNotRecorded', 'ResourceNotRecorded'];

/**
 * Reads the event of a custom rule. The item itself is not read, which is why an oversized one does no harm: bots
 * judge live state.
 *
 * @throws Error in one sentence when the event is not one of AWS Config's.
 */
export function questionOf(event: RuleEvent, region: string): Question {
  const bot = botOf(event);
  const invoking = invokingSchema.safeParse(json(event.invokingEvent));
  if (!invoking.success) {
    throw new Error(`not a notification of AWS Config: ${faultIn(invoking.error)}`);
  }
  const notice = invoking.data;
  if (notice.messageType === 'ScheduledNotification') {
    const account = notice.awsAccountId;
    return {
      bot,
      target: settingsTarget(ACCOUNT, account, region),
      evaluated: { type: ACCOUNT, id: account },
      seenAt: notice.notificationCreationTime,
      left: false,
    };
  }
  const change = changeIn(notice, region);
  return { ...change, bot, left: event.eventLeftScope === true || change.left };
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
  const row = typeNamed(item.resourceType);
  const named = canonical(
    {
      type: row?.type ?? item.resourceType,
      id: row?.isName ? (item.resourceName ?? item.resourceId) : item.resourceId,
      ...{ account: item.awsAccountId, region: item.awsRegion },
    },
    partitionOf(region),
  );
  if ('wrong' in named) throw new Error(`not a change that can be looked into: ${named.wrong}`);
  return {
    target: named.target,
    evaluated: { type: item.resourceType, id: item.resourceId },
    seenAt: item.configurationItemCaptureTime,
    left: DELETED.includes(item.configurationItemStatus),
  };
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
