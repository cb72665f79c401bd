import * as z from 'zod';
import { contains, subtract } from '../../../shared/policy/ip';
import { NARROWING, covers, cutting, trafficOf, words } from './lib/security-groups-changes';
import { defineBot } from '../../../shared/bot/bot';

const params = z.object({
  scope: words.range.describe('the address range that must not be admitted: 0.0.0.0/0'),
  direction: words.direction,
  port: z.union([words.port, z.literal('*')]).describe('the port, or * for any'),
  protocol: z
    .enum(['tcp', 'udp', 'icmp', 'icmpv6', 'all', '-1', '*'])
    .describe('the protocol; all (or -1): only the rules for all traffic; *: any'),
});

export const bot = defineBot({
  ...NARROWING,
  id: 'sg_rules_delete_by_scope',
  aliases: ['intelligence_sg_rules_delete_by_scope'],
  title: 'Remove from the rules of a security group what they admit of an address range',
  params,
  from: { scope: 'finding', direction: 'finding', port: 'finding', protocol: 'finding' },
  words: { order: ['scope', 'direction', 'port', 'protocol'] },

  ...cutting<z.output<typeof params>>((rule, { scope, ...asked }) => {
    const traffic = trafficOf(asked);
    if (rule.cidr === undefined || !contains(rule.cidr, scope) || !covers(rule, traffic)) return undefined;
    return { traffic, keep: subtract(rule.cidr, [scope]) };
  }),
});
