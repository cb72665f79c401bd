import {
  DescribeSecurityGroupReferencesCommand,
  type EC2Client,
  type IpPermission,
  type SecurityGroupRule,
  paginateDescribeManagedPrefixLists,
  paginateDescribeNetworkInterfaces,
  paginateDescribeSecurityGroupRules,
  paginateDescribeSecurityGroups,
  paginateGetManagedPrefixListEntries,
} from '@aws-sdk/client-ec2';
import { undefinedIfGone } from '../../../../shared/aws/errors';
import { type Opened, openedBy } from '../../../../shared/policy/internet';
import { canonical } from '../../../../shared/policy/ip';

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

/** An inbound rule that opens ports to an address range, or to those of a prefix list. */
export interface PortRule extends Anyone {
  readonly cidr?: string;
  readonly prefixList?: string;
}

/** First and last port. */
export interface Ports {
  readonly from: number;
  readonly to: number;
}

/** Ports of a protocol that are not to be open to the world. */
export interface Closed extends Ports {
  readonly protocol: string;
}

/** The address ranges of prefix lists, by their ids. `unreadable`: why nobody can say what they are. */
export type PrefixLists = Readonly<Record<string, readonly string[] | { readonly unreadable: string }>>;

/** A rule that is still to be made, or that is told from others by what it says. */
export type NewRule = Omit<Rule, 'id' | 'egress'> & { readonly egress?: boolean };

/** Ports that the world reaches, and the rules that let it in. */
export interface Opening extends Closed, Opened<PortRule> {}

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
 * The inbound rules that open ports to address ranges and prefix lists, in a fixed order. Not among them: outbound
 * rules, other groups as sources, and protocols without ports (what ICMP has in their place are types).
 */
export function portRules(rules: readonly SecurityGroupRule[]): PortRule[] {
  return readRules(rules).flatMap(({ egress, group, owner: _owner, ...rule }) =>
    egress || group !== undefined || !hasPorts(rule) ? [] : [rule],
  );
}

/**
 * What the customer-managed prefix lists among the sources of these rules hold; those that AWS manages are the addresses
 * of one service, and left out. Reads `ec2:DescribeManagedPrefixLists` and `ec2:GetManagedPrefixListEntries`.
 */
export async function prefixListsOf(client: EC2Client, rules: readonly PortRule[]): Promise<PrefixLists> {
  const ids = new Set(rules.flatMap(({ prefixList }) => (prefixList === undefined ? [] : [prefixList])));
  if (ids.size === 0) return {};
  const owners = new Map<string, string | undefined>();
  const Filters = [{ Name: 'prefix-list-id', Values: [...ids].sort() }];
  for await (const { PrefixLists = [] } of paginateDescribeManagedPrefixLists({ client }, { Filters })) {
    for (const { PrefixListId = '', OwnerId } of PrefixLists) owners.set(PrefixListId, OwnerId);
  }
  const lists: Record<string, PrefixLists[string]> = {};
  for (const id of [...ids].sort()) {
    if (owners.get(id) === 'AWS') continue;
    const entries = owners.has(id) ? await undefinedIfGone(entriesOf(client, id), NO_SUCH_LIST) : undefined;
    lists[id] = entries ?? { unreadable: 'this account cannot see it any more' };
  }
  return lists;
}

const NO_SUCH_LIST = 'InvalidPrefixListID.NotFound';

async function entriesOf(client: EC2Client, PrefixListId: string): Promise<string[]> {
  const cidrs: string[] = [];
  for await (const { Entries = [] } of paginateGetManagedPrefixListEntries({ client }, { PrefixListId })) {
    cidrs.push(...Entries.map(({ Cidr = '' }) => Cidr));
  }
  return cidrs.sort();
}

/** Whether it opens ports; the rule for all traffic does, among other things. */
export function hasPorts({ protocol }: Pick<Rule, 'protocol'>): boolean {
  return ['tcp', 'udp', '-1'].includes(protocol);
}

/** Which of the ports the world reaches, by one rule or by several that only together let it in. */
export function openings(
  rules: readonly PortRule[],
  closed: readonly Closed[],
  lists: PrefixLists = {},
  share?: number,
): Opening[] {
  const rangesOf = ({ cidr, prefixList = '' }: PortRule) => {
    const list = cidr === undefined ? lists[prefixList] : [cidr];
    return Array.isArray(list) ? (list as readonly string[]) : [];
  };
  return closed.flatMap((ports) => {
    const open = rules.filter((rule) => reaches(rule, ports));
    return partsOf(ports, open).flatMap((part) => {
      const opened = openedBy(
        open.filter((rule) => reaches(rule, part)),
        rangesOf,
        share,
      );
      return opened ? [{ ...part, ...opened }] : [];
    });
  });
}

/** The rules whose prefix list nobody can read, for any of these ports. */
export function unreadable(rules: readonly PortRule[], closed: readonly Closed[], lists: PrefixLists = {}) {
  return rules.flatMap((rule) => {
    const list = lists[rule.prefixList ?? ''];
    if (list === undefined || !('unreadable' in list)) return [];
    const ports = closed.find((one) => reaches(rule, one));
    return ports ? [{ rule, ports, why: list.unreadable }] : [];
  });
}

function reaches(rule: PortRule, { protocol, from, to }: Closed): boolean {
  return [protocol, '-1'].includes(rule.protocol) && rule.from <= to && from <= rule.to;
}

/** The ports in parts in which the same rules open all of them. */
function partsOf({ protocol, from, to }: Closed, rules: readonly Ports[]): Closed[] {
  const inside = rules
    .flatMap((rule) => [rule.from, rule.to + 1])
    .filter((port) => from < port && port <= to);
  const starts = [...new Set([from, ...inside])].sort((a, b) => a - b);
  return starts.map((start, index) => ({ protocol, from: start, to: (starts[index + 1] ?? to + 1) - 1 }));
}

/** The port range in parts, without these ports: `without({ from: 20, to: 25 }, [{ from: 22, to: 22 }])` is 20–21 and 23–25. */
export function without<R extends Ports>(range: R, ports: readonly Ports[]): R[] {
  const parts: R[] = [];
  let next = range.from;
  for (const { from, to } of ports.toSorted((a, b) => a.from - b.from)) {
    if (next < Math.min(from, range.to + 1))
      parts.push({ ...range, from: next, to: Math.min(from - 1, range.to) });
    next = Math.max(next, to + 1);
  }
  return next <= range.to ? [...parts, { ...range, from: next }] : parts;
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
