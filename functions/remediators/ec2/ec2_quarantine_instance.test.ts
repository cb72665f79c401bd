import {
  AttachNetworkInterfaceCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
  RevokeSecurityGroupEgressCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { type Account, testBot } from '../../../shared/bot/testing';
import { bot } from './ec2_quarantine_instance';

const OWN = { Key: 'selfheal', Value: 'quarantine' };
const CREATE = 'ec2:CreateSecurityGroup';
const NO_EGRESS = 'ec2:RevokeSecurityGroupEgress';
const NO_INGRESS = 'ec2:RevokeSecurityGroupIngress';
const MOVE = 'ec2:ModifyNetworkInterfaceAttribute';

testBot(bot, {
  violating: [
    {
      name: 'two interfaces with groups of their own, and no quarantine group yet',
      given: async (account) => {
        const id = await instance(account, [await group(account, 'web'), await group(account, 'admin')]);
        await secondInterface(account, id, [await group(account, 'backend')]);
        await instance(account, []);
        return id;
      },
      violation: /^not in quarantine: eni-\w+, eni-\w+$/,
      writes: [CREATE, NO_EGRESS, MOVE, MOVE],
      untouched: others,
    },
    {
      name: 'a quarantine group of ours that somebody gave rules',
      given: async (account) => {
        const GroupId = await group(account, 'quarantine', true);
        await openPort(account, GroupId);
        return instance(account, []);
      },
      violation: 'not in quarantine',
      writes: [NO_INGRESS, NO_EGRESS, MOVE],
    },
    {
      name: 'in the empty quarantine group, but in another beside it',
      given: async (account) => {
        const quarantine = await group(account, 'quarantine');
        await close(account, quarantine);
        return instance(account, [quarantine, await group(account, 'web')]);
      },
      violation: 'not in quarantine',
      writes: [MOVE],
    },
    {
      name: 'a group called quarantine that is not ours and has rules',
      given: async (account) => {
        await openPort(account, await group(account, 'quarantine'));
        return instance(account, []);
      },
      violation: 'not in quarantine',
      writes: [],
      held: /was not made by selfheal/,
    },
  ],
  compliant: [
    {
      name: 'in quarantine already',
      given: async (account) => {
        const quarantine = await group(account, 'quarantine', true);
        await close(account, quarantine);
        return instance(account, [quarantine]);
      },
    },
  ],
  gone: 'i-00000000000000000',
});

// CreateSecurityGroup: moto gives a new group no outbound rule for ::/0, as VPCs with IPv6 do; here it has one.
test('ec2_quarantine_instance leaves no egress for IPv6 either', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'i-1' };
  const state = {
    vpc: 'vpc-1',
    interfaces: [{ id: 'eni-1', groups: ['sg-1'] }],
    group: { id: 'sg-q', own: true, ingress: [], egress: ['sgr-v4', 'sgr-v6'] },
  };
  expect(bot.plan(state, { target, params: {} })).toMatchObject([
    { ec2: { input: { GroupId: 'sg-q', SecurityGroupRuleIds: ['sgr-v4', 'sgr-v6'] } } },
  ]);
});

async function instance({ client }: Account, SecurityGroupIds: string[]): Promise<string> {
  const { Instances = [] } = await client(EC2Client).send(
    new RunInstancesCommand({ ImageId: 'ami-12c6146b', MinCount: 1, MaxCount: 1, SecurityGroupIds }),
  );
  return Instances[0]?.InstanceId ?? '';
}

async function secondInterface({ client }: Account, InstanceId: string, Groups: string[]): Promise<void> {
  const ec2 = client(EC2Client);
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  const { NetworkInterface } = await ec2.send(
    new CreateNetworkInterfaceCommand({ SubnetId: Subnets[0]?.SubnetId, Groups }),
  );
  const NetworkInterfaceId = NetworkInterface?.NetworkInterfaceId;
  await ec2.send(new AttachNetworkInterfaceCommand({ InstanceId, NetworkInterfaceId, DeviceIndex: 1 }));
}

async function group({ client }: Account, GroupName: string, own = false): Promise<string> {
  const ec2 = client(EC2Client);
  const { GroupId = '' } = await ec2.send(
    new CreateSecurityGroupCommand({
      GroupName,
      Description: GroupName,
      ...(own && { TagSpecifications: [{ ResourceType: 'security-group', Tags: [OWN] }] }),
    }),
  );
  return GroupId;
}

async function openPort({ client }: Account, GroupId: string): Promise<void> {
  const IpPermissions = [
    { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '10.0.0.0/8' }] },
  ];
  await client(EC2Client).send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
}

async function close({ client }: Account, GroupId: string): Promise<void> {
  const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
  await client(EC2Client).send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions }));
}

/** The interfaces of other instances, and the rules of all groups but the quarantine group. */
async function others({ client }: Account, id: string): Promise<unknown> {
  const ec2 = client(EC2Client);
  const { NetworkInterfaces = [] } = await ec2.send(new DescribeNetworkInterfacesCommand({}));
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
  return {
    interfaces: NetworkInterfaces.filter(({ Attachment }) => Attachment?.InstanceId !== id).map(
      ({ Groups }) => Groups,
    ),
    groups: SecurityGroups.filter(({ GroupName }) => GroupName !== 'quarantine'),
  };
}
