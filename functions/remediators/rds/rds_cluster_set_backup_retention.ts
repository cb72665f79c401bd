import { ModifyDBClusterCommand } from '@aws-sdk/client-rds';
import * as z from 'zod';
import { DB_CLUSTER, clusterState } from './lib/clusters';
import { notReady } from './lib/rds';
import { atLeast, defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'rds_cluster_set_backup_retention',
  title: 'Keep the backups of a database cluster long enough',
  severity: 'medium',
  risk: 'safe',
  params: z.object({
    days: z.int().min(1).max(35).default(7).describe('days; a cluster that keeps them longer is not changed'),
  }),
  from: { days: 'finding' },
  words: { order: ['days'] },
  permissions: { read: ['rds:DescribeDBClusters'], write: ['rds:ModifyDBCluster'] },
  controls: {
    securityHub: ['DocumentDB.2', 'Neptune.5'],
    config: [
      'DOCDB_CLUSTER_BACKUP_RETENTION_CHECK',
      'NEPTUNE_CLUSTER_BACKUP_RETENTION_CHECK',
      'RDS_CLUSTER_BACKUP_RETENTION_CHECK',
    ],
    prowler: ['documentdb_cluster_backup_enabled', 'neptune_cluster_backup_enabled'],
  },
  docs: {
    why: 'Damage that is noticed after the last backup has expired cannot be put right.',
    effect: [
      'RDS keeps automated backups for so many days, which costs storage; the period is never shortened.',
      'Clusters of Aurora, DocumentDB, Neptune and Multi-AZ are changed alike; one that is busy is waited for.',
      'Undo shortens the period again, and backups that are older are lost.',
    ],
    references: ['https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBCluster.html'],
  },
  ...DB_CLUSTER,

  inspect: ({ rds }, { target: { id } }) =>
    clusterState(rds, id, ({ BackupRetentionPeriod = 1 }) => BackupRetentionPeriod),
  want: ({ days }) => atLeast(days),
  says: ({ is }, { params: { days } }) => `the cluster keeps its backups for ${is} of ${days} days`,
  obstacle: ({ status }) => notReady(status),
  write: (BackupRetentionPeriod, { target: { id } }) => ({
    rds: new ModifyDBClusterCommand({ DBClusterIdentifier: id, BackupRetentionPeriod }),
  }),
});
