import * as z from 'zod';
import { interfacesIn } from './lib/security-groups';
import { readGroup, restore, revoke, said, sayings } from './lib/security-groups-changes';
import { SECURITY_GROUP } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...SECURITY_GROUP,
  id: 'sg_close_default',
  title: 'Remove all rules of the default security group of a VPC',
  severity: 'high',
  risk: 'disruptive',
  kind: 'posture',
  params: z.object({
    inUse: z.enum(['hold', 'close']).default('hold').describe('where interfaces use it: close cuts them off'),
  }),
  from: { inUse: 'config' },
  permissions: {
    read: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSecurityGroups', 'ec2:DescribeSecurityGroupRules'],
    write: ['ec2:RevokeSecurityGroupEgress', 'ec2:RevokeSecurityGroupIngress'],
    undo: ['ec2:AuthorizeSecurityGroupEgress', 'ec2:AuthorizeSecurityGroupIngress', 'ec2:CreateTags'],
  },

  async inspect({ ec2 }, { target: { id } }) {
    const group = await readGroup(ec2, id);
    const isFault = group.name === 'default' && group.rules.length > 0;
    return { ...group, interfaces: isFault ? await interfacesIn(ec2, id) : [] };
  },

  check: ({ name, rules }) =>
    name === 'default' && rules.length > 0
      ? `the default security group has rules: ${rules.map(said).join(', ')}`
      : undefined,

  plan: ({ rules, interfaces }, { target: { id }, params }) =>
    interfaces.length > 0 && params.inUse === 'hold'
      ? { held: `${id} is used by ${interfaces.join(', ')}: give them another group, or set inUse to close` }
      : revoke(id, rules),

  undo: (before, { target: { id }, now }) => restore(id, { remove: before.rules, add: [] }, now.rules),

  footprint: ({ rules }) => sayings(rules),
});
