import { IAMClient } from '@aws-sdk/client-iam';
import { newAccount } from '../../../testing/account';
import { ALLOW_ALL, otherUsers, policy, ten, user } from './fixtures/iam';
import { remediate } from '../../../shared/bot/run';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './iam_quarantine_user';

const POLICY = 'arn:aws:iam::aws:policy/AWSDenyAll';
const ATTACH = 'iam:AttachUserPolicy';
const violation = 'not in quarantine: AWSDenyAll is not attached';

testBot(bot, {
  violating: [
    {
      name: 'AWS’s own policy is attached; another user stays',
      given: async (account) => {
        const read = await policy(account, 'read');
        await user(account, 'bob', read);
        return user(account, 'ann', read);
      },
      violation,
      writes: [ATTACH],
      after: { policy: POLICY, attached: true },
      untouched: otherUsers,
    },
    {
      name: 'one of the account’s own by that name is not it',
      given: async (account) => user(account, 'ann', await policy(account, 'AWSDenyAll', ALLOW_ALL)),
      violation,
      writes: [ATTACH],
    },
    {
      name: 'ten policies are attached, and IAM takes no other',
      given: async (account) => user(account, 'ann', ...(await ten(account))),
      violation,
      writes: [],
      held: /^10 managed policies are attached, and IAM takes no more/,
    },
  ],
  compliant: [{ name: 'in quarantine already', given: (account) => user(account, 'ann', POLICY) }],
  gone: 'nobody',
});

describe('iam_quarantine_user', () => {
  const run = async (account: Account, id: string) =>
    remediate(bot, {
      aws: { iam: account.client(IAMClient) },
      target: { account: account.account, region: account.region, type: bot.resource, id },
      params: {},
      mode: 'apply',
      settle: { tries: 0, delayMs: 0 },
    });

  test('it lies in the partition of the user', async () => {
    const account = await newAccount();
    const id = await user(account, 'ann');
    account.script({
      GetUser: () => ({ User: { UserName: id, Arn: 'arn:aws-cn:iam::123456789012:user/team/red/ann' } }),
    });
    expect(await bot.inspect({ iam: account.client(IAMClient) }, context(account, id))).toMatchObject({
      policy: 'arn:aws-cn:iam::aws:policy/AWSDenyAll',
    });
  });

  // AttachUserPolicy: moto knows no quota of policies per user.
  test('ten policies are attached: held, which says so', async () => {
    const account = await newAccount();
    const id = await user(account, 'ann');
    account.script({
      AttachUserPolicy: () => {
        throw Object.assign(new Error('Cannot exceed quota for PoliciesPerUser: 10'), {
          name: 'LimitExceededException',
        });
      },
    });
    expect(await run(account, id)).toMatchObject({
      outcome: 'held',
      reason: expect.stringMatching(/a quota is used up/),
      error: {
        code: 'LimitExceededException',
        call: ATTACH,
        message: expect.stringMatching(/PoliciesPerUser/),
      },
    });
  });

  test('undo leaves what was attached before, and what somebody has detached since', () => {
    const out = { policy: 'arn', attached: false } as const;
    const within = { ...out, attached: true };
    const undo = (before: typeof out | typeof within, now: typeof out | typeof within) =>
      bot.undo(before, {
        target: { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'ann' },
        params: {},
        now,
      });
    expect(undo(within, within)).toEqual([]);
    expect(undo(out, out)).toEqual([]);
    expect(undo(out, within)).toHaveLength(1);
  });

  test('all pages of attached policies are read', async () => {
    const account = await newAccount();
    const arns = await Promise.all([1, 2, 3].map((n) => policy(account, `p${n}`)));
    const id = await user(account, 'ann', ...arns);
    const pages = [...arns, POLICY];
    account.script({
      ListAttachedUserPolicies: ({ Marker }) => {
        const at = Number(Marker ?? 0);
        const more = at < pages.length - 1;
        return {
          AttachedPolicies: [{ PolicyArn: pages[at] }],
          IsTruncated: more,
          ...(more && { Marker: String(at + 1) }),
        };
      },
    });
    expect(await run(account, id)).toMatchObject({ outcome: 'compliant' });
  });

  function context({ account, region }: Account, id: string) {
    return { target: { account, region, type: bot.resource, id }, params: {} };
  }
});
