import {
  type BackupClient,
  type BackupSelection,
  CreateBackupSelectionCommand,
  DeleteBackupSelectionCommand,
  GetBackupSelectionCommand,
  paginateListBackupPlans,
  paginateListBackupSelections,
} from '@aws-sdk/client-backup';
import * as z from 'zod';
import type { Context } from '../../../../shared/bot/bot';
import { arnsOf } from '../../../../shared/resources/policy-arn';
import { type Target, partitionOf } from '../../../../shared/resources/target';

/** The role that AWS Backup makes for itself. Source: AWS Backup Developer Guide, IAM service roles. */
const ROLE = 'role/service-role/AWSBackupDefaultServiceRole';

const params = z.object({
  plan: z
    .string()
    .regex(/^[\w.-]{1,50}$/)
    .optional()
    .describe('the name of a backup plan in the region of the resource; without one the bot holds'),
});
type In = Context<z.output<typeof params>>;

/** Which plans include a resource. */
export interface Inclusion {
  /** Plans and selections that include it: `daily/all tables`. */
  readonly by: readonly string[];
  /** The id of the named plan, where the region has it. */
  readonly plan?: string;
  /** The selection in it that bears the bot's name. */
  readonly own?: string;
}

/** Tags by their names. */
export type Tags = Readonly<Record<string, string>>;

/** What the bots share that see to it that a backup plan includes a resource. */
export const BACKUP = {
  severity: 'medium',
  risk: 'safe',
  kind: 'posture',
  params,
  from: { plan: 'config' },
  check: ({ by }: Inclusion) => (by.length > 0 ? undefined : 'no backup plan includes it'),
  plan({ plan: BackupPlanId }: Inclusion, { target, params: { plan } }: In) {
    if (plan === undefined) return { held: 'no backup plan is named: give the name of one in config.ts' };
    if (BackupPlanId === undefined) return { held: `there is no backup plan ${plan} in ${target.region}` };
    const BackupSelection = {
      SelectionName: nameOf(target),
      IamRoleArn: `arn:${partitionOf(target.region)}:iam::${target.account}:${ROLE}`,
      Resources: arnsOf(target),
    };
    return [{ backup: new CreateBackupSelectionCommand({ BackupPlanId, BackupSelection }) }];
  },
  undo: (before: Inclusion, { now: { plan, own } }: In & { readonly now: Inclusion }) =>
    plan === undefined || own === undefined || before.own !== undefined
      ? []
      : [{ backup: new DeleteBackupSelectionCommand({ BackupPlanId: plan, SelectionId: own }) }],
} as const;

/** IAM actions, with those that read the resource itself. */
export function permissionsWith(...reads: readonly string[]) {
  return {
    read: ['backup:GetBackupSelection', 'backup:ListBackupPlans', 'backup:ListBackupSelections', ...reads],
    write: ['backup:CreateBackupSelection', 'iam:PassRole'],
    undo: ['backup:DeleteBackupSelection'],
    only: { 'iam:PassRole': ROLE },
  };
}

/** Which plans of the region include the target, with these tags. */
export async function inclusionOf(
  client: BackupClient,
  { target, params: { plan } }: In,
  tags: Tags,
): Promise<Inclusion> {
  const arns = arnsOf(target);
  const by: string[] = [];
  const named: { plan?: string; own?: string } = {};
  for await (const { BackupPlansList = [] } of paginateListBackupPlans({ client }, {})) {
    for (const { BackupPlanId = '', BackupPlanName = '' } of BackupPlansList) {
      if (BackupPlanName === plan) named.plan ??= BackupPlanId;
      for await (const page of paginateListBackupSelections({ client }, { BackupPlanId })) {
        for (const { SelectionId = '', SelectionName = '' } of page.BackupSelectionsList ?? []) {
          if (BackupPlanId === named.plan && SelectionName === nameOf(target)) named.own = SelectionId;
          const { BackupSelection: found } = await client.send(
            new GetBackupSelectionCommand({ BackupPlanId, SelectionId }),
          );
          if (found && arns.some((arn) => selects(found, arn, tags))) {
            by.push(`${BackupPlanName}/${SelectionName}`);
          }
        }
      }
    }
  }
  return { by: by.sort(), ...named };
}

/** Whether a selection includes what has this ARN and these tags. Source: AWS Backup API, BackupSelection. */
export function selects(selection: BackupSelection, arn: string, tags: Tags): boolean {
  const { Resources = [], NotResources = [], ListOfTags = [], Conditions = {} } = selection;
  const names = (patterns: readonly string[]) => patterns.some((pattern) => isLike(arn, pattern));
  if (names(NotResources) || (Resources.length > 0 && !names(Resources))) return false;
  const one = ({ ConditionKey = '', ConditionValue = '' }) => tags[ConditionKey] === ConditionValue;
  if (ListOfTags.length > 0 && !ListOfTags.some(one)) return false;
  const { StringEquals = [], StringNotEquals = [], StringLike = [], StringNotLike = [] } = Conditions;
  const has = (like: boolean) => (condition: Condition) => {
    const value = tags[condition.ConditionKey?.replace(/^aws:ResourceTag\//, '') ?? ''];
    const { ConditionValue = '' } = condition;
    return value !== undefined && (like ? isLike(value, ConditionValue) : value === ConditionValue);
  };
  const isTold = [...Resources, ...NotResources, ...ListOfTags].length > 0;
  const conditions = [...StringEquals, ...StringNotEquals, ...StringLike, ...StringNotLike];
  return (
    (isTold || conditions.length > 0) &&
    StringEquals.every(has(false)) &&
    StringLike.every(has(true)) &&
    !StringNotEquals.some(has(false)) &&
    !StringNotLike.some(has(true))
  );
}

interface Condition {
  readonly ConditionKey?: string | undefined;
  readonly ConditionValue?: string | undefined;
}

function isLike(text: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}

/** The name of the target's selection; AWS Backup takes 50 characters. */
function nameOf({ id }: Target): string {
  return `selfheal-${id}`.replace(/[^\w.-]/g, '-').slice(0, 50);
}
