import { UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import * as z from 'zod';
import { AUTO_SCALING_GROUP, groupNamed } from './lib/groups';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'autoscaling_use_elb_health_checks',
  title: 'Let an Auto Scaling group use the health checks of its load balancer',
  attribute: 'health',
  severity: 'low',
  risk: 'disruptive',
  params: z.object({
    graceSeconds: z.int().min(0).max(7200).default(300).describe('seconds before new instances are judged'),
  }),
  from: { graceSeconds: 'config' },
  permissions: {
    read: ['autoscaling:DescribeAutoScalingGroups'],
    write: ['autoscaling:UpdateAutoScalingGroup'],
  },
  ...AUTO_SCALING_GROUP,

  async inspect({ autoscaling }, { target: { id } }) {
    const group = await groupNamed(autoscaling, id);
    if (!group) return undefined;
    const { HealthCheckType = 'EC2', HealthCheckGracePeriod: graceSeconds = 0 } = group;
    const { LoadBalancerNames = [], TargetGroupARNs = [], TrafficSources = [] } = group;
    const balancers = TrafficSources.filter(({ Type = '' }) => Type.startsWith('elb'));
    const isBalanced = [...LoadBalancerNames, ...TargetGroupARNs, ...balancers].length > 0;
    return { is: { checks: HealthCheckType.split(/, */), graceSeconds }, isBalanced };
  },
  want: ({ graceSeconds }) => ({
    isMetBy: ({ checks }) => checks.includes('ELB'),
    startingFrom: (is) => ({
      // EC2's own checks are always made; it is named only where there is nothing else.
      checks: [...is.checks.filter((check) => check !== 'EC2'), 'ELB'],
      graceSeconds: Math.max(is.graceSeconds, graceSeconds),
    }),
  }),
  says: 'the group does not ask its load balancer which instances are healthy',
  obstacle: ({ isBalanced }) => (isBalanced ? undefined : { notApplicable: 'it has no load balancer' }),
  write: ({ checks, graceSeconds }, { target: { id } }) => ({
    autoscaling: new UpdateAutoScalingGroupCommand({
      AutoScalingGroupName: id,
      HealthCheckType: checks.join(','),
      HealthCheckGracePeriod: graceSeconds,
    }),
  }),
});
