import { CreateSecurityGroupCommand, EC2Client } from '@aws-sdk/client-ec2';
import { type Account, stepsOf, testBot } from '../../../testing/contract';
import {
  allow,
  defaultGroupOf,
  groupWith,
  nameIn,
  neighbourhood,
  openVpc,
  testBeside,
  useBy,
} from './fixtures/security-groups';
import { bot } from './sg_close_default';

const [REMOVE, REMOVE_OUT] = ['ec2:RevokeSecurityGroupIngress', 'ec2:RevokeSecurityGroupEgress'];

/** The default group of the default VPC, as AWS makes it, with these rules beside its own; and another group. */
const defaultGroup =
  (...rules: string[]) =>
  async (account: Account) => {
    const id = await defaultGroupOf(account);
    await allow(account, id, rules, { owner: 'ana' });
    await groupWith(['inbound tcp 22 from 0.0.0.0/0'])(account);
    return id;
  };

const inUse =
  (...rules: string[]) =>
  async (account: Account) => {
    const id = await defaultGroup(...rules)(account);
    await useBy(account, id);
    return id;
  };

/** What the default group admits, and what stands beside it. moto makes it without the rule for itself. */
const seeded: [name: string, rules: string[], beside?: (account: Account, id: string) => Promise<unknown>][] =
  [
    ['the rule for the group itself, as AWS makes it', ['inbound -1 from sg-0a0a0a0a0a0a0a0a0']],
    ['IPv6 alone', ['inbound -1 from ::/0', 'outbound tcp 443 to 2001:db8::/32']],
    ['protocols without ports', ['inbound icmp 8 from 0.0.0.0/0', 'inbound 50 from 203.0.113.0/24']],
    [
      'several ranges and a prefix list on one port',
      [
        'inbound tcp 22 from 10.0.0.0/8',
        'inbound tcp 22 from 203.0.113.64/26',
        'inbound tcp 22 from pl-0b0b0b0b0b0b0b0b0',
      ],
    ],
    ['open, and so is the default group of another VPC', ['inbound tcp 22 from 0.0.0.0/0'], openVpc],
    [
      'rules of other groups name it, and stay',
      ['inbound tcp 5432 from 10.0.0.0/8'],
      async (account, id) => {
        await nameIn(account, id, 'inbound', 'one');
        await nameIn(account, id, 'outbound', 'other');
      },
    ],
  ];

/** A group of that name, open to the world. */
const named = (GroupName: string) => async (account: Account) => {
  const command = new CreateSecurityGroupCommand({ GroupName, Description: GroupName });
  const { GroupId = '' } = await account.client(EC2Client).send(command);
  await allow(account, GroupId, ['inbound tcp 22 from 0.0.0.0/0']);
  return GroupId;
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
        'inbound tcp 443 from pl-0b0b0b0b0b0b0b0b0',
        'inbound -1 from sg-0a0a0a0a0a0a0a0a0',
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
    { name: 'a group whose name only begins alike', given: named('default-web') },
    { name: 'a group of another name', given: groupWith(['inbound tcp 22 from 0.0.0.0/0']) },
    { name: 'without rules', given: emptied },
  ],
  gone: 'sg-0123456789abcdef0',
});

testBeside(
  bot,
  { outcome: 'fixed', after: { rules: [] } },
  seeded.map(([name, rules, beside]) => [
    name,
    async (account) => {
      const id = await defaultGroup(...rules)(account);
      await beside?.(account, id);
      return id;
    },
  ]),
);

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
