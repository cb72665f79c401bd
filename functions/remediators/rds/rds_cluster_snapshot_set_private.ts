import {
  DescribeDBClusterSnapshotAttributesCommand,
  ModifyDBClusterSnapshotAttributeCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { isShared, sharing } from './lib/rds';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'rds_cluster_snapshot_set_private',
  title: 'Stop sharing a snapshot of a database cluster with everyone',
  attribute: 'public',
  resource: 'AWS::RDS::DBClusterSnapshot',
  severity: 'critical',
  risk: 'disruptive',
  permissions: {
    read: ['rds:DescribeDBClusterSnapshotAttributes'],
    write: ['rds:ModifyDBClusterSnapshotAttribute'],
  },
  clients: { rds: RDSClient },
  gone: ['DBClusterSnapshotNotFoundFault'],

  inspect: async ({ rds }, { target: { id } }) => {
    const found = await rds.send(
      new DescribeDBClusterSnapshotAttributesCommand({ DBClusterSnapshotIdentifier: id }),
    );
    return { is: isShared(found.DBClusterSnapshotAttributesResult?.DBClusterSnapshotAttributes) };
  },
  want: false,
  says: 'everyone can restore the snapshot',
  write: (open, { target: { id } }) => ({
    rds: new ModifyDBClusterSnapshotAttributeCommand({ DBClusterSnapshotIdentifier: id, ...sharing(open) }),
  }),
});
