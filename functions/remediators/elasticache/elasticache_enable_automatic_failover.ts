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
      ? { held: `changing it now would also apply what waits for maintenance: ${pending.join(', ')}` }
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
