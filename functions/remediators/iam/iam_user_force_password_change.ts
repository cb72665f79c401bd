import { UpdateLoginProfileCommand } from '@aws-sdk/client-iam';
import * as z from 'zod';
import { mayChangePassword } from './lib/iam';
import { loginOf } from './lib/passwords';
import { like } from '../../../shared/resources/like';
import { USER } from './lib/types';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  ...USER,
  id: 'iam_user_force_password_change',
  title: 'Make an IAM user change the console password',
  severity: 'medium',
  risk: 'disruptive',
  kind: 'response',
  params: z.object({
    users: z
      .array(
        z.string().regex(/^[\w+=,.@/*-]{1,512}$/, 'a path and name as in the ARN of a user: developers/*'),
      )
      .optional()
      .describe(
        'whom the bot may reach, by what stands behind user/ in their ARNs, with * for anything: none that can do more than its role may be worth',
      ),
  }),
  from: { users: 'config' },
  permissions: {
    read: [
      'iam:GetUser',
      'iam:GetLoginProfile',
      'iam:SimulatePrincipalPolicy',
      'iam:GetAccountPasswordPolicy',
    ],
    write: ['iam:UpdateLoginProfile'],
    // The call could as well set a password: on an administrator, it would be the right to become one.
    only: { 'iam:UpdateLoginProfile': 'user/${params.users}' },
  },

  async inspect({ iam }, { target: { id } }) {
    const { user, profile } = await loginOf(iam, id);
    const mustChange = profile?.PasswordResetRequired ?? false;
    const arn = user?.Arn ?? '';
    const mayChange = profile && !mustChange ? await mayChangePassword(iam, arn) : true;
    const name = arn.split(':user/')[1] ?? '';
    return { is: mustChange, hasPassword: profile !== undefined, mayChange, name };
  },
  want: true,
  says: 'the user may keep the console password',
  obstacle({ hasPassword, mayChange, name }, { params: { users = [] } }) {
    if (!hasPassword) return { notApplicable: 'the user has no password' };
    if (!users.some((pattern) => like(pattern, name)))
      return { held: `${name} is not among the users of bots.iam_user_force_password_change in config.ts` };
    if (mayChange) return undefined;
    return {
      held: 'the user may not change it (iam:ChangePassword) and would be locked out: allow it first',
    };
  },
  write: (PasswordResetRequired, { target: { id: UserName } }) => ({
    iam: new UpdateLoginProfileCommand({ UserName, PasswordResetRequired }),
  }),
});
