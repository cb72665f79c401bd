import {
  CreateSecurityGroupCommand,
  EC2Client,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroup,
  paginateDescribeSecurityGroups,
} from '@aws-sdk/client-ec2';
import * as z from 'zod';
import {
  type Interface,
  interfacesOf,
  restoreGroups,
  setGroups,
  vpcsOf,
} from '../../../shared/aws/instances';
import { rulesOf } from '../../../shared/aws/security-groups';
import { defineBot } from '../../../shared/bot/bot';
import { serve } from '../../../shared/bot/serve';

/** The group's fixed name, CloudBots' own, and the tag that tells it from one that somebody else made. */
const NAME = 'quarantine';
const TAG = { Key: 'selfheal', Value: 'quarantine' };

export const bot = defineBot({
  id: 'ec2_quarantine_instance',
  title: 'Quarantine an EC2 instance: no traffic in, none out',
  resource: 'AWS::EC2::Instance',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'response',
  passes: 3,
  params: z.object({}),
  permissions: {
    read: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSecurityGroups', 'ec2:DescribeSecurityGroupRules'],
    write: [
      'ec2:CreateSecurityGroup',
      'ec2:CreateTags',
      'ec2:RevokeSecurityGroupEgress',
      'ec2:RevokeSecurityGroupIngress',
      'ec2:ModifyNetworkInterfaceAttribute',
    ],
    undo: ['ec2:ModifyNetworkInterfaceAttribute'],
  },
  controls: {},
  docs: {
    why: 'A compromised instance must stop talking to the network before anyone has looked at it, and its disks and memory must stay for those who look.',
    effect: `Every network interface of the instance is left with one security group, "${NAME}", which is made in its VPC where it is missing and has no rule in either direction. The instance runs on. Connections that are tracked at that moment may live on until they end. A group of that name which selfheal did not make and which has rules is not emptied: the bot holds and says so. Undo gives each interface the exact groups it had and leaves the quarantine group.`,
    references: ['https://docs.aws.amazon.com/vpc/latest/userguide/security-group-connection-tracking.html'],
  },
  clients: { ec2: EC2Client },

  async inspect({ ec2 }, { target: { id } }): Promise<State | undefined> {
    const interfaces = await interfacesOf(ec2, id);
    // A terminated instance has none, and neither has one that never was.
    if (interfaces.length === 0) return undefined;
    return { interfaces, quarantine: await quarantineGroups(ec2, vpcsOf(interfaces)) };
  },

  check({ interfaces, quarantine }) {
    const open = interfaces.filter((one) => !isIsolated(one, quarantine));
    if (open.length > 0) return `not in quarantine: ${open.map(({ id }) => id).join(', ')}`;
    const leaky = Object.values(quarantine).find((group) => rulesIn(group) > 0);
    return leaky && `the group ${NAME} lets traffic through: ${leaky.id} has ${rulesIn(leaky)} rules`;
  },

  plan({ interfaces, quarantine }) {
    const without = vpcsOf(interfaces).filter((vpc) => !quarantine[vpc]);
    if (without.length > 0) return without.map((vpc) => ({ ec2: create(vpc) }));
    const groups = Object.values(quarantine);
    const foreign = groups.find((group) => !group.own && rulesIn(group) > 0);
    if (foreign) {
      return {
        held: `${foreign.id} is called ${NAME}, has rules, and was not made by selfheal: empty it, or rename it`,
      };
    }
    const emptied = groups.flatMap(empty);
    if (emptied.length > 0) return emptied;
    return interfaces
      .filter((one) => !isIsolated(one, quarantine))
      .map(({ id, vpc }) => setGroups(id, [quarantine[vpc]?.id ?? '']));
  },

  undo: (before, { now }) => restoreGroups(before.interfaces, now.interfaces),

  footprint: ({ interfaces }) => interfaces,
});

export const handler = serve(bot);

interface State {
  readonly interfaces: readonly Interface[];
  /** The quarantine groups by their VPC: an instance can have interfaces in several. */
  readonly quarantine: Readonly<Record<string, Group>>;
}

interface Group {
  readonly id: string;
  /** Made by selfheal. */
  readonly own: boolean;
  /** Ids of its rules. */
  readonly ingress: readonly string[];
  readonly egress: readonly string[];
}

async function quarantineGroups(ec2: EC2Client, vpcs: readonly string[]): Promise<Record<string, Group>> {
  const Filters = [
    { Name: 'vpc-id', Values: [...vpcs] },
    { Name: 'group-name', Values: [NAME] },
  ];
  const found: SecurityGroup[] = [];
  for await (const { SecurityGroups = [] } of paginateDescribeSecurityGroups({ client: ec2 }, { Filters })) {
    found.push(...SecurityGroups);
  }
  const rules = await rulesOf(
    ec2,
    found.map(({ GroupId = '' }) => GroupId),
  );
  return Object.fromEntries(
    found.map(({ VpcId = '', GroupId: id = '', Tags = [] }) => {
      const idsOf = (egress: boolean) =>
        rules
          .filter(({ GroupId, IsEgress }) => GroupId === id && IsEgress === egress)
          .map(({ SecurityGroupRuleId = '' }) => SecurityGroupRuleId)
          .sort();
      const own = Tags.some(({ Key, Value }) => Key === TAG.Key && Value === TAG.Value);
      return [VpcId, { id, own, ingress: idsOf(false), egress: idsOf(true) }];
    }),
  );
}

function isIsolated({ vpc, groups }: Interface, quarantine: State['quarantine']): boolean {
  return groups.length === 1 && groups[0] === quarantine[vpc]?.id;
}

function rulesIn({ ingress, egress }: Group): number {
  return ingress.length + egress.length;
}

function empty({ id: GroupId, ingress, egress }: Group) {
  return [
    ...(ingress.length > 0
      ? [{ ec2: new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds: [...ingress] }) }]
      : []),
    ...(egress.length > 0
      ? [{ ec2: new RevokeSecurityGroupEgressCommand({ GroupId, SecurityGroupRuleIds: [...egress] }) }]
      : []),
  ];
}

function create(VpcId: string): CreateSecurityGroupCommand {
  return new CreateSecurityGroupCommand({
    GroupName: NAME,
    Description: 'selfheal: instances in quarantine, no traffic in or out',
    VpcId,
    TagSpecifications: [{ ResourceType: 'security-group', Tags: [TAG] }],
  });
}
