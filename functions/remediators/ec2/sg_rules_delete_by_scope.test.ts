import fc from 'fast-check';
import { testBot } from '../../../testing/contract';
import {
  CIDRS,
  PORTS,
  type Scenario,
  groupWith,
  isIn,
  isInside,
  neighboursOf,
  testAlgebra,
  testScenarios,
} from './fixtures/security-groups';
import { bot } from './sg_rules_delete_by_scope';

const [ADD, REMOVE] = ['ec2:AuthorizeSecurityGroupIngress', 'ec2:RevokeSecurityGroupIngress'];
const world = { scope: '0.0.0.0/0', direction: 'inbound', port: 22, protocol: 'tcp' } as const;

testBot(bot, {
  violating: [
    {
      name: 'SSH open to the world',
      given: groupWith(['inbound tcp 22 from 0.0.0.0/0'], { owner: 'ana' }),
      params: world,
      violation: /^rules admit what they must not: sgr-\w+ inbound tcp 22 from 0\.0\.0\.0\/0$/,
      writes: [REMOVE],
      untouched: neighboursOf,
    },
    {
      name: 'in a range of ports and out of a wider scope',
      given: groupWith(['inbound tcp 20-25 from 8.0.0.0/5']),
      params: { ...world, scope: '10.0.0.0/8' },
      violation: 'inbound tcp 20-25 from 8.0.0.0/5',
      writes: [ADD, REMOVE],
      untouched: neighboursOf,
    },
    {
      name: 'outbound',
      given: groupWith(['outbound tcp 20-25 to ::/0']),
      params: { ...world, scope: '::/0', direction: 'outbound' },
      violation: 'outbound tcp 20-25 to ::/0',
      writes: ['ec2:AuthorizeSecurityGroupEgress', 'ec2:RevokeSecurityGroupEgress'],
      untouched: neighboursOf,
    },
    {
      name: 'all traffic, of which one port is to go',
      given: groupWith(['inbound -1 from 0.0.0.0/0']),
      params: world,
      violation: 'inbound all traffic from 0.0.0.0/0 (cannot be narrowed)',
      writes: [],
      held: /^sgr-\w+ admits all traffic from 0\.0\.0\.0\/0, and no rules can say all traffic but some/,
    },
    {
      name: 'one address out of all of IPv6 would need 128 rules',
      given: groupWith(['inbound tcp 22 from ::/0']),
      params: { ...world, scope: '2001:db8::1/128' },
      violation: 'inbound tcp 22 from ::/0 (cannot be narrowed)',
      writes: [],
      held: /would need 128 narrower rules/,
    },
  ],
  compliant: [{ name: 'only neighbours', given: groupWith([]), params: world }],
  gone: 'sg-0123456789abcdef0',
});

testScenarios(bot, [
  {
    name: 'a port that stands inside a range: the ports around it stay',
    rules: ['inbound tcp 0-65535 from 0.0.0.0/0'],
    params: world,
    goes: ['inbound tcp 0-65535 from 0.0.0.0/0'],
    comes: ['inbound tcp 0-21 from 0.0.0.0/0', 'inbound tcp 23-65535 from 0.0.0.0/0'],
  },
  {
    name: 'a wider scope: the rest of it stays',
    rules: ['inbound tcp 22 from 8.0.0.0/6'],
    params: { ...world, scope: '10.0.0.0/8' },
    goes: ['inbound tcp 22 from 8.0.0.0/6'],
    comes: ['inbound tcp 22 from 8.0.0.0/7', 'inbound tcp 22 from 11.0.0.0/8'],
  },
  {
    name: 'what is left of one rule is there already',
    rules: ['inbound tcp 22-23 from 0.0.0.0/0', 'inbound tcp 23 from 0.0.0.0/0'],
    params: world,
    goes: ['inbound tcp 22-23 from 0.0.0.0/0'],
  },
  {
    name: 'narrower scopes, other ports and other protocols stay',
    rules: [
      'inbound tcp 22 from 10.0.0.0/8',
      'inbound tcp 23 from 0.0.0.0/0',
      'inbound udp 22 from 0.0.0.0/0',
    ],
    params: world,
  },
  {
    name: 'rules of IPv6 beside it stay',
    rules: ['inbound tcp 22 from 0.0.0.0/0', 'inbound tcp 22 from ::/0'],
    params: world,
    goes: ['inbound tcp 22 from 0.0.0.0/0'],
  },
  {
    name: 'IPv6, where it is asked for',
    rules: ['inbound tcp 22 from 0.0.0.0/0', 'inbound tcp 22 from ::/0'],
    params: { ...world, scope: '::/0' },
    goes: ['inbound tcp 22 from ::/0'],
  },
  {
    name: 'a scope with host bits is the range that it lies in',
    rules: ['inbound tcp 22 from 10.0.0.0/8'],
    params: { ...world, scope: '10.9.8.7/8' },
    goes: ['inbound tcp 22 from 10.0.0.0/8'],
  },
  {
    name: 'whatever the port and the protocol',
    rules: ['inbound tcp 20-25 from 198.51.100.0/24', 'inbound udp 22 from 198.51.100.0/24'],
    params: { ...world, scope: '198.51.100.0/24', port: '*', protocol: '*' },
    goes: ['inbound tcp 20-25 from 198.51.100.0/24', 'inbound udp 22 from 198.51.100.0/24'],
    // What the world may reach contains the scope too, but without it would be 24 ranges: that stays.
    ends: 'held',
  },
  {
    name: 'all traffic goes whole, where all is asked for',
    rules: ['inbound -1 from 198.51.100.0/24', 'inbound icmp 8 from 198.51.100.0/24'],
    params: { ...world, scope: '198.51.100.0/24', port: 0, protocol: 'all' },
    goes: ['inbound -1 from 198.51.100.0/24'],
  },
  {
    name: 'all traffic of one protocol cannot go alone',
    rules: ['inbound -1 from 0.0.0.0/0'],
    params: { ...world, protocol: '*' },
    ends: 'held',
  },
] satisfies Scenario[]);

testAlgebra(bot, {
  params: fc.record({
    scope: fc.constantFrom(...CIDRS),
    direction: fc.constantFrom('inbound', 'outbound'),
    port: fc.constantFrom('*', ...PORTS),
    protocol: fc.constantFrom('tcp', 'udp', 'icmp', 'all', '-1', '*'),
  }),
  goes: (rule, flow, { scope, direction, port, protocol }) => {
    if (rule.egress !== (direction === 'outbound') || rule.cidr === undefined) return false;
    if (!isInside(rule.cidr, scope) || !isIn(scope, flow.end)) return false;
    const all = protocol === 'all' || protocol === '-1';
    const anyPort = port === '*' || (all && port === 0);
    if (rule.protocol === '-1') return anyPort && (all || protocol === '*');
    if (all || (protocol !== '*' && rule.protocol !== protocol)) return false;
    return anyPort || (['tcp', 'udp'].includes(rule.protocol) && flow.port === port);
  },
});
