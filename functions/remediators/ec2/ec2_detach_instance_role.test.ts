import { randomUUID } from 'node:crypto';
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  IAMClient,
  ListInstanceProfilesCommand,
} from '@aws-sdk/client-iam';
import { remediate } from '../../../shared/bot/run';
import { type Account, testBot } from '../../../testing/contract';
import { newAccount } from '../../../testing/account';
import { bot } from './ec2_detach_instance_role';

const REMOVE = 'iam:RemoveRoleFromInstanceProfile';

testBot(bot, {
  violating: [
    {
      name: 'in two profiles, one of them with a path, beside a profile of another role',
      given: async (account) => {
        await profile(account, 'other', await role(account, 'other'));
        const id = await role(account, 'app');
        await profile(account, 'web', id);
        await profile(account, 'batch', id, '/team/core/');
        return id;
      },
      violation: 'the role is in the instance profiles batch, web',
      writes: [REMOVE, REMOVE],
      after: { profiles: [] },
      untouched: async ({ client }, id) => {
        const { InstanceProfiles = [] } = await client(IAMClient).send(new ListInstanceProfilesCommand({}));
        return InstanceProfiles.map(({ Arn, Roles = [] }) => [
          Arn,
          Roles.filter(({ RoleName }) => RoleName !== id),
        ]);
      },
    },
  ],
  compliant: [{ name: 'in no profile', given: async (account) => role(account, 'app') }],
});

describe('ec2_detach_instance_role', () => {
  const target = { account: '123456789012', region: 'us-east-1', type: bot.resource, id: 'app' };

  // ListInstanceProfilesForRole: moto has no profiles for a role that is not there, IAM has this error.
  test('a role that is not there is gone', async () => {
    const account = await newAccount();
    account.script({
      ListInstanceProfilesForRole: () => {
        throw Object.assign(new Error('cannot be found'), { name: 'NoSuchEntityException' });
      },
    });
    const aws = { iam: account.client(IAMClient) };
    expect(await remediate(bot, { aws, target, params: {}, mode: 'apply' })).toEqual({ outcome: 'gone' });
  });

  // ListInstanceProfilesForRole: moto has no pages there.
  test('all pages are read', async () => {
    const account = await newAccount();
    account.script({
      ListInstanceProfilesForRole: ({ Marker }) =>
        Marker
          ? { InstanceProfiles: [{ InstanceProfileName: 'a' }], IsTruncated: false }
          : { InstanceProfiles: [{ InstanceProfileName: 'b' }], IsTruncated: true, Marker: 'more' },
    });
    const iam = account.client(IAMClient);
    expect(await bot.inspect({ iam }, { target, params: {} })).toEqual({ profiles: ['a', 'b'] });
  });

  test('undo passes over a profile that the role is in again', () => {
    const now = { profiles: ['a'] };
    expect(bot.undo({ profiles: ['a', 'b'] }, { target, params: {}, now })).toMatchObject([
      { iam: { input: { InstanceProfileName: 'b', RoleName: 'app' } } },
    ]);
  });
});

async function role({ client }: Account, name: string): Promise<string> {
  const RoleName = `${name}-${randomUUID()}`;
  await client(IAMClient).send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: '{}' }));
  return RoleName;
}

async function profile({ client }: Account, InstanceProfileName: string, RoleName: string, Path = '/') {
  const iam = client(IAMClient);
  await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName, Path }));
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }));
}
