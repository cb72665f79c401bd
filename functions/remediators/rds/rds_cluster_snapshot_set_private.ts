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
  controls: {
    securityHub: ['DocumentDB.3', 'Neptune.3', 'RDS.1'],
    config: ['RDS_SNAPSHOTS_PUBLIC_PROHIBITED'],
    prowler: [
      'documentdb_cluster_public_snapshot',
      'neptune_cluster_public_snapshot',
      'rds_snapshots_public_access',
    ],
  },
  docs: {
    why: 'Everybody can restore a public snapshot into a cluster of their own and read all of it.',
    effect: [
      'Strangers can no longer copy or restore the snapshot; what they have copied stays copied, and accounts that are named keep their right.',
      'Snapshots of Neptune and DocumentDB clusters are among them.',
      'Undo makes it public again.',
    ],
    references: [
      'https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBClusterSnapshotAttribute.html',
    ],
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
