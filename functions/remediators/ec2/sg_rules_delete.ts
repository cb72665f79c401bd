import { EC2Client } from '@aws-sdk/client-ec2';
import { cutting } from './lib/security-groups-changes';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'sg_rules_delete',
  title: 'Remove all rules of a security group',
  resource: 'AWS::EC2::SecurityGroup',
  severity: 'high',
  risk: 'disruptive',
  kind: 'response',
  permissions: {
    read: ['ec2:DescribeSecurityGroups', 'ec2:DescribeSecurityGroupRules'],
    write: ['ec2:RevokeSecurityGroupEgress', 'ec2:RevokeSecurityGroupIngress'],
    undo: ['ec2:AuthorizeSecurityGroupEgress', 'ec2:AuthorizeSecurityGroupIngress', 'ec2:CreateTags'],
  },
  docs: {
    why: 'A group that nobody should rely on, or that is part of an incident, admits nothing once its rules are gone.',
    effect: [
      'All rules of the group go, inbound and outbound, by their ids: address ranges, prefix lists and other groups.',
      'Whatever uses only this group is cut off from the network.',
      'Connections that are tracked already may live on.',
      'The group itself stays, and so do rules of other groups that name it.',
      'Undo brings all rules back with description and tags, under new ids.',
    ],
    references: [
      'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RevokeSecurityGroupIngress.html',
      'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-connection-tracking.html',
    ],
  },
  clients: { ec2: EC2Client },

  ...cutting(({ egress }) => ({ traffic: { egress }, keep: [] })),
});
