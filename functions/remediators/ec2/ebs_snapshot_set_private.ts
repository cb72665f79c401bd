import { DescribeSnapshotAttributeCommand, ModifySnapshotAttributeCommand } from '@aws-sdk/client-ec2';
import { SNAPSHOT } from './lib/types';
import { defineSetting } from '../../../shared/bot/setting';

const Attribute = 'createVolumePermission';

export const bot = defineSetting({
  ...SNAPSHOT,
  id: 'ebs_snapshot_set_private',
  title: 'Stop sharing an EBS snapshot with everyone',
  attribute: 'public',
  severity: 'critical',
  risk: 'disruptive',
  permissions: {
    read: ['ec2:DescribeSnapshotAttribute'],
    write: ['ec2:ModifySnapshotAttribute'],
    // It takes permissions away, and can give none.
    where: {
      'ec2:ModifySnapshotAttribute': { Null: { 'ec2:Add/group': 'true', 'ec2:Add/userId': 'true' } },
    },
  },

  inspect: async ({ ec2 }, { target: { id: SnapshotId } }) => {
    const found = await ec2.send(new DescribeSnapshotAttributeCommand({ SnapshotId, Attribute }));
    return { is: found.CreateVolumePermissions?.some(({ Group }) => Group === 'all') ?? false };
  },
  want: false,
  says: 'everyone can make volumes of the snapshot',
  write: (open, { target: { id: SnapshotId } }) => {
    const GroupNames = ['all'];
    const OperationType = open ? 'add' : 'remove';
    return { ec2: new ModifySnapshotAttributeCommand({ SnapshotId, Attribute, OperationType, GroupNames }) };
  },
});
