import { IAMClient, PutRolePermissionsBoundaryCommand } from '@aws-sdk/client-iam';
import { newAccount } from '../../../testing/account';
import { ALLOW_ALL, DENY_ALL, READ, group, otherRoles, otherUsers, policy, role, user } from './fixtures/iam';
import { remediate } from '../../../shared/bot/run';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './iam_detach_policy';

const everywhere =
  (document: string) =>
  async (account: Account): Promise<string> => {
    const arn = await policy(account, 'wide', document);
    await user(account, 'bob', arn);
    await group(account, 'staff', await user(account, 'ann', arn), arn);
    await role(account, 'app', { policies: [arn] });
    return arn;
  };
const ALL = ['iam:DetachGroupPolicy', 'iam:DetachRolePolicy', 'iam:DetachUserPolicy', 'iam:DetachUserPolicy'];
const violation = /^attached to group staff, role app, user ann, user bob$/;
const onRole = (name: string, path: string) => async (account: Account) => {
  const arn = await policy(account, 'wide');
  await role(account, name, { path, policies: [arn] });
  return arn;
};

testBot(bot, {
  violating: [
    {
      name: 'a group, a role and two users, beside others with another policy',
      given: async (account) => {
        const other = await policy(account, 'other');
        await user(account, 'cyd', other);
        await role(account, 'worker', { policies: [other] });
        return everywhere(READ)(account);
      },
      violation,
      writes: ALL,
      after: { groups: [], roles: [], users: [] },
      untouched: async (account) => {
        const all = [await otherUsers(account, ''), await otherRoles(account, '')] as {
          AttachedPolicies: object[];
        }[][];
        return all
          .flat()
          .filter(({ AttachedPolicies }) => JSON.stringify(AttachedPolicies).includes('other'));
      },
    },
    {
      name: 'it allows everything, and that is said to be meant',
      given: everywhere(ALLOW_ALL),
      params: { administrators: true },
      violation,
      writes: ALL,
    },
    {
      name: 'it allows everything',
      given: everywhere(ALLOW_ALL),
      violation,
      writes: [],
      held: /say administrators=true$/,
    },
    { name: 'it denies', given: everywhere(DENY_ALL), violation, writes: [], held: /would give rights/ },
    {
      name: 'only a role of IAM Identity Center has it',
      given: onRole('AWSReservedSSO_Admin_0123456789abcdef', '/aws-reserved/sso.amazonaws.com/'),
      violation: 'attached to role AWSReservedSSO_Admin_0123456789abcdef',
      writes: [],
      held: /permission set/,
    },
  ],
  compliant: [
    { name: 'attached to nobody', given: (account) => policy(account, 'wide') },
    {
      name: 'only a permissions boundary',
      given: async (account) => {
        const PermissionsBoundary = await policy(account, 'wide');
        const RoleName = await role(account, 'app');
        await account
          .client(IAMClient)
          .send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }));
        return PermissionsBoundary;
      },
    },
  ],
  gone: 'arn:aws:iam::123456789012:policy/nothing',
});

describe('iam_detach_policy', () => {
  test('roles that are left alone keep it, which is said; the others lose it', async () => {
    const account = await newAccount();
    const id = await onRole('CoordinatorRole-1A2B3C', '/selfheal/prod/')(account);
    await role(account, 'selfheal-definitely-not-evil', { policies: [id] });
    await user(account, 'ann', id);
    const run = async () =>
      remediate(bot, {
        aws: { iam: account.client(IAMClient) },
        target: { account: account.account, region: account.region, type: bot.resource, id },
        params: { administrators: false },
        home: { account: account.account, rolePath: '/selfheal/prod/' },
        mode: 'apply',
        settle: { tries: 0, delayMs: 0 },
      });
    const reason = expect.stringMatching(/is a role of selfheal/) as string;
    expect(await run()).toMatchObject({
      outcome: 'held',
      reason,
      calls: [
        { action: 'iam:DetachRolePolicy', input: { RoleName: 'selfheal-definitely-not-evil' } },
        { action: 'iam:DetachUserPolicy' },
      ],
    });
    expect(await run()).toMatchObject({ outcome: 'held', reason });
  });

  // ListEntitiesForPolicy: moto answers with one page whatever is asked, and knows no PolicyUsageFilter.
  test('all pages are read, and only of those to whom it gives rights', async () => {
    const account = await newAccount();
    const id = await policy(account, 'wide');
    const asked: unknown[] = [];
    account.script({
      ListEntitiesForPolicy: ({ Marker, PolicyUsageFilter }) => {
        asked.push(PolicyUsageFilter);
        return Marker === undefined
          ? { PolicyUsers: [{ UserName: 'bob' }], IsTruncated: true, Marker: 'more' }
          : { PolicyUsers: [{ UserName: 'ann' }], PolicyGroups: [{ GroupName: 'staff' }] };
      },
    });
    const target = { account: account.account, region: account.region, type: bot.resource, id };
    const aws = { iam: account.client(IAMClient) };
    expect(await bot.inspect(aws, { target, params: { administrators: false } })).toMatchObject({
      groups: ['staff'],
      users: ['ann', 'bob'],
    });
    expect(asked).toEqual(['PermissionsPolicy', 'PermissionsPolicy']);
  });
});
