import { DeleteSnapshotCommand } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { liveInstance, snapshotAll, volumesOf } from './lib/instances';
import { INSTANCE } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...INSTANCE,
  id: 'ec2_create_snapshot',
  title: 'Take snapshots of all volumes of an EC2 instance',
  severity: 'medium',
  risk: 'safe',
  kind: 'response',
  params: z.object({
    freshHours: z.number().positive().max(720).default(1).describe('hours that a snapshot counts as new'),
  }),
  from: { freshHours: 'finding' },
  permissions: {
    read: ['ec2:DescribeInstances', 'ec2:DescribeVolumes', 'ec2:DescribeSnapshots'],
    write: ['ec2:CreateSnapshots', 'ec2:CreateTags'],
    undo: ['ec2:DeleteSnapshot'],
  },

  async inspect({ ec2 }, { target: { id }, params }) {
    const instance = await liveInstance(ec2, id);
    return instance && { volumes: await volumesOf(ec2, id, params.freshHours) };
  },

  check({ volumes }, { params: { freshHours } }) {
    if (volumes.length === 0) return 'the instance has no EBS volume of which a snapshot could be kept';
    const stale = volumes.filter(({ snapshots }) => !snapshots.some(({ fresh }) => fresh));
    const list = stale.map(({ id }) => id).join(', ');
    return list ? `no snapshot of the last ${freshHours} hours: ${list}` : undefined;
  },

  plan: ({ volumes }, { target: { id } }) =>
    volumes.length > 0 ? [snapshotAll(id)] : { held: 'its disks are instance stores: copy them from inside' },

  undo(before, { now }) {
    const kept = idsOf(before);
    const made = idsOf(now).filter((id) => !kept.includes(id));
    return made.map((SnapshotId) => ({ ec2: new DeleteSnapshotCommand({ SnapshotId }) }));
  },

  // Snapshots grow old and get completed by themselves.
  footprint: ({ volumes }) => volumes.map(({ id, snapshots }) => [id, ...snapshots.map((one) => one.id)]),
});

function idsOf({ volumes }: { readonly volumes: Awaited<ReturnType<typeof volumesOf>> }): string[] {
  return volumes.flatMap(({ snapshots }) => snapshots.map(({ id }) => id));
}
