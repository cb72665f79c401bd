import { cluster, clustersBut } from './fixtures/cluster';
import { testSetting } from '../../../testing/setting';
import { bot } from './redshift_enable_version_upgrade';

testSetting(bot, {
  given: (account, AllowVersionUpgrade) => cluster({ AllowVersionUpgrade })(account),
  wrong: false,
  right: true,
  violation: 'does not upgrade',
  writes: ['redshift:ModifyCluster'],
  untouched: clustersBut('AllowVersionUpgrade'),
  gone: 'no-such-cluster',
});
