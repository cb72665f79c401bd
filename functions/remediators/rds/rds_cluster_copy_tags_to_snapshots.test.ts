import { cluster, clustersBut } from './fixtures/rds';
import { testSetting } from '../../../testing/setting';
import { bot } from './rds_cluster_copy_tags_to_snapshots';

testSetting(bot, {
  given: (account, CopyTagsToSnapshot) => cluster({ CopyTagsToSnapshot })(account),
  wrong: false,
  right: true,
  violation: 'not copied to its snapshots',
  writes: ['rds:ModifyDBCluster'],
  untouched: clustersBut('CopyTagsToSnapshot'),
  gone: 'no-such-cluster',
});

test('moto has no DocumentDB clusters: they have no such attribute', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'orders' };
  const state = { is: false, status: 'available', engine: 'docdb', pending: [] };
  expect(bot.check(state, { target, params: {} })).toBeUndefined();
});
