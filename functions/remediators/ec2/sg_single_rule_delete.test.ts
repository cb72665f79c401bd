import fc from 'fast-check';
import { testBot } from '../../../testing/contract';
import {
  CIDRS,
  PORTS,
  type Scenario,
  groupWith,
  neighboursOf,
  testAlgebra,
  testScenarios,
} from './fixtures/security-groups';
import { bot } from './sg_single_rule_delete';

const [ADD, REMOVE] = ['ec2:AuthorizeSecurityGroupIngress', 'ec2:RevokeSecurityGroupIngress'];
const [ADD_OUT, REMOVE_OUT] = ['ec2:AuthorizeSecurityGroupEgress', 'ec2:RevokeSecurityGroupEgress'];
const ssh = { protocol: 'tcp', scope: '0.0.0.0/0', direction: 'inbound', port: 22 } as const;

testBot(bot, {
  violating: [
    {
      name: 'the rule itself',
      given: groupWith(['inbound tcp 22 from 0.0.0.0/0'], { owner: 'ana' }),
      params: { ...ssh, split: false },
      violation: /^rules admit what they must not: sgr-\w+ inbound tcp 22 from 0\.0\.0\.0\/0$/,
      writes: [REMOVE],
      untouched: neighboursOf,
    },
    {
      name: 'split around the port',
      given: groupWith(['inbound tcp 1-30 from ::/0']),
      params: { ...ssh, scope: '::/0' },
      violation: 'inbound tcp 1-30 from ::/0',
      writes: [ADD, REMOVE],
      untouched: neighboursOf,
    },
    {
      name: 'outbound',
      given: groupWith(['outbound udp 1-30 to 0.0.0.0/0']),
      params: { ...ssh, protocol: 'udp', direction: 'outbound' },
      violation: 'outbound udp 1-30 to 0.0.0.0/0',
      writes: [ADD_OUT, REMOVE_OUT],
      untouched: neighboursOf,
    },
    {
      name: 'split of all traffic would drop UDP and ICMP unsaid',
      given: groupWith(['inbound -1 from 0.0.0.0/0']),
      params: { ...ssh, protocol: 'all' },
      violation: 'inbound all traffic from 0.0.0.0/0 (cannot be narrowed)',
      writes: [],
      held: /admits all traffic from 0\.0\.0\.0\/0, and no rules can say all traffic but some: replace it by hand/,
    },
  ],
  compliant: [
    {
      name: 'not split: the port stands in a wider rule',
      given: groupWith(['inbound tcp 1-30 from 0.0.0.0/0', 'inbound -1 from 0.0.0.0/0']),
      params: { ...ssh, split: false },
    },
  ],
  gone: 'sg-0123456789abcdef0',
});

testScenarios(bot, [
  {
    name: 'at the start and at the end of a range',
    rules: ['inbound tcp 22-30 from 0.0.0.0/0', 'inbound tcp 2-22 from 0.0.0.0/0'],
    params: ssh,
    goes: ['inbound tcp 22-30 from 0.0.0.0/0', 'inbound tcp 2-22 from 0.0.0.0/0'],
    comes: ['inbound tcp 23-30 from 0.0.0.0/0', 'inbound tcp 2-21 from 0.0.0.0/0'],
  },
  {
    name: 'all rules that are meant, not only the first; what is there already is not made twice',
    rules: [
      'inbound tcp 22 from 0.0.0.0/0',
      'inbound tcp 20-22 from 0.0.0.0/0',
      'inbound tcp 20-21 from 0.0.0.0/0',
    ],
    params: ssh,
    goes: ['inbound tcp 22 from 0.0.0.0/0', 'inbound tcp 20-22 from 0.0.0.0/0'],
  },
  {
    name: 'wider and narrower scopes, other protocols and the other direction stay',
    rules: ['inbound tcp 22 from 0.0.0.0/1', 'inbound udp 22 from 0.0.0.0/0', 'outbound tcp 22 to 0.0.0.0/0'],
    params: ssh,
  },
  {
    name: 'port 0 stands for all ports: rules of the protocol for the range, whatever their ports',
    rules: [
      'inbound tcp 1-65535 from 8.8.8.8/32',
      'inbound tcp 1024-65535 from 8.8.8.8/32',
      'inbound tcp 22 from 8.8.8.8/32',
      'inbound udp 1-1000 from 8.8.8.8/32',
      'inbound tcp 1-1000 from 8.8.4.4/32',
    ],
    params: { ...ssh, scope: '8.8.8.8/32', port: 0 },
    goes: [
      'inbound tcp 1-65535 from 8.8.8.8/32',
      'inbound tcp 1024-65535 from 8.8.8.8/32',
      'inbound tcp 22 from 8.8.8.8/32',
    ],
  },
  {
    name: 'without a port, or without split: the rule for all ports, and no narrower one',
    rules: [
      'inbound tcp 0-65535 from 8.8.8.8/32',
      'inbound tcp 0-1024 from 8.8.8.8/32',
      'inbound tcp 0 from 8.8.8.8/32',
    ],
    params: { ...ssh, scope: '8.8.8.8/32', port: 0, split: false },
    goes: ['inbound tcp 0-65535 from 8.8.8.8/32'],
  },
  {
    name: 'the rule for all traffic, by its own name',
    rules: ['inbound -1 from 8.8.8.8/32', 'inbound tcp 22 from 8.8.8.8/32'],
    params: { ...ssh, split: false, protocol: 'all', scope: '8.8.8.8/32' },
    goes: ['inbound -1 from 8.8.8.8/32'],
  },
  {
    name: 'all ports whatever the protocol: the rule for all traffic too, ICMP alone not',
    rules: [
      'inbound -1 from 8.8.8.8/32',
      'inbound udp 0-65535 from 8.8.8.8/32',
      'inbound icmp 8 from 8.8.8.8/32',
    ],
    params: { ...ssh, protocol: '*', scope: '8.8.8.8/32', port: 0 },
    goes: ['inbound -1 from 8.8.8.8/32', 'inbound udp 0-65535 from 8.8.8.8/32'],
  },
  {
    name: 'one port whatever the protocol: all traffic cannot be narrowed',
    rules: ['inbound udp 22 from 8.8.8.8/32', 'inbound -1 from 8.8.8.8/32'],
    params: { ...ssh, protocol: '*', scope: '8.8.8.8/32' },
    goes: ['inbound udp 22 from 8.8.8.8/32'],
    ends: 'held',
  },
  {
    name: 'a scope with host bits',
    rules: ['inbound tcp 22 from 10.0.0.0/8'],
    params: { ...ssh, scope: '10.1.2.3/8' },
    goes: ['inbound tcp 22 from 10.0.0.0/8'],
  },
  {
    name: 'outbound, in a range',
    rules: ['outbound tcp 20-25 to ::/0', 'inbound tcp 20-25 from ::/0'],
    params: { ...ssh, scope: '::/0', direction: 'outbound' },
    goes: ['outbound tcp 20-25 to ::/0'],
    comes: ['outbound tcp 20-21 to ::/0', 'outbound tcp 23-25 to ::/0'],
  },
  { name: 'no rule at all that is meant', rules: [], params: ssh },
] satisfies Scenario[]);

testAlgebra(bot, {
  params: fc.record({
    split: fc.boolean(),
    protocol: fc.constantFrom('tcp', 'udp', 'all', '-1', '*'),
    scope: fc.constantFrom(...CIDRS),
    direction: fc.constantFrom('inbound', 'outbound'),
    port: fc.constantFrom(...PORTS),
  }),
  goes: (rule, flow, { split, protocol, scope, direction, port }) => {
    if (rule.egress !== (direction === 'outbound') || rule.cidr !== scope) return false;
    const all = protocol === 'all' || protocol === '-1';
    if (rule.protocol === '-1') return (all && (!split || port === 0)) || (protocol === '*' && port === 0);
    if (!['tcp', 'udp'].includes(rule.protocol) || ![rule.protocol, '*'].includes(protocol)) return false;
    if (port === 0) return split || (rule.from === 0 && rule.to === 65535);
    return flow.port === port && (split || rule.from === rule.to);
  },
});
