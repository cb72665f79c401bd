import {
  DescribeInstanceAttributeCommand,
  type EC2Client,
  type Instance,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { type Volume, snapshotAll } from './instances';

/** How it stands with an instance that is to be ended. */
export interface Ending {
  readonly ended: boolean;
  /** Why it must not be terminated. */
  readonly obstacle?: string;
  readonly volumes: readonly Volume[];
}

/** What a bot says that ends an instance: there is no way back. */
export const NO_WAY_BACK = 'a terminated instance does not come back: start another from its snapshots';

/** Why the instance must not be terminated; `undefined`: it may be. */
export async function obstacleToEnding(
  ec2: EC2Client,
  InstanceId: string,
  { Operator, RootDeviceType }: Instance,
): Promise<string | undefined> {
  if (Operator?.Managed) return `${Operator.Principal ?? 'an AWS service'} manages it: end it there`;
  if (RootDeviceType === 'instance-store') return 'its root is an instance store, which no snapshot can keep';
  const is = async (Attribute: 'disableApiTermination' | 'disableApiStop') =>
    ec2.send(new DescribeInstanceAttributeCommand({ InstanceId, Attribute }));
  const { DisableApiTermination } = await is('disableApiTermination');
  if (DisableApiTermination?.Value) return `it has termination protection${OFF}`;
  const { DisableApiStop } = await is('disableApiStop');
  return DisableApiStop?.Value ? `it has stop protection${OFF}` : undefined;
}

/** Snapshots of all volumes first, where they have no fresh ones; then, once these are completed, the end. */
export function endKeepingVolumes(id: string, { obstacle, volumes }: Ending) {
  if (obstacle !== undefined) return { held: obstacle };
  const fresh = volumes.map((volume) => volume.snapshots.filter((snapshot) => snapshot.fresh));
  if (fresh.some((snapshots) => snapshots.length === 0)) return [snapshotAll(id)];
  const open = fresh.filter((snapshots) => !snapshots.some(({ completed }) => completed)).flat();
  if (open.length > 0) {
    return { waiting: `it is terminated once these are completed: ${open.map((one) => one.id).join(', ')}` };
  }
  return [{ ec2: new TerminateInstancesCommand({ InstanceIds: [id] }) }];
}

const OFF = ': whoever turned it on has to turn it off first';
