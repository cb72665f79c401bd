import * as z from 'zod';
import { obey } from '../routing';
import type { Intake, Reading, Source } from '../source';

/** What is absent comes as null or as nothing too. */
const text = z
  .string()
  .nullish()
  .transform((value) => (value === '' ? undefined : (value ?? undefined)));

/** What is read of a finding of CloudGuard (Dome9). Every other field is left to CloudGuard. */
const findingSchema = z.object({
  status: text,
  reportTime: text,
  findingKey: text,
  account: z.object({ id: z.string() }),
  rule: z.object({ name: text, complianceTags: text }),
  entity: z.object({ id: text, name: text, region: text }),
  remediationActions: z.array(z.string()).nullish(),
});
type CloudGuardFinding = z.infer<typeof findingSchema>;

/**
 * CloudGuard's findings: `AUTO: <bot> <words>` in the tags of the rule's compliance section, parted by `|`, and the
 * same words without `AUTO:` in `remediationActions`.
 */
export const cloudguard: Source = {
  name: 'cloudguard',

  accepts: (message) => 'rule' in message && 'entity' in message && 'account' in message,

  read(message, intake): Reading[] {
    const parsed = findingSchema.safeParse(message);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return [
        { unusable: `not a CloudGuard finding: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` },
      ];
    }
    const finding = parsed.data;
    if (finding.status?.toLowerCase() !== 'failed') {
      return [
        { declined: `the finding's status is ${finding.status ?? 'absent'}; only Failed asks for a repair` },
      ];
    }
    const orders = ordersOf(finding);
    if (orders.length === 0) return [{ declined: 'the rule carries no AUTO: tag' }];
    return orders.map((order) => readOrder(order, finding, intake));
  },
};

/** The texts behind `AUTO:`, each once, however often they are said. */
function ordersOf({ rule, remediationActions }: CloudGuardFinding): string[] {
  const tags = (rule.complianceTags ?? '')
    .split('|')
    .map((tag) => /^AUTO:(.*)$/s.exec(tag.trim())?.[1]?.trim())
    .filter((text) => text !== undefined && text !== '');
  const actions = (remediationActions ?? []).map((action) => action.trim()).filter((action) => action !== '');
  return [...new Set([...tags, ...actions])] as string[];
}

function readOrder(
  order: string,
  { account, entity, rule, findingKey, reportTime }: CloudGuardFinding,
  intake: Intake,
): Reading {
  if (isJson(order)) {
    return { declined: 'the action is JSON, a policy suggested for another action: no bot takes one' };
  }
  const id = entity.id ?? entity.name;
  const subject = {
    source: 'cloudguard',
    id: findingKey ?? `${rule.name ?? 'rule'}/${id ?? account.id}`,
    time: timeOf(reportTime) ?? intake.sentAt,
    ...(rule.name !== undefined && { title: rule.name }),
    account: account.id,
    region: entity.region,
    // The rule knows what kind of thing it is about: whatever the bot acts on, that is what the entity is.
    resources: id === undefined ? [] : intake.catalogue.map(({ resource: type }) => ({ type, id })),
  };
  return obey(order, subject, intake);
}

/** CloudGuard's own actions may carry a `SuggestedRole`, in JSON beside the words of others. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function timeOf(text: string | undefined): string | undefined {
  const time = new Date(text ?? '');
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
