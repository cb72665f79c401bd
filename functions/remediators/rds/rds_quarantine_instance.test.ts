import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeSecurityGroupRulesCommand,
  EC2Client,
  RevokeSecurityGroupEgressCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  CreateDBSubnetGroupCommand,
  type DBInstance,
  DescribeDBInstancesCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { type Account, stepsOf, testBot } from '../../../testing/contract';
import { bot } from './rds_quarantine_instance';

const LOGIN = { MasterUsername: 'somebody', MasterUserPassword: 'long-enough-1' };
const CREATE = 'ec2:CreateSecurityGroup';
const NO_EGRESS = 'ec2:RevokeSecurityGroupEgress';
const NO_INGRESS = 'ec2:RevokeSecurityGroupIngress';
const violation = /^not in quarantine: its security groups are sg-\w+(, sg-\w+)*$/;

testBot(bot, {
  violating: [
    {
      name: 'two groups of its own, no quarantine group yet, beside another database',
      given: async (account) => {
        const vpc = await network(account);
        const groups = [await group(account, vpc, 'web'), await group(account, vpc, 'admin')];
        await instance(account, 'neighbour', groups);
        return instance(account, 'orders', groups);
      },
      violation,
      writes: [CREATE, NO_EGRESS, 'rds:ModifyDBInstance'],
      after: { settled: true },
      untouched: others,
    },
    {
      name: 'a quarantine group of ours that somebody gave rules',
      given: async (account) => {
        const vpc = await network(account);
        await openPort(account, await group(account, vpc, 'quarantine', true));
        return instance(account, 'orders', [await group(account, vpc, 'web')]);
      },
      violation,
      writes: [NO_INGRESS, NO_EGRESS, 'rds:ModifyDBInstance'],
      after: { settled: true },
    },
    {
      name: 'the only instance of an Aurora cluster, whose quarantine was asked for',
      given: aurora,
      params: { cluster: true },
      violation,
      writes: [CREATE, NO_EGRESS, 'rds:ModifyDBCluster'],
      after: { settled: true },
    },
    {
      name: 'of an Aurora cluster, and nobody said that all of it may go',
      given: aurora,
      violation,
      writes: [],
      held: /those of all instances of cluster: cluster=true/,
    },
    {
      name: 'a group called quarantine that is not ours and has rules',
      given: async (account) => {
        const vpc = await network(account);
        await openPort(account, await group(account, vpc, 'quarantine'));
        return instance(account, 'orders', [await group(account, vpc, 'web')]);
      },
      violation,
      writes: [],
      held: /was not made by selfheal/,
    },
  ],
  compliant: [
    {
      name: 'in quarantine already, whatever a group of that name in another VPC lets through',
      given: async (account) => {
        const vpc = await network(account);
        const quarantine = await group(account, vpc, 'quarantine');
        await close(account, quarantine);
        const elsewhere = await account
          .client(EC2Client)
          .send(new CreateVpcCommand({ CidrBlock: '10.8.0.0/16' }));
        await openPort(account, await group(account, elsewhere.Vpc?.VpcId ?? '', 'quarantine'));
        return instance(account, 'orders', [quarantine]);
      },
    },
  ],
  gone: 'no-such-database',
});

describe('rds_quarantine_instance', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'orders' };
  const context = { target, params: { cluster: false } };
  const quarantine = { 'vpc-1': { id: 'sg-q', own: true, ingress: [], egress: [] } };
  const open = {
    vpc: 'vpc-1',
    status: 'available',
    custom: false,
    groups: ['sg-1'],
    settled: true,
    quarantine,
  };

  // DescribeDBInstances: moto's instances are available, and their groups in force, from the start.
  const read = (found: Partial<DBInstance>) => {
    const reply = {
      DBInstances: [{ DBInstanceStatus: 'available', DBSubnetGroup: { VpcId: 'vpc-1' }, ...found }],
    };
    const rds = { send: () => Promise.resolve(reply) } as unknown as RDSClient;
    const ec2 = new EC2Client({ region: 'eu-west-1' });
    ec2.middlewareStack.add(
      () => () => Promise.resolve({ output: { $metadata: {}, SecurityGroups: [] }, response: {} }),
      { step: 'initialize' },
    );
    return bot.inspect({ ec2, rds }, context);
  };

  test('groups that are being taken away still let in who is in', async () => {
    const state = await read({
      VpcSecurityGroups: [
        { VpcSecurityGroupId: 'sg-q', Status: 'adding' },
        { VpcSecurityGroupId: 'sg-1', Status: 'removing' },
      ],
    });
    expect(state).toMatchObject({ groups: ['sg-q'], settled: false });
    const moving = { ...open, groups: ['sg-q'], settled: false };
    expect(bot.check(moving, context)).toMatch(/still changing/);
    expect(bot.plan(moving, context)).toEqual({ waiting: expect.stringContaining('still changing') });
  });

  test('RDS Custom is held', async () => {
    const state = await read({ Engine: 'custom-oracle-ee' });
    expect(state && bot.plan(state, context)).toEqual({ held: expect.stringContaining('RDS Custom') });
  });

  test('waits for one that is being changed, holds one that is stopped', () => {
    expect(bot.plan({ ...open, status: 'modifying' }, context)).toHaveProperty('waiting');
    expect(bot.plan({ ...open, status: 'stopped' }, context)).toHaveProperty('held');
  });

  test('changes that wait for the maintenance window are not brought forward', () => {
    const steps = stepsOf(bot.plan(open, context)).map((step) => ('rds' in step ? step.rds.input : step));
    expect(steps).toEqual([{ DBInstanceIdentifier: 'orders', VpcSecurityGroupIds: ['sg-q'] }]);
  });

  test('undo does not write groups that are back already', () => {
    expect(bot.undo(open, { ...context, now: open })).toEqual([]);
  });
});

async function aurora(account: Account): Promise<string> {
  const vpc = await network(account);
  const VpcSecurityGroupIds = [await group(account, vpc, 'web'), await group(account, vpc, 'admin')];
  const cluster = { DBClusterIdentifier: 'cluster', Engine: 'aurora-postgresql' };
  const rds = account.client(RDSClient);
  await rds.send(
    new CreateDBClusterCommand({ ...cluster, ...LOGIN, VpcSecurityGroupIds, DBSubnetGroupName: 'subnets' }),
  );
  const DBInstanceClass = 'db.r6g.large';
  await rds.send(
    new CreateDBInstanceCommand({
      ...cluster,
      DBInstanceIdentifier: 'writer',
      DBInstanceClass,
      DBSubnetGroupName: 'subnets',
    }),
  );
  return 'writer';
}

/** A VPC with a subnet group called `subnets`. */
async function network({ client, region }: Account): Promise<string> {
  const ec2 = client(EC2Client);
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
  const SubnetIds: string[] = [];
  for (const zone of ['a', 'b']) {
    const { Subnet } = await ec2.send(
      new CreateSubnetCommand({
        VpcId: Vpc?.VpcId,
        CidrBlock: `10.9.${SubnetIds.length}.0/24`,
        AvailabilityZone: `${region}${zone}`,
      }),
    );
    SubnetIds.push(Subnet?.SubnetId ?? '');
  }
  await client(RDSClient).send(
    new CreateDBSubnetGroupCommand({
      DBSubnetGroupName: 'subnets',
      DBSubnetGroupDescription: 'test',
      SubnetIds,
    }),
  );
  return Vpc?.VpcId ?? '';
}

async function instance({ client }: Account, id: string, VpcSecurityGroupIds: string[]): Promise<string> {
  await client(RDSClient).send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: id,
      DBInstanceClass: 'db.t4g.micro',
      Engine: 'postgres',
      AllocatedStorage: 20,
      ...LOGIN,
      VpcSecurityGroupIds,
      DBSubnetGroupName: 'subnets',
    }),
  );
  return id;
}

async function group({ client }: Account, VpcId: string, GroupName: string, own = false): Promise<string> {
  const { GroupId = '' } = await client(EC2Client).send(
    new CreateSecurityGroupCommand({
      GroupName,
      VpcId,
      Description: GroupName,
      ...(own && {
        TagSpecifications: [
          { ResourceType: 'security-group', Tags: [{ Key: 'selfheal', Value: 'quarantine' }] },
        ],
      }),
    }),
  );
  return GroupId;
}

async function openPort({ client }: Account, GroupId: string): Promise<void> {
  const IpPermissions = [
    { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
  ];
  await client(EC2Client).send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
}

async function close({ client }: Account, GroupId: string): Promise<void> {
  const ec2 = client(EC2Client);
  const { SecurityGroupRules = [] } = await ec2.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [GroupId] }] }),
  );
  const SecurityGroupRuleIds = SecurityGroupRules.map(({ SecurityGroupRuleId = '' }) => SecurityGroupRuleId);
  await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, SecurityGroupRuleIds }));
}

/** The groups of the other databases. */
async function others({ client }: Account, id: string): Promise<unknown> {
  const { DBInstances = [] } = await client(RDSClient).send(new DescribeDBInstancesCommand({}));
  return DBInstances.filter((one) => one.DBInstanceIdentifier !== id).map((one) => one.VpcSecurityGroups);
}
