import { EC2Client, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { newInstance, otherInstances } from './fixtures/instance';
import { attach, profile } from './fixtures/profile';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './ssm_attach_instance_role';

const CORE = 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore';
const violation = 'Systems Manager does not manage the instance';
const ATTACH = 'iam:AttachRolePolicy';
const ASSOCIATE = 'ec2:AssociateIamInstanceProfile';

/**
 * Moto lacks DescribeInstanceInformation and AWS's own policies: the agent of each instance reports as soon as the
 * policy is attached.
 */
const agents = (account: Account, managed: boolean, reports = true) => {
  const roles = new Set(managed ? ['web-role'] : []);
  account.script({
    ListAttachedRolePolicies: ({ RoleName }) => ({
      AttachedPolicies: roles.has(String(RoleName)) ? [{ PolicyArn: CORE }] : [],
    }),
    AttachRolePolicy: ({ RoleName, PolicyArn }) => {
      if (PolicyArn !== CORE) throw new Error('another policy');
      roles.add(String(RoleName));
      return {};
    },
    DetachRolePolicy: ({ RoleName }) => {
      roles.delete(String(RoleName));
      return {};
    },
    DescribeInstanceInformation: ({ Filters }) => {
      const [{ Values: [InstanceId] = [] } = {}] = Filters as { Values?: string[] }[];
      return { InstanceInformationList: roles.size > 0 && reports ? [{ InstanceId }] : [] };
    },
  });
};
const withRole =
  (managed: boolean, reports?: boolean) =>
  async (account: Account): Promise<string> => {
    agents(account, managed, reports);
    const id = await newInstance(account);
    await attach(account, id, await profile(account, 'web'));
    return id;
  };

testBot(bot, {
  violating: [
    {
      name: 'no instance profile, beside another instance',
      given: async (account) => {
        agents(account, false);
        await profile(account, 'web', '/team/');
        await newInstance(account);
        return newInstance(account);
      },
      params: { profile: 'web' },
      violation,
      writes: [ASSOCIATE, ATTACH],
      after: { managed: true },
      untouched: otherInstances,
    },
    {
      name: 'a role without the policy',
      given: withRole(false),
      violation,
      writes: [ATTACH],
      after: { managed: true, policies: [CORE] },
    },
    {
      name: 'no instance profile, and none is named',
      given: async (account) => {
        agents(account, false);
        return newInstance(account);
      },
      violation,
      writes: [],
      held: /name the one that it is to get/,
    },
  ],
  compliant: [
    { name: 'managed', given: withRole(true) },
    {
      name: 'does not run',
      given: async (account) => {
        const id = await withRole(false)(account);
        await account.client(EC2Client).send(new StopInstancesCommand({ InstanceIds: [id] }));
        return id;
      },
    },
  ],
  gone: 'i-00000000000000000',
});

test('it waits for an agent that does not report', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'i-1' };
  const state = {
    ...{ running: true, managed: false, policies: [CORE] },
    association: { association: 'iip-assoc-1', arn: 'arn' },
    profile: { arn: 'arn', role: 'web-role' },
  };
  expect(bot.plan(state, { target, params: {} })).toHaveProperty('waiting');
});
