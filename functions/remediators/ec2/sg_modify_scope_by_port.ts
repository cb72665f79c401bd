import * as z from 'zod';
import { contains, isEqual } from '../../../shared/policy/ip';
import { NARROWING, covers, cutting, said, trafficOf, words } from './lib/security-groups-changes';
import { defineBot } from '../../../shared/bot/bot';

const params = z.object({
  port: words.port.describe('the port, of TCP and of UDP'),
  from: z
    .union([words.range, z.literal('*')])
    .describe('the range to replace, exactly, or * for any outside the new one'),
  to: words.range.describe('the range to admit in its place'),
  direction: words.direction,
});

export const bot = defineBot({
  ...NARROWING,
  id: 'sg_modify_scope_by_port',
  title: 'Replace the address range that a security group admits on a port',
  params,
  from: { port: 'finding', from: 'finding', to: 'config', direction: 'finding' },
  words: { order: ['port', 'from', 'to', 'direction'] },

  ...cutting<z.output<typeof params>>((rule, { from, to, ...asked }) => {
    const traffic = trafficOf(asked);
    if (rule.cidr === undefined || !covers(rule, traffic)) return undefined;
    const isMeant = from === '*' ? !contains(to, rule.cidr) : isEqual(rule.cidr, from) && !isEqual(from, to);
    if (!isMeant) return undefined;
    if (contains(to, rule.cidr)) return { held: `${said(rule)}: ${to} would admit more than that` };
    return { traffic, keep: [to] };
  }),
});
