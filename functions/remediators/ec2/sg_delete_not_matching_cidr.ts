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
  docs: {
    why: 'A port that is meant for one network alone should admit that network and nobody else.',
    effect: [
      'On this port, of TCP and of UDP, the group admits no address outside the range any more.',
      'A rule inside the range stays as it is.',
      'One that is wider is narrowed to the range, one for other addresses or for the other IP version goes, and one with more ports keeps the others: the narrower rules keep its description, not its tags, and are there before it goes.',
      'Prefix lists and other groups stay.',
      'A rule for all traffic cannot be narrowed to a port: it stays, the rest is done, and the bot holds and says so.',
      'Undo brings the rules back with description and tags, under new ids.',
    ],
    references: ['https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html'],
  },
  clients: { ec2: EC2Client },

  ...cutting<z.output<typeof params>>((rule, { cidr, ...asked }) => outside(rule, trafficOf(asked), [cidr])),
});
