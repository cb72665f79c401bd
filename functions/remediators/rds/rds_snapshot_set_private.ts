import { DescribeDBSnapshotAttributesCommand, ModifyDBSnapshotAttributeCommand } from '@aws-sdk/client-rds';
import { isShared, sharing } from './lib/rds';
import { DB_SNAPSHOT } from './lib/snapshots';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'rds_snapshot_set_private',
  title: 'Stop sharing a database snapshot with everyone',
  attribute: 'public',
  severity: 'critical',
  risk: 'disruptive',
  permissions: { read: ['rds:DescribeDBSnapshotAttributes'], write: ['rds:ModifyDBSnapshotAttribute'] },
  ...DB_SNAPSHOT,

  inspect: async ({ rds }, { target: { id } }) => {
    const found = await rds.send(new DescribeDBSnapshotAttributesCommand({ DBSnapshotIdentifier: id }));
    return { is: isShared(found.DBSnapshotAttributesResult?.DBSnapshotAttributes) };
  },
  want: false,
  says: 'everyone can restore the snapshot',
  write: (open, { target: { id } }) => ({
    rds: new ModifyDBSnapshotAttributeCommand({ DBSnapshotIdentifier: id, ...sharing(open) }),
  }),
});
