import { cluster, clustersBut } from './fixtures/rds';
import { testSetting } from '../../../testing/setting';
import { bot } from './rds_cluster_export_logs';

const logs = (EnableCloudwatchLogsExports: string[], Engine = 'aurora-mysql') =>
  cluster({ Engine, EnableCloudwatchLogsExports });

testSetting(bot, {
  given: (account, is) => logs(is)(account),
  wrong: ['error'],
  right: ['error', 'audit'],
  violation: /^of its logs \(.*\), the cluster writes .* to CloudWatch Logs$/,
  writes: ['rds:ModifyDBCluster'],
  untouched: clustersBut('EnabledCloudwatchLogsExports'),
  gone: 'no-such-cluster',
  more: {
    violating: [{ name: 'of Neptune', given: logs([], 'neptune'), after: { is: ['audit'] } }],
    compliant: [{ name: 'of Aurora PostgreSQL', given: logs(['postgresql'], 'aurora-postgresql') }],
  },
});
