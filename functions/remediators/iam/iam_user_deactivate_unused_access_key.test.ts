import { IAMClient, UpdateAccessKeyCommand, type UpdateAccessKeyCommandInput } from '@aws-sdk/client-iam';
import fc from 'fast-check';
import { accessKey, keysOfAll, user } from './fixtures/iam';
import { keys } from './fixtures/key-lives';
import { newAccount } from '../../../testing/account';
import { stepsOf, testBot } from '../../../testing/contract';
import { bot } from './iam_user_deactivate_unused_access_key';

testBot(bot, {
  violating: [
    {
      name: 'one key not used for long, one in use',
      given: keys({ made: 400, used: 91 }, { made: 400, used: 2 }),
      violation: /^active and not used: AKIA\w+ for 91 days$/,
      writes: ['iam:UpdateAccessKey'],
    },
    {
      name: 'never used, and both made long ago; one of them inactive already',
      given: keys({ made: 90 }, { made: 200, inactive: true }),
      violation: /^active and not used: AKIA\w+ for 90 days$/,
      writes: ['iam:UpdateAccessKey'],
      after: {
        keys: [
          { active: false, idleDays: 0 },
          { active: false, idleDays: 0 },
        ],
      },
    },
    {
      name: 'two of them, and fewer days asked for',
      given: keys({ made: 400, used: 50 }, { made: 46 }),
      params: { days: 45 },
      violation: /AKIA\w+ for \d\d days, AKIA\w+ for \d\d days$/,
      writes: ['iam:UpdateAccessKey', 'iam:UpdateAccessKey'],
    },
  ],
  compliant: [
    { name: 'made lately and not used yet', given: keys({ made: 89.9 }) },
    { name: 'old, and used since', given: keys({ made: 4000, used: 89 }) },
    { name: 'unused and inactive', given: keys({ made: 4000, inactive: true }) },
    { name: 'no keys', given: (account) => user(account, 'ann') },
    {
      name: 'a key of today, on AWS as it is',
      given: async (account) => {
        await accessKey(account, await user(account, 'ann'));
        return 'ann';
      },
      params: { days: 1 },
    },
  ],
  gone: 'nobody',
});

describe('iam_user_deactivate_unused_access_key', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'ann' };

  test('never more than the active keys that have idled long enough; undo brings back just those', () => {
    const key = fc.record({ active: fc.boolean(), idleDays: fc.nat({ max: 400 }) });
    fc.assert(
      fc.property(fc.array(key, { maxLength: 2 }), fc.integer({ min: 1, max: 400 }), (lives, days) => {
        const all = lives.map((life, n) => ({
          id: `AKIA${n}`,
          active: life.active,
          idleDays: life.active ? life.idleDays : 0,
        }));
        const context = { target, params: { days } };
        const state = { keys: all };
        const fault = bot.check(state, context);
        const touched = stepsOf(bot.plan(state, context)).map(
          ({ iam }) => (iam.input as UpdateAccessKeyCommandInput).AccessKeyId,
        );
        expect(touched).toEqual(all.filter((one) => one.active && one.idleDays >= days).map(({ id }) => id));
        expect(fault === undefined).toBe(touched.length === 0);
        const now = { keys: all.map((one) => ({ ...one, active: one.active && !touched.includes(one.id) })) };
        expect(bot.undo(state, { ...context, now })).toMatchObject(
          touched.map((AccessKeyId) => ({ iam: { input: { AccessKeyId, Status: 'Active' } } })),
        );
      }),
    );
  });

  test('a key that is deleted while it is looked at does not make the user gone', async () => {
    const account = await newAccount();
    await accessKey(account, await user(account, 'ann'));
    account.script({
      GetAccessKeyLastUsed: () => {
        throw Object.assign(new Error('gone'), { name: 'NoSuchEntityException' });
      },
    });
    const context = { target: { ...target, account: account.account }, params: { days: 90 } };
    const state = await bot.inspect({ iam: account.client(IAMClient) }, context);
    expect(state).toMatchObject({ keys: [{ active: true, idleDays: 0 }] });
  });

  test('real keys, made inactive by hand, are left so', async () => {
    const account = await newAccount();
    const AccessKeyId = await accessKey(account, await user(account, 'ann'));
    const iam = account.client(IAMClient);
    await iam.send(new UpdateAccessKeyCommand({ UserName: 'ann', AccessKeyId, Status: 'Inactive' }));
    const context = { target: { ...target, account: account.account }, params: { days: 1 } };
    expect(await bot.inspect({ iam }, context)).toEqual({
      keys: [{ id: AccessKeyId, active: false, idleDays: 0 }],
    });
    expect(await keysOfAll(account)).toMatchObject([{ Status: 'Inactive' }]);
  });

  test('positions as in CloudBots', () => {
    expect(bot.words?.order).toEqual(['days']);
    expect(bot.params.parse({})).toEqual({ days: 90 });
    expect(bot.params.safeParse({ days: 'ninety' }).success).toBe(false);
  });
});
