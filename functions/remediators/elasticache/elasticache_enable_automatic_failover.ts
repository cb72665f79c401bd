import { ElastiCacheClient, ModifyReplicationGroupCommand } from '@aws-sdk/client-elasticache';
import { groupNow, notReady, shardsOf } from './lib/caches';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'elasticache_enable_automatic_failover',
  title: 'Let a replica take over when the primary of a cache fails',
  resource: 'AWS::ElastiCache::ReplicationGroup',
  severity: 'medium',
  risk: 'safe',
  permissions: {
    read: ['elasticache:DescribeReplicationGroups'],
    write: ['elasticache:ModifyReplicationGroup'],
  },
  controls: {
    securityHub: ['ElastiCache.3'],
    config: ['ELASTICACHE_REPL_GRP_AUTO_FAILOVER_ENABLED'],
    prowler: ['elasticache_redis_cluster_automatic_failover_enabled'],
  },
  docs: {
    why: 'Without it the cache takes no writes from the failure of its primary until somebody promotes a replica.',
    effect: [
      'ElastiCache promotes a replica by itself when the primary fails; the endpoints stay.',
      'A group with a shard that has no replica is held, and so is one with other changes that wait for the maintenance window.',
      'Undo turns it off again.',
    ],
    references: ['https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html'],
  },
  clients: { elasticache: ElastiCacheClient },
  gone: ['ReplicationGroupNotFoundFault'],

  async inspect({ elasticache }, { target: { id } }) {
    const found = await groupNow(elasticache, id);
    if (!found) return undefined;
    const { AutomaticFailover = 'disabled', Status: status = '', PendingModifiedValues = {} } = found;
    return {
      is: AutomaticFailover === 'enabled',
      changing: AutomaticFailover.endsWith('ing'),
      status,
      hasReplicas: shardsOf(found).every((nodes) => nodes.length > 1),
      pending: Object.entries(PendingModifiedValues).flatMap(([name, value]) =>
        value === undefined || name === 'AutomaticFailoverStatus' ? [] : [name],
      ),
    };
  },
  want: true,
  says: 'no replica takes over when the primary fails',
  obstacle({ status, changing, hasReplicas, pending }) {
    if (changing) return { waiting: 'ElastiCache is changing it' };
    if (!hasReplicas) return { held: 'a shard has no replica that could take over: add one first' };
    return pending.length > 0
      ? {
          held: `changing it now would also apply what waits for the maintenance window: ${pending.join(', ')}`,
        }
      : notReady(status);
  },
  write: (AutomaticFailoverEnabled, { target: { id } }) => ({
    elasticache: new ModifyReplicationGroupCommand({
      ReplicationGroupId: id,
      AutomaticFailoverEnabled,
      ApplyImmediately: true,
    }),
  }),
});
