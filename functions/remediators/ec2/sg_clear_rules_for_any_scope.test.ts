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
import { catalogueEntry } from '../../../tools/catalogue';
import { readWords, splitWords } from '../../findings/words';
import { bot } from './sg_clear_rules_for_any_scope';

const [ADD, REMOVE] = ['ec2:AuthorizeSecurityGroupIngress', 'ec2:RevokeSecurityGroupIngress'];
const [ADD_OUT, REMOVE_OUT] = ['ec2:AuthorizeSecurityGroupEgress', 'ec2:RevokeSecurityGroupEgress'];
const ssh = { port: 22, protocol: 'tcp', direction: 'inbound' } as const;
const offices = ['203.0.113.0/24', '2001:db8::/32'];

testBot(bot, {
  violating: [
    {
      name: 'IPv4 and IPv6 outside the list',
      given: groupWith(['inbound tcp 22 from 0.0.0.0/0', 'inbound tcp 22 from fd00::/8'], { owner: 'ana' }),
      params: { ...ssh, whitelist: offices },
      violation:
        /^rules admit what they must not: sgr-\w+ inbound tcp 22 from 0\.0\.0\.0\/0, sgr-\w+ inbound tcp 22 from fd00::\/8$/,
      writes: [ADD, REMOVE],
      untouched: neighboursOf,
    },
    {
      name: 'outbound, in a range of ports',
      given: groupWith(['outbound tcp 20-25 to 0.0.0.0/0']),
      params: { ...ssh, direction: 'outbound', whitelist: ['203.0.113.0/24'] },
      violation: 'outbound tcp 20-25 to 0.0.0.0/0',
      writes: [ADD_OUT, REMOVE_OUT],
      untouched: neighboursOf,
    },
    {
      name: 'all traffic, of which one port is to go',
      given: groupWith(['inbound -1 from 10.0.0.0/8']),
      params: { ...ssh, whitelist: offices },
      violation: '(cannot be narrowed)',
      writes: [],
      held: /admits all traffic from 10\.0\.0\.0\/8/,
    },
  ],
  compliant: [
    { name: 'all inside the list', given: groupWith([]), params: { ...ssh, whitelist: offices } },
    {
      name: 'all traffic from inside the list',
      given: groupWith(['inbound -1 from 203.0.113.0/25']),
      params: { ...ssh, whitelist: offices },
    },
    {
      name: 'inside two ranges of the list together',
      given: groupWith(['inbound tcp 22 from 203.0.113.0/24']),
      params: { ...ssh, whitelist: ['203.0.113.0/25', '203.0.113.128/25', '2001:db8::/32'] },
    },
  ],
  gone: 'sg-0123456789abcdef0',
});

const office = 'inbound tcp 22 from 203.0.113.64/26';
const office6 = 'inbound tcp 22 from 2001:db8:9::/48';

testScenarios(bot, [
  {
    name: 'no list: every range goes, groups and prefix lists stay',
    rules: ['inbound tcp 22 from 10.0.0.0/8'],
    params: ssh,
    goes: ['inbound tcp 22 from 10.0.0.0/8', office, office6],
  },
  {
    name: 'wider than the list: narrowed to it',
    rules: ['inbound tcp 22 from 0.0.0.0/0'],
    params: { ...ssh, whitelist: [...offices, '10.0.0.0/8'] },
    goes: ['inbound tcp 22 from 0.0.0.0/0'],
    comes: ['inbound tcp 22 from 203.0.113.0/24', 'inbound tcp 22 from 10.0.0.0/8'],
  },
  {
    name: 'ranges of the list inside each other are one',
    rules: ['inbound tcp 22 from 0.0.0.0/0'],
    params: { ...ssh, whitelist: [...offices, '203.0.113.64/26', '203.0.113.9/24'] },
    goes: ['inbound tcp 22 from 0.0.0.0/0'],
    comes: ['inbound tcp 22 from 203.0.113.0/24'],
  },
  {
    name: 'what is left is there already',
    rules: ['inbound tcp 22 from 0.0.0.0/0'],
    params: { ...ssh, whitelist: ['203.0.113.64/26', '2001:db8::/32'] },
    goes: ['inbound tcp 22 from 0.0.0.0/0'],
  },
  {
    name: 'a range of ports keeps the others',
    rules: ['inbound tcp 20-25 from ::/0'],
    params: { ...ssh, whitelist: offices },
    goes: ['inbound tcp 20-25 from ::/0'],
    comes: [
      'inbound tcp 20-21 from ::/0',
      'inbound tcp 23-25 from ::/0',
      'inbound tcp 22 from 2001:db8::/32',
    ],
  },
  {
    name: 'ICMP of all types, and no other protocol',
    rules: ['inbound icmp from 0.0.0.0/0', 'inbound tcp 22 from 0.0.0.0/0'],
    params: { ...ssh, port: -1, protocol: 'icmp', whitelist: offices },
    // Among the neighbours is ICMP of one type.
    goes: ['inbound icmp from 0.0.0.0/0', 'inbound icmp 22 from 0.0.0.0/0'],
    comes: ['inbound icmp from 203.0.113.0/24', 'inbound icmp 22 from 203.0.113.0/24'],
  },
  {
    name: 'only IPv6 is open',
    rules: ['inbound tcp 22 from ::/0'],
    params: { ...ssh, whitelist: ['203.0.113.0/24', '2001:db8:9::/48'] },
    goes: ['inbound tcp 22 from ::/0'],
  },
  {
    name: 'UDP on the same port, and the other direction, stay',
    rules: ['inbound udp 22 from 0.0.0.0/0', 'outbound tcp 22 to 0.0.0.0/0'],
    params: { ...ssh, whitelist: offices },
  },
  {
    name: 'all traffic stays and is said, the rest is done',
    rules: ['inbound -1 from 10.0.0.0/8', 'inbound tcp 22 from 0.0.0.0/0'],
    params: { ...ssh, whitelist: offices },
    goes: ['inbound tcp 22 from 0.0.0.0/0'],
    comes: ['inbound tcp 22 from 203.0.113.0/24'],
    ends: 'held',
  },
  {
    name: 'all traffic whole, narrowed to the list',
    rules: ['inbound -1 from 0.0.0.0/0'],
    params: { ...ssh, port: 0, protocol: '-1', whitelist: offices },
    goes: ['inbound -1 from 0.0.0.0/0'],
    comes: ['inbound -1 from 203.0.113.0/24'],
  },
  {
    name: 'outbound',
    rules: ['outbound udp 53 to 0.0.0.0/0'],
    params: { port: 53, protocol: 'udp', direction: 'outbound', whitelist: ['10.0.0.2/32'] },
    goes: ['outbound udp 53 to 0.0.0.0/0'],
    comes: ['outbound udp 53 to 10.0.0.2/32'],
  },
] satisfies Scenario[]);

testAlgebra(bot, {
  params: fc.record({
    port: fc.constantFrom(...PORTS),
    protocol: fc.constantFrom('tcp', 'udp', 'all', '-1', '*'),
    direction: fc.constantFrom('inbound', 'outbound'),
    whitelist: fc.uniqueArray(fc.constantFrom(...CIDRS), { maxLength: 3 }),
  }),
  goes: (rule, flow, { port, protocol, direction, whitelist }) => {
    if (rule.egress !== (direction === 'outbound') || rule.cidr === undefined) return false;
    if (whitelist.some((range) => isIn(range, flow.end))) return false;
    if (rule.protocol === '-1') return ['all', '-1'].includes(protocol) && port === 0;
    return (
      ['tcp', 'udp'].includes(rule.protocol) && [rule.protocol, '*'].includes(protocol) && flow.port === port
    );
  },
});

test.each([
  ['-1 icmp inbound', { port: -1, protocol: 'icmp', direction: 'inbound' }],
  [
    '22 TCP Inbound 10.0.0.0/8',
    { port: 22, protocol: 'tcp', direction: 'inbound', whitelist: ['10.0.0.0/8'] },
  ],
])('the words %s', (text, expected) => {
  expect(readWords(catalogueEntry(bot, 'ec2'), splitWords(text))).toEqual({ params: expected });
});
