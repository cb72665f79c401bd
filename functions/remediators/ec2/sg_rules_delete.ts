import { cutting } from './lib/security-groups-changes';
import { SECURITY_GROUP } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...SECURITY_GROUP,
  id: 'sg_rules_delete',
  title: 'Remove all rules of a security group',
  severity: 'high',
  risk: 'disruptive',
  kind: 'response',
  permissions: {
    read: ['ec2:DescribeSecurityGroups', 'ec2:DescribeSecurityGroupRules'],
    write: ['ec2:RevokeSecurityGroupEgress', 'ec2:RevokeSecurityGroupIngress'],
    undo: ['ec2:AuthorizeSecurityGroupEgress', 'ec2:AuthorizeSecurityGroupIngress', 'ec2:CreateTags'],
  },

  ...cutting(({ egress }) => ({ traffic: { egress }, keep: [] })),
});
