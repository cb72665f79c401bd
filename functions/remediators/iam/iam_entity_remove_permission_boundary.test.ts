import {
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutUserPermissionsBoundaryCommand,
} from '@aws-sdk/client-iam';
import { otherRoles, policy, role, user } from './fixtures/iam';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './iam_entity_remove_permission_boundary';

const withBoundary = async (account: Account, kind: 'user' | 'role', name: string) => {
  const iam = account.client(IAMClient);
  const PermissionsBoundary = await policy(account, 'limit');
  if (kind === 'role') {
    const RoleName = await role(account, name);
    await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }));
  } else {
    const UserName = await user(account, name);
    await iam.send(new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary }));
  }
  return name;
};
const violation = /^it has the permissions boundary arn:aws:iam::\d{12}:policy\/limit$/;
const entities = ['arn:aws:iam::$ACCOUNT_ID:role/team/red/app', 'arn:aws:iam::$ACCOUNT_ID:user/team/red/ann'];

testBot(bot, {
  violating: [
    {
      name: 'a role that config.ts names',
      given: async (account) => {
        await role(account, 'worker');
        return withBoundary(account, 'role', 'app');
      },
      params: { entities },
      violation,
      writes: ['iam:DeleteRolePermissionsBoundary'],
      untouched: otherRoles,
    },
    {
      name: 'a user that config.ts names',
      type: 'AWS::IAM::User',
      given: (account) => withBoundary(account, 'user', 'ann'),
      params: { entities },
      violation,
      writes: ['iam:DeleteUserPermissionsBoundary'],
    },
    {
      name: 'a user of the name of a role that config.ts names',
      type: 'AWS::IAM::User',
      given: (account) => withBoundary(account, 'user', 'app'),
      params: { entities },
      violation,
      writes: [],
      held: /name arn:aws:iam::\d{12}:user\/team\/red\/app under entities/,
    },
    {
      name: 'another account is meant',
      given: (account) => withBoundary(account, 'role', 'app'),
      params: { entities, account: '111122223333' },
      violation,
      writes: [],
      held: /and account 111122223333 was meant$/,
    },
    {
      name: 'nobody is named',
      given: (account) => withBoundary(account, 'role', 'app'),
      violation,
      writes: [],
      held: /it gets rights/,
    },
  ],
  compliant: [{ name: 'without a boundary', given: (account) => role(account, 'app'), params: { entities } }],
  gone: 'nobody',
});

test.each(['all', '*', 'arn:aws:iam::123456789012:role/*', 'arn:aws:iam::123456789012:group/staff'])(
  '%s names nobody',
  (entity) => {
    expect(bot.params.safeParse({ entities: [entity] }).success).toBe(false);
  },
);
