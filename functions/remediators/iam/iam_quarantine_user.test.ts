import {
  AttachUserPolicyCommand,
  CreatePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListPolicyTagsCommand,
} from '@aws-sdk/client-iam';
import { newAccount } from '../../../testing/account';
import { ALLOW_ALL, DENY_ALL, READ, document, otherUsers, policy, ten, user } from './fixtures/iam';
import { remediate } from '../../../shared/bot/run';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './iam_quarantine_user';

const NAME = 'quarantine_deny_all_policy';
const CREATE = 'iam:CreatePolicy';
const ATTACH = 'iam:AttachUserPolicy';
const violation = 'not in quarantine: quarantine_deny_all_policy is not attached';

const quarantined = async (account: Account, PolicyDocument: string) =>
  user(account, 'ann', await policy(account, NAME, PolicyDocument));

testBot(bot, {
  violating: [
    {
      name: 'the first in quarantine: the policy is made; another user stays',
      given: async (account) => {
        const read = await policy(account, 'read');
        await user(account, 'bob', read);
        return user(account, 'ann', read);
      },
      violation,
      writes: [CREATE, ATTACH],
      after: { attached: true, does: 'deny all' },
      untouched: otherUsers,
    },
    {
      name: 'the policy is there',
      given: async (account) => {
        await policy(account, NAME, DENY_ALL);
        return user(account, 'ann');
      },
      violation,
      writes: [ATTACH],
    },
    {
      name: 'a policy of that name that allows everything is not trusted',
      given: async (account) => {
        await policy(account, NAME, ALLOW_ALL);
        return user(account, 'ann');
      },
      violation,
      writes: [],
      held: /does not deny everything: mend it, or delete it$/,
    },
    {
      name: 'attached, but it denies only under a condition',
      given: (account) =>
        quarantined(
          account,
          document({
            Effect: 'Deny',
            Action: '*',
            Resource: '*',
            Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } },
          }),
        ),
      violation: 'is attached and does not deny everything',
      writes: [],
      held: /does not deny everything/,
    },
    {
      name: 'attached, but the version in force was changed',
      given: async (account) => {
        const PolicyArn = await policy(account, NAME, DENY_ALL);
        await account
          .client(IAMClient)
          .send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: READ, SetAsDefault: true }));
        return user(account, 'ann', PolicyArn);
      },
      violation: 'is attached and does not deny everything',
      writes: [],
      held: /does not deny everything/,
    },
    {
      name: 'ten policies are attached, and IAM takes no other',
      given: async (account) => user(account, 'ann', ...(await ten(account))),
      violation,
      writes: [],
      held: /^10 managed policies are attached, and IAM takes no more/,
    },
  ],
  compliant: [
    { name: 'in quarantine already', given: (account) => quarantined(account, DENY_ALL) },
    {
      name: 'in quarantine, by a document written in another way',
      given: (account) =>
        quarantined(
          account,
          JSON.stringify({
            Version: '2012-10-17',
            Statement: { Effect: 'Deny', Action: ['iam:*', '*:*'], Resource: ['*'] },
          }),
        ),
    },
  ],
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

  test('the policy that it makes denies all and says whose it is', async () => {
    const account = await newAccount();
    const iam = account.client(IAMClient);
    const outcome = await run(account, await user(account, 'ann'));
    const PolicyArn = `arn:aws:iam::${account.account}:policy/${NAME}`;
    expect(outcome).toMatchObject({ outcome: 'fixed', after: { policy: PolicyArn } });
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    const { PolicyVersion } = await iam.send(
      new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
    );
    expect(JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? ''))).toMatchObject({
      Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }],
    });
    const { Tags } = await iam.send(new ListPolicyTagsCommand({ PolicyArn }));
    expect(Tags).toEqual([{ Key: 'selfheal', Value: 'quarantine' }]);
  });

  test('it lies in the partition of the user', async () => {
    const account = await newAccount();
    const id = await user(account, 'ann');
    account.script({
      GetUser: () => ({ User: { UserName: id, Arn: 'arn:aws-cn:iam::123456789012:user/team/red/ann' } }),
    });
    expect(await bot.inspect({ iam: account.client(IAMClient) }, context(account, id))).toMatchObject({
      policy: `arn:aws-cn:iam::123456789012:policy/${NAME}`,
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

  test('a version that cannot be read yet is no proof that the user is gone', async () => {
    const account = await newAccount();
    const id = await user(account, 'ann');
    account.script({
      GetPolicyVersion: () => {
        throw Object.assign(new Error('no such version'), { name: 'NoSuchEntityException' });
      },
    });
    expect(await run(account, id)).toMatchObject({ outcome: 'unverified' });
  });

  test('undo leaves what was attached before, and what somebody has detached since', () => {
    const out = { policy: 'arn', does: 'deny all', attached: false } as const;
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
    await account
      .client(IAMClient)
      .send(new AttachUserPolicyCommand({ UserName: id, PolicyArn: await policy(account, NAME, DENY_ALL) }));
    const pages = [...arns, `arn:aws:iam::${account.account}:policy/${NAME}`];
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
