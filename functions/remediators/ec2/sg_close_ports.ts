import { DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import {
  type Closed,
  type PortRule,
  type Ports,
  type PrefixLists,
  isSame,
  openings,
  portRules,
  prefixListsOf,
  rulesOf,
  unreadable,
  without,
} from './lib/security-groups';
import { authorize, revoke } from './lib/security-groups-changes';
import { SECURITY_GROUP } from './lib/types';
import { ofTheInternet, portsToClose } from '../../../shared/policy/ports';
import { type Held, defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';

const authorized = (protocol: string) =>
  z
    .array(z.int().min(0).max(65535))
    .optional()
    .describe(
      `${protocol} ports that may be open to the world; where this or its twin is given, every other port of TCP and UDP must not be, and ports and protocols are not looked at`,
    );

const params = z.object({
  ...portsToClose('a rule'),
  authorizedTcpPorts: authorized('TCP'),
  authorizedUdpPorts: authorized('UDP'),
  split: z
    .boolean()
    .default(false)
    .describe(
      'false: a rule that opens a port to the world goes, with all of its port range; true: its range is narrowed around the ports, and where that cannot be done (a rule for all traffic) the bot holds and says so',
    ),
});

const PROWLER = 'ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_';

/** What Security Hub calls ports of high risk. Source: Security Hub User Guide, EC2.19. */
const HIGH_RISK = [
  ...[20, 21, 22, 23, 25, 110, 135, 143, 445, 1433, 1434, 3000, 3306, 3389, 4333],
  ...[5000, 5432, 5500, 5601, 8080, 8088, 8888, 9200, 9300],
];

/** The same parameters for each of these controls. */
function asking(asked: Partial<z.input<typeof params>>, controls: readonly string[]) {
  return Object.fromEntries(controls.map((control) => [control, asked]));
}

export const bot = defineBot({
  ...SECURITY_GROUP,
  id: 'sg_close_ports',
  title: 'Close ports of a security group to the world',
  severity: 'high',
  risk: 'disruptive',
  kind: 'posture',
  params,
  from: {
    ports: 'finding',
    protocols: 'finding',
    worldShare: 'config',
    authorizedTcpPorts: 'finding',
    authorizedUdpPorts: 'finding',
    split: 'finding',
  },
  words: { order: ['ports'], names: { port: 'ports', protocol: 'protocols' } },
  permissions: {
    read: [
      'ec2:DescribeSecurityGroups',
      'ec2:DescribeSecurityGroupRules',
      'ec2:DescribeManagedPrefixLists',
      'ec2:GetManagedPrefixListEntries',
    ],
    write: ['ec2:AuthorizeSecurityGroupIngress', 'ec2:RevokeSecurityGroupIngress'],
    undo: ['ec2:AuthorizeSecurityGroupIngress', 'ec2:CreateTags', 'ec2:RevokeSecurityGroupIngress'],
  },
  byControl: {
    ...asking({ ports: [22] }, ['EC2.13', 'EC2-002', 'INCOMING_SSH_DISABLED', `${PROWLER}22`]),
    ...asking({ ports: [3389] }, ['EC2.14', 'EC2-003', `${PROWLER}3389`]),
    ...asking({ ports: [22, 3389] }, ['EC2.53', 'EC2.54', '5.2', '5.3', 'VPC_SG_PORT_RESTRICTION_CHECK']),
    ...asking({ ports: [445] }, ['5.1.2', '6.1.2']),
    ...asking({ authorizedTcpPorts: [80, 443] }, ['EC2.18']),
    ...asking({ ports: HIGH_RISK, protocols: ['tcp', 'udp'] }, ['EC2.19']),
    ...asking({ ports: [20, 21, 3306, 3389, 4333] }, ['RESTRICTED_INCOMING_TRAFFIC']),
    ...asking({ ports: [1521] }, ['EC2-004']),
    ...asking({ ports: [3306] }, ['EC2-005']),
    ...asking({ ports: [5432] }, ['EC2-006']),
    ...asking({ ports: [1433] }, ['EC2-008']),
    ...asking({ ports: [23] }, ['EC2-038']),
    ...asking({ ports: [25] }, ['EC2-039']),
    ...asking({ ports: [135] }, ['EC2-040']),
    ...asking({ ports: [445] }, ['EC2-043']),
    ...asking({ ports: [27017] }, ['EC2-045']),
  },

  async inspect({ ec2 }, { target: { id } }): Promise<State | undefined> {
    // A filter on the rules' group id would not tell a group without rules from one that is gone.
    await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }));
    const rules = portRules(await rulesOf(ec2, [id]));
    const lists = await prefixListsOf(ec2, rules);
    return { rules, ...(Object.keys(lists).length > 0 && { lists }) };
  },

  check({ rules, lists }, { params }) {
    const closed = closedOf(params);
    const portsBySources = new Map<string, string[]>();
    for (const opening of openings(rules, closed, lists, params.worldShare)) {
      const by = opening.by.map((rule) => sourceOf(rule, opening)).join(' and ');
      const key = `${opening.protocol} * from ${by}${ofTheInternet(opening)}`;
      portsBySources.set(key, [...(portsBySources.get(key) ?? []), rangeText(opening)]);
    }
    const open = [...portsBySources].map(([key, list]) => key.replace('*', list.join(', ')));
    const said = [
      ...(open.length > 0 ? [`open to the world: ${open.join('; ')}`] : []),
      ...unreadable(rules, closed, lists).map(sayUnreadable),
    ];
    return said.length > 0 ? said.join('; ') : undefined;
  },

  plan(state, { target: { id }, params }) {
    const changes = changesOf(state, params);
    if ('held' in changes) return changes;
    return [...authorize(id, changes.add), ...afterwards(revoke(id, changes.remove))];
  },

  undo(before, { target: { id }, params, now }) {
    const changes = changesOf(before, params);
    if ('held' in changes) return [];
    // Only what the bot did is taken back: rules that others have added since are theirs.
    const missing = changes.remove.filter((rule) => !now.rules.some((other) => isSame(rule, other)));
    const extra = now.rules.filter((rule) => changes.add.some((other) => isSame(rule, other)));
    return [...authorize(id, missing), ...revoke(id, extra)];
  },

  footprint: ({ rules }) => rules.map(({ id: _id, ...rule }) => rule),
});

interface State {
  readonly rules: readonly PortRule[];
  /** Where any of the rules is for one that AWS does not manage. */
  readonly lists?: PrefixLists;
}

interface Changes {
  readonly remove: readonly PortRule[];
  readonly add: readonly Omit<PortRule, 'id'>[];
}

type Given = z.output<typeof params>;

/** The ports that are not to be open, in the order in which they are named. */
function closedOf({ ports, protocols, authorizedTcpPorts, authorizedUdpPorts }: Given): Closed[] {
  if (authorizedTcpPorts === undefined && authorizedUdpPorts === undefined) {
    const ofEach = [...new Set(ports)].map((port) => ({ from: port, to: port }));
    return [...new Set(protocols)].flatMap((protocol) => ofEach.map((port) => ({ protocol, ...port })));
  }
  const allBut = (protocol: string, open: readonly number[] = []) =>
    without(
      { protocol, from: 0, to: 65535 },
      open.map((port) => ({ from: port, to: port })),
    );
  return [...allBut('tcp', authorizedTcpPorts), ...allBut('udp', authorizedUdpPorts)];
}

function changesOf({ rules, lists }: State, given: Given): Changes | Held {
  const closed = closedOf(given);
  const open = openings(rules, closed, lists, given.worldShare);
  const remove = rules.filter((rule) => open.some((opening) => opening.by.includes(rule)));
  if (remove.length === 0) {
    return { held: unreadable(rules, closed, lists).map(sayUnreadable).join('; ') };
  }
  if (!given.split) return { remove, add: [] };
  const wide = remove.find(({ protocol }) => protocol === '-1');
  if (wide) {
    return {
      held: `${wide.id} admits all traffic from ${endOf(wide)}: to narrow it around ports would cut off protocols that no rule can name; replace it by hand, or let it go whole with split: false`,
    };
  }
  const add: Omit<PortRule, 'id'>[] = [];
  for (const rule of remove) {
    const shut = open.filter((opening) => opening.by.includes(rule));
    // Tags would need the right to create tags in the function's own role.
    for (const { id: _id, tags: _tags, ...part } of without(rule, shut)) {
      if (![...rules, ...add].some((other) => isSame(part, other))) add.push(part);
    }
  }
  return { remove, add };
}

/** The range, and the rule it stands in where that opens more than the ports: all of it goes. */
function sourceOf(rule: PortRule, ports: Ports): string {
  if (rule.protocol === '-1') return `${endOf(rule)} (all traffic)`;
  const isThat = rule.from === ports.from && rule.to === ports.to;
  return isThat ? endOf(rule) : `${endOf(rule)} (${rule.protocol} ${rule.from}-${rule.to})`;
}

function endOf({ cidr, prefixList }: PortRule): string {
  return cidr ?? `prefix list ${prefixList}`;
}

function rangeText({ from, to }: Ports): string {
  return from === to ? String(from) : `${from}-${to}`;
}

function sayUnreadable({ rule, ports, why }: ReturnType<typeof unreadable>[number]): string {
  return `${rule.id} opens ${ports.protocol} ${rangeText(ports)} to prefix list ${rule.prefixList}, and ${why}: look at what it lets in`;
}
