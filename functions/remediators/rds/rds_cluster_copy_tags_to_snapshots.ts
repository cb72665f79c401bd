import { ModifyDBClusterCommand } from '@aws-sdk/client-rds';
import { DB_CLUSTER, clusterState } from './lib/clusters';
import { notReady } from './lib/rds';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'rds_cluster_copy_tags_to_snapshots',
  title: 'Copy the tags of a database cluster to its snapshots',
  severity: 'low',
  risk: 'safe',
  permissions: { read: ['rds:DescribeDBClusters'], write: ['rds:ModifyDBCluster'] },
  ...DB_CLUSTER,

  inspect: ({ rds }, { target: { id } }) =>
    clusterState(rds, id, ({ CopyTagsToSnapshot = false }) => CopyTagsToSnapshot),
  want: true,
  says: 'the tags of the cluster are not copied to its snapshots',
  obstacle: ({ engine, status }) =>
    engine === 'docdb' ? { notApplicable: 'DocumentDB has no such attribute' } : notReady(status),
  write: (CopyTagsToSnapshot, { target: { id } }) => ({
    rds: new ModifyDBClusterCommand({ DBClusterIdentifier: id, CopyTagsToSnapshot }),
  }),
});
