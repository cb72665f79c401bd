import * as z from 'zod';
import { typesOf } from '../../../shared/bot/bot';
import { arnsOf, entitySchema, resourcesOf } from '../entities';
import { readAutoWords, taggedOrders } from '../routing';
import { LIMITS, atMost } from '../limits';
import { list, misshapen, text, timeOf } from '../shapes';
import type { Intake, Reading, Source } from '../source';
import { splitWords } from '../words';

const NO_ENTITY = entitySchema.parse({});

/** What is read of a finding of CloudGuard (Dome9). Every other field is left to CloudGuard. */
const findingSchema = z.object({
  status: text,
  reportTime: text,
  findingKey: text,
  region: text.catch(undefined),
  account: z.object({ id: z.string(), vendor: text.catch(undefined) }),
  rule: z.object({ name: text, complianceTags: text }),
  /** Absent of what is missing in the account, such as a password policy. */
  entity: entitySchema.nullish().transform((entity) => entity ?? NO_ENTITY),
  remediationActions: list(z.string()),
  /** Of another shape they tell no time, which is all that is read of them. */
  additionalFields: list(z.object({ name: z.string(), value: z.string() })).catch([]),
});
type CloudGuardFinding = z.infer<typeof findingSchema>;

/**
 * CloudGuard's findings: `AUTO: <bot> <words>` in the tags of the rule's compliance section, parted by `|`, and the
 * same words without `AUTO:` in `remediationActions`.
 */
export const cloudguard: Source = {
  name: 'cloudguard',

  accepts: (message) =>
    'rule' in message && 'account' in message && ('entity' in message || 'findingKey' in message),

  read(message, intake): Reading[] {
    const parsed = findingSchema.safeParse(message);
    if (!parsed.success) return misshapen('a CloudGuard finding', parsed.error);
    const finding = parsed.data;
    const declined = reasonAgainst(finding);
    if (declined !== undefined) return [{ declined }];
    const orders = ordersOf(finding);
    if (orders.length === 0) return [{ declined: 'the rule carries no AUTO: tag' }];
    const accounts = accountsIn(finding);
    if (accounts.length > 1) {
      return [{ unusable: `the finding names several accounts: ${accounts.join(' and ')}` }];
    }
    const { kept, over } = atMost(LIMITS.orders, orders, 'orders');
    const readings = kept.map((order) => readOrder(order, finding, intake));
    // Two ways of writing one order are one order.
    return [...new Map([...readings, ...over].map((reading) => [JSON.stringify(reading), reading])).values()];
  },
};

function reasonAgainst({ status, account: { vendor = 'AWS' } }: CloudGuardFinding): string | undefined {
  if (status?.toLowerCase() !== 'failed') {
    return `the finding's status is ${status ?? 'absent'}; only Failed asks for a repair`;
  }
  return /^aws/i.test(vendor) ? undefined : `the finding is about ${vendor.slice(0, 64)}, not about AWS`;
}

/** The texts behind `AUTO:`, each once, however often they are said. */
function ordersOf({ rule, remediationActions }: CloudGuardFinding): string[] {
  const actions = remediationActions.map((action) => action.trim()).filter((action) => action !== '');
  return [...new Set([...taggedOrders(rule.complianceTags ?? ''), ...actions])];
}

/** A resource of another account than the finding's would be looked for, by its name, in the wrong one. */
function accountsIn({ account, entity }: CloudGuardFinding): string[] {
  const owners = arnsOf(entity).map((arn) => arn.split(':')[4]);
  const others = [entity.accountNumber, ...owners].filter((each) => /^\d{12}$/.test(each ?? ''));
  return [...new Set([account.id, ...others])] as string[];
}

function readOrder(order: string, finding: CloudGuardFinding, intake: Intake): Reading {
  const against = suggested(order);
  if (against) return against;
  const { account, entity, rule, findingKey, reportTime } = finding;
  const id = entity.id ?? entity.name;
  const subject = {
    source: 'cloudguard',
    id: findingKey ?? `${rule.name ?? 'rule'}/${id ?? account.id}`,
    time: timeOf(reportTime, eventTime(finding)) ?? intake.sentAt,
    ...(rule.name !== undefined && { title: rule.name }),
    account: account.id,
    region: regionOf(finding),
    resources: resourcesOf(entity, intake.catalogue.flatMap(typesOf)),
  };
  return readAutoWords(order, subject, intake);
}

/**
 * CloudGuard's own actions may carry a `SuggestedRole`, in JSON beside the orders, for the bot that sets permissions
 * boundaries. Whoever may publish findings must not thereby write policies: none is taken from a message.
 */
function suggested(order: string): Reading | undefined {
  const json = parse(order);
  if (json !== undefined) {
    return typeof json === 'object' && json !== null && 'SuggestedRole' in json
      ? {
          declined:
            'the action is a SuggestedRole, which CloudBots hands to iam_entity_create_and_attach_permission_boundary: no bot takes a policy from a message; write it into IAM yourself',
        }
      : { declined: 'the action is JSON, and names no bot' };
  }
  const hands = splitWords(order).some((word) => /^["']?Suggested(Policy|Role)["']?[:=]/i.test(word));
  return hands
    ? { unusable: 'the order carries a SuggestedPolicy: no bot takes a policy from a message' }
    : undefined;
}

/** An ARN says it best: a trail shows in every region, and is changed in its own alone. */
function regionOf({ entity, region }: CloudGuardFinding): string | undefined {
  const own = arnsOf(entity)
    .map((arn) => arn.split(':')[3])
    .find((each) => each);
  // A region is an entity too; its id is its name for the API.
  const itself = entity.type?.toLowerCase() === 'region' ? (entity.id ?? entity.name) : undefined;
  return own ?? entity.region ?? itself ?? region;
}

/** When the event happened that the finding is about, of findings on events. */
function eventTime({ additionalFields }: CloudGuardFinding): string | undefined {
  const data = parse(additionalFields.find(({ name }) => name === 'logic_data')?.value ?? '');
  const time = typeof data === 'object' && data !== null && 'alertWindowStartTime' in data;
  return time && typeof data.alertWindowStartTime === 'string' ? data.alertWindowStartTime : undefined;
}

/** The value of a JSON text; `undefined`: it is none. */
function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
