import { ModifyDBClusterCommand } from '@aws-sdk/client-rds';
import { DB_CLUSTER, clusterState } from './lib/clusters';
import { notReady } from './lib/rds';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'rds_cluster_enable_auto_minor_version_upgrade',
  title: 'Upgrade the minor version of a database cluster automatically',
  severity: 'medium',
  risk: 'safe',
  permissions: { read: ['rds:DescribeDBClusters'], write: ['rds:ModifyDBCluster'] },
  ...DB_CLUSTER,

  // Where RDS says nothing, the cluster does not have it.
  inspect: ({ rds }, { target: { id } }) =>
    clusterState(rds, id, ({ AutoMinorVersionUpgrade = null }) => AutoMinorVersionUpgrade),
  want: true,
  says: 'the cluster does not upgrade its minor version automatically',
  obstacle: ({ is, engine, status }) =>
    is === null || /^(docdb|neptune)$/.test(engine)
      ? { notApplicable: 'its instances have it each for itself' }
      : notReady(status),
  write: (on, { target: { id } }) => ({
    rds: new ModifyDBClusterCommand({ DBClusterIdentifier: id, AutoMinorVersionUpgrade: on ?? undefined }),
  }),
});
