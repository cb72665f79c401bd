import { ModifyDBInstanceCommand } from '@aws-sdk/client-rds';
import * as z from 'zod';
import { instanceState, standaloneObstacle } from './lib/instances';
import { exporting, logsOf, wantedLogs } from './lib/logs';
import { DB_INSTANCE } from './lib/rds';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'rds_export_logs',
  title: 'Write the logs of a database instance to CloudWatch Logs',
  attribute: 'exported logs',
  severity: 'medium',
  risk: 'safe',
  params: z.object({
    logTypes: z
      .array(z.string())
      .optional()
      .describe('the logs, of those that the engine has: audit, error; default: all that it has'),
  }),
  from: { logTypes: 'config' },
  permissions: { read: ['rds:DescribeDBInstances'], write: ['rds:ModifyDBInstance'] },
  controls: {
    securityHub: ['RDS.9', 'RDS.36', 'RDS.40', 'RDS.42'],
    config: [
      'MARIADB_PUBLISH_LOGS_TO_CLOUDWATCH_LOGS',
      'RDS_LOGGING_ENABLED',
      'RDS_POSTGRESQL_LOGS_TO_CLOUDWATCH',
      'RDS_SQL_SERVER_LOGS_TO_CLOUDWATCH',
    ],
    prowler: ['rds_instance_integration_cloudwatch_logs'],
  },
  docs: {
    why: 'Logs that stay on the instance are gone after some days, and with the instance; nobody is alarmed by them.',
    effect: [
      'RDS writes what the engine logs to log groups below /aws/rds/instance, and CloudWatch Logs charges for it; what the parameter and option groups do not have logged stays so.',
      'Logs that are written already go on; members of a cluster are left alone.',
      'Undo ends those that were added; what was written stays.',
    ],
    references: [
      'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html',
    ],
  },
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
