import { EC2Client } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { NARROWING, cutting, outside, trafficOf, words } from './lib/security-groups-changes';
import { defineBot } from '../../../shared/bot/bot';

const params = z.object({
  port: words.port.describe('the port, of TCP and of UDP'),
  cidr: words.range.describe('the address range that alone may stay admitted'),
  direction: words.direction,
});

export const bot = defineBot({
  id: 'sg_delete_not_matching_cidr',
  title: 'Close a port of a security group to all address ranges but one',
  resource: 'AWS::EC2::SecurityGroup',
  severity: 'high',
  risk: 'disruptive',
  kind: 'response',
  params,
  from: { port: 'finding', cidr: 'finding', direction: 'finding' },
  words: { order: ['port', 'cidr', 'direction'] },
  permissions: NARROWING,
  clients: { ec2: EC2Client },

  ...cutting<z.output<typeof params>>((rule, { cidr, ...asked }) => outside(rule, trafficOf(asked), [cidr])),
});
