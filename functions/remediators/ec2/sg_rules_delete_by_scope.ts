import { EC2Client } from '@aws-sdk/client-ec2';
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
  id: 'sg_rules_delete_by_scope',
  aliases: ['intelligence_sg_rules_delete_by_scope'],
  title: 'Remove from the rules of a security group what they admit of an address range',
  resource: 'AWS::EC2::SecurityGroup',
  severity: 'high',
  risk: 'disruptive',
  kind: 'response',
  params,
  from: { scope: 'finding', direction: 'finding', port: 'finding', protocol: 'finding' },
  words: { order: ['scope', 'direction', 'port', 'protocol'] },
  permissions: NARROWING,
  docs: {
    why: 'A rule that admits a range which should not get in opens the port to all who sit there.',
    effect: [
      'Rules whose range is the scope or contains it stop admitting the scope on the port.',
      'A rule that says no more than that goes.',
      'One with a wider range or more ports is replaced by narrower rules for the rest, which keep its description, not its tags, and are there before it goes.',
      'Narrower ranges inside the scope, prefix lists and other groups stay.',
      'Scopes of IPv4 do not touch rules of IPv6.',
      'With * * protocols without ports go too.',
      'A rule for all traffic cannot be narrowed to a port or protocol, and a range is not cut into more than 16: such a rule stays, and the bot holds and says so.',
      'Undo brings the rules back with description and tags, under new ids.',
    ],
    references: ['https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html'],
  },
  clients: { ec2: EC2Client },

  ...cutting<z.output<typeof params>>((rule, { scope, ...asked }) => {
    const traffic = trafficOf(asked);
    if (rule.cidr === undefined || !contains(rule.cidr, scope) || !covers(rule, traffic)) return undefined;
    return { traffic, keep: subtract(rule.cidr, [scope]) };
  }),
});
