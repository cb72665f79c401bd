import {
  AttachNetworkInterfaceCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
  RevokeSecurityGroupEgressCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { type Account, testBot } from '../../../testing/contract';
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
      name: 'an interface in another VPC, with IPv6: a quarantine group in each, no egress of either kind',
      given: async (account) => {
        const id = await instance(account, [await group(account, 'web')]);
        await secondInterface(account, id, [], await subnetWithIpv6(account));
        return id;
      },
      violation: /^not in quarantine: eni-\w+, eni-\w+$/,
      writes: [CREATE, CREATE, NO_EGRESS, NO_EGRESS, MOVE, MOVE],
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

describe('ec2_quarantine_instance', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'i-1' };
  const context = { target, params: {} };
  const at = (id: string, ...groups: string[]) => ({ id, vpc: 'vpc-1', groups });
  const closed = { id: 'sg-q', own: true, ingress: [], egress: [] };

  test('all rules of the group go, those for IPv6 too', () => {
    const quarantine = { 'vpc-1': { ...closed, egress: ['sgr-v4', 'sgr-v6'] } };
    expect(bot.check({ interfaces: [at('eni-1', 'sg-q')], quarantine }, context)).toMatch(/sg-q has 2 rules/);
    expect(bot.plan({ interfaces: [at('eni-1', 'sg-1')], quarantine }, context)).toMatchObject([
      { ec2: { input: { GroupId: 'sg-q', SecurityGroupRuleIds: ['sgr-v4', 'sgr-v6'] } } },
    ]);
  });

  test('undo passes over an interface that has been detached since', () => {
    const quarantine = { 'vpc-1': closed };
    const before = { interfaces: [at('eni-1', 'sg-1', 'sg-2'), at('eni-2', 'sg-1')], quarantine };
    const now = { interfaces: [at('eni-1', 'sg-q'), at('eni-3', 'sg-q')], quarantine };
    expect(bot.undo(before, { ...context, now })).toMatchObject([
      { ec2: { input: { NetworkInterfaceId: 'eni-1', Groups: ['sg-1', 'sg-2'] } } },
    ]);
  });

  // AttachNetworkInterface: moto attaches none that AWS manages, and DescribeNetworkInterfaces has no pages there.
  test('interfaces that AWS manages are passed over, and all pages are read', async () => {
    const ec2 = new EC2Client({
      region: 'eu-west-1',
      credentials: { accessKeyId: 't', secretAccessKey: 't' },
    });
    ec2.middlewareStack.add(
      (_next, { commandName }) =>
        (args) => {
          const last = 'NextToken' in args.input && args.input.NextToken !== undefined;
          const one = { VpcId: 'vpc-1', Groups: [{ GroupId: 'sg-2' }, { GroupId: 'sg-1' }] };
          const pages = {
            NetworkInterfaces: last
              ? [{ ...one, NetworkInterfaceId: 'eni-1' }]
              : [
                  { ...one, NetworkInterfaceId: 'eni-2', RequesterManaged: false },
                  { ...one, NetworkInterfaceId: 'eni-3', RequesterManaged: true },
                ],
            ...(!last && { NextToken: 'more' }),
          };
          const output = commandName === 'DescribeNetworkInterfacesCommand' ? pages : {};
          return Promise.resolve({ output: { $metadata: {}, ...output }, response: {} });
        },
      { step: 'initialize' },
    );
    expect(await bot.inspect({ ec2 }, context)).toEqual({
      interfaces: [at('eni-1', 'sg-1', 'sg-2'), at('eni-2', 'sg-1', 'sg-2')],
      quarantine: {},
    });
  });
});

async function instance({ client }: Account, SecurityGroupIds: string[]): Promise<string> {
  const { Instances = [] } = await client(EC2Client).send(
    new RunInstancesCommand({ ImageId: 'ami-12c6146b', MinCount: 1, MaxCount: 1, SecurityGroupIds }),
  );
  return Instances[0]?.InstanceId ?? '';
}

async function secondInterface(
  { client }: Account,
  InstanceId: string,
  Groups: string[],
  SubnetId?: string,
): Promise<void> {
  const ec2 = client(EC2Client);
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  const { NetworkInterface } = await ec2.send(
    new CreateNetworkInterfaceCommand({ SubnetId: SubnetId ?? Subnets[0]?.SubnetId, Groups }),
  );
  const NetworkInterfaceId = NetworkInterface?.NetworkInterfaceId;
  await ec2.send(new AttachNetworkInterfaceCommand({ InstanceId, NetworkInterfaceId, DeviceIndex: 1 }));
}

async function subnetWithIpv6({ client }: Account): Promise<string> {
  const ec2 = client(EC2Client);
  const { Vpc } = await ec2.send(
    new CreateVpcCommand({ CidrBlock: '10.9.0.0/16', AmazonProvidedIpv6CidrBlock: true }),
  );
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: '10.9.1.0/24' }));
  return Subnet?.SubnetId ?? '';
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
