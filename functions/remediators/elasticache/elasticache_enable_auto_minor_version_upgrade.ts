import { ModifyCacheClusterCommand, ModifyReplicationGroupCommand } from '@aws-sdk/client-elasticache';
import { CACHE, cacheObstacle, cacheState, isNode } from './lib/caches';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'elasticache_enable_auto_minor_version_upgrade',
  title: 'Upgrade the minor version of a Redis or Valkey cache automatically',
  severity: 'high',
  risk: 'safe',
  permissions: {
    read: ['elasticache:DescribeReplicationGroups', 'elasticache:DescribeCacheClusters'],
    write: ['elasticache:ModifyReplicationGroup', 'elasticache:ModifyCacheCluster'],
  },
  ...CACHE,

  inspect: ({ elasticache }, { target }) =>
    cacheState(elasticache, target, ({ AutoMinorVersionUpgrade = false }) => AutoMinorVersionUpgrade),
  want: true,
  says: 'the cache does not upgrade its minor version automatically',
  obstacle: (state) => cacheObstacle(state),
  write: (AutoMinorVersionUpgrade, { target }) => ({
    elasticache: isNode(target)
      ? new ModifyCacheClusterCommand({ CacheClusterId: target.id, AutoMinorVersionUpgrade })
      : new ModifyReplicationGroupCommand({ ReplicationGroupId: target.id, AutoMinorVersionUpgrade }),
  }),
});
