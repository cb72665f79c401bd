import {
  GetAccountPasswordPolicyCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  IAMClient,
  SimulatePrincipalPolicyCommand,
  UpdateLoginProfileCommand,
} from '@aws-sdk/client-iam';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { NO_SUCH_ENTITY } from '../../../shared/aws/iam';
import { defineBot } from '../../../shared/bot/bot';
import { serve } from '../../../shared/bot/serve';

export const bot = defineBot({
  id: 'iam_user_force_password_change',
  title: 'Make an IAM user change the console password',
  resource: 'AWS::IAM::User',
  severity: 'medium',
  risk: 'disruptive',
  kind: 'response',
  permissions: {
    read: [
      'iam:GetUser',
      'iam:GetLoginProfile',
      'iam:SimulatePrincipalPolicy',
      'iam:GetAccountPasswordPolicy',
    ],
    write: ['iam:UpdateLoginProfile'],
  },
  docs: {
    why: 'A password that others may know should be known to them no longer.',
    effect:
      'At the next sign-in the user must choose a new password; until then the old one opens nothing else. Whoever knows it first may be the one who changes it: where that is to be feared, iam_user_disable_console_password is the safer answer. Access keys and open sessions go on working. A user who may not change the password would be locked out: the bot holds. A user without a password is left as it is. Undo takes the flag off.',
    references: [
      'https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateLoginProfile.html',
      'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_enable-user-change.html',
    ],
  },
  clients: { iam: IAMClient },
  gone: [NO_SUCH_ENTITY],

  async inspect({ iam }, { target: { id: UserName } }) {
    const { User } = await iam.send(new GetUserCommand({ UserName }));
    const reply = await undefinedIfGone(iam.send(new GetLoginProfileCommand({ UserName })), NO_SUCH_ENTITY);
    const mustChange = reply?.LoginProfile?.PasswordResetRequired ?? false;
    const needed = reply !== undefined && !mustChange;
    return { needed, mayChange: needed && (await mayChange(iam, User?.Arn ?? '')) };
  },

  check: ({ needed }) => (needed ? 'the user may keep the console password' : undefined),

  plan: ({ mayChange }, { target: { id: UserName } }) =>
    mayChange
      ? [{ iam: new UpdateLoginProfileCommand({ UserName, PasswordResetRequired: true }) }]
      : {
          held: 'the user may not change the password (iam:ChangePassword) and would be locked out: allow it first',
        },

  undo: ({ needed }, { target: { id: UserName }, now }) =>
    needed && !now.needed
      ? [{ iam: new UpdateLoginProfileCommand({ UserName, PasswordResetRequired: false }) }]
      : [],

  footprint: ({ needed }) => ({ needed }),
});

export const handler = serve(bot);

/** The user's own policies say yes or no; where they say nothing, the account's password policy may allow it to all. */
async function mayChange(iam: IAMClient, arn: string): Promise<boolean> {
  const input = { PolicySourceArn: arn, ActionNames: ['iam:ChangePassword'], ResourceArns: [arn] };
  const { EvaluationResults = [] } = await iam.send(new SimulatePrincipalPolicyCommand(input));
  const decision = EvaluationResults[0]?.EvalDecision;
  if (decision !== 'implicitDeny') return decision === 'allowed';
  const policy = iam.send(new GetAccountPasswordPolicyCommand({}));
  const reply = await undefinedIfGone(policy, NO_SUCH_ENTITY);
  return reply?.PasswordPolicy?.AllowUsersToChangePassword ?? false;
}
