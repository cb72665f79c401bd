import {
  AttachUserPolicyCommand,
  DetachUserPolicyCommand,
  GetUserCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { NO_SUCH_ENTITY, userPolicies } from './lib/iam';
import { ONLY_QUARANTINE, intoQuarantine, outOfQuarantine, quarantineOf } from './lib/quarantine';
import { findUser } from './lib/find';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'iam_quarantine_user',
  title: 'Put an IAM user in quarantine: deny it everything',
  resource: 'AWS::IAM::User',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'response',
  permissions: {
    read: ['iam:GetUser', 'iam:ListAttachedUserPolicies'],
    write: ['iam:AttachUserPolicy'],
    undo: ['iam:DetachUserPolicy'],
    where: { 'iam:AttachUserPolicy': ONLY_QUARANTINE, 'iam:DetachUserPolicy': ONLY_QUARANTINE },
  },
  finder: findUser,
  clients: { iam: IAMClient },
  gone: [NO_SUCH_ENTITY],

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
