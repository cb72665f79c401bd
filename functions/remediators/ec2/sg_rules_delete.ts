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
  clients: { ec2: EC2Client },

  ...cutting(({ egress }) => ({ traffic: { egress }, keep: [] })),
});
