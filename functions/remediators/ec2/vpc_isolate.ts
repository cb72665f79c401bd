import {
  CreateNetworkAclCommand,
  DescribeVpcAttributeCommand,
  ModifyVpcAttributeCommand,
  type NetworkAcl,
  ReplaceNetworkAclAssociationCommand,
  paginateDescribeNetworkAcls,
} from '@aws-sdk/client-ec2';
import { VPC } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

/** What the ACL that selfheal makes is found by; that it allows nothing is looked at too. */
const TAG = { Key: 'selfheal', Value: 'quarantine' };

export const bot = defineBot({
  ...VPC,
  id: 'vpc_isolate',
  title: 'Isolate a VPC: no traffic in or out of its subnets, no DNS',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'response',
  passes: 3,
  permissions: {
    read: ['ec2:DescribeNetworkAcls', 'ec2:DescribeVpcAttribute'],
    write: [
      'ec2:CreateNetworkAcl',
      'ec2:CreateTags',
      'ec2:ModifyVpcAttribute',
      'ec2:ReplaceNetworkAclAssociation',
    ],
    undo: ['ec2:ModifyVpcAttribute', 'ec2:ReplaceNetworkAclAssociation'],
  },

  async inspect({ ec2 }, { target: { id: VpcId } }): Promise<State> {
    const dns = await ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute: 'enableDnsSupport' }));
    const acls: NetworkAcl[] = [];
    const Filters = [{ Name: 'vpc-id', Values: [VpcId] }];
    for await (const { NetworkAcls = [] } of paginateDescribeNetworkAcls({ client: ec2 }, { Filters })) {
      acls.push(...NetworkAcls);
    }
    return {
      dns: dns.EnableDnsSupport?.Value ?? false,
      subnets: Object.fromEntries(acls.flatMap(subnetsOf).sort(([one], [other]) => one.localeCompare(other))),
      quarantine: acls
        .filter(isQuarantine)
        .map(({ NetworkAclId = '' }) => NetworkAclId)
        .sort(),
    };
  },

  check(state) {
    const open = Object.keys(outside(state));
    const wrong = [
      ...(open.length > 0 ? [`${open.join(', ')} can talk`] : []),
      ...(state.dns ? ['DNS is on'] : []),
    ];
    return wrong.length > 0 ? `the VPC is not isolated: ${wrong.join('; ')}` : undefined;
  },

  plan(state, { target: { id: VpcId } }) {
    const [quarantine] = state.quarantine;
    const open = Object.values(outside(state));
    if (!quarantine && open.length > 0) {
      const TagSpecifications = [{ ResourceType: 'network-acl' as const, Tags: [TAG] }];
      return [{ ec2: new CreateNetworkAclCommand({ VpcId, TagSpecifications }) }];
    }
    return [
      ...open.map(({ association }) => ({ ec2: move(association, quarantine) })),
      ...(state.dns ? [{ ec2: setDns(VpcId, false) }] : []),
    ];
  },

  undo: (before, { target: { id: VpcId }, now }) => [
    ...Object.entries(before.subnets).flatMap(([subnet, { acl }]) => {
      const current = now.subnets[subnet];
      // One that has been deleted since has no association, and the others must not wait for it.
      return current && current.acl !== acl ? [{ ec2: move(current.association, acl) }] : [];
    }),
    ...(before.dns === now.dns ? [] : [{ ec2: setDns(VpcId, before.dns) }]),
  ],

  // Ids of associations change with every move, and the quarantine ACL stays behind.
  footprint: ({ dns, subnets }) => ({
    dns,
    subnets: Object.fromEntries(Object.entries(subnets).map(([subnet, { acl }]) => [subnet, acl])),
  }),
});

interface State {
  readonly dns: boolean;
  /** Where each subnet stands, by its id. */
  readonly subnets: Readonly<Record<string, Association>>;
  /** The ACLs that selfheal made and that allow nothing: one, but for two runs at the same moment. */
  readonly quarantine: readonly string[];
}

interface Association {
  readonly acl: string;
  readonly association: string;
}

/** The subnets that do not stand in a quarantine ACL. */
function outside({ subnets, quarantine }: State): Record<string, Association> {
  const own = new Set(quarantine);
  return Object.fromEntries(Object.entries(subnets).filter(([, { acl }]) => !own.has(acl)));
}

function subnetsOf({ Associations = [] }: NetworkAcl): [string, Association][] {
  return Associations.map(({ SubnetId = '', NetworkAclId: acl = '', NetworkAclAssociationId = '' }) => [
    SubnetId,
    { acl, association: NetworkAclAssociationId },
  ]);
}

/** Anybody can give an ACL the tag, so only one that lets nothing through is trusted. */
function isQuarantine({ Tags = [], IsDefault, Entries = [] }: NetworkAcl): boolean {
  const isTagged = Tags.some(({ Key, Value }) => Key === TAG.Key && Value === TAG.Value);
  return !IsDefault && isTagged && Entries.every(({ RuleAction }) => RuleAction === 'deny');
}

function move(AssociationId: string, NetworkAclId: string | undefined): ReplaceNetworkAclAssociationCommand {
  return new ReplaceNetworkAclAssociationCommand({ AssociationId, NetworkAclId });
}

function setDns(VpcId: string, Value: boolean): ModifyVpcAttributeCommand {
  return new ModifyVpcAttributeCommand({ VpcId, EnableDnsSupport: { Value } });
}
