import fc from 'fast-check';
import { testBot } from '../../../testing/contract';
import {
  CIDRS,
  PORTS,
  type Scenario,
  groupWith,
  isIn,
  neighboursOf,
  testAlgebra,
  testScenarios,
} from './fixtures/security-groups';
import { bot } from './sg_delete_not_matching_cidr';

const [ADD, REMOVE] = ['ec2:AuthorizeSecurityGroupIngress', 'ec2:RevokeSecurityGroupIngress'];
const [ADD_OUT, REMOVE_OUT] = ['ec2:AuthorizeSecurityGroupEgress', 'ec2:RevokeSecurityGroupEgress'];
const office = { port: 22, cidr: '203.0.113.0/24', direction: 'inbound' } as const;

testBot(bot, {
  violating: [
    {
      name: 'from the world and from another network',
      given: groupWith(['inbound tcp 22 from 0.0.0.0/0', 'inbound udp 22 from 10.0.0.0/8'], { owner: 'ana' }),
      params: { ...office, cidr: '203.0.113.0/24' },
      violation: /sgr-\w+ inbound tcp 22 from 0\.0\.0\.0\/0/,
      writes: [ADD, REMOVE],
    },
    {
      name: 'outbound, in a range of ports',
      given: groupWith(['outbound tcp 20-25 to 0.0.0.0/0']),
      params: { ...office, direction: 'outbound' },
      violation: 'outbound tcp 20-25 to 0.0.0.0/0',
      writes: [ADD_OUT, REMOVE_OUT],
      untouched: neighboursOf,
    },
    {
      name: 'all traffic alone',
      given: groupWith(['outbound -1 to 0.0.0.0/0']),
      params: { ...office, direction: 'outbound' },
      violation: 'outbound all traffic to 0.0.0.0/0 (cannot be narrowed)',
      writes: [],
      held: /admits all traffic to 0\.0\.0\.0\/0/,
    },
  ],
  compliant: [
    { name: 'all inside', given: groupWith([]), params: { ...office, direction: 'outbound' } },
    {
      name: 'all traffic from inside',
      given: groupWith(['outbound -1 to 203.0.113.7/32']),
      params: { ...office, direction: 'outbound' },
    },
  ],
  gone: 'sg-0123456789abcdef0',
});

/** The neighbour of the other IP version is outside too. */
const ipv6 = 'inbound tcp 22 from 2001:db8:9::/48';

testScenarios(bot, [
  {
    name: 'another network goes, the office stays',
    rules: ['inbound tcp 22 from 10.0.0.0/8'],
    params: office,
    goes: ['inbound tcp 22 from 10.0.0.0/8', ipv6],
  },
  {
    name: 'the world is narrowed to the office',
    rules: ['inbound tcp 22 from 0.0.0.0/0'],
    params: office,
    goes: ['inbound tcp 22 from 0.0.0.0/0', ipv6],
    comes: ['inbound tcp 22 from 203.0.113.0/24'],
  },
  {
    name: 'what is left is there already',
    rules: ['inbound tcp 22 from 0.0.0.0/0'],
    params: { ...office, cidr: '203.0.113.64/26' },
    goes: ['inbound tcp 22 from 0.0.0.0/0', ipv6],
  },
  {
    name: 'a range of ports keeps the others',
    rules: ['inbound tcp 0-65535 from 10.0.0.0/8'],
    params: office,
    goes: ['inbound tcp 0-65535 from 10.0.0.0/8', ipv6],
    comes: ['inbound tcp 0-21 from 10.0.0.0/8', 'inbound tcp 23-65535 from 10.0.0.0/8'],
  },
  {
    name: 'IPv6',
    rules: ['inbound tcp 22 from ::/0'],
    params: { ...office, cidr: '2001:db8::/32' },
    goes: ['inbound tcp 22 from ::/0', 'inbound tcp 22 from 203.0.113.64/26'],
    comes: ['inbound tcp 22 from 2001:db8::/32'],
  },
  {
    name: 'UDP too, ICMP with the number of the port not',
    rules: ['inbound udp 22 from 10.0.0.0/8'],
    params: office,
    goes: ['inbound udp 22 from 10.0.0.0/8', ipv6],
  },
  {
    name: 'all traffic stays and is said, the rest is done',
    rules: ['inbound -1 from 10.0.0.0/8', 'inbound tcp 22 from 0.0.0.0/0'],
    params: office,
    goes: ['inbound tcp 22 from 0.0.0.0/0', ipv6],
    comes: ['inbound tcp 22 from 203.0.113.0/24'],
    ends: 'held',
  },
  {
    name: 'a range with host bits',
    rules: ['outbound tcp 22 to 203.0.113.0/24'],
    params: { ...office, cidr: '203.0.113.77/24', direction: 'outbound' },
  },
  {
    name: 'other ports and the other direction stay',
    rules: ['inbound tcp 23 from 0.0.0.0/0', 'outbound tcp 20-21 to 0.0.0.0/0'],
    params: { ...office, direction: 'outbound' },
  },
  {
    name: 'outbound to two networks',
    rules: ['outbound tcp 22 to 10.0.0.0/8', 'outbound tcp 22 to 203.0.113.0/25'],
    params: { ...office, direction: 'outbound' },
    goes: ['outbound tcp 22 to 10.0.0.0/8'],
  },
] satisfies Scenario[]);

testAlgebra(bot, {
  params: fc.record({
    port: fc.constantFrom(...PORTS),
    cidr: fc.constantFrom(...CIDRS),
    direction: fc.constantFrom('inbound', 'outbound'),
  }),
  goes: (rule, flow, { port, cidr, direction }) =>
    rule.egress === (direction === 'outbound') &&
    rule.cidr !== undefined &&
    ['tcp', 'udp'].includes(rule.protocol) &&
    flow.port === port &&
    !isIn(cidr, flow.end),
});
