import { AttachUserPolicyCommand, DetachUserPolicyCommand, GetUserCommand } from '@aws-sdk/client-iam';
import { userPolicies } from './lib/iam';
import { ONLY_QUARANTINE, intoQuarantine, outOfQuarantine, quarantineOf } from './lib/quarantine';
import { USER } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...USER,
  id: 'iam_quarantine_user',
  title: 'Put an IAM user in quarantine: deny it everything',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'response',
  permissions: {
    read: ['iam:GetUser', 'iam:ListAttachedUserPolicies'],
    write: ['iam:AttachUserPolicy'],
    undo: ['iam:DetachUserPolicy'],
    where: { 'iam:AttachUserPolicy': ONLY_QUARANTINE, 'iam:DetachUserPolicy': ONLY_QUARANTINE },
  },

  async inspect({ iam }, { target: { id: UserName } }) {
    const { User } = await iam.send(new GetUserCommand({ UserName }));
    return quarantineOf({ arn: User?.Arn ?? '', attached: await userPolicies(iam, UserName) });
  },

  check: outOfQuarantine,

  plan: (state, { target: { id: UserName } }) =>
    intoQuarantine(state, (PolicyArn) => new AttachUserPolicyCommand({ UserName, PolicyArn })),

  undo: ({ attached, policy: PolicyArn }, { target: { id: UserName }, now }) =>
    !attached && now.attached ? [{ iam: new DetachUserPolicyCommand({ UserName, PolicyArn }) }] : [],

  footprint: ({ attached }) => ({ attached }),
});
