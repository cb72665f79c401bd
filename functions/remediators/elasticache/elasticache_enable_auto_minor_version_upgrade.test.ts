import { type CacheCluster, ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { NODE, cachesBut, group, node } from './fixtures/caches';
import { newAccount } from '../../../testing/account';
import { testSetting } from '../../../testing/setting';
import { bot } from './elasticache_enable_auto_minor_version_upgrade';

testSetting(bot, {
  given: (account, AutoMinorVersionUpgrade) => group({ AutoMinorVersionUpgrade })(account),
  wrong: false,
  right: true,
  violation: 'does not upgrade its minor version',
  writes: ['elasticache:ModifyReplicationGroup'],
  untouched: cachesBut('AutoMinorVersionUpgrade'),
  gone: 'no-such-group',
  more: {
    violating: [
      {
        name: 'a single node',
        type: NODE,
        given: node({ AutoMinorVersionUpgrade: false }),
        writes: ['elasticache:ModifyCacheCluster'],
        after: { is: true },
      },
    ],
    compliant: [{ name: 'a node of Memcached', type: NODE, given: node({ Engine: 'memcached' }) }],
  },
});

describe('of the nodes that findings name', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: NODE, id: 'counters' };

  test('one of a group leads to the group', async () => {
    // DescribeCacheClusters: moto's groups have no nodes that it shows.
    const found: CacheCluster = { CacheClusterId: 'counters', ReplicationGroupId: 'sessions' };
    const elasticache = {
      send: () => Promise.resolve({ CacheClusters: [found] }),
    } as unknown as ElastiCacheClient;
    expect(await bot.finder?.find({ elasticache }, target)).toEqual({
      ...target,
      type: bot.resource,
      id: 'sessions',
    });
  });

  test('one by itself is what is meant, and may be gone', async () => {
    const account = await newAccount();
    const elasticache = account.client(ElastiCacheClient);
    expect(await bot.finder?.find({ elasticache }, target)).toBeUndefined();
    await node()(account);
    expect(await bot.finder?.find({ elasticache }, target)).toEqual(target);
  });
});
