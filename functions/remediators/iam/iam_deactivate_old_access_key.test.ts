import { IAMClient } from '@aws-sdk/client-iam';
import { newAccount } from '../../../testing/account';
import { accessKey, user } from './fixtures/iam';
import { keys } from './fixtures/key-lives';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './iam_deactivate_old_access_key';

/** The id of the first key of those that `keys` makes; whose it is GetAccessKeyLastUsed says. */
const firstKey =
  (...ages: Parameters<typeof keys>) =>
  async (account: Account) => {
    const ids: string[] = [];
    const script: Account['script'] = (answers) => {
      account.script(answers);
      const { ListAccessKeys } = answers;
      const list = ListAccessKeys?.({}) as { AccessKeyMetadata: { AccessKeyId: string }[] } | undefined;
      ids.push(...(list?.AccessKeyMetadata ?? []).map(({ AccessKeyId }) => AccessKeyId));
    };
    await keys(...ages)({ ...account, script });
    return ids[0] ?? '';
  };

testBot(bot, {
  violating: [
    {
      name: 'an old key in use, beside a young one',
      given: keys({ made: 91, used: 0 }, { made: 89 }),
      violation: /^not rotated: AKIA\w+, made 91 days ago$/,
      writes: ['iam:UpdateAccessKey'],
    },
    {
      name: 'one key of a user, whose other key is old too',
      given: firstKey({ made: 100 }, { made: 200 }),
      violation: /^not rotated: AKIA\w+, made 100 days ago$/,
      writes: ['iam:UpdateAccessKey'],
      after: { keys: [{ active: false }] },
    },
  ],
  compliant: [
    { name: 'old and inactive', given: keys({ made: 4000, inactive: true }) },
    { name: 'no key is older than was asked', given: keys({ made: 29, used: 20 }), params: { days: 30 } },
    {
      name: 'a key of today, on AWS as it is',
      given: async (account) => {
        await accessKey(account, await user(account, 'ann'));
        return 'ann';
      },
    },
  ],
  gone: 'nobody',
});

test('the key of a session is held', async () => {
  const account = await newAccount();
  const target = {
    ...{ account: account.account, region: 'us-east-1' },
    ...{ type: 'AWS::IAM::AccessKey', id: 'ASIAIOSFODNN7EXAMPLE' },
  };
  const context = { target, params: { days: 90 } };
  const state = await bot.inspect({ iam: account.client(IAMClient) }, context);
  expect(state && bot.check(state, context)).toBe('how old the key is cannot be read');
  expect(state && bot.plan(state, context)).toEqual({ held: expect.stringMatching(/key of a session/) });
});
