import { instance, instancesBut, member } from './fixtures/rds';
import { testSetting } from '../../../testing/setting';
import { bot } from './rds_export_logs';

const logs = (EnableCloudwatchLogsExports: string[], Engine = 'postgres') =>
  instance({ Engine, EnableCloudwatchLogsExports });

testSetting(bot, {
  given: (account, is) => logs(is)(account),
  wrong: ['upgrade'],
  right: ['upgrade', 'postgresql'],
  violation: /^of its logs \(.*\), the database writes .* to CloudWatch Logs$/,
  writes: ['rds:ModifyDBInstance'],
  untouched: instancesBut('EnabledCloudwatchLogsExports'),
  gone: 'no-such-database',
  more: {
    violating: [
      {
        name: 'MySQL, of which one log is asked for',
        given: logs(['general'], 'mysql'),
        params: { logTypes: ['audit', 'postgresql'] },
        after: { is: ['general', 'audit'] },
      },
    ],
    compliant: [{ name: 'a member of a cluster', given: member('aurora-postgresql') }],
  },
});
