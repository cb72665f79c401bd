import * as z from 'zod';
import { NARROWING, cutting, outside, trafficOf, words } from './lib/security-groups-changes';
import { defineBot } from '../../../shared/bot/bot';

const params = z.object({
  port: z.int().min(-1).max(65535).describe('the port that must be closed; -1: all ports, or types of ICMP'),
  protocol: z
    .enum([...words.protocol.options, 'icmp', 'icmpv6'])
    .describe('tcp, udp, icmp or icmpv6; all (or -1): the rules for all traffic; *: whatever the protocol'),
  direction: words.direction,
  whitelist: z.array(words.range).default([]).describe('address ranges that stay admitted'),
});

export const bot = defineBot({
  ...NARROWING,
  id: 'sg_clear_rules_for_any_scope',
  title: 'Close a port of a security group to all address ranges but those of a list',
  params,
  from: { port: 'finding', protocol: 'finding', direction: 'finding', whitelist: 'finding' },
  words: { order: ['port', 'protocol', 'direction', 'whitelist'] },

  ...cutting<z.output<typeof params>>((rule, { whitelist, ...asked }) =>
    outside(rule, trafficOf(asked), whitelist),
  ),
});
