import {
  CreateSecurityGroupCommand,
  type EC2Client,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroup,
  paginateDescribeSecurityGroups,
} from '@aws-sdk/client-ec2';
import type { Held } from '../../../../shared/bot/bot';
import { rulesOf } from './security-groups';

/** The quarantine group's fixed name, CloudBots' own. */
export const QUARANTINE = 'quarantine';
/** The tag that tells it from one that somebody else made. */
const TAG = { Key: 'selfheal', Value: 'quarantine' };

/** A security group called {@link QUARANTINE}. */
export interface QuarantineGroup {
  readonly id: string;
  /** Made by selfheal. */
  readonly own: boolean;
  /** Ids of its rules. */
  readonly ingress: readonly string[];
  readonly egress: readonly string[];
}

/** Quarantine groups by their VPC. */
export type QuarantineGroups = Readonly<Record<string, QuarantineGroup>>;

/**
 * The quarantine groups of the VPCs, where there are any; reads with `ec2:DescribeSecurityGroups` and
 * `ec2:DescribeSecurityGroupRules`.
 */
export async function quarantineGroups(
  ec2: EC2Client,
  vpcs: readonly string[],
): Promise<Record<string, QuarantineGroup>> {
  const Filters = [
    { Name: 'vpc-id', Values: [...vpcs] },
    { Name: 'group-name', Values: [QUARANTINE] },
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

/** One sentence when a quarantine group lets traffic through. */
export function leakIn(groups: QuarantineGroups): string | undefined {
  const leaky = Object.values(groups).find((group) => rulesIn(group) > 0);
  return leaky && `the group ${QUARANTINE} lets traffic through: ${leaky.id} has ${rulesIn(leaky)} rules`;
}

/**
 * What must be done before each of the VPCs has an empty quarantine group: those that are missing are made, then
 * those of selfheal's that somebody gave rules are emptied; no steps are left when they can be used. Held where a
 * group of that name is somebody else's and has rules.
 */
export function prepareQuarantine(vpcs: readonly string[], groups: QuarantineGroups) {
  const without = vpcs.filter((vpc) => !groups[vpc]);
  if (without.length > 0) return without.map((vpc) => ({ ec2: create(vpc) }));
  const foreign = Object.values(groups).find((group) => !group.own && rulesIn(group) > 0);
  if (foreign) {
    return {
      held: `${foreign.id} is called ${QUARANTINE}, has rules, and was not made by selfheal: empty it, or rename it`,
    } satisfies Held;
  }
  return Object.values(groups).flatMap(empty);
}

function rulesIn({ ingress, egress }: QuarantineGroup): number {
  return ingress.length + egress.length;
}

function empty({ id: GroupId, ingress, egress }: QuarantineGroup) {
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
    GroupName: QUARANTINE,
    Description: 'selfheal: instances in quarantine, no traffic in or out',
    VpcId,
    TagSpecifications: [{ ResourceType: 'security-group', Tags: [TAG] }],
  });
}
