import {
  CreateNetworkInterfaceCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { type Account, stepsOf, testBot } from '../../../shared/bot/testing';
import { allow, groupWith, neighbourhood } from '../../../test/security-groups';
import { bot } from './sg_close_default';

const [REMOVE, REMOVE_OUT] = ['ec2:RevokeSecurityGroupIngress', 'ec2:RevokeSecurityGroupEgress'];

/** The default group of the default VPC, as AWS makes it, with these rules beside its own. */
const defaultGroup =
  (...rules: string[]) =>
  async (account: Account) => {
    const Filters = [{ Name: 'group-name', Values: ['default'] }];
    const { SecurityGroups = [] } = await account
      .client(EC2Client)
      .send(new DescribeSecurityGroupsCommand({ Filters }));
    const id = SecurityGroups[0]?.GroupId ?? '';
    await allow(account, id, rules, { owner: 'ana' });
    await groupWith(['inbound tcp 22 from 0.0.0.0/0'])(account);
    return id;
  };

const inUse =
  (...rules: string[]) =>
  async (account: Account) => {
    const id = await defaultGroup(...rules)(account);
    const ec2 = account.client(EC2Client);
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
    await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId: Subnets[0]?.SubnetId, Groups: [id] }));
    return id;
  };

const emptied = async (account: Account) => {
  const id = await defaultGroup()(account);
  const state = await bot.inspect({ ec2: account.client(EC2Client) }, contextOf(id));
  const steps = stepsOf(bot.plan(state ?? { name: '', rules: [], interfaces: [] }, contextOf(id)));
  for (const { ec2 } of steps) await account.client(EC2Client).send(ec2 as never);
  return id;
};

function contextOf(id: string) {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id };
  return { target, params: bot.params.parse({}) };
}

testBot(bot, {
  violating: [
    {
      name: 'rules of AWS’s own and of others, with tags',
      given: defaultGroup(
        'inbound tcp 22 from 0.0.0.0/0',
        'inbound tcp 443 from 2001:db8::/32',
        'outbound -1 to ::/0',
      ),
      violation: /^the default security group has rules: .*inbound tcp 22 from 0\.0\.0\.0\/0/,
      writes: [REMOVE, REMOVE_OUT],
      after: { name: 'default', rules: [] },
      untouched: neighbourhood,
    },
    {
      name: 'used by a network interface, and told to close it all the same',
      given: inUse(),
      params: { inUse: 'close' },
      violation: /outbound all traffic to 0\.0\.0\.0\/0/,
      writes: [REMOVE_OUT],
      after: { rules: [] },
      untouched: neighbourhood,
    },
    {
      name: 'used by a network interface',
      given: inUse('inbound tcp 22 from 0.0.0.0/0'),
      violation: 'the default security group has rules',
      writes: [],
      held: /^sg-\w+ is used by eni-\w+: give them another group, or set inUse to close$/,
    },
  ],
  compliant: [
    { name: 'a group of another name', given: groupWith(['inbound tcp 22 from 0.0.0.0/0']) },
    { name: 'without rules', given: emptied },
  ],
  gone: 'sg-0123456789abcdef0',
});

test('undo leaves alone what others have done since', () => {
  const rule = { id: 'sgr-1', egress: false, protocol: 'tcp', from: 22, to: 22, cidr: '10.0.0.0/8' };
  const theirs = { ...rule, id: 'sgr-9', from: 443, to: 443 };
  const before = { name: 'default', rules: [rule, { ...rule, id: 'sgr-2', egress: true }], interfaces: [] };
  const now = { name: 'default', rules: [theirs, { ...rule, id: 'sgr-8' }], interfaces: [] };
  expect(bot.undo(before, { ...contextOf('sg-1'), now })).toMatchObject([
    {
      ec2: {
        input: { GroupId: 'sg-1', IpPermissions: [{ FromPort: 22, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }] },
      },
    },
  ]);
});
