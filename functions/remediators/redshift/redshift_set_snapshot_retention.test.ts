import { cluster, clustersBut } from './fixtures/cluster';
import { testSetting } from '../../../testing/setting';
import { bot } from './redshift_set_snapshot_retention';

testSetting(bot, {
  given: (account, days) => cluster({ AutomatedSnapshotRetentionPeriod: days })(account),
  wrong: 2,
  right: 7,
  violation: 'for 2 of 7 days',
  writes: ['redshift:ModifyCluster'],
  untouched: clustersBut('AutomatedSnapshotRetentionPeriod'),
  gone: 'no-such-cluster',
  more: {
    compliant: [{ name: 'for longer', given: cluster({ AutomatedSnapshotRetentionPeriod: 35 }) }],
  },
});
