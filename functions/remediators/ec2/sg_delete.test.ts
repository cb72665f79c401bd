import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { type Account, testBot } from '../../../shared/bot/testing';
import { groupWith, neighbourhood } from '../../../test/security-groups';
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

/** Another group with a rule that names the first. */
const naming = (direction: 'inbound' | 'outbound') => async (account: Account) => {
  const id = await group(account);
  const ec2 = account.client(EC2Client);
  const { GroupId } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: 'database', Description: 'database' }),
  );
  const IpPermissions = [
    { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, UserIdGroupPairs: [{ GroupId: id }] },
  ];
  if (direction === 'inbound')
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  else await ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions }));
  return id;
};

const isThere = /^the security group sg-\w+ \(\w+, \d+ rules\) is to be deleted$/;

testBot(bot, {
  violating: [
    {
      name: 'used by nothing, and named by nobody but itself',
      given: async (account) => {
        const id = await group(account);
        await account
          .client(EC2Client)
          .send(new CreateSecurityGroupCommand({ GroupName: 'other', Description: 'other' }));
        return id;
      },
      violation: isThere,
      writes: ['ec2:DeleteSecurityGroup'],
      untouched: neighbourhood,
      irreversible: /one made anew has another id/,
    },
    {
      name: 'used by a network interface',
      given: async (account) => {
        const id = await group(account);
        const ec2 = account.client(EC2Client);
        const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
        await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId: Subnets[0]?.SubnetId, Groups: [id] }));
        return id;
      },
      violation: isThere,
      writes: [],
      held: /^sg-\w+ is used by eni-\w+$/,
    },
    {
      name: 'named by an inbound rule of another group',
      given: naming('inbound'),
      violation: isThere,
      writes: [],
      held: /^sg-\w+ is named by rules in sg-\w+$/,
    },
    {
      name: 'named by an outbound rule of another group',
      given: naming('outbound'),
      violation: isThere,
      writes: [],
      held: /is named by rules in sg-\w+$/,
    },
    {
      name: 'named across a peering',
      given: async (account) => group(account, ['vpc-0c0c0c0c']),
      violation: isThere,
      writes: [],
      held: /is named by rules in vpc-0c0c0c0c$/,
    },
    {
      name: 'the default group',
      given: async (account) => {
        referencedFrom(account);
        const Filters = [{ Name: 'group-name', Values: ['default'] }];
        const { SecurityGroups = [] } = await account
          .client(EC2Client)
          .send(new DescribeSecurityGroupsCommand({ Filters }));
        return SecurityGroups[0]?.GroupId ?? '';
      },
      violation: isThere,
      writes: [],
      held: /is the default group of its VPC, which EC2 never deletes$/,
    },
  ],
  compliant: 'only when gone',
  gone: 'sg-0123456789abcdef0',
});
