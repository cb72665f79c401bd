import {
  GetLoginProfileCommand,
  GetUserCommand,
  IAMClient,
  UpdateLoginProfileCommand,
} from '@aws-sdk/client-iam';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { NO_SUCH_ENTITY, mayChangePassword } from './lib/iam';
import { findUser } from './lib/find';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
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
    effect: [
      'At the next sign-in the user must choose a new password; until then the old one opens nothing else.',
      'Whoever knows it first may be the one who changes it: where that is to be feared, iam_user_disable_console_password is the safer answer.',
      'Access keys and open sessions go on working.',
      'A user who may not change the password would be locked out, so the bot holds; one without a password is left alone.',
    ],
    references: ['https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateLoginProfile.html'],
  },
  finder: findUser,
  clients: { iam: IAMClient },
  gone: [NO_SUCH_ENTITY],

  async inspect({ iam }, { target: { id: UserName } }) {
    const { User } = await iam.send(new GetUserCommand({ UserName }));
    const reply = await undefinedIfGone(iam.send(new GetLoginProfileCommand({ UserName })), NO_SUCH_ENTITY);
    const mustChange = reply?.LoginProfile?.PasswordResetRequired ?? false;
    const mayChange = reply && !mustChange ? await mayChangePassword(iam, User?.Arn ?? '') : true;
    return { is: mustChange, hasPassword: reply !== undefined, mayChange };
  },
  want: true,
  says: 'the user may keep the console password',
  obstacle({ hasPassword, mayChange }) {
    if (!hasPassword) return { notApplicable: 'the user has no password' };
    if (mayChange) return undefined;
    return {
      held: 'the user may not change it (iam:ChangePassword) and would be locked out: allow it first',
    };
  },
  write: (PasswordResetRequired, { target: { id: UserName } }) => ({
    iam: new UpdateLoginProfileCommand({ UserName, PasswordResetRequired }),
  }),
});
