import { EnableMFADeviceCommand, GetLoginProfileCommand, IAMClient } from '@aws-sdk/client-iam';
import { keysOfAll, user, withPassword } from './fixtures/iam';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './iam_user_disable_console_without_mfa';

const withMfa = async ({ client }: Account, UserName: string) => {
  const codes = { AuthenticationCode1: '123456', AuthenticationCode2: '654321' };
  const SerialNumber = `arn:aws:iam::123456789012:mfa/${UserName}`;
  await client(IAMClient).send(new EnableMFADeviceCommand({ UserName, SerialNumber, ...codes }));
  return UserName;
};
const violation = 'the user can sign in to the console without MFA';

testBot(bot, {
  violating: [
    {
      name: 'a user with a password, beside one with MFA',
      given: async (account) => {
        await withMfa(account, await withPassword(account, await user(account, 'bob')));
        return withPassword(account, await user(account, 'ann'));
      },
      params: { graceDays: 0 },
      violation,
      writes: ['iam:DeleteLoginProfile'],
      after: { password: false },
      irreversible: /give the user a new one/,
      untouched: async (account) => [
        await keysOfAll(account),
        await account
          .client(IAMClient)
          .send(new GetLoginProfileCommand({ UserName: 'bob' }))
          .then(({ LoginProfile }) => LoginProfile),
      ],
    },
    {
      name: 'the password is new',
      given: async (account) => withPassword(account, await user(account, 'ann')),
      violation,
      writes: [],
      held: /has 3 days to register/,
    },
  ],
  compliant: [
    {
      name: 'has a device',
      given: async (account) => withMfa(account, await withPassword(account, await user(account, 'ann'))),
      params: { graceDays: 0 },
    },
    { name: 'no password', given: (account) => user(account, 'ann'), params: { graceDays: 0 } },
  ],
  gone: 'nobody',
});
