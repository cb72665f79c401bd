import { DeleteLoginProfileCommand, GetLoginProfileCommand, GetUserCommand } from '@aws-sdk/client-iam';
import * as z from 'zod';
import { NO_SUCH_ENTITY } from './lib/iam';
import { daysBetween } from './lib/key-lives';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { USER } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...USER,
  id: 'iam_user_disable_unused_password',
  title: 'Delete console passwords that nobody uses',
  severity: 'medium',
  risk: 'destructive',
  kind: 'posture',
  recheck: 'daily',
  params: z.object({
    days: z
      .int()
      .min(1)
      .max(3650)
      .default(90)
      .describe('whole days without signing in; IAM.22 and CIS 1.12 ask for 45, IAM.8 for 90'),
  }),
  from: { days: 'config' },
  permissions: { read: ['iam:GetUser', 'iam:GetLoginProfile'], write: ['iam:DeleteLoginProfile'], undo: [] },

  async inspect({ iam }, { target: { id: UserName } }) {
    const { User } = await iam.send(new GetUserCommand({ UserName }));
    const profile = await undefinedIfGone(iam.send(new GetLoginProfileCommand({ UserName })), NO_SUCH_ENTITY);
    if (!profile) return { password: false, idleDays: 0 };
    // The last use may be that of an earlier password.
    const times = [profile.LoginProfile?.CreateDate, User?.PasswordLastUsed].map(
      (date) => date?.getTime() ?? 0,
    );
    const since = new Date(Math.max(...times)).toISOString();
    return { password: true, idleDays: daysBetween(since, new Date().toISOString()) };
  },

  check: ({ password, idleDays }, { params }) =>
    password && idleDays >= params.days ? `the console password is unused for ${idleDays} days` : undefined,

  plan: (_state, { target: { id: UserName } }) => [{ iam: new DeleteLoginProfileCommand({ UserName }) }],

  undo: () => ({ irreversible: 'nobody knows the old password: give the user a new one' }),
});
