import * as z from 'zod';
import { NARROWING, cutting, outside, trafficOf, words } from './lib/security-groups-changes';
import { defineBot } from '../../../shared/bot/bot';

const params = z.object({
  port: words.port.describe('the port, of TCP and of UDP'),
  cidr: words.range.describe('the address range that alone may stay admitted'),
  direction: words.direction,
});

export const bot = defineBot({
  ...NARROWING,
  id: 'sg_delete_not_matching_cidr',
  title: 'Close a port of a security group to all address ranges but one',
  params,
  from: { port: 'finding', cidr: 'finding', direction: 'finding' },
  words: { order: ['port', 'cidr', 'direction'] },

  ...cutting<z.output<typeof params>>((rule, { cidr, ...asked }) => outside(rule, trafficOf(asked), [cidr])),
});
