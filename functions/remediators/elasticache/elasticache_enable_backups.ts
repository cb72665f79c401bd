import { ModifyCacheClusterCommand, ModifyReplicationGroupCommand } from '@aws-sdk/client-elasticache';
import * as z from 'zod';
import { CACHE, cacheObstacle, cacheState, isNode } from './lib/caches';
import { atLeast, defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'elasticache_enable_backups',
  title: 'Back up a Redis or Valkey cache every day',
  severity: 'high',
  risk: 'safe',
  params: z.object({
    days: z.int().min(1).max(35).default(1).describe('days; a cache that keeps them longer is not changed'),
  }),
  from: { days: 'finding' },
  words: { order: ['days'] },
  permissions: {
    read: ['elasticache:DescribeReplicationGroups', 'elasticache:DescribeCacheClusters'],
    write: ['elasticache:ModifyReplicationGroup', 'elasticache:ModifyCacheCluster'],
  },
  ...CACHE,

  inspect: ({ elasticache }, { target }) =>
    cacheState(elasticache, target, ({ SnapshotRetentionLimit = 0 }) => SnapshotRetentionLimit),
  want: ({ days }) => atLeast(days),
  says: ({ is }, { params: { days } }) =>
    is === 0 ? 'the cache is not backed up' : `the cache keeps its backups for ${is} of ${days} days`,
  obstacle: (state) => cacheObstacle(state),
  write(SnapshotRetentionLimit, { target }, { is, shards }) {
    const { id } = target;
    if (isNode(target)) {
      return { elasticache: new ModifyCacheClusterCommand({ CacheClusterId: id, SnapshotRetentionLimit }) };
    }
    // With one shard, a group that made no backups has to be told from which node; the first is its primary.
    const [[primary, replica = primary] = [], ...others] = shards;
    const from = is === 0 && others.length === 0 && { SnapshottingClusterId: replica };
    return {
      elasticache: new ModifyReplicationGroupCommand({
        ReplicationGroupId: id,
        SnapshotRetentionLimit,
        ...from,
      }),
    };
  },
});
