import { GetLoginProfileCommand, IAMClient } from '@aws-sdk/client-iam';
import { newAccount } from '../../../testing/account';
import { accessKey, keysOfAll, user, withPassword } from './fixtures/iam';
import { remediate } from '../../../shared/bot/run';
import { testBot } from '../../../testing/contract';
import { bot } from './iam_user_disable_console_password';

testBot(bot, {
  violating: [
    {
      name: 'a user with a password and a key, beside another with a password',
      given: async (account) => {
        await withPassword(account, await user(account, 'bob'));
        await accessKey(account, await user(account, 'ann'));
        return withPassword(account, 'ann');
      },
      violation: 'the user can sign in to the console with a password',
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
  ],
  compliant: [{ name: 'a user who has no password', given: (account) => user(account, 'ann') }],
  gone: 'nobody',
});

test('a password that was just made cannot be deleted yet: the failure says so, and the message comes back', async () => {
  const account = await newAccount();
  const id = await withPassword(account, await user(account, 'ann'));
  account.script({
    DeleteLoginProfile: () => {
      const message = 'Login Profile for User ann cannot be modified while it is being created';
      throw Object.assign(new Error(message), { name: 'EntityTemporarilyUnmodifiableException' });
    },
  });
  const outcome = await remediate(bot, {
    aws: { iam: account.client(IAMClient) },
    target: { account: account.account, region: account.region, type: bot.resource, id },
    params: {},
    mode: 'apply',
  });
  expect(outcome).toMatchObject({
    outcome: 'waiting',
    reason: expect.stringMatching(/being created/),
  });
});
