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
import { bot } from './sg_modify_scope_by_port';

const [ADD, REMOVE] = ['ec2:AuthorizeSecurityGroupIngress', 'ec2:RevokeSecurityGroupIngress'];
const [ADD_OUT, REMOVE_OUT] = ['ec2:AuthorizeSecurityGroupEgress', 'ec2:RevokeSecurityGroupEgress'];
const world = { port: 22, from: '0.0.0.0/0', to: '203.0.113.0/24', direction: 'inbound' } as const;

testBot(bot, {
  violating: [
    {
      name: 'from the world to an office: the new rule first',
      given: groupWith(['inbound tcp 22 from 0.0.0.0/0'], { owner: 'ana' }),
      params: world,
      violation: /^rules admit what they must not: sgr-\w+ inbound tcp 22 from 0\.0\.0\.0\/0$/,
      writes: [ADD, REMOVE],
      untouched: neighboursOf,
    },
    {
      name: 'outbound, in a range of ports',
      given: groupWith(['outbound tcp 20-25 to 0.0.0.0/0']),
      params: { ...world, direction: 'outbound' },
      violation: 'outbound tcp 20-25 to 0.0.0.0/0',
      writes: [ADD_OUT, REMOVE_OUT],
      untouched: neighboursOf,
    },
    {
      name: 'all traffic alone',
      given: groupWith(['inbound -1 from 0.0.0.0/0']),
      params: world,
      violation: '(cannot be narrowed)',
      writes: [],
      held: /admits all traffic from 0\.0\.0\.0\/0/,
    },
    {
      name: 'a new range that would open more',
      given: groupWith(['inbound tcp 22 from 10.0.0.0/8']),
      params: { ...world, from: '10.0.0.0/8', to: '0.0.0.0/0' },
      violation: 'inbound tcp 22 from 10.0.0.0/8',
      writes: [],
      held: /0\.0\.0\.0\/0 would admit more than that/,
    },
  ],
  compliant: [
    { name: 'no rule for the old range', given: groupWith([]), params: world },
    {
      name: 'the new range is the old one',
      given: groupWith(['inbound tcp 22 from 0.0.0.0/0']),
      params: { ...world, to: '0.0.0.0/0' },
    },
  ],
  gone: 'sg-0123456789abcdef0',
});

const office6 = 'inbound tcp 22 from 2001:db8:9::/48';

testScenarios(bot, [
  {
    name: 'the new rule is there already',
    rules: ['inbound tcp 22 from 0.0.0.0/0'],
    params: { ...world, to: '203.0.113.64/26' },
    goes: ['inbound tcp 22 from 0.0.0.0/0'],
  },
  {
    name: 'several come to the same rule',
    rules: ['inbound tcp 22 from 0.0.0.0/0', 'inbound tcp 22 from 10.0.0.0/8', 'inbound tcp 22 from ::/0'],
    params: { ...world, from: '*' },
    goes: [
      'inbound tcp 22 from 0.0.0.0/0',
      'inbound tcp 22 from 10.0.0.0/8',
      'inbound tcp 22 from ::/0',
      office6,
    ],
    comes: ['inbound tcp 22 from 203.0.113.0/24'],
  },
  {
    name: '*: what is inside the new range already stays as narrow as it is',
    rules: ['inbound tcp 22 from 203.0.113.7/32'],
    params: { ...world, from: '*' },
    goes: [office6],
    comes: ['inbound tcp 22 from 203.0.113.0/24'],
  },
  {
    name: 'another office, beside the old one',
    rules: ['inbound tcp 22 from 198.51.100.0/24'],
    params: { ...world, from: '198.51.100.0/24' },
    goes: ['inbound tcp 22 from 198.51.100.0/24'],
    comes: ['inbound tcp 22 from 203.0.113.0/24'],
  },
  {
    name: 'a range of ports keeps the old range on the others',
    rules: ['inbound tcp 20-25 from 0.0.0.0/0'],
    params: world,
    goes: ['inbound tcp 20-25 from 0.0.0.0/0'],
    comes: [
      'inbound tcp 20-21 from 0.0.0.0/0',
      'inbound tcp 22 from 203.0.113.0/24',
      'inbound tcp 23-25 from 0.0.0.0/0',
    ],
  },
  {
    name: 'UDP keeps its protocol',
    rules: ['inbound udp 22 from 0.0.0.0/0'],
    params: world,
    goes: ['inbound udp 22 from 0.0.0.0/0'],
    comes: ['inbound udp 22 from 203.0.113.0/24'],
  },
  {
    name: 'IPv6 to IPv6',
    rules: ['inbound tcp 22 from ::/0'],
    params: { ...world, from: '::/0', to: '2001:db8::/32' },
    goes: ['inbound tcp 22 from ::/0'],
    comes: ['inbound tcp 22 from 2001:db8::/32'],
  },
  {
    name: 'all traffic stays and is said, the rest is done',
    rules: ['inbound -1 from 0.0.0.0/0', 'inbound tcp 22 from 0.0.0.0/0'],
    params: world,
    goes: ['inbound tcp 22 from 0.0.0.0/0'],
    comes: ['inbound tcp 22 from 203.0.113.0/24'],
    ends: 'held',
  },
  {
    name: 'wider and narrower ranges than the old one stay',
    rules: ['inbound tcp 22 from 0.0.0.0/0', 'inbound tcp 22 from 10.1.0.0/16'],
    params: { ...world, from: '10.0.0.0/8' },
  },
  {
    name: 'the old range with host bits, outbound',
    rules: ['outbound tcp 22 to 10.0.0.0/8'],
    params: { ...world, from: '10.9.8.7/8', direction: 'outbound' },
    goes: ['outbound tcp 22 to 10.0.0.0/8'],
    comes: ['outbound tcp 22 to 203.0.113.0/24'],
  },
] satisfies Scenario[]);

interface Asked {
  readonly port: number;
  readonly from: string;
  readonly to: string;
  readonly direction: string;
}

/** Whether the rule's range on the port is to be replaced. */
function isReplaced(
  rule: Parameters<Parameters<typeof testAlgebra<Asked>>[1]['goes']>[0],
  given: Asked,
): boolean {
  const { port, from, to, direction } = given;
  if (rule.egress !== (direction === 'outbound') || !['tcp', 'udp'].includes(rule.protocol)) return false;
  if (rule.cidr === undefined || port < rule.from || rule.to < port || isInside(to, rule.cidr)) return false;
  return from === '*' || rule.cidr === from;
}

testAlgebra(bot, {
  params: fc.record({
    port: fc.constantFrom(...PORTS),
    from: fc.constantFrom('*', ...CIDRS),
    to: fc.constantFrom(...CIDRS),
    direction: fc.constantFrom('inbound', 'outbound'),
  }),
  goes: (rule, flow, given) => isReplaced(rule, given) && flow.port === given.port,
  comes: (rule, flow, given) =>
    isReplaced(rule, given) &&
    flow.egress === rule.egress &&
    flow.protocol === rule.protocol &&
    flow.port === given.port &&
    isIn(given.to, flow.end),
});
