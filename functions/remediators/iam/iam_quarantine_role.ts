import { AttachRolePolicyCommand, DetachRolePolicyCommand, GetRoleCommand } from '@aws-sdk/client-iam';
import { rolePolicies, untouchable } from './lib/iam';
import { ONLY_QUARANTINE, intoQuarantine, outOfQuarantine, quarantineOf } from './lib/quarantine';
import { ROLE } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...ROLE,
  id: 'iam_quarantine_role',
  title: 'Put an IAM role in quarantine: deny it everything',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'response',
  permissions: {
    read: ['iam:GetRole', 'iam:ListAttachedRolePolicies'],
    write: ['iam:AttachRolePolicy'],
    undo: ['iam:DetachRolePolicy'],
    where: { 'iam:AttachRolePolicy': ONLY_QUARANTINE, 'iam:DetachRolePolicy': ONLY_QUARANTINE },
  },

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
