import { IAMClient, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { newAccount } from '../../../testing/account';
import { accessKey, otherKeys, user } from './fixtures/iam';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './iam_delete_access_key';

const keyOf = async (account: Account, name = 'ann') => accessKey(account, await user(account, name));

testBot(bot, {
  violating: [
    {
      name: 'one of two keys of a user, beside another user’s',
      given: async (account) => {
        await keyOf(account, 'bob');
        const id = await keyOf(account);
        await accessKey(account, 'ann');
        return id;
      },
      violation: 'the key is there (user ann) and active: delete it',
      writes: ['iam:DeleteAccessKey'],
      after: {},
      untouched: otherKeys,
      irreversible: /make a new one/,
    },
    {
      name: 'the key of a session',
      given: () => Promise.resolve('ASIAIOSFODNN7EXAMPLE'),
      violation: 'the key is there and active',
      writes: [],
      held: /key of a session/,
    },
  ],
  compliant: [
    {
      name: 'no such key any more',
      given: async (account) => {
        await keyOf(account);
        return 'AKIAIOSFODNN7EXAMPLE';
      },
    },
  ],
});

test('an inactive key is deleted too', async () => {
  const account = await newAccount();
  const id = await keyOf(account);
  const iam = account.client(IAMClient);
  await iam.send(new UpdateAccessKeyCommand({ UserName: 'ann', AccessKeyId: id, Status: 'Inactive' }));
  const context = {
    target: { account: account.account, region: account.region, type: bot.resource, id },
    params: {},
  };
  const state = await bot.inspect({ iam }, context);
  expect(state && bot.check(state, context)).toBe('the key is there (user ann) and inactive: delete it');
  expect(state && bot.plan(state, context)).toMatchObject([
    { iam: { input: { UserName: 'ann', AccessKeyId: id } } },
  ]);
});
