import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLoadBalancerCommand,
  ElasticLoadBalancingClient,
} from '@aws-sdk/client-elastic-load-balancing';
import { type Account } from '../../../testing/contract';
import { testSetting } from '../../../testing/setting';
import { bot } from './autoscaling_use_elb_health_checks';

const AvailabilityZones = ['eu-west-1a'];

const groups = async (
  { client }: Account,
  { checks, graceSeconds }: { checks: readonly string[]; graceSeconds: number },
  isBalanced = true,
) => {
  const autoscaling = client(AutoScalingClient);
  const LaunchConfigurationName = 'web';
  const listener = { Protocol: 'HTTP', LoadBalancerPort: 80, InstancePort: 80 };
  await client(ElasticLoadBalancingClient).send(
    new CreateLoadBalancerCommand({ LoadBalancerName: 'web', Listeners: [listener], AvailabilityZones }),
  );
  await autoscaling.send(
    new CreateLaunchConfigurationCommand({
      LaunchConfigurationName,
      ImageId: 'ami-12c6146b',
      InstanceType: 't3.micro',
    }),
  );
  for (const AutoScalingGroupName of ['neighbour', 'web']) {
    await autoscaling.send(
      new CreateAutoScalingGroupCommand({
        ...{ AutoScalingGroupName, LaunchConfigurationName, AvailabilityZones, MinSize: 0, MaxSize: 2 },
        HealthCheckType: checks.join(','),
        HealthCheckGracePeriod: graceSeconds,
        ...(isBalanced && { LoadBalancerNames: ['web'] }),
      }),
    );
  }
  return 'web';
};

testSetting(bot, {
  wrong: { checks: ['EC2'], graceSeconds: 60 },
  right: { checks: ['ELB'], graceSeconds: 300 },
  given: groups,
  violation: 'the group does not ask its load balancer',
  writes: ['autoscaling:UpdateAutoScalingGroup'],
  untouched: async ({ client }, id) => {
    const reply = await client(AutoScalingClient).send(new DescribeAutoScalingGroupsCommand({}));
    return reply.AutoScalingGroups?.map(({ HealthCheckType, HealthCheckGracePeriod, ...rest }) =>
      rest.AutoScalingGroupName === id ? rest : { ...rest, HealthCheckType, HealthCheckGracePeriod },
    );
  },
  gone: 'no-such-group',
  more: {
    compliant: [
      {
        name: 'no load balancer',
        given: (account) => groups(account, { checks: ['EC2'], graceSeconds: 0 }, false),
      },
    ],
  },
});

describe('autoscaling_use_elb_health_checks', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'web' };
  const context = { target, params: { graceSeconds: 300 } };

  test('other checks and a longer grace period stay', () => {
    const state = { is: { checks: ['EC2', 'EBS'], graceSeconds: 900 }, isBalanced: true };
    expect(bot.plan(state, context)).toMatchObject([
      { autoscaling: { input: { HealthCheckType: 'EBS,ELB', HealthCheckGracePeriod: 900 } } },
    ]);
  });
});
