import { cluster, clustersBut } from './fixtures/rds';
import { testSetting } from '../../../testing/setting';
import { bot } from './rds_cluster_enable_deletion_protection';

testSetting(bot, {
  given: (account, DeletionProtection) => cluster({ DeletionProtection })(account),
  wrong: false,
  right: true,
  violation: 'can be deleted with a single call',
  writes: ['rds:ModifyDBCluster'],
  untouched: clustersBut('DeletionProtection'),
  gone: 'no-such-cluster',
  more: {
    violating: [{ name: 'of Neptune', given: cluster({ Engine: 'neptune' }), after: { is: true } }],
  },
});
