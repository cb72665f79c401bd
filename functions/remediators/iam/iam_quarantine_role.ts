import {
  AttachRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { NO_SUCH_ENTITY, rolePolicies, untouchable } from './lib/iam';
import { ONLY_QUARANTINE, intoQuarantine, outOfQuarantine, quarantineOf } from './lib/quarantine';
import { findRole } from './lib/find';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'iam_quarantine_role',
  title: 'Put an IAM role in quarantine: deny it everything',
  resource: 'AWS::IAM::Role',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'response',
  permissions: {
    read: ['iam:GetRole', 'iam:ListAttachedRolePolicies'],
    write: ['iam:AttachRolePolicy'],
    undo: ['iam:DetachRolePolicy'],
    where: { 'iam:AttachRolePolicy': ONLY_QUARANTINE, 'iam:DetachRolePolicy': ONLY_QUARANTINE },
  },
  docs: {
    why: 'Whoever has got hold of a role must be stopped at once, in the sessions that are open and in those still to come.',
    effect: [
      'AWS’s managed policy AWSDenyAll is attached to the role: every call of every session is denied, and the instances, functions and people that work with the role stop working.',
      'The trust policy, other policies and the permissions boundary stay as they are.',
      'Service-linked roles, those of IAM Identity Center and selfheal’s own are left alone: the bot holds.',
      'Where ten managed policies are attached IAM takes no other: the bot holds at once.',
      'Undo detaches the policy.',
    ],
    references: [
      'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay.html',
      'https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html',
    ],
  },
  finder: findRole,
  clients: { iam: IAMClient },
  gone: [NO_SUCH_ENTITY],

  async inspect({ iam }, context) {
    const { id: RoleName } = context.target;
    const { Role: { Arn: arn = '', Path } = {} } = await iam.send(new GetRoleCommand({ RoleName }));
    const attached = await rolePolicies(iam, RoleName);
    return quarantineOf({ arn, attached, obstacle: untouchable(RoleName, Path, context) });
  },

  check: outOfQuarantine,

  plan: (state, { target: { id: RoleName } }) =>
    intoQuarantine(state, (PolicyArn) => new AttachRolePolicyCommand({ RoleName, PolicyArn })),

  undo: ({ attached, policy: PolicyArn }, { target: { id: RoleName }, now }) =>
    !attached && now.attached ? [{ iam: new DetachRolePolicyCommand({ RoleName, PolicyArn }) }] : [],

  footprint: ({ attached }) => ({ attached }),
});
