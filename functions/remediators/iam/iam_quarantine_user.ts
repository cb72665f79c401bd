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
  docs: {
    why: 'Whoever holds the credentials of a compromised user must be stopped at once, whichever of its keys, passwords and sessions they use.',
    effect: [
      'AWS’s managed policy AWSDenyAll is attached to the user: every call of its keys, its console sign-ins and its temporary credentials is denied, and programs that run with its keys stop working.',
      'Keys, password, groups, other policies and the permissions boundary stay as they are.',
      'Sessions of roles that it has assumed live on: revoke those on the role.',
      'An administrator is put in quarantine like anybody else.',
      'The root user and selfheal undo can lift it.',
      'Where ten managed policies are attached IAM takes no other: the bot holds at once.',
      'Undo detaches the policy.',
    ],
    references: [
      'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay.html',
      'https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachUserPolicy.html',
    ],
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
