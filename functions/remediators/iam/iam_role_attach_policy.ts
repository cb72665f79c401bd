import { AttachRolePolicyCommand, DetachRolePolicyCommand, GetRoleCommand } from '@aws-sdk/client-iam';
import { attachParams, attachmentOf, rolePolicies, untouchable } from './lib/iam';
import { ROLE } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...ROLE,
  id: 'iam_role_attach_policy',
  title: 'Attach a managed policy to an IAM role',
  severity: 'medium',
  risk: 'disruptive',
  kind: 'response',
  params: attachParams,
  from: { policyArn: 'config' },
  words: { order: ['policyArn'], names: { policy_arn: 'policyArn' } },
  permissions: {
    read: ['iam:GetRole', 'iam:ListAttachedRolePolicies', 'iam:GetPolicy'],
    write: ['iam:AttachRolePolicy'],
    undo: ['iam:DetachRolePolicy'],
    where: {
      'iam:AttachRolePolicy': { ArnEquals: { 'iam:PolicyARN': '${params.policyArn}' } },
      'iam:DetachRolePolicy': { ArnEquals: { 'iam:PolicyARN': '${params.policyArn}' } },
    },
  },

  async inspect({ iam }, context) {
    const { target, params } = context;
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: target.id }));
    const state = await attachmentOf(iam, params, target, await rolePolicies(iam, target.id));
    const obstacle = untouchable(target.id, Role?.Path, context) ?? state.obstacle;
    return { ...state, ...(obstacle !== undefined && { obstacle }) };
  },

  check: ({ policy, attached }) => (attached ? undefined : `${policy} is not attached`),

  plan: ({ policy: PolicyArn, obstacle }, { target: { id: RoleName } }) =>
    obstacle === undefined
      ? [{ iam: new AttachRolePolicyCommand({ RoleName, PolicyArn }) }]
      : { held: obstacle },

  undo: ({ attached, policy: PolicyArn }, { target: { id: RoleName }, now }) =>
    !attached && now.attached ? [{ iam: new DetachRolePolicyCommand({ RoleName, PolicyArn }) }] : [],

  footprint: ({ attached }) => ({ attached }),
});
