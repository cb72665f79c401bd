import { NODE, cachesBut, group, node } from './fixtures/caches';
import { testSetting } from '../../../testing/setting';
import { bot } from './elasticache_enable_backups';

testSetting(bot, {
  given: (account, SnapshotRetentionLimit) => group({ SnapshotRetentionLimit })(account),
  wrong: 0,
  right: 1,
  violation: /not backed up|for 2 of 7 days/,
  writes: ['elasticache:ModifyReplicationGroup'],
  untouched: cachesBut('SnapshotRetentionLimit', 'SnapshottingClusterId'),
  gone: 'no-such-group',
  more: {
    violating: [
      {
        name: 'not for long enough',
        given: group({ SnapshotRetentionLimit: 2 }),
        params: { days: 7 },
        after: { is: 7 },
      },
      {
        name: 'a single node',
        type: NODE,
        given: node(),
        writes: ['elasticache:ModifyCacheCluster'],
        after: { is: 1 },
      },
    ],
    compliant: [
      { name: 'a node of Memcached', type: NODE, given: node({ Engine: 'memcached' }) },
      { name: 'for longer', given: group({ SnapshotRetentionLimit: 35 }), params: { days: 7 } },
    ],
  },
});

describe(bot.id, () => {
  const place = { account: '123456789012', region: 'eu-west-1' };
  const context = { target: { ...place, type: bot.resource, id: 'sessions' }, params: { days: 1 } };
  const state = { status: 'available', engine: 'valkey', isMember: false };
  const write = (is: number, shards: string[][]) => {
    const plan = bot.plan({ ...state, is, shards }, context);
    return 'held' in plan || 'waiting' in plan ? plan : plan.map(({ elasticache }) => elasticache.input);
  };

  test('says from which node, and never where there are several shards', () => {
    const own = { ReplicationGroupId: 'sessions', SnapshotRetentionLimit: 1 };
    expect(write(0, [['sessions-001', 'sessions-002']])).toEqual([
      { ...own, SnapshottingClusterId: 'sessions-002' },
    ]);
    expect(write(0, [['sessions-001']])).toEqual([{ ...own, SnapshottingClusterId: 'sessions-001' }]);
    expect(write(0, [['sessions-0001-001'], ['sessions-0002-001']])).toEqual([own]);
  });

  test('a node of a group is the business of its group', () => {
    expect(bot.check({ ...state, isMember: true, is: 0, shards: [] }, context)).toBeUndefined();
  });
});
