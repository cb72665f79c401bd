import {
  AutoScalingClient,
  type AutoScalingGroup,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling';

/** What all bots on Auto Scaling groups share. */
export const AUTO_SCALING_GROUP = {
  resource: 'AWS::AutoScaling::AutoScalingGroup',
  clients: { autoscaling: AutoScalingClient },
} as const;

/** One group; `undefined`: there is none, or it is being deleted. Reads `autoscaling:DescribeAutoScalingGroups`. */
export async function groupNamed(
  autoscaling: AutoScalingClient,
  name: string,
): Promise<AutoScalingGroup | undefined> {
  const { AutoScalingGroups = [] } = await autoscaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
  );
  // Status is there only while the group is being deleted.
  return AutoScalingGroups.find(({ Status }) => Status === undefined);
}
