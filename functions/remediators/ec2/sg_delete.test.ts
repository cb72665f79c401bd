import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateVpcCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { type Account, testBot } from '../../../testing/contract';
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
import { bot } from './sg_delete';

/** DescribeSecurityGroupReferences is not in moto: it answers that these VPCs name the group across a peering. */
const referencedFrom = (account: Account, ...vpcs: string[]) => {
  account.script({
    DescribeSecurityGroupReferences: ({ GroupId }) => ({
      SecurityGroupReferenceSet: vpcs.map((ReferencingVpcId) => ({
        GroupId: (GroupId as string[])[0],
        ReferencingVpcId,
      })),
    }),
  });
};

const group = async (account: Account, vpcs: string[] = []) => {
  referencedFrom(account, ...vpcs);
  return groupWith(['inbound tcp 22 from 0.0.0.0/0'])(account);
};

/** The group, and what is done with it. */
const then =
  (...steps: ((account: Account, id: string) => Promise<unknown>)[]) =>
  async (account: Account) => {
    const id = await group(account);
    for (const step of steps) await step(account, id);
    return id;
  };
const naming = (direction: 'inbound' | 'outbound', name?: string) => (account: Account, id: string) =>
  nameIn(account, id, direction, name);

const isThere = /^the security group sg-\w+ \(\w+, \d+ rules\) is to be deleted$/;

testBot(bot, {
  violating: [
    {
      name: 'used by a network interface',
      given: then(useBy),
      violation: isThere,
      writes: [],
      held: /^sg-\w+ is used by eni-\w+$/,
    },
    {
      name: 'used by nothing, and named by nobody but itself',
      given: then(async (account) => groupOf(account, 'other')),
      violation: isThere,
      writes: ['ec2:DeleteSecurityGroup'],
      untouched: neighbourhood,
      irreversible: /made anew has another id/,
    },
    {
      name: 'used by two network interfaces, and named too',
      given: then(useBy, useBy, naming('inbound')),
      violation: isThere,
      writes: [],
      held: /^sg-\w+ is used by eni-\w+, eni-\w+$/,
    },
    {
      name: 'named by an inbound rule of another group',
      given: then(naming('inbound')),
      violation: isThere,
      writes: [],
      held: /^sg-\w+ is named by rules in sg-\w+$/,
    },
    {
      name: 'named by an outbound rule of another group',
      given: then(naming('outbound')),
      violation: isThere,
      writes: [],
      held: /is named by rules in sg-\w+$/,
    },
    {
      name: 'named by two groups, inbound and outbound',
      given: then(naming('inbound', 'one'), naming('outbound', 'other')),
      violation: isThere,
      writes: [],
      held: /is named by rules in sg-\w+, sg-\w+$/,
    },
    {
      name: 'named across a peering',
      given: async (account) => group(account, ['vpc-0c0c0c0c']),
      violation: isThere,
      writes: [],
      held: /is named by rules in vpc-0c0c0c0c$/,
    },
    ...[defaultGroupOf, openVpc].map((make, index) => ({
      name: `the default group, of VPC ${index + 1}`,
      given: async (account: Account) => {
        referencedFrom(account);
        return make(account);
      },
      violation: isThere,
      writes: [],
      held: /is the default group of its VPC, which EC2 never deletes$/,
    })),
  ],
  compliant: 'only when gone',
  gone: 'sg-0123456789abcdef0',
});

testBeside(bot, { outcome: 'fixed', calls: [{ action: 'ec2:DeleteSecurityGroup' }] }, [
  ['its own rules name another group, which stays', then(nameAnother)],
  ['a group of the same name in another VPC stays', then(sameNameElsewhere)],
  ['another group is in use', then(async (account) => useBy(account, await groupOf(account, 'used')))],
  [
    'other groups name each other',
    then(async (account) => nameIn(account, await groupOf(account, 'named'), 'inbound')),
  ],
  [
    'open in every way',
    then(async (account, id) =>
      allow(account, id, [
        'inbound -1 from ::/0',
        'inbound tcp 0-65535 from 0.0.0.0/0',
        'inbound udp 53 from pl-0b0b0b0b0b0b0b0b0',
        'outbound -1 to 0.0.0.0/0',
      ]),
    ),
  ],
]);

async function groupOf({ client }: Account, GroupName: string, VpcId?: string): Promise<string> {
  const command = new CreateSecurityGroupCommand({ GroupName, Description: GroupName, VpcId });
  return (await client(EC2Client).send(command)).GroupId ?? '';
}

async function nameAnother(account: Account, id: string): Promise<void> {
  const UserIdGroupPairs = [{ GroupId: await groupOf(account, 'load-balancer') }];
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, UserIdGroupPairs }];
  await account
    .client(EC2Client)
    .send(new AuthorizeSecurityGroupIngressCommand({ GroupId: id, IpPermissions }));
}

async function sameNameElsewhere(account: Account): Promise<void> {
  const { Vpc } = await account.client(EC2Client).send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
  await allow(account, await groupOf(account, 'web', Vpc?.VpcId), ['inbound tcp 22 from 0.0.0.0/0']);
}
