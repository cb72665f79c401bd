import {
  DescribeSecurityGroupReferencesCommand,
  type EC2Client,
  type IpPermission,
  type SecurityGroupRule,
  paginateDescribeNetworkInterfaces,
  paginateDescribeSecurityGroupRules,
  paginateDescribeSecurityGroups,
} from '@aws-sdk/client-ec2';
import { canonical, worldRanges } from '../../../../shared/policy/ip';

/** What all rules have. Ports are 0–65535 where the protocol is `-1`, all traffic; with ICMP they are type and code. */
interface Anyone {
  readonly id: string;
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A rule of a security group; its other end is an address range, a group (and the account it is of) or a prefix list. */
export interface Rule extends Anyone {
  readonly egress: boolean;
  readonly cidr?: string;
  readonly group?: string;
  readonly owner?: string;
  readonly prefixList?: string;
}

/** An inbound rule for an address range. */
export interface CidrRule extends Anyone {
  readonly cidr: string;
}

/** A rule that is still to be made, or that is told from others by what it says. */
export type NewRule = Omit<Rule, 'id' | 'egress'> & { readonly egress?: boolean };

/** A port that the whole internet reaches, and the rules that let it in. */
export interface Opening {
  readonly protocol: string;
  readonly port: number;
  readonly rules: readonly CidrRule[];
}

/** All rules of the groups, inbound and outbound. */
export async function rulesOf(ec2: EC2Client, groupIds: readonly string[]): Promise<SecurityGroupRule[]> {
  const rules: SecurityGroupRule[] = [];
  if (groupIds.length === 0) return rules;
  const pages = paginateDescribeSecurityGroupRules(
    { client: ec2 },
    { Filters: [{ Name: 'group-id', Values: [...groupIds] }] },
  );
  for await (const { SecurityGroupRules = [] } of pages) rules.push(...SecurityGroupRules);
  return rules;
}

/** Ids of the network interfaces that use the group, in a fixed order. */
export async function interfacesIn(ec2: EC2Client, groupId: string): Promise<string[]> {
  const Filters = [{ Name: 'group-id', Values: [groupId] }];
  const ids: string[] = [];
  for await (const page of paginateDescribeNetworkInterfaces({ client: ec2 }, { Filters })) {
    ids.push(...(page.NetworkInterfaces ?? []).map(({ NetworkInterfaceId = '' }) => NetworkInterfaceId));
  }
  return ids.sort();
}

/** Ids of the other groups of the account and region that have rules which name the group, in a fixed order. */
export async function groupsNaming(ec2: EC2Client, groupId: string): Promise<string[]> {
  const ids = new Set<string>();
  for (const Name of ['ip-permission.group-id', 'egress.ip-permission.group-id']) {
    const Filters = [{ Name, Values: [groupId] }];
    for await (const page of paginateDescribeSecurityGroups({ client: ec2 }, { Filters })) {
      for (const { GroupId = '' } of page.SecurityGroups ?? []) ids.add(GroupId);
    }
  }
  ids.delete(groupId);
  return [...ids].sort();
}

/** Ids of the VPCs on the other side of a peering or transit gateway with rules that name the group, in a fixed order. */
export async function vpcsNaming(ec2: EC2Client, groupId: string): Promise<string[]> {
  const command = new DescribeSecurityGroupReferencesCommand({ GroupId: [groupId] });
  const { SecurityGroupReferenceSet: found = [] } = await ec2.send(command);
  return found.map(({ ReferencingVpcId = '' }) => ReferencingVpcId).sort();
}

/** The rules as data, in a fixed order. */
export function readRules(rules: readonly SecurityGroupRule[]): Rule[] {
  return rules.map(readRule).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/**
 * The inbound rules that open ports to address ranges, in a fixed order. Not among them: outbound rules, other
 * groups and prefix lists as sources, and protocols without ports (what ICMP has in their place are types).
 */
export function cidrRules(rules: readonly SecurityGroupRule[]): CidrRule[] {
  return readRules(rules).flatMap(({ egress, cidr, ...rule }) =>
    egress || cidr === undefined || !hasPorts(rule) ? [] : [{ ...rule, cidr }],
  );
}

/** Whether it opens ports; the rule for all traffic does, among other things. */
export function hasPorts({ protocol }: Pick<Rule, 'protocol'>): boolean {
  return ['tcp', 'udp', '-1'].includes(protocol);
}

/** Which of the ports the whole internet reaches, by one rule or by several that only together let it in. */
export function openings(
  rules: readonly CidrRule[],
  protocols: readonly string[],
  ports: readonly number[],
): Opening[] {
  return [...new Set(protocols)].flatMap((protocol) =>
    [...new Set(ports)].flatMap((port) => {
      const open = rules.filter(
        (rule) => [protocol, '-1'].includes(rule.protocol) && rule.from <= port && port <= rule.to,
      );
      const world = worldRanges(open.map(({ cidr }) => cidr));
      return world.size === 0 ? [] : [{ protocol, port, rules: open.filter(({ cidr }) => world.has(cidr)) }];
    }),
  );
}

/** The port range in parts, without these ports: `without({ from: 20, to: 25 }, [22])` is 20–21 and 23–25. */
export function without<R extends { readonly from: number; readonly to: number }>(
  range: R,
  ports: readonly number[],
): R[] {
  const inside = ports.filter((port) => range.from <= port && port <= range.to).sort((a, b) => a - b);
  return [range.from - 1, ...inside]
    .map((before, index) => ({ ...range, from: before + 1, to: (inside[index] ?? range.to + 1) - 1 }))
    .filter(({ from, to }) => from <= to);
}

/** What EC2 takes for one and the same rule: it refuses to have it twice. */
export function isSame(a: NewRule, b: NewRule): boolean {
  return keyOf(a) === keyOf(b);
}

/** A rule as AuthorizeSecurityGroupIngress and AuthorizeSecurityGroupEgress take it. */
export function toPermission({ protocol, from, to, description, ...end }: NewRule): IpPermission {
  const { cidr, group, owner, prefixList } = end;
  const about = description !== undefined && { Description: description };
  const account = owner !== undefined && { UserId: owner };
  return {
    IpProtocol: protocol,
    ...(protocol !== '-1' && { FromPort: from, ToPort: to }),
    ...(cidr?.includes(':') === true && { Ipv6Ranges: [{ CidrIpv6: cidr, ...about }] }),
    ...(cidr?.includes(':') === false && { IpRanges: [{ CidrIp: cidr, ...about }] }),
    ...(group !== undefined && { UserIdGroupPairs: [{ GroupId: group, ...account, ...about }] }),
    ...(prefixList !== undefined && { PrefixListIds: [{ PrefixListId: prefixList, ...about }] }),
  };
}

function readRule({
  IsEgress,
  IpProtocol = '',
  FromPort = -1,
  ToPort = FromPort,
  ...rule
}: SecurityGroupRule): Rule {
  const { SecurityGroupRuleId: id = '', Description, PrefixListId } = rule;
  const { GroupId, UserId } = rule.ReferencedGroupInfo ?? {};
  const cidr = rule.CidrIpv4 ?? rule.CidrIpv6;
  const all = IpProtocol === '-1' || (FromPort < 0 && hasPorts({ protocol: IpProtocol }));
  // Names that start with aws: are AWS's own, and nobody else can give them back.
  const tags = (rule.Tags ?? []).filter(({ Key }) => !Key?.startsWith('aws:'));
  return {
    id,
    egress: IsEgress === true,
    protocol: IpProtocol,
    from: all ? 0 : FromPort,
    to: all ? 65535 : ToPort,
    ...(cidr !== undefined && { cidr: canonical(cidr) }),
    ...(GroupId !== undefined && { group: GroupId }),
    ...(UserId !== undefined && { owner: UserId }),
    ...(PrefixListId !== undefined && { prefixList: PrefixListId }),
    ...(Description !== undefined && { description: Description }),
    ...(tags.length > 0 && {
      tags: Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value])),
    }),
  };
}

function keyOf({ egress, protocol, from, to, cidr, group, prefixList }: NewRule): string {
  return [...(egress ? ['egress'] : []), protocol, from, to, cidr ?? group ?? prefixList].join(' ');
}
