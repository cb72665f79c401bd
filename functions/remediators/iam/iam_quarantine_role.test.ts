import { GetRoleCommand, IAMClient, PutRolePermissionsBoundaryCommand } from '@aws-sdk/client-iam';
import { otherRoles, policy, role, ten } from './fixtures/iam';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './iam_quarantine_role';

const POLICY = 'arn:aws:iam::aws:policy/AWSDenyAll';
const violation = 'not in quarantine: AWSDenyAll is not attached';
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
      name: 'AWS’s own policy is attached; the trust policy, the boundary and another role stay',
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
      writes: ['iam:AttachRolePolicy'],
      after: { policy: POLICY, attached: true },
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
      name: 'a name that only begins like that of a reserved role',
      given: (account) => role(account, 'AWSServiceRoleForMischief'),
      violation,
      writes: ['iam:AttachRolePolicy'],
    },
    held('AWSServiceRoleForConfig', '/aws-service-role/config.amazonaws.com/', /service-linked role/),
    held('AWSReservedSSO_Admin_0123456789abcdef', '/aws-reserved/sso.amazonaws.com/', /permission set/),
    {
      name: 'a role that only calls itself selfheal-…, under a path like selfheal’s',
      given: (account) => role(account, 'selfheal-definitely-not-evil', { path: '/selfheal/prod/' }),
      violation,
      writes: ['iam:AttachRolePolicy'],
    },
    {
      name: 'ten policies are attached, and IAM takes no other',
      given: async (account) => role(account, 'app', { policies: await ten(account) }),
      violation,
      writes: [],
      held: /^10 managed policies are attached, and IAM takes no more/,
    },
  ],
  compliant: [
    { name: 'in quarantine already', given: (account) => role(account, 'app', { policies: [POLICY] }) },
  ],
  gone: 'nobody',
});
