import { AttachUserPolicyCommand, DetachUserPolicyCommand } from '@aws-sdk/client-iam';
import { ATTACHING, ONLY_THE_POLICY, attaching } from './lib/attaching';
import { type Attachment, attachmentOf, userPolicies } from './lib/iam';
import { USER } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...USER,
  ...ATTACHING,
  id: 'iam_user_attach_policy',
  title: 'Attach a managed policy to an IAM user',
  severity: 'medium',
  risk: 'disruptive',
  permissions: {
    read: ['iam:ListAttachedUserPolicies', 'iam:GetPolicy'],
    write: ['iam:AttachUserPolicy'],
    undo: ['iam:DetachUserPolicy'],
    where: { 'iam:AttachUserPolicy': ONLY_THE_POLICY, 'iam:DetachUserPolicy': ONLY_THE_POLICY },
  },

  inspect: async ({ iam }, { target, params }): Promise<Attachment> =>
    attachmentOf(iam, params, target, await userPolicies(iam, target.id)),

  ...attaching({
    attach: (UserName, PolicyArn) => new AttachUserPolicyCommand({ UserName, PolicyArn }),
    detach: (UserName, PolicyArn) => new DetachUserPolicyCommand({ UserName, PolicyArn }),
  }),
});
