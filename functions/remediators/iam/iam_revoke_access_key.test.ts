import { CreateAccessKeyCommand, IAMClient, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { newAccount } from '../../../testing/account';
import { keysOfAll, accessKey, otherKeys, user } from './fixtures/iam';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './iam_revoke_access_key';

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
      violation: 'the key is active (user ann)',
      writes: ['iam:UpdateAccessKey'],
      after: { user: 'ann', active: false },
      untouched: otherKeys,
    },
    {
      name: 'the key of a session',
      given: () => Promise.resolve('ASIAIOSFODNN7EXAMPLE'),
      violation: /^the key is active$/,
      writes: [],
      held: /^it is the key of a session: revoke the sessions of its role/,
    },
    {
      // GetAccessKeyLastUsed: moto has no keys of root.
      name: 'a key of root',
      given: (account) => {
        account.script({ GetAccessKeyLastUsed: () => ({}) });
        return Promise.resolve('AKIAIOSFODNN7EXAMPLE');
      },
      violation: /^the key is active$/,
      writes: [],
      held: /only the root user/,
    },
  ],
  compliant: [
    {
      name: 'inactive already',
      given: async (account) => {
        const AccessKeyId = await keyOf(account);
        await account
          .client(IAMClient)
          .send(new UpdateAccessKeyCommand({ UserName: 'ann', AccessKeyId, Status: 'Inactive' }));
        return AccessKeyId;
      },
    },
  ],
  gone: 'AKIAIOSFODNN7EXAMPLE',
});

describe('iam_revoke_access_key', () => {
  const context = ({ account, region }: Pick<Account, 'account' | 'region'>, id: string) => ({
    target: { account, region, type: bot.resource, id },
    params: {},
  });

  test('the owner is who has the key, not who made it', async () => {
    const account = await newAccount();
    await keyOf(account, 'admin');
    await user(account, 'ann');
    const { AccessKey } = await account
      .client(IAMClient)
      .send(new CreateAccessKeyCommand({ UserName: 'ann' }));
    const at = context(account, AccessKey?.AccessKeyId ?? '');
    const state = await bot.inspect({ iam: account.client(IAMClient) }, at);
    expect(state && bot.plan(state, at)).toMatchObject([{ iam: { input: { UserName: 'ann' } } }]);
  });

  test('a key that IAM still knows the use of, but no user has any more, is gone', async () => {
    const account = await newAccount();
    const id = await keyOf(account);
    account.script({ GetAccessKeyLastUsed: () => ({ UserName: 'bob' }) });
    await keyOf(account, 'bob');
    expect(await bot.inspect({ iam: account.client(IAMClient) }, context(account, id))).toBeUndefined();
    expect(await keysOfAll(account)).toHaveLength(2);
  });

  test('undo leaves a key that was inactive before, or is active again', () => {
    const at = {
      target: context({ account: '123456789012', region: 'eu-west-1' }, 'AKIA1').target,
      params: {},
    };
    const key = (active: boolean) => ({ user: 'ann', active });
    expect(bot.undo(key(false), { ...at, now: key(false) })).toEqual([]);
    expect(bot.undo(key(true), { ...at, now: key(true) })).toEqual([]);
  });
});
