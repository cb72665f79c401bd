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
