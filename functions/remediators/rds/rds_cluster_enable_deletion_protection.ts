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
