import { ModifyDBClusterCommand } from '@aws-sdk/client-rds';
import { DB_CLUSTER, clusterState } from './lib/clusters';
import { LOG_TYPES, clusterLogsOf, exporting, wantedLogs } from './lib/logs';
import { notReady } from './lib/rds';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'rds_cluster_export_logs',
  title: 'Write the logs of a database cluster to CloudWatch Logs',
  attribute: 'exported logs',
  severity: 'medium',
  risk: 'safe',
  ...LOG_TYPES,
  permissions: { read: ['rds:DescribeDBClusters'], write: ['rds:ModifyDBCluster'] },
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
