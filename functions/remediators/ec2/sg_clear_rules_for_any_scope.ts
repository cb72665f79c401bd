import { EC2Client } from '@aws-sdk/client-ec2';
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
  id: 'sg_clear_rules_for_any_scope',
  title: 'Close a port of a security group to all address ranges but those of a list',
  resource: 'AWS::EC2::SecurityGroup',
  severity: 'high',
  risk: 'disruptive',
  kind: 'response',
  params,
  from: { port: 'finding', protocol: 'finding', direction: 'finding', whitelist: 'finding' },
  words: { order: ['port', 'protocol', 'direction', 'whitelist'] },
  permissions: NARROWING,
  docs: {
    why: 'A port that only a few known ranges need should admit those and nobody else.',
    effect: [
      'On this port and protocol the group admits no IPv4 or IPv6 range any more, but what lies in the list.',
      'A rule inside the list stays as it is.',
      'One that is wider is narrowed to the part in the list, and one with more ports keeps the others: the narrower rules keep its description, not its tags, and are there before it goes.',
      'Prefix lists and other groups stay.',
      'A rule for all traffic cannot be narrowed to a port: it stays, the rest is done, and the bot holds and says so.',
      'Undo brings the rules back with description and tags, under new ids.',
    ],
    references: ['https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html'],
  },
  clients: { ec2: EC2Client },

  ...cutting<z.output<typeof params>>((rule, { whitelist, ...asked }) =>
    outside(rule, trafficOf(asked), whitelist),
  ),
});
