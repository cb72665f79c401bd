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
  controls: {
    securityHub: ['RDS.16', 'RDS.47', 'RDS.48', 'Neptune.8'],
    config: [
      'RDS_MYSQL_CLUSTER_COPY_TAGS_TO_SNAPSHOT_CHECK',
      'RDS_PGSQL_CLUSTER_COPY_TAGS_TO_SNAPSHOT_CHECK',
      'NEPTUNE_CLUSTER_COPY_TAGS_TO_SNAPSHOT_ENABLED',
    ],
    prowler: ['rds_cluster_copy_tags_to_snapshots', 'neptune_cluster_copy_tags_to_snapshots'],
  },
  docs: {
    why: 'Snapshots without the tags of their cluster escape the access rules and the housekeeping that go by tags.',
    effect: [
      'Snapshots made from now on carry the tags of the cluster; those that exist are not changed.',
      'DocumentDB has no such attribute, and is left alone.',
      'Undo turns it off again.',
    ],
    references: ['https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBCluster.html'],
  },
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
