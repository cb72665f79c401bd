import { AttachRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { newInstance, otherInstances } from './fixtures/instance';
import { attach, profile } from './fixtures/profile';
import { otherRoles, policy } from '../iam/fixtures/iam';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './ec2_update_instance_role';

const params = { policyArn: 'arn:aws:iam::$ACCOUNT_ID:policy/wanted' };
const violation = /^arn:aws:iam::\d{12}:policy\/wanted is not attached to the role web-role of the instance$/;
const withRole = async (account: Account, name = 'web') => {
  const id = await newInstance(account);
  await attach(account, id, await profile(account, name, '/team/'));
  return id;
};

testBot(bot, {
  violating: [
    {
      name: 'the role lacks the policy, beside another instance with another role',
      given: async (account) => {
        await policy(account, 'wanted');
        await withRole(account, 'other');
        return withRole(account);
      },
      params,
      violation,
      writes: ['iam:AttachRolePolicy'],
      after: { role: 'web-role', attached: true },
      untouched: async (account, id) => [
        await otherInstances(account, id),
        await otherRoles(account, 'web-role'),
      ],
    },
    {
      name: 'there is no such policy',
      given: (account) => withRole(account),
      params,
      violation,
      writes: [],
      held: /^there is no policy/,
    },
    {
      name: 'an instance without a role',
      given: async (account) => {
        await policy(account, 'wanted');
        return newInstance(account);
      },
      params,
      violation: /is not attached to the role \(there is none\)/,
      writes: [],
      held: /has no role: attach one first/,
    },
    {
      name: 'no policy is named',
      given: (account) => withRole(account),
      violation: /^the policy is not attached/,
      writes: [],
      held: /give policyArn/,
    },
  ],
  compliant: [
    {
      name: 'attached already',
      given: async (account) => {
        const id = await withRole(account);
        const PolicyArn = await policy(account, 'wanted');
        const command = new AttachRolePolicyCommand({ RoleName: 'web-role', PolicyArn });
        await account.client(IAMClient).send(command);
        return id;
      },
      params,
    },
  ],
  gone: 'i-00000000000000000',
});
