import { EC2Client } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { isEqual } from '../../../shared/policy/ip';
import { NARROWING, type Traffic, covers, cutting, trafficOf, words } from './lib/security-groups-changes';
import { defineBot } from '../../../shared/bot/bot';

const params = z.object({
  split: z
    .boolean()
    .default(true)
    .describe('true: a rule with more ports is narrowed around the port; false: it stays'),
  protocol: words.protocol,
  scope: words.range.describe('the address range of the rule, exactly: 0.0.0.0/0'),
  direction: words.direction,
  port: words.port
    .optional()
    .describe(
      'the port; 0 stands for all ports: with split, rules for whatever ports; not given: the rule for all',
    ),
});

export const bot = defineBot({
  id: 'sg_single_rule_delete',
  title: 'Remove one rule of a security group, or one port from it',
  resource: 'AWS::EC2::SecurityGroup',
  severity: 'high',
  risk: 'disruptive',
  kind: 'response',
  params,
  from: { split: 'finding', protocol: 'finding', scope: 'finding', direction: 'finding', port: 'finding' },
  words: { order: ['split', 'protocol', 'scope', 'direction', 'port'] },
  permissions: NARROWING,
  docs: {
    why: 'One rule that opens a port to the wrong range is the whole fault; the rules beside it are somebody’s work.',
    effect: [
      'The rule for exactly this range, protocol and port goes.',
      'With split, rules for more ports are replaced by rules for the ports around it, which keep the description, not the tags, and are there before the old rule goes.',
      'Without a port the rule for all ports of the protocol goes, and with protocol all the rule for all traffic.',
      'Port 0 stands for all ports: with split, all rules of the protocol for this range go, whatever their ports.',
      'Other ranges, wider or narrower, prefix lists and other groups stay.',
      'A rule for all traffic cannot be narrowed around a port or protocol: with split the bot holds on it.',
      'Undo brings the rule back with description and tags, under a new id, and removes the narrower ones.',
    ],
    references: ['https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html'],
  },
  clients: { ec2: EC2Client },

  ...cutting<z.output<typeof params>>((rule, { split, scope, port, ...words }) => {
    if (rule.cidr === undefined || !isEqual(rule.cidr, scope)) return undefined;
    const { egress, protocol } = trafficOf(words);
    const isEvery = port === undefined || port === 0;
    const ports: readonly [number, number] = isEvery ? [0, 65535] : [port, port];
    const asked: Traffic = { egress, ...(protocol !== undefined && { protocol }), ports };
    const whatever: Traffic = { ...asked, ports: [rule.from, rule.to] };
    if (port === 0 && split && rule.protocol !== '-1' && covers(rule, whatever)) {
      return { traffic: { egress }, keep: [] };
    }
    if (!covers(rule, asked)) return undefined;
    const isAll = rule.protocol === '-1' && (protocol === '-1' ? !split || isEvery : !protocol && isEvery);
    const isExact = rule.protocol !== '-1' && rule.from === ports[0] && rule.to === ports[1];
    if (isAll || isExact) return { traffic: { egress }, keep: [] };
    return split ? { traffic: asked, keep: [] } : undefined;
  }),
});
