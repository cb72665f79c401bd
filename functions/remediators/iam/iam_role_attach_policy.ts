import { AttachRolePolicyCommand, DetachRolePolicyCommand, GetRoleCommand } from '@aws-sdk/client-iam';
import { ATTACHING, ONLY_THE_POLICY, attaching } from './lib/attaching';
import { type Attachment, attachmentOf, rolePolicies, untouchable } from './lib/iam';
import { ROLE } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...ROLE,
  ...ATTACHING,
  id: 'iam_role_attach_policy',
  title: 'Attach a managed policy to an IAM role',
  severity: 'medium',
  risk: 'disruptive',
  permissions: {
    read: ['iam:GetRole', 'iam:ListAttachedRolePolicies', 'iam:GetPolicy'],
    write: ['iam:AttachRolePolicy'],
    undo: ['iam:DetachRolePolicy'],
    where: { 'iam:AttachRolePolicy': ONLY_THE_POLICY, 'iam:DetachRolePolicy': ONLY_THE_POLICY },
  },

  async inspect({ iam }, context): Promise<Attachment> {
    const { target, params } = context;
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: target.id }));
    const state = await attachmentOf(iam, params, target, await rolePolicies(iam, target.id));
    const obstacle = untouchable(target.id, Role?.Path, context) ?? state.obstacle;
    return { ...state, ...(obstacle !== undefined && { obstacle }) };
  },

  ...attaching({
    attach: (RoleName, PolicyArn) => new AttachRolePolicyCommand({ RoleName, PolicyArn }),
    detach: (RoleName, PolicyArn) => new DetachRolePolicyCommand({ RoleName, PolicyArn }),
  }),
});
