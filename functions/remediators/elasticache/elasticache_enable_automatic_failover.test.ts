import { cachesBut, group } from './fixtures/caches';
import { testSetting } from '../../../testing/setting';
import { bot } from './elasticache_enable_automatic_failover';

testSetting(bot, {
  given: (account, AutomaticFailoverEnabled) => group({ AutomaticFailoverEnabled })(account),
  wrong: false,
  right: true,
  violation: 'no replica takes over',
  writes: ['elasticache:ModifyReplicationGroup'],
  untouched: cachesBut('AutomaticFailover'),
  gone: 'no-such-group',
  more: {
    violating: [
      {
        name: 'no replica',
        given: group({ ReplicasPerNodeGroup: 0 }),
        held: /no replica that could take over/,
      },
    ],
  },
});

// DescribeReplicationGroups: moto changes at once, and nothing is ever pending.
describe(bot.id, () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'sessions' };
  const context = { target, params: {} };
  const off = { is: false, changing: false, status: 'available', hasReplicas: true, pending: [] };

  test('waits while ElastiCache is at it', () => {
    expect(bot.plan({ ...off, changing: true }, context)).toEqual({ waiting: expect.any(String) });
    expect(bot.plan({ ...off, status: 'snapshotting' }, context)).toEqual({ waiting: expect.any(String) });
  });

  test('brings no other change forward', () => {
    expect(bot.plan({ ...off, pending: ['AuthTokenStatus'] }, context)).toEqual({
      held: expect.stringMatching(/: AuthTokenStatus$/),
    });
  });
});
