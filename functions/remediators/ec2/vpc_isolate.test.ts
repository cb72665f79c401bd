import {
  CreateNetworkAclCommand,
  CreateNetworkAclEntryCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeNetworkAclsCommand,
  DescribeVpcAttributeCommand,
  EC2Client,
  ModifyVpcAttributeCommand,
  ReplaceNetworkAclAssociationCommand,
} from '@aws-sdk/client-ec2';
import { toCall } from '../../../shared/bot/steps';
import { type Account, stepsOf, testBot } from '../../../testing/contract';
import { bot } from './vpc_isolate';

const TAG = { Key: 'selfheal', Value: 'quarantine' };
const CREATE = 'ec2:CreateNetworkAcl';
const MOVE = 'ec2:ReplaceNetworkAclAssociation';
const DNS = 'ec2:ModifyVpcAttribute';

testBot(bot, {
  violating: [
    {
      name: 'two subnets in the default ACL, one in its own; another VPC is left alone',
      given: async (account) => {
        const { vpc, subnets } = await network(account, 3);
        await moveTo(account, subnets[2] ?? '', await acl(account, vpc));
        return vpc;
      },
      violation: /^the VPC is not isolated: (subnet-\w+(, )?){3} can talk; DNS is on$/,
      writes: [CREATE, MOVE, MOVE, MOVE, DNS],
      after: { dns: false, quarantine: [expect.stringMatching(/^acl-/)] },
      untouched: others,
    },
    {
      name: 'half isolated by a run that was cut off: DNS off, an ACL that holds nothing',
      given: async (account) => {
        const { vpc } = await network(account, 1);
        await acl(account, vpc, true);
        await dns(account, vpc, false);
        return vpc;
      },
      violation: /^the VPC is not isolated: subnet-\w+ can talk$/,
      writes: [MOVE],
      untouched: others,
    },
    {
      name: 'an ACL that has the tag, and lets traffic through: it is not trusted, and nothing of it is deleted',
      given: async (account) => {
        const { vpc, subnets } = await network(account, 1);
        const quarantine = await acl(account, vpc, true);
        await entry(account, quarantine, 'allow', true);
        await entry(account, quarantine, 'allow', false);
        await entry(account, quarantine, 'deny', false, 200);
        await moveTo(account, subnets[0] ?? '', quarantine);
        await dns(account, vpc, false);
        return vpc;
      },
      violation: /^the VPC is not isolated: subnet-\w+ can talk$/,
      writes: [CREATE, MOVE],
      untouched: others,
    },
    {
      name: 'no subnets: only DNS',
      given: async (account) => (await network(account, 0)).vpc,
      violation: /^the VPC is not isolated: DNS is on$/,
      writes: [DNS],
      after: { subnets: {}, quarantine: [] },
      untouched: others,
    },
  ],
  compliant: [
    {
      name: 'isolated',
      given: async (account) => {
        const { vpc, subnets } = await network(account, 2);
        const quarantine = await acl(account, vpc, true);
        for (const subnet of subnets) await moveTo(account, subnet, quarantine);
        await dns(account, vpc, false);
        return vpc;
      },
    },
  ],
  gone: 'vpc-0123456789abcdef0',
});

describe('vpc_isolate', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'vpc-1' };
  const context = { target, params: {} };
  const at = (acl: string, association: string) => ({ acl, association });
  const quarantine = ['acl-q'];

  test('nothing is cut before there is an ACL to move to: a run that stops there leaves the VPC as it was', () => {
    const state = { dns: true, subnets: { 'subnet-1': at('acl-1', 'aclassoc-1') }, quarantine: [] };
    expect(stepsOf(bot.plan(state, context)).map(toCall)).toMatchObject([{ action: CREATE }]);
  });

  test('undo goes by the associations of now, and passes over a subnet that was deleted since', () => {
    const before = {
      dns: true,
      subnets: { 'subnet-1': at('acl-1', 'aclassoc-1'), 'subnet-2': at('acl-2', 'aclassoc-2') },
      quarantine: [],
    };
    const subnets = { 'subnet-2': at('acl-q', 'aclassoc-8'), 'subnet-3': at('acl-1', 'aclassoc-9') };
    const back = bot.undo(before, { ...context, now: { dns: false, subnets, quarantine } });
    expect('irreversible' in back ? back : back.map(toCall)).toEqual([
      { action: MOVE, input: { AssociationId: 'aclassoc-8', NetworkAclId: 'acl-2' } },
      { action: DNS, input: { VpcId: 'vpc-1', EnableDnsSupport: { Value: true } } },
    ]);
  });

  test('undo leaves DNS off where it was off', () => {
    const before = { dns: false, subnets: {}, quarantine: [] };
    expect(bot.undo(before, { ...context, now: { ...before, quarantine } })).toEqual([]);
  });

  // DescribeNetworkAcls has no pages in moto.
  test('all pages of ACLs are read, and a default ACL with the tag is not taken for ours', async () => {
    const ec2 = new EC2Client({
      region: 'eu-west-1',
      credentials: { accessKeyId: 't', secretAccessKey: 't' },
    });
    ec2.middlewareStack.add(
      (_next, { commandName }) =>
        (args) => {
          const last = 'NextToken' in args.input && args.input.NextToken !== undefined;
          const acls = last
            ? [{ NetworkAclId: 'acl-2', Tags: [TAG], IsDefault: true, Associations: [association('2')] }]
            : [{ NetworkAclId: 'acl-1', Associations: [association('1')] }];
          const output =
            commandName === 'DescribeNetworkAclsCommand'
              ? { NetworkAcls: acls, ...(!last && { NextToken: 'more' }) }
              : { EnableDnsSupport: { Value: true } };
          return Promise.resolve({ output: { $metadata: {}, ...output }, response: {} });
        },
      { step: 'initialize' },
    );
    expect(await bot.inspect({ ec2 }, context)).toEqual({
      dns: true,
      subnets: { 'subnet-1': at('acl-1', 'aclassoc-1'), 'subnet-2': at('acl-2', 'aclassoc-2') },
      quarantine: [],
    });
  });
});

function association(n: string) {
  return { SubnetId: `subnet-${n}`, NetworkAclId: `acl-${n}`, NetworkAclAssociationId: `aclassoc-${n}` };
}

async function network({ client }: Account, count: number): Promise<{ vpc: string; subnets: string[] }> {
  const ec2 = client(EC2Client);
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
  const vpc = Vpc?.VpcId ?? '';
  const subnets: string[] = [];
  for (let n = 0; n < count; n++) {
    const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: vpc, CidrBlock: `10.9.${n}.0/24` }));
    subnets.push(Subnet?.SubnetId ?? '');
  }
  return { vpc, subnets };
}

async function acl(account: Account, VpcId: string, own = false): Promise<string> {
  const { NetworkAcl } = await account.client(EC2Client).send(
    new CreateNetworkAclCommand({
      VpcId,
      ...(own && { TagSpecifications: [{ ResourceType: 'network-acl', Tags: [TAG] }] }),
    }),
  );
  const id = NetworkAcl?.NetworkAclId ?? '';
  if (!own) await entry(account, id, 'allow', false);
  return id;
}

async function entry(
  { client }: Account,
  NetworkAclId: string,
  RuleAction: 'allow' | 'deny',
  Egress: boolean,
  RuleNumber = 100,
): Promise<void> {
  const rule = { NetworkAclId, RuleNumber, RuleAction, Egress, Protocol: '-1', CidrBlock: '0.0.0.0/0' };
  await client(EC2Client).send(new CreateNetworkAclEntryCommand(rule));
}

async function moveTo({ client }: Account, subnet: string, NetworkAclId: string): Promise<void> {
  const ec2 = client(EC2Client);
  const Filters = [{ Name: 'association.subnet-id', Values: [subnet] }];
  const { NetworkAcls = [] } = await ec2.send(new DescribeNetworkAclsCommand({ Filters }));
  const found = NetworkAcls[0]?.Associations?.find(({ SubnetId }) => SubnetId === subnet);
  const AssociationId = found?.NetworkAclAssociationId;
  await ec2.send(new ReplaceNetworkAclAssociationCommand({ AssociationId, NetworkAclId }));
}

async function dns({ client }: Account, VpcId: string, Value: boolean): Promise<void> {
  await client(EC2Client).send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsSupport: { Value } }));
}

/** The ACLs and the DNS of all other VPCs, the entries of all ACLs that let something through, and DNS host names. */
async function others({ client }: Account, id: string): Promise<unknown> {
  const ec2 = client(EC2Client);
  const { NetworkAcls = [] } = await ec2.send(new DescribeNetworkAclsCommand({}));
  const elsewhere = NetworkAcls.filter(({ VpcId }) => VpcId !== id);
  const hostnames = await ec2.send(
    new DescribeVpcAttributeCommand({ VpcId: id, Attribute: 'enableDnsHostnames' }),
  );
  const support = await ec2.send(
    new DescribeVpcAttributeCommand({ VpcId: elsewhere[0]?.VpcId, Attribute: 'enableDnsSupport' }),
  );
  return {
    elsewhere,
    entries: NetworkAcls.filter(
      ({ VpcId, Entries = [] }) => VpcId === id && Entries.some(({ RuleAction }) => RuleAction === 'allow'),
    ).map(({ NetworkAclId, Entries }) => ({ NetworkAclId, Entries })),
    hostnames: hostnames.EnableDnsHostnames,
    support: support.EnableDnsSupport,
  };
}
