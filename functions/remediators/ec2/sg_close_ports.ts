import { DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { type CidrRule, cidrRules, isSame, openings, rulesOf, without } from './lib/security-groups';
import { authorize, revoke } from './lib/security-groups-changes';
import { portsToClose } from '../../../shared/policy/ports';
import { type Held, defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';

const params = z.object({
  ...portsToClose('a rule'),
  split: z
    .boolean()
    .default(false)
    .describe(
      'false: a rule that opens a port to the world goes, with all of its port range; true: its range is narrowed around the ports, and where that cannot be done (a rule for all traffic) the bot holds and says so',
    ),
});

export const bot = defineBot({
  id: 'sg_close_ports',
  title: 'Close ports of a security group to the world',
  resource: 'AWS::EC2::SecurityGroup',
  severity: 'high',
  risk: 'disruptive',
  kind: 'posture',
  params,
  words: { order: ['ports'], names: { port: 'ports', protocol: 'protocols' } },
  permissions: {
    read: ['ec2:DescribeSecurityGroups', 'ec2:DescribeSecurityGroupRules'],
    write: ['ec2:AuthorizeSecurityGroupIngress', 'ec2:RevokeSecurityGroupIngress'],
    undo: ['ec2:AuthorizeSecurityGroupIngress', 'ec2:CreateTags', 'ec2:RevokeSecurityGroupIngress'],
  },
  controls: {
    securityHub: ['EC2.13', 'EC2.14', 'EC2.18', 'EC2.19', 'EC2.53', 'EC2.54'],
    cis: { '3.0': ['5.2', '5.3'], '5.0': ['5.3', '5.4'], '6.0': ['6.3', '6.4'], '7.0': ['6.3', '6.4'] },
    conformity: [
      'EC2-002',
      'EC2-003',
      'EC2-004',
      'EC2-005',
      'EC2-006',
      'EC2-008',
      'EC2-038',
      'EC2-039',
      'EC2-040',
      'EC2-043',
      'EC2-045',
    ],
    config: ['INCOMING_SSH_DISABLED', 'RESTRICTED_INCOMING_TRAFFIC', 'VPC_SG_PORT_RESTRICTION_CHECK'],
    prowler: [
      'ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22',
      'ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_3389',
    ],
  },
  docs: {
    why: 'A port that the whole internet reaches is found by scanners within minutes, and whatever listens there is then one weak password or one unpatched fault away.',
    effect:
      'Inbound rules that open one of the ports to the world are removed, by rule id. The world is 0.0.0.0/0, ::/0, and ranges that only together are all of it (0.0.0.0/1 with 128.0.0.0/1; for IPv6 also 2000::/3, all that is routed). Other address ranges, other security groups and prefix lists as sources (what is in the lists is not looked at), other ports, other protocols and outbound rules stay. New connections from the world to these ports fail; those that are tracked already may live on. With split, the narrower rules are added before the wide one goes; they keep its description, not its tags. Undo brings the rules back with description and tags, under new rule ids, and removes the narrower ones.',
    references: [
      'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
      'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RevokeSecurityGroupIngress.html',
    ],
  },
  clients: { ec2: EC2Client },
  gone: ['InvalidGroup.NotFound'],

  async inspect({ ec2 }, { target: { id } }): Promise<State | undefined> {
    // A filter on the rules' group id would not tell a group without rules from one that is gone.
    await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }));
    return { rules: cidrRules(await rulesOf(ec2, [id])) };
  },

  check({ rules }, { params: { protocols, ports } }) {
    const portsBySources = new Map<string, number[]>();
    for (const { protocol, port, rules: by } of openings(rules, protocols, ports)) {
      const key = `${protocol} * from ${by.map((rule) => sourceOf(rule, port)).join(' and ')}`;
      portsBySources.set(key, [...(portsBySources.get(key) ?? []), port]);
    }
    const open = [...portsBySources].map(([key, list]) => key.replace('*', list.join(', ')));
    return open.length > 0 ? `open to the world: ${open.join('; ')}` : undefined;
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
  readonly rules: readonly CidrRule[];
}

interface Changes {
  readonly remove: readonly CidrRule[];
  readonly add: readonly Omit<CidrRule, 'id'>[];
}

function changesOf({ rules }: State, { protocols, ports, split }: z.output<typeof params>): Changes | Held {
  const open = openings(rules, protocols, ports);
  const remove = rules.filter((rule) => open.some((opening) => opening.rules.includes(rule)));
  if (!split) return { remove, add: [] };
  const wide = remove.find(({ protocol }) => protocol === '-1');
  if (wide) {
    return {
      held: `${wide.id} admits all traffic from ${wide.cidr}: to narrow it around ports would cut off protocols that no rule can name; replace it by hand, or let it go whole with split: false`,
    };
  }
  const add: Omit<CidrRule, 'id'>[] = [];
  for (const rule of remove) {
    const closed = open.filter((opening) => opening.rules.includes(rule)).map(({ port }) => port);
    // Tags would need the right to create tags in the function's own role.
    for (const { id: _id, tags: _tags, ...part } of without(rule, closed)) {
      if (![...rules, ...add].some((other) => isSame(part, other))) add.push(part);
    }
  }
  return { remove, add };
}

/** The range, and the rule it stands in where that opens more than the port: all of it goes. */
function sourceOf({ protocol, from, to, cidr }: CidrRule, port: number): string {
  if (protocol === '-1') return `${cidr} (all traffic)`;
  return from === port && to === port ? cidr : `${cidr} (${protocol} ${from}-${to})`;
}
