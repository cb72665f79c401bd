import { ModifyDBClusterCommand } from '@aws-sdk/client-rds';
import * as z from 'zod';
import { DB_CLUSTER, clusterState } from './lib/clusters';
import { clusterLogsOf, exporting, wantedLogs } from './lib/logs';
import { notReady } from './lib/rds';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'rds_cluster_export_logs',
  title: 'Write the logs of a database cluster to CloudWatch Logs',
  attribute: 'exported logs',
  severity: 'medium',
  risk: 'safe',
  params: z.object({
    logTypes: z
      .array(z.string())
      .optional()
      .describe('the logs, of those that tell who did what: audit, postgresql; default: all of them'),
  }),
  from: { logTypes: 'config' },
  permissions: { read: ['rds:DescribeDBClusters'], write: ['rds:ModifyDBCluster'] },
  controls: {
    securityHub: ['RDS.34', 'RDS.37', 'DocumentDB.4', 'Neptune.2'],
    config: [
      'RDS_AURORA_MYSQL_AUDIT_LOGGING_ENABLED',
      'RDS_AURORA_POSTGRESQL_LOGS_TO_CLOUDWATCH',
      'DOCDB_CLUSTER_AUDIT_LOGGING_ENABLED',
      'NEPTUNE_CLUSTER_CLOUDWATCH_LOG_EXPORT_ENABLED',
    ],
    prowler: [
      'rds_cluster_integration_cloudwatch_logs',
      'documentdb_cluster_cloudwatch_log_export',
      'neptune_cluster_integration_cloudwatch_logs',
    ],
  },
  docs: {
    why: 'Logs that stay with the cluster are gone after some days; nobody is alarmed by them.',
    effect: [
      'The cluster writes its audit log (PostgreSQL: its log) to log groups below /aws/rds/cluster, /aws/docdb or /aws/neptune, and CloudWatch Logs charges for it.',
      'Audit logs stay empty until the parameter group turns them on too: server_audit_logging, audit_logs, neptune_enable_audit_log.',
      'Logs that are written already go on. Undo ends those that were added; what was written stays.',
    ],
    references: [
      'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Integrating.CloudWatch.html',
    ],
  },
  ...DB_CLUSTER,

  inspect: ({ rds }, { target: { id } }) =>
    clusterState(rds, id, ({ EnabledCloudwatchLogsExports = [] }) => EnabledCloudwatchLogsExports),
  want: ({ logTypes }, { engine }) => wantedLogs(clusterLogsOf(engine), logTypes),
  says: ({ is, engine }) =>
    `of its logs (${clusterLogsOf(engine).join(', ')}), the cluster writes ${is.join(', ') || 'none'} to CloudWatch Logs`,
  obstacle: ({ status, engine }) =>
    clusterLogsOf(engine).length === 0
      ? { notApplicable: `${engine} writes no logs to CloudWatch Logs` }
      : notReady(status),
  write: (wanted, { target: { id } }, { is }) => ({
    rds: new ModifyDBClusterCommand({
      DBClusterIdentifier: id,
      CloudwatchLogsExportConfiguration: exporting(wanted, is),
    }),
  }),
});
