import { cluster, clustersBut } from './fixtures/rds';
import { testSetting } from '../../../testing/setting';
import { bot } from './rds_cluster_set_backup_retention';

testSetting(bot, {
  given: (account, BackupRetentionPeriod) => cluster({ BackupRetentionPeriod })(account),
  wrong: 2,
  right: 7,
  violation: 'for 2 of 7 days',
  writes: ['rds:ModifyDBCluster'],
  untouched: clustersBut('BackupRetentionPeriod'),
  gone: 'no-such-cluster',
  more: { compliant: [{ name: 'for longer', given: cluster({ BackupRetentionPeriod: 35 }) }] },
});
