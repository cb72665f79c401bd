import { IAMClient } from '@aws-sdk/client-iam';
import { accessKey, keysOfAll, user, withPassword } from './fixtures/iam';
import { ago, keys } from './fixtures/key-lives';
import { newAccount } from '../../../testing/account';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './iam_deactivate_initial_access_key';

const context = {
  target: { account: '123456789012', region: 'us-east-1', type: bot.resource, id: 'ann' },
  params: bot.params.parse({}),
};

testBot(bot, {
  violating: [
    {
      name: 'a user with a password and an unused key, beside another user’s',
      given: async (account) => {
        await accessKey(account, await withPassword(account, await user(account, 'bob')));
        await accessKey(account, await user(account, 'ann'));
        return withPassword(account, 'ann');
      },
      violation: /^made with the user, who has a password, and never used: AKIA\w+, made [\d-]{10}$/,
      writes: ['iam:UpdateAccessKey'],
      after: { keys: [{ active: false }] },
      untouched: async (account) => (await keysOfAll(account)).filter(({ UserName }) => UserName !== 'ann'),
    },
  ],
  compliant: [
    {
      name: 'a user without a password',
      given: async (account) => {
        await accessKey(account, await user(account, 'ann'));
        return 'ann';
      },
    },
    {
      name: 'the key was used',
      given: async (account) => withPassword(account, await keys({ made: 0, used: 0 })(account)),
    },
  ],
  gone: 'nobody',
});

// Moto makes every user and key now.
test('a key that was made later stays', async () => {
  const account: Account = await newAccount();
  await withPassword(account, await keys({ made: 1 })(account));
  account.script({ GetUser: () => ({ User: { UserName: 'ann', CreateDate: ago(1.1) } }) });
  const state = await bot.inspect({ iam: account.client(IAMClient) }, context);
  expect(state && bot.check(state, context)).toBeUndefined();
});
