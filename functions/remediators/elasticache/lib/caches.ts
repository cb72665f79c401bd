import {
  type CacheCluster,
  DescribeCacheClustersCommand,
  DescribeReplicationGroupsCommand,
  ElastiCacheClient,
  type ReplicationGroup,
} from '@aws-sdk/client-elasticache';
import { undefinedIfGone } from '../../../../shared/aws/errors';
import type { Finder } from '../../../../shared/bot/bot';
import { readiness } from '../../../../shared/bot/obstacles';
import type { Target } from '../../../../shared/resources/target';

const NODE = 'AWS::ElastiCache::CacheCluster';
const GONE = ['CacheClusterNotFoundFault', 'ReplicationGroupNotFoundFault'] as const;

/** What Redis calls one cache, be it one node or a group of nodes. */
export interface CacheState {
  readonly status: string;
  readonly engine: string;
  /** It is a node of a replication group, which has the attributes of all of its nodes. */
  readonly isMember: boolean;
  /** See {@link shardsOf}; a node by itself has none. */
  readonly shards: readonly (readonly string[])[];
}

/** What both have that is not a node of a group. */
type Cache = Pick<CacheCluster & ReplicationGroup, 'SnapshotRetentionLimit' | 'AutoMinorVersionUpgrade'>;

/** Whether the target is a node by itself; else it is a replication group. */
export function isNode({ type }: Target): boolean {
  return type === NODE;
}

/** A replication group; `undefined`: there is none, or it is being deleted. */
export async function groupNow(
  elasticache: ElastiCacheClient,
  ReplicationGroupId: string,
): Promise<ReplicationGroup | undefined> {
  const { ReplicationGroups = [] } = await elasticache.send(
    new DescribeReplicationGroupsCommand({ ReplicationGroupId }),
  );
  return ReplicationGroups.find(({ Status }) => Status !== 'deleting');
}

/** One attribute of a cache, with what {@link CacheState} adds; `undefined`: the cache is gone. */
export async function cacheState<V>(
  elasticache: ElastiCacheClient,
  target: Target,
  read: (found: Cache) => V,
): Promise<({ readonly is: V } & CacheState) | undefined> {
  if (isNode(target)) {
    const found = await nodeNow(elasticache, target.id);
    if (!found) return undefined;
    const { CacheClusterStatus: status = '', Engine: engine = '', ReplicationGroupId } = found;
    return { is: read(found), status, engine, isMember: ReplicationGroupId !== undefined, shards: [] };
  }
  const found = await groupNow(elasticache, target.id);
  if (!found) return undefined;
  const { Status: status = '', Engine: engine = 'redis' } = found;
  return { is: read(found), status, engine, isMember: false, shards: shardsOf(found) };
}

/** The shards of a group, with the names of their nodes; without cluster mode, the primary is the first. */
export function shardsOf({ NodeGroups = [] }: ReplicationGroup): string[][] {
  return NodeGroups.map(({ NodeGroupMembers = [] }) => {
    const primaries = NodeGroupMembers.filter(({ CurrentRole }) => CurrentRole === 'primary');
    const nodes = new Set([...primaries, ...NodeGroupMembers].map(({ CacheClusterId }) => CacheClusterId));
    return [...nodes].flatMap((name) => name ?? []);
  });
}

/** Why an attribute of a cache cannot be changed now, or means nothing for it. */
export function cacheObstacle({ status, engine, isMember }: CacheState) {
  if (engine === 'memcached') return { notApplicable: 'Memcached does not have it' };
  if (isMember) return { notApplicable: 'its replication group has it' };
  return notReady(status);
}

/** Why a cache in this state takes no changes now; `undefined`: it does. Source: ElastiCache API, Status. */
export const notReady = readiness(
  'ElastiCache',
  'available',
  /^(create-failed|restore-failed|incompatible-)/,
);

/** A node of a replication group has its attributes from there. */
const findCache: Finder<{ elasticache: typeof ElastiCacheClient }> = {
  actions: ['elasticache:DescribeCacheClusters'],
  async find({ elasticache }, target) {
    if (!isNode(target)) return target;
    const found = await undefinedIfGone(nodeNow(elasticache, target.id), ...GONE);
    const group = found?.ReplicationGroupId;
    if (group === undefined) return found && target;
    return { ...target, type: 'AWS::ElastiCache::ReplicationGroup', id: group };
  },
};

/** What all bots share that act on replication groups and on single nodes. */
export const CACHE = {
  resource: 'AWS::ElastiCache::ReplicationGroup',
  alsoOn: [NODE],
  clients: { elasticache: ElastiCacheClient },
  gone: GONE,
  finder: findCache,
} as const;

async function nodeNow(
  elasticache: ElastiCacheClient,
  CacheClusterId: string,
): Promise<CacheCluster | undefined> {
  const { CacheClusters = [] } = await elasticache.send(new DescribeCacheClustersCommand({ CacheClusterId }));
  return CacheClusters.find(({ CacheClusterStatus: status = '' }) => !/^delet(ed|ing)$/.test(status));
}
