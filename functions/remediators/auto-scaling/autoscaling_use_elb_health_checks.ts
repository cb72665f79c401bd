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
    graceSeconds: z
      .int()
      .min(0)
      .max(7200)
      .default(300)
      .describe('seconds for which new instances are not judged; a group that gives more keeps its own'),
  }),
  from: { graceSeconds: 'config' },
  permissions: {
    read: ['autoscaling:DescribeAutoScalingGroups'],
    write: ['autoscaling:UpdateAutoScalingGroup'],
  },
  controls: {
    securityHub: ['AutoScaling.1'],
    config: ['AUTOSCALING_GROUP_ELB_HEALTHCHECK_REQUIRED'],
    prowler: ['autoscaling_group_elb_health_check_enabled'],
  },
  docs: {
    why: 'A group that asks EC2 alone keeps instances that run and no longer answer.',
    effect: [
      'The group replaces instances that its load balancer finds unhealthy, also such as it has kept until now.',
      'New instances have graceSeconds to become healthy.',
      'Groups without a load balancer are left alone; undo puts back what the group asked before, and its grace period.',
    ],
    references: ['https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-checks-overview.html'],
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
    backTo: (before) => before,
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
