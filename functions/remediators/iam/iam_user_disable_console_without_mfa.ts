import { paginateListMFADevices } from '@aws-sdk/client-iam';
import * as z from 'zod';
import { daysBetween } from './lib/key-lives';
import { DELETING_PASSWORD, loginOf } from './lib/passwords';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...DELETING_PASSWORD,
  id: 'iam_user_disable_console_without_mfa',
  title: 'Delete console passwords of users without MFA',
  severity: 'high',
  kind: 'posture',
  recheck: 'daily',
  params: z.object({
    graceDays: z.int().min(0).max(90).default(3).describe('days to register a device with a new password'),
  }),
  from: { graceDays: 'config' },
  permissions: {
    ...DELETING_PASSWORD.permissions,
    read: [...DELETING_PASSWORD.permissions.read, 'iam:ListMFADevices'],
  },

  async inspect({ iam }, { target: { id: UserName } }) {
    const { profile } = await loginOf(iam, UserName);
    const devices: string[] = [];
    for await (const { MFADevices = [] } of paginateListMFADevices({ client: iam }, { UserName }))
      devices.push(...MFADevices.map(({ SerialNumber = '' }) => SerialNumber));
    const now = new Date();
    const made = profile?.CreateDate ?? now;
    const ageDays = daysBetween(made.toISOString(), now.toISOString());
    return { password: profile !== undefined, ageDays, devices: devices.sort() };
  },

  check: ({ password, devices }) =>
    password && devices.length === 0 ? 'the user can sign in to the console without MFA' : undefined,

  plan(state, context) {
    const { graceDays } = context.params;
    if (state.ageDays >= graceDays) return DELETING_PASSWORD.plan(state, context);
    return { held: `the password is new: the user has ${graceDays} days to register an MFA device` };
  },
});
