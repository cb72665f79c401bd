import {
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutUserPermissionsBoundaryCommand,
} from '@aws-sdk/client-iam';
import { otherRoles, otherUsers, policy, role, user } from './fixtures/iam';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './iam_entity_create_and_attach_permission_boundary';

const params = { policyArn: 'arn:aws:iam::$ACCOUNT_ID:policy/limit' };
const type = 'AWS::IAM::User';
const bounded = (name: string) => async (account: Account) => {
  const PermissionsBoundary = await policy(account, name);
  const RoleName = await role(account, 'app');
  await account
    .client(IAMClient)
    .send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }));
  return RoleName;
};

testBot(bot, {
  violating: [
    {
      name: 'a role without one, beside others',
      given: async (account) => {
        const limit = await policy(account, 'limit');
        await role(account, 'worker', { policies: [limit] });
        await user(account, 'app', limit);
        return role(account, 'app');
      },
      params,
      violation: /^its permissions boundary is missing, not arn:aws:iam::\d{12}:policy\/limit$/,
      writes: ['iam:PutRolePermissionsBoundary'],
      untouched: async (account, id) => [await otherRoles(account, id), await otherUsers(account, '')],
    },
    {
      name: 'a user whose boundary is another, which is to be replaced',
      type,
      given: async (account) => {
        await policy(account, 'limit');
        const PermissionsBoundary = await policy(account, 'other');
        const UserName = await user(account, 'ann');
        const command = new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary });
        await account.client(IAMClient).send(command);
        return UserName;
      },
      params: { ...params, replace: true },
      violation: /policy\/other, not/,
      writes: ['iam:PutUserPermissionsBoundary'],
    },
    {
      name: 'a user without one, beside the role of the same name',
      type,
      given: async (account) => {
        await policy(account, 'limit');
        await role(account, 'ann');
        return user(account, 'ann');
      },
      params,
      violation: /is missing/,
      writes: ['iam:PutUserPermissionsBoundary'],
    },
    {
      name: 'a role whose boundary is another, which is to be replaced',
      given: async (account) => {
        await policy(account, 'limit');
        return bounded('other')(account);
      },
      params: { ...params, replace: true },
      violation: /policy\/other, not/,
      writes: ['iam:PutRolePermissionsBoundary'],
    },
    {
      name: 'another boundary is there',
      given: async (account) => {
        await policy(account, 'limit');
        return bounded('other')(account);
      },
      params,
      violation: /policy\/other, not/,
      writes: [],
      held: /say replace=true/,
    },
    {
      name: 'there is no such policy',
      given: (account) => role(account, 'app'),
      params,
      violation: /is missing/,
      writes: [],
      held: /^there is no policy/,
    },
    {
      name: 'no policy is named',
      given: (account) => role(account, 'app'),
      violation: 'nothing says which permissions boundary is wanted',
      writes: [],
      held: /give policyArn/,
    },
  ],
  compliant: [{ name: 'it is there', given: bounded('limit'), params }],
  gone: 'nobody',
});
