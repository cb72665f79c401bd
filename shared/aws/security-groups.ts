import {
  type EC2Client,
  type IpPermission,
  type SecurityGroupRule,
  paginateDescribeSecurityGroupRules,
} from '@aws-sdk/client-ec2';
import { worldRanges } from './ip';

/** An inbound rule for an address range. Ports are 0–65535 where the protocol is `-1`, all traffic. */
export interface CidrRule {
  readonly id: string;
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly cidr: string;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

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

/**
 * The inbound rules that open ports to address ranges, in a fixed order. Not among them: outbound rules, other
 * groups and prefix lists as sources, and protocols without ports (what ICMP has in their place are types).
 */
export function cidrRules(rules: readonly SecurityGroupRule[]): CidrRule[] {
  return rules
    .flatMap(({ IsEgress, IpProtocol = '', FromPort, ToPort, CidrIpv4, CidrIpv6, ...rule }) => {
      const cidr = CidrIpv4 ?? CidrIpv6;
      if (IsEgress || cidr === undefined || !['tcp', 'udp', '-1'].includes(IpProtocol)) return [];
      const all = IpProtocol === '-1' || FromPort === undefined || FromPort < 0;
      // Names that start with aws: are AWS's own, and nobody else can give them back.
      const tags = (rule.Tags ?? []).filter(({ Key }) => !Key?.startsWith('aws:'));
      return {
        id: rule.SecurityGroupRuleId ?? '',
        protocol: IpProtocol,
        from: all ? 0 : FromPort,
        to: all ? 65535 : (ToPort ?? FromPort),
        cidr,
        ...(rule.Description !== undefined && { description: rule.Description }),
        ...(tags.length > 0 && {
          tags: Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value])),
        }),
      };
    })
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
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
export function isSame(a: Omit<CidrRule, 'id'>, b: Omit<CidrRule, 'id'>): boolean {
  return keyOf(a) === keyOf(b);
}

/** A rule as AuthorizeSecurityGroupIngress takes it. */
export function toPermission({ protocol, from, to, cidr, description }: Omit<CidrRule, 'id'>): IpPermission {
  const about = description !== undefined && { Description: description };
  return {
    IpProtocol: protocol,
    ...(protocol !== '-1' && { FromPort: from, ToPort: to }),
    ...(cidr.includes(':')
      ? { Ipv6Ranges: [{ CidrIpv6: cidr, ...about }] }
      : { IpRanges: [{ CidrIp: cidr, ...about }] }),
  };
}

function keyOf({ protocol, from, to, cidr }: Omit<CidrRule, 'id'>): string {
  return [protocol, from, to, cidr].join(' ');
}
