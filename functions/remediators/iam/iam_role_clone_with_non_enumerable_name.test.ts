import {
  CreateRoleCommand,
  type CreateRoleCommandInput,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolesCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
} from '@aws-sdk/client-iam';
import { remediate, undo } from '../../../shared/bot/run';
import { newAccount } from '../../../testing/account';
import { READ, otherRoles, policy, role } from './fixtures/iam';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './iam_role_clone_with_non_enumerable_name';

const rich = async (account: Account) => {
  const iam = account.client(IAMClient);
  await role(account, 'app-worker', { policies: [await policy(account, 'other')] });
  const RoleName = await role(account, 'app', { policies: [await policy(account, 'managed')] });
  const inline = { PolicyName: 'inline', PolicyDocument: READ };
  await iam.send(new PutRolePolicyCommand({ RoleName, ...inline }));
  const PermissionsBoundary = await policy(account, 'limit');
  await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }));
  await iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'team', Value: 'red' }] }));
  return RoleName;
};
const params = { boundaries: ['arn:aws:iam::$ACCOUNT_ID:policy/limit'] };
const others = async (account: Account) => {
  const all = (await otherRoles(account, '')) as { RoleName: string }[];
  return all.filter(({ RoleName }) => ['app', 'app-worker'].includes(RoleName));
};

testBot(bot, {
  violating: [
    {
      name: 'with policies, a boundary and tags, beside a role of a name like a clone’s',
      given: rich,
      params,
      violation: 'the role has a name that can be guessed, and no clone of another name',
      writes: ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:AttachRolePolicy'],
      untouched: others,
    },
    {
      name: 'a service-linked role',
      given: (account) =>
        role(account, 'AWSServiceRoleForECS', { path: '/aws-service-role/ecs.amazonaws.com/' }),
      violation: /can be guessed/,
      writes: [],
      held: /service-linked/,
    },
    {
      name: 'a role without a boundary that config.ts names',
      given: (account) => role(account, 'free'),
      params,
      violation: /can be guessed/,
      writes: [],
      held: /boundary is none of those that config\.ts names/,
    },
    {
      name: 'a name that is too long',
      given: (account) => role(account, 'a'.repeat(51)),
      violation: /can be guessed/,
      writes: [],
      held: /too long/,
    },
  ],
  compliant: [
    {
      name: 'a clone itself',
      given: async (account) => {
        const RoleName = await role(account, 'app-0123456789abc');
        const Tags = [{ Key: 'selfheal:clone-of', Value: 'AROA1' }];
        await account.client(IAMClient).send(new TagRoleCommand({ RoleName, Tags }));
        return RoleName;
      },
    },
  ],
  gone: 'nobody',
});

describe('iam_role_clone_with_non_enumerable_name', () => {
  const run = (account: Account, id: string) => {
    const target = { account: account.account, region: account.region, type: bot.resource, id };
    const aws = { iam: account.client(IAMClient) };
    return { aws, target, params: bot.params.parse(params), mode: 'apply' as const };
  };
  const clonesOf = async ({ client }: Account) => {
    const { Roles = [] } = await client(IAMClient).send(new ListRolesCommand({}));
    return Roles.filter(({ RoleName }) => /^app-[0-9a-z]{13}$/.test(RoleName ?? ''));
  };

  test('the clone has all that the role has', async () => {
    const account = await newAccount();
    const iam = account.client(IAMClient);
    await remediate(bot, run(account, await rich(account)));
    const [clone] = await clonesOf(account);
    const RoleName = clone?.RoleName;
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    const { Role: first } = await iam.send(new GetRoleCommand({ RoleName: 'app' }));
    expect(Role).toMatchObject({
      ...{ Path: '/team/red/', AssumeRolePolicyDocument: first?.AssumeRolePolicyDocument },
      PermissionsBoundary: first?.PermissionsBoundary,
      Tags: [
        { Key: 'team', Value: 'red' },
        { Key: 'selfheal:clone-of', Value: first?.RoleId },
      ],
    });
    const { PolicyDocument = '' } = await iam.send(
      new GetRolePolicyCommand({ RoleName, PolicyName: 'inline' }),
    );
    expect(decodeURIComponent(PolicyDocument)).toContain('s3:GetObject');
  });

  test('a role that says it is the clone and trusts somebody else gets nothing', async () => {
    const account = await newAccount();
    const iam = account.client(IAMClient);
    const job = run(account, await rich(account));
    const planned = await remediate(bot, { ...job, mode: 'plan' });
    const [call] = planned.outcome === 'planned' ? planned.calls : [];
    const statement = { Effect: 'Allow', Principal: { AWS: '999999999999' }, Action: 'sts:AssumeRole' };
    await iam.send(
      new CreateRoleCommand({
        ...(call?.input as CreateRoleCommandInput),
        AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
      }),
    );
    expect(await remediate(bot, job)).toMatchObject({
      outcome: 'held',
      reason: expect.stringMatching(/trusts others/),
    });
  });

  test('a clone that has been used is not deleted', async () => {
    const account = await newAccount();
    const job = run(account, await rich(account));
    const outcome = await remediate(bot, job);
    const before = outcome.outcome === 'fixed' ? outcome.before : undefined;
    const iam = account.client(IAMClient);
    const { Role: first } = await iam.send(new GetRoleCommand({ RoleName: 'app' }));
    const [clone] = await clonesOf(account);
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: clone?.RoleName }));
    account.script({
      GetRole: ({ RoleName }) => ({
        Role: RoleName === 'app' ? first : { ...Role, RoleLastUsed: { LastUsedDate: new Date() } },
      }),
    });
    expect(before && (await undo(bot, { ...job, before }))).toMatchObject({
      reason: expect.stringMatching(/is in use: delete it by hand/),
    });
  });
});
