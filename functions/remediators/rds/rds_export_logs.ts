import { ModifyDBInstanceCommand } from '@aws-sdk/client-rds';
import { instanceState, standaloneObstacle } from './lib/instances';
import { LOG_TYPES, exporting, logsOf, wantedLogs } from './lib/logs';
import { DB_INSTANCE } from './lib/rds';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'rds_export_logs',
  title: 'Write the logs of a database instance to CloudWatch Logs',
  attribute: 'exported logs',
  severity: 'medium',
  risk: 'safe',
  ...LOG_TYPES,
  permissions: { read: ['rds:DescribeDBInstances'], write: ['rds:ModifyDBInstance'] },
  ...DB_INSTANCE,

  inspect: ({ rds }, { target: { id } }) =>
    instanceState(rds, id, ({ EnabledCloudwatchLogsExports = [] }) => EnabledCloudwatchLogsExports),
  want: ({ logTypes }, { engine }) => wantedLogs(logsOf(engine), logTypes),
  says: ({ is, engine }) =>
    `of its logs (${logsOf(engine).join(', ')}), the database writes ${is.join(', ') || 'none'} to CloudWatch Logs`,
  obstacle: (state) =>
    logsOf(state.engine).length === 0
      ? { notApplicable: `${state.engine} writes no logs to CloudWatch Logs` }
      : standaloneObstacle(state),
  write: (wanted, { target: { id } }, { is }) => ({
    rds: new ModifyDBInstanceCommand({
      DBInstanceIdentifier: id,
      CloudwatchLogsExportConfiguration: exporting(wanted, is),
    }),
  }),
});
