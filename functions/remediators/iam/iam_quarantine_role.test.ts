import { GetRoleCommand, IAMClient, PutRolePermissionsBoundaryCommand } from '@aws-sdk/client-iam';
import { ALLOW_ALL, DENY_ALL, otherRoles, policy, role, ten } from './fixtures/iam';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './iam_quarantine_role';

const NAME = 'quarantine_deny_all_policy';
const violation = 'not in quarantine: quarantine_deny_all_policy is not attached';
const held = (name: string, path: string, reason: RegExp) => ({
  name: `${path}${name} is left alone`,
  given: (account: Account) => role(account, name, { path }),
  violation,
  writes: [],
  held: reason,
});

testBot(bot, {
  violating: [
    {
      name: 'the first in quarantine: the policy is made; the trust policy, the boundary and another role stay',
      given: async (account) => {
        const policies = [await policy(account, 'read')];
        await role(account, 'worker', { policies });
        const RoleName = await role(account, 'app', { policies });
        await account
          .client(IAMClient)
          .send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: policies[0] }));
        return RoleName;
      },
      violation,
      writes: ['iam:CreatePolicy', 'iam:AttachRolePolicy'],
      after: { attached: true, does: 'deny all' },
      untouched: async (account, RoleName) => {
        const { Role } = await account.client(IAMClient).send(new GetRoleCommand({ RoleName }));
        return [
          Role?.AssumeRolePolicyDocument,
          Role?.PermissionsBoundary,
          await otherRoles(account, RoleName),
        ];
      },
    },
    {
      name: 'the policy is there; a name that only begins like that of a reserved role',
      given: async (account) => {
        await policy(account, NAME, DENY_ALL);
        return role(account, 'AWSServiceRoleForMischief');
      },
      violation,
      writes: ['iam:AttachRolePolicy'],
    },
    {
      name: 'a policy of that name that allows everything is not trusted',
      given: async (account) => {
        await policy(account, NAME, ALLOW_ALL);
        return role(account, 'app');
      },
      violation,
      writes: [],
      held: /does not deny everything/,
    },
    held('AWSServiceRoleForConfig', '/aws-service-role/config.amazonaws.com/', /service-linked role/),
    held('AWSReservedSSO_Admin_0123456789abcdef', '/aws-reserved/sso.amazonaws.com/', /permission set/),
    held('selfheal-prod-IamQuarantineRoleRole-1A2B3C', '/', /role of selfheal/),
    {
      name: 'ten policies are attached, and IAM takes no other',
      given: async (account) => role(account, 'app', { policies: await ten(account) }),
      violation,
      writes: [],
      held: /^10 managed policies are attached, and IAM takes no more/,
    },
  ],
  compliant: [
    {
      name: 'in quarantine already',
      given: async (account) => role(account, 'app', { policies: [await policy(account, NAME, DENY_ALL)] }),
    },
  ],
  gone: 'nobody',
});
