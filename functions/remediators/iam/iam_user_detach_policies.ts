import type { IAMClient } from '@aws-sdk/client-iam';
import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  DetachUserPolicyCommand,
  RemoveUserFromGroupCommand,
  paginateListAttachedGroupPolicies,
  paginateListGroupsForUser,
} from '@aws-sdk/client-iam';
import * as z from 'zod';
import { type Effects, managedEffects } from './lib/effects';
import { NO_SUCH_ENTITY, userPolicies } from './lib/iam';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { USER } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';

export const bot = defineBot({
  ...USER,
  id: 'iam_user_detach_policies',
  title: 'Detach managed policies from an IAM user',
  severity: 'low',
  risk: 'disruptive',
  kind: 'posture',
  params: z.object({
    toGroup: z
      .string()
      .regex(/^[\w+=,.@-]{1,128}$/)
      .optional()
      .describe('a group that has the policies, into which the user is put before'),
  }),
  from: { toGroup: 'config' },
  permissions: {
    read: [
      'iam:ListAttachedUserPolicies',
      'iam:GetPolicy',
      'iam:GetPolicyVersion',
      'iam:ListAttachedGroupPolicies',
      'iam:ListGroupsForUser',
    ],
    write: ['iam:AddUserToGroup', 'iam:DetachUserPolicy'],
    undo: ['iam:AttachUserPolicy', 'iam:RemoveUserFromGroup'],
    only: { 'iam:AddUserToGroup': 'group/${params.toGroup}' },
  },

  async inspect({ iam }, { target: { id }, params: { toGroup } }): Promise<State> {
    const attached: Attached[] = [];
    for (const arn of await userPolicies(iam, id))
      attached.push({ arn, ...(await managedEffects(iam, arn)) });
    if (toGroup === undefined) return { attached };
    const has = await undefinedIfGone(groupPolicies(iam, toGroup), NO_SUCH_ENTITY);
    const lacks = attached.map(({ arn }) => arn).filter((arn) => !has?.includes(arn));
    return {
      attached,
      group: { exists: has !== undefined, member: await isMember(iam, id, toGroup), lacks },
    };
  },

  check({ attached }) {
    const arns = attached.filter(({ allows }) => allows).map(({ arn }) => arn);
    return arns.length > 0
      ? `managed policies are attached to the user itself: ${arns.join(', ')}`
      : undefined;
  },

  plan({ attached, group }, { target: { id: UserName }, params: { toGroup: GroupName } }) {
    const unmixed = attached.filter(({ allows, denies }) => allows && !denies).map(({ arn }) => arn);
    if (unmixed.length === 0)
      return { held: 'what is attached also denies, and detaching it would give rights' };
    if (group?.exists === false) return { held: `there is no group ${GroupName ?? ''}` };
    const lacking = unmixed.filter((arn) => group?.lacks.includes(arn));
    if (lacking.length > 0)
      return { held: `the group ${GroupName ?? ''} lacks ${lacking.join(', ')}: attach it there first` };
    return [
      ...(group?.member === false ? [{ iam: new AddUserToGroupCommand({ UserName, GroupName }) }] : []),
      ...afterwards(
        unmixed.map((PolicyArn) => ({ iam: new DetachUserPolicyCommand({ UserName, PolicyArn }) })),
      ),
    ];
  },

  undo(before, { target: { id: UserName }, params: { toGroup: GroupName }, now }) {
    const lost = before.attached.filter(({ arn }) => !now.attached.some((one) => one.arn === arn));
    const joined = before.group?.member === false && now.group?.member;
    return [
      ...lost.map(({ arn: PolicyArn }) => ({ iam: new AttachUserPolicyCommand({ UserName, PolicyArn }) })),
      ...afterwards(joined ? [{ iam: new RemoveUserFromGroupCommand({ UserName, GroupName }) }] : []),
    ];
  },

  footprint: ({ attached, group }) => ({ attached, member: group?.member }),
});

interface Attached extends Effects {
  readonly arn: string;
}

interface State {
  readonly attached: readonly Attached[];
  readonly group?: {
    readonly exists: boolean;
    readonly member: boolean;
    /** Policies of the user that the group does not have. */
    readonly lacks: readonly string[];
  };
}

async function groupPolicies(client: IAMClient, GroupName: string): Promise<string[]> {
  const arns: string[] = [];
  for await (const page of paginateListAttachedGroupPolicies({ client }, { GroupName }))
    arns.push(...(page.AttachedPolicies ?? []).map(({ PolicyArn = '' }) => PolicyArn));
  return arns;
}

async function isMember(client: IAMClient, UserName: string, group: string): Promise<boolean> {
  for await (const { Groups = [] } of paginateListGroupsForUser({ client }, { UserName }))
    if (Groups.some(({ GroupName }) => GroupName === group)) return true;
  return false;
}
