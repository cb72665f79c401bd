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
  ...NARROWING,
  id: 'sg_single_rule_delete',
  title: 'Remove one rule of a security group, or one port from it',
  params,
  from: { split: 'finding', protocol: 'finding', scope: 'finding', direction: 'finding', port: 'finding' },
  words: { order: ['split', 'protocol', 'scope', 'direction', 'port'] },

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
