import {
  DeleteLoginProfileCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  paginateListMFADevices,
} from '@aws-sdk/client-iam';
import * as z from 'zod';
import { NO_SUCH_ENTITY } from './lib/iam';
import { daysBetween } from './lib/key-lives';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { USER } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...USER,
  id: 'iam_user_disable_console_without_mfa',
  title: 'Delete console passwords of users without MFA',
  severity: 'high',
  risk: 'destructive',
  kind: 'posture',
  recheck: 'daily',
  params: z.object({
    graceDays: z
      .int()
      .min(0)
      .max(90)
      .default(3)
      .describe('days after the password was made in which the user may still register a device'),
  }),
  from: { graceDays: 'config' },
  permissions: {
    read: ['iam:GetUser', 'iam:GetLoginProfile', 'iam:ListMFADevices'],
    write: ['iam:DeleteLoginProfile'],
    undo: [],
  },

  async inspect({ iam }, { target: { id: UserName } }) {
    await iam.send(new GetUserCommand({ UserName }));
    const profile = await undefinedIfGone(iam.send(new GetLoginProfileCommand({ UserName })), NO_SUCH_ENTITY);
    const devices: string[] = [];
    for await (const { MFADevices = [] } of paginateListMFADevices({ client: iam }, { UserName }))
      devices.push(...MFADevices.map(({ SerialNumber = '' }) => SerialNumber));
    const now = new Date();
    const made = profile?.LoginProfile?.CreateDate ?? now;
    const ageDays = daysBetween(made.toISOString(), now.toISOString());
    return { password: profile !== undefined, ageDays, devices: devices.sort() };
  },

  check: ({ password, devices }) =>
    password && devices.length === 0 ? 'the user can sign in to the console without MFA' : undefined,

  plan({ ageDays }, { target: { id: UserName }, params: { graceDays } }) {
    if (ageDays < graceDays)
      return { held: `the password is new: the user has ${graceDays} days to register an MFA device` };
    return [{ iam: new DeleteLoginProfileCommand({ UserName }) }];
  },

  undo: () => ({ irreversible: 'nobody knows the old password: give the user a new one' }),
});
