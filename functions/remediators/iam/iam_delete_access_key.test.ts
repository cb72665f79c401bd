import { IAMClient, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { remediate } from '../../../shared/bot/run';
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

// GetAccessKeyLastUsed: moto answers NoSuchEntity for a key that is gone; IAM documents no such error for it.
test('that the key is gone is seen in the list of its user', async () => {
  const account = await newAccount();
  const id = await keyOf(account);
  const target = { account: account.account, region: account.region, type: bot.resource, id };
  let asked = 0;
  account.script({
    GetAccessKeyLastUsed: () => {
      if (asked++ === 0) return { UserName: 'ann' };
      throw Object.assign(new Error('not authorized'), { name: 'AccessDenied' });
    },
  });
  const aws = { iam: account.client(IAMClient) };
  const outcome = await remediate(bot, { aws, target, params: {}, mode: 'apply' });
  expect(outcome).toMatchObject({ outcome: 'fixed', after: {} });
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
