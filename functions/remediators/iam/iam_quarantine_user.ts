import {
  AttachUserPolicyCommand,
  DetachUserPolicyCommand,
  GetUserCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { NO_SUCH_ENTITY, userPolicies } from './lib/iam';
import { QUARANTINE, intoQuarantine, outOfQuarantine, quarantineOf } from './lib/quarantine';
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
    read: ['iam:GetUser', 'iam:ListAttachedUserPolicies', 'iam:GetPolicy', 'iam:GetPolicyVersion'],
    write: ['iam:CreatePolicy', 'iam:TagPolicy', 'iam:AttachUserPolicy'],
    undo: ['iam:DetachUserPolicy'],
    only: { 'iam:CreatePolicy': `policy/${QUARANTINE}`, 'iam:TagPolicy': `policy/${QUARANTINE}` },
  },
  docs: {
    why: 'Whoever holds the credentials of a compromised user must be stopped at once, whichever of its keys, passwords and sessions they use.',
    effect: [
      'The managed policy quarantine_deny_all_policy, made where it is missing, is attached to the user: every call of its keys, its console sign-ins and its temporary credentials is denied, and programs that run with its keys stop working.',
      'Keys, password, groups, other policies and the permissions boundary stay as they are.',
      'Sessions of roles that it has assumed live on: revoke those on the role.',
      'An administrator is put in quarantine like anybody else.',
      'The root user and selfheal undo can lift it.',
      'A policy of that name that does not deny everything is not used: the bot holds.',
      'Where ten managed policies are attached IAM takes no other: the bot holds at once.',
      'Undo detaches the policy and leaves it in the account.',
    ],
    references: [
      'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay.html',
      'https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachUserPolicy.html',
    ],
  },
  finder: findUser,
  clients: { iam: IAMClient },
  passes: 2,
  gone: [NO_SUCH_ENTITY],

  async inspect({ iam }, { target: { id: UserName } }) {
    const { User } = await iam.send(new GetUserCommand({ UserName }));
    return quarantineOf(iam, { arn: User?.Arn ?? '', attached: await userPolicies(iam, UserName) });
  },

  check: outOfQuarantine,

  plan: (state, { target: { id: UserName } }) =>
    intoQuarantine(state, (PolicyArn) => new AttachUserPolicyCommand({ UserName, PolicyArn })),

  undo: ({ attached, policy: PolicyArn }, { target: { id: UserName }, now }) =>
    !attached && now.attached ? [{ iam: new DetachUserPolicyCommand({ UserName, PolicyArn }) }] : [],

  footprint: ({ attached }) => ({ attached }),
});
