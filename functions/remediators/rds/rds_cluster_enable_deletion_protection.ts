import { ModifyDBClusterCommand } from '@aws-sdk/client-rds';
import { DB_CLUSTER, clusterState } from './lib/clusters';
import { notReady } from './lib/rds';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'rds_cluster_enable_deletion_protection',
  title: 'Protect a database cluster from deletion',
  severity: 'low',
  risk: 'safe',
  permissions: { read: ['rds:DescribeDBClusters'], write: ['rds:ModifyDBCluster'] },
  controls: {
    securityHub: ['RDS.7', 'DocumentDB.5', 'Neptune.4'],
    config: [
      'RDS_CLUSTER_DELETION_PROTECTION_ENABLED',
      'DOCDB_CLUSTER_DELETION_PROTECTION_ENABLED',
      'NEPTUNE_CLUSTER_DELETION_PROTECTION_ENABLED',
    ],
    prowler: [
      'rds_cluster_deletion_protection',
      'documentdb_cluster_deletion_protection',
      'neptune_cluster_deletion_protection',
    ],
  },
  docs: {
    why: 'One call, by mistake or by somebody who got in, deletes a cluster that nothing protects.',
    effect: [
      'The cluster, of Aurora, DocumentDB, Neptune or Multi-AZ, cannot be deleted until somebody turns the protection off.',
      'Its instances can still be deleted one by one; the data stays with the cluster.',
      'Undo turns it off again.',
    ],
    references: ['https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBCluster.html'],
  },
  ...DB_CLUSTER,

  inspect: ({ rds }, { target: { id } }) =>
    clusterState(rds, id, ({ DeletionProtection = false }) => DeletionProtection),
  want: true,
  says: 'the cluster can be deleted with a single call',
  obstacle: ({ status }) => notReady(status),
  write: (DeletionProtection, { target: { id } }) => ({
    rds: new ModifyDBClusterCommand({ DBClusterIdentifier: id, DeletionProtection }),
  }),
});
