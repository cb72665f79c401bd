import {
  DescribeInstanceAttributeCommand,
  type EC2Client,
  type Instance,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { type Volume, snapshotAll } from './instances';
import { INSTANCE } from './types';
import type { Context } from '../../../../shared/bot/bot';

/** How it stands with an instance that is to be ended. */
export interface Ending {
  readonly ended: boolean;
  /** Why it must not be terminated. */
  readonly obstacle?: string;
  readonly volumes: readonly Volume[];
}

/** What the bots share that terminate instances and keep their volumes in snapshots. */
export const TERMINATING = {
  ...INSTANCE,
  risk: 'destructive',
  passes: 2,
  permissions: {
    read: [
      'ec2:DescribeInstances',
      'ec2:DescribeInstanceAttribute',
      'ec2:DescribeVolumes',
      'ec2:DescribeSnapshots',
    ],
    write: ['ec2:CreateSnapshots', 'ec2:CreateTags', 'ec2:TerminateInstances'],
    undo: [],
  },
  plan: (state: Ending, { target: { id } }: Context<unknown>) => endKeepingVolumes(id, state),
  undo: () => ({
    irreversible: 'a terminated instance does not come back: start another from its snapshots',
  }),
} as const;

const STOP = { Attribute: 'disableApiStop', name: 'stop protection' } as const;
const TERMINATION = { Attribute: 'disableApiTermination', name: 'termination protection' } as const;

/** What stands against the end of an instance, by its kind. */
const AGAINST = {
  stop: { store: 'which cannot be stopped, only terminated', protections: [STOP] },
  terminate: { store: 'which no snapshot can keep', protections: [TERMINATION, STOP] },
} as const;

/** Why the instance must not be stopped, or terminated; `undefined`: it may be. */
export async function obstacleTo(
  end: keyof typeof AGAINST,
  ec2: EC2Client,
  { InstanceId, Operator, RootDeviceType }: Instance,
): Promise<string | undefined> {
  const { store, protections } = AGAINST[end];
  if (Operator?.Managed) return `${Operator.Principal ?? 'an AWS service'} manages it: ${end} it there`;
  if (RootDeviceType === 'instance-store') return `its root is an instance store, ${store}`;
  for (const { Attribute, name } of protections) {
    const found = await ec2.send(new DescribeInstanceAttributeCommand({ InstanceId, Attribute }));
    if (found.DisableApiStop?.Value || found.DisableApiTermination?.Value)
      return `it has ${name}: whoever turned it on has to turn it off first`;
  }
  return undefined;
}

/** Snapshots of all volumes first, where they have no fresh ones; then, once these are completed, the end. */
function endKeepingVolumes(id: string, { obstacle, volumes }: Ending) {
  if (obstacle !== undefined) return { held: obstacle };
  const fresh = volumes.map((volume) => volume.snapshots.filter((snapshot) => snapshot.fresh));
  if (fresh.some((snapshots) => snapshots.length === 0)) return [snapshotAll(id)];
  const open = fresh.filter((snapshots) => !snapshots.some(({ completed }) => completed)).flat();
  if (open.length > 0) {
    return { waiting: `it is terminated once these are completed: ${open.map((one) => one.id).join(', ')}` };
  }
  return [{ ec2: new TerminateInstancesCommand({ InstanceIds: [id] }) }];
}
