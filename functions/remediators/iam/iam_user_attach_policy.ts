import { AttachUserPolicyCommand, DetachUserPolicyCommand } from '@aws-sdk/client-iam';
import { attachParams, attachmentOf, userPolicies } from './lib/iam';
import { USER } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...USER,
  id: 'iam_user_attach_policy',
  title: 'Attach a managed policy to an IAM user',
  severity: 'medium',
  risk: 'disruptive',
  kind: 'response',
  params: attachParams,
  from: { policyArn: 'config' },
  words: { order: ['policyArn'], names: { policy_arn: 'policyArn' } },
  permissions: {
    read: ['iam:ListAttachedUserPolicies', 'iam:GetPolicy'],
    write: ['iam:AttachUserPolicy'],
    undo: ['iam:DetachUserPolicy'],
    where: {
      'iam:AttachUserPolicy': { ArnEquals: { 'iam:PolicyARN': '${params.policyArn}' } },
      'iam:DetachUserPolicy': { ArnEquals: { 'iam:PolicyARN': '${params.policyArn}' } },
    },
  },

  inspect: async ({ iam }, { target, params }) =>
    attachmentOf(iam, params, target, await userPolicies(iam, target.id)),

  check: ({ policy, attached }) => (attached ? undefined : `${policy} is not attached`),

  plan: ({ policy: PolicyArn, obstacle }, { target: { id: UserName } }) =>
    obstacle === undefined
      ? [{ iam: new AttachUserPolicyCommand({ UserName, PolicyArn }) }]
      : { held: obstacle },

  undo: ({ attached, policy: PolicyArn }, { target: { id: UserName }, now }) =>
    !attached && now.attached ? [{ iam: new DetachUserPolicyCommand({ UserName, PolicyArn }) }] : [],

  footprint: ({ attached }) => ({ attached }),
});
