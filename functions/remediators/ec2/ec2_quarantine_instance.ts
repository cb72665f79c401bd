import {
  CreateSecurityGroupCommand,
  EC2Client,
  ModifyNetworkInterfaceAttributeCommand,
  type NetworkInterface,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  paginateDescribeNetworkInterfaces,
  paginateDescribeSecurityGroups,
} from '@aws-sdk/client-ec2';
import * as z from 'zod';
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
    const vpc = interfaces[0]?.VpcId;
    // A terminated instance has none, and neither has one that never was.
    if (vpc === undefined) return undefined;
    const group = await groupIn(ec2, vpc);
    return {
      vpc,
      interfaces: interfaces
        .map(({ NetworkInterfaceId = '', Groups = [] }) => ({
          id: NetworkInterfaceId,
          groups: Groups.map(({ GroupId = '' }) => GroupId).sort(),
        }))
        .sort((one, other) => one.id.localeCompare(other.id)),
      ...(group && { group }),
    };
  },

  check({ interfaces, group }) {
    const open = interfaces.filter(({ groups }) => groups.join() !== group?.id);
    if (open.length > 0) return `not in quarantine: ${open.map(({ id }) => id).join(', ')}`;
    const rules = (group?.ingress.length ?? 0) + (group?.egress.length ?? 0);
    return rules > 0 ? `the group ${NAME} lets traffic through: it has ${rules} rules` : undefined;
  },

  plan({ vpc, interfaces, group }) {
    if (!group) return [{ ec2: create(vpc) }];
    const { id: GroupId, own, ingress, egress } = group;
    if (ingress.length + egress.length > 0) {
      if (!own)
        return {
          held: `${GroupId} is called ${NAME}, has rules, and was not made by selfheal: empty it, or rename it`,
        };
      return [
        ...(ingress.length > 0
          ? [{ ec2: new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds: [...ingress] }) }]
          : []),
        ...(egress.length > 0
          ? [{ ec2: new RevokeSecurityGroupEgressCommand({ GroupId, SecurityGroupRuleIds: [...egress] }) }]
          : []),
      ];
    }
    return interfaces
      .filter(({ groups }) => groups.join() !== GroupId)
      .map(({ id }) => ({
        ec2: new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: id, Groups: [GroupId] }),
      }));
  },

  undo: (before, { now }) =>
    before.interfaces
      .filter(
        ({ id, groups }) => now.interfaces.find((one) => one.id === id)?.groups.join() !== groups.join(),
      )
      .map(({ id, groups }) => ({
        ec2: new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: id, Groups: [...groups] }),
      })),

  footprint: ({ interfaces }) => interfaces,
});

export const handler = serve(bot);

interface State {
  readonly vpc: string;
  readonly interfaces: readonly { readonly id: string; readonly groups: readonly string[] }[];
  readonly group?: {
    readonly id: string;
    /** Made by selfheal. */
    readonly own: boolean;
    /** Ids of its rules. */
    readonly ingress: readonly string[];
    readonly egress: readonly string[];
  };
}

async function interfacesOf(ec2: EC2Client, instance: string): Promise<NetworkInterface[]> {
  const Filters = [{ Name: 'attachment.instance-id', Values: [instance] }];
  const found: NetworkInterface[] = [];
  for await (const page of paginateDescribeNetworkInterfaces({ client: ec2 }, { Filters })) {
    found.push(...(page.NetworkInterfaces ?? []));
  }
  return found;
}

async function groupIn(ec2: EC2Client, vpc: string): Promise<State['group']> {
  const Filters = [
    { Name: 'vpc-id', Values: [vpc] },
    { Name: 'group-name', Values: [NAME] },
  ];
  for await (const page of paginateDescribeSecurityGroups({ client: ec2 }, { Filters })) {
    const [group] = page.SecurityGroups ?? [];
    if (group?.GroupId === undefined) continue;
    const rules = await rulesOf(ec2, [group.GroupId]);
    const idsOf = (isEgress: boolean) =>
      rules.filter((rule) => rule.IsEgress === isEgress).map((rule) => rule.SecurityGroupRuleId ?? '');
    const own = (group.Tags ?? []).some(({ Key, Value }) => Key === TAG.Key && Value === TAG.Value);
    return { id: group.GroupId, own, ingress: idsOf(false), egress: idsOf(true) };
  }
  return undefined;
}

function create(VpcId: string): CreateSecurityGroupCommand {
  return new CreateSecurityGroupCommand({
    GroupName: NAME,
    Description: 'selfheal: instances in quarantine, no traffic in or out',
    VpcId,
    TagSpecifications: [{ ResourceType: 'security-group', Tags: [TAG] }],
  });
}
