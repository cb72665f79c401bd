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
  controls: {
    securityHub: ['ElastiCache.2'],
    config: ['ELASTICACHE_AUTO_MINOR_VERSION_UPGRADE_CHECK'],
    prowler: ['elasticache_redis_cluster_auto_minor_version_upgrades'],
  },
  docs: {
    why: 'Minor versions bring the security patches of the engine; without them, known holes stay open until somebody thinks of upgrading.',
    effect: [
      'ElastiCache upgrades the engine in the maintenance window when a new minor version is offered.',
      'For a node of a replication group, the group is changed; Memcached is left alone.',
      'Undo turns it off again, and does not take back a version.',
    ],
    references: ['https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagement.html'],
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
