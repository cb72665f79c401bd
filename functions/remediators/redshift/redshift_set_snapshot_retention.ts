import { ModifyClusterCommand } from '@aws-sdk/client-redshift';
import * as z from 'zod';
import { CLUSTER, clusterState, notReady } from './lib/clusters';
import { atLeast, defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'redshift_set_snapshot_retention',
  title: 'Keep the automated snapshots of a Redshift cluster long enough',
  severity: 'medium',
  risk: 'safe',
  params: z.object({
    days: z.int().min(1).max(35).default(7).describe('days; a cluster that keeps them longer is not changed'),
  }),
  from: { days: 'finding' },
  words: { order: ['days'] },
  permissions: { read: ['redshift:DescribeClusters'], write: ['redshift:ModifyCluster'] },
  ...CLUSTER,

  inspect: ({ redshift }, { target: { id } }) =>
    clusterState(
      redshift,
      id,
      ({ AutomatedSnapshotRetentionPeriod = 0 }) => AutomatedSnapshotRetentionPeriod,
    ),
  want: ({ days }) => atLeast(days),
  says: ({ is }, { params: { days } }) =>
    is === 0
      ? 'the cluster makes no automated snapshots'
      : `the cluster keeps automated snapshots for ${is} of ${days} days`,
  obstacle: ({ status }) => notReady(status),
  write: (AutomatedSnapshotRetentionPeriod, { target: { id } }) => ({
    redshift: new ModifyClusterCommand({ ClusterIdentifier: id, AutomatedSnapshotRetentionPeriod }),
  }),
});
