import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  paginateListEntitiesForPolicy,
} from '@aws-sdk/client-iam';
import * as z from 'zod';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { ACCOUNT } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';
import { type Target, partitionOf } from '../../../shared/resources/target';
import { NO_SUCH_ENTITY } from './lib/iam';

const ROLE = 'aws-support-access';
const TAG = { Key: 'selfheal', Value: 'support-access' };

export const bot = defineBot({
  ...ACCOUNT,
  id: 'iam_create_support_role',
  title: 'Make a role that may work on cases with AWS Support',
  severity: 'low',
  risk: 'safe',
  kind: 'posture',
  params: z.object({
    principals: z
      .array(z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:(root|(role|user)\/[\w+=,.@/-]+)$/))
      .default([])
      .describe('ARNs of who may take the role; none: whom a policy of the account itself lets take it'),
  }),
  from: { principals: 'config' },
  permissions: {
    read: ['iam:GetRole', 'iam:ListEntitiesForPolicy'],
    write: ['iam:AttachRolePolicy', 'iam:CreateRole', 'iam:TagRole'],
    undo: ['iam:DeleteRole', 'iam:DetachRolePolicy'],
    where: {
      'iam:AttachRolePolicy': {
        ArnEquals: { 'iam:PolicyARN': 'arn:${Partition}:iam::aws:policy/AWSSupportAccess' },
      },
    },
    only: Object.fromEntries(
      ['AttachRolePolicy', 'CreateRole', 'DeleteRole', 'DetachRolePolicy', 'GetRole', 'TagRole'].map(
        (name) => [`iam:${name}`, `role/${ROLE}`],
      ),
    ),
  },

  async inspect({ iam }, { target }): Promise<State> {
    const roles: string[] = [];
    const entities = { PolicyArn: policyOf(target), EntityFilter: 'Role' as const };
    for await (const page of paginateListEntitiesForPolicy({ client: iam }, entities))
      roles.push(...(page.PolicyRoles ?? []).map(({ RoleName = '' }) => RoleName));
    const role = await undefinedIfGone(iam.send(new GetRoleCommand({ RoleName: ROLE })), NO_SUCH_ENTITY);
    const own = role?.Role?.Tags?.some(({ Key, Value }) => Key === TAG.Key && Value === TAG.Value);
    return { roles: roles.sort(), ...(role && { role: { own: own ?? false } }) };
  },

  check: ({ roles }) => (roles.length > 0 ? undefined : 'no role may work on cases with AWS Support'),

  plan({ role }, { target, params: { principals } }) {
    if (role && !role.own) {
      return {
        held: `the role ${ROLE} was not made by selfheal: attach AWSSupportAccess to it, or rename it`,
      };
    }
    return [
      ...(role ? [] : [{ iam: createRole(target, principals) }]),
      ...afterwards([{ iam: new AttachRolePolicyCommand({ RoleName: ROLE, PolicyArn: policyOf(target) }) }]),
    ];
  },

  undo: (before, { target, now }) => [
    ...(now.roles.includes(ROLE) && !before.roles.includes(ROLE)
      ? [{ iam: new DetachRolePolicyCommand({ RoleName: ROLE, PolicyArn: policyOf(target) }) }]
      : []),
    ...(now.role?.own && !before.role ? [{ iam: new DeleteRoleCommand({ RoleName: ROLE }) }] : []),
  ],
});

interface State {
  /** Those that have the policy. */
  readonly roles: readonly string[];
  /** The role of the bot's name, and whether the bot made it. */
  readonly role?: { readonly own: boolean };
}

function policyOf({ region }: Target): string {
  return `arn:${partitionOf(region)}:iam::aws:policy/AWSSupportAccess`;
}

function createRole({ account, region }: Target, principals: readonly string[]): CreateRoleCommand {
  const AWS = principals.length > 0 ? principals : [`arn:${partitionOf(region)}:iam::${account}:root`];
  const Statement = [{ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  const Description = 'selfheal: cases with AWS Support';
  return new CreateRoleCommand({ RoleName: ROLE, Description, AssumeRolePolicyDocument, Tags: [TAG] });
}
