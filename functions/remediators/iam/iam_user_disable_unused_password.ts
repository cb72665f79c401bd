import * as z from 'zod';
import { daysBetween } from './lib/key-lives';
import { DELETING_PASSWORD, loginOf } from './lib/passwords';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...DELETING_PASSWORD,
  id: 'iam_user_disable_unused_password',
  title: 'Delete console passwords that nobody uses',
  severity: 'medium',
  kind: 'posture',
  recheck: 'daily',
  params: z.object({
    days: z.int().min(1).max(3650).default(90).describe('days without signing in; IAM.22 asks for 45'),
  }),
  from: { days: 'config' },

  async inspect({ iam }, { target: { id } }) {
    const { user, profile } = await loginOf(iam, id);
    if (!profile) return { password: false, idleDays: 0 };
    // The last use may be that of an earlier password.
    const times = [profile.CreateDate, user?.PasswordLastUsed].map((date) => date?.getTime() ?? 0);
    const since = new Date(Math.max(...times)).toISOString();
    return { password: true, idleDays: daysBetween(since, new Date().toISOString()) };
  },

  check: ({ password, idleDays }, { params }) =>
    password && idleDays >= params.days ? `the console password is unused for ${idleDays} days` : undefined,
});
