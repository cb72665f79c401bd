import { ModifyDBClusterCommand } from '@aws-sdk/client-rds';
import { DB_CLUSTER, clusterState } from './lib/clusters';
import { otherChanges } from './lib/instances';
import { notReady } from './lib/rds';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'rds_cluster_enable_iam_authentication',
  title: 'Let IAM identities log in to a database cluster',
  severity: 'medium',
  risk: 'disruptive',
  permissions: { read: ['rds:DescribeDBClusters'], write: ['rds:ModifyDBCluster'] },
  ...DB_CLUSTER,

  inspect: ({ rds }, { target: { id } }) =>
    clusterState(rds, id, ({ IAMDatabaseAuthenticationEnabled = false }) => IAMDatabaseAuthenticationEnabled),
  want: true,
  says: ({ engine }) =>
    engine === 'neptune'
      ? 'the cluster takes requests that nobody signed'
      : 'the cluster takes passwords only',
  obstacle: ({ engine, status, pending }) =>
    engine === 'docdb'
      ? { notApplicable: 'DocumentDB has it by user, not by cluster' }
      : (notReady(status) ?? otherChanges(pending, 'IAMDatabaseAuthenticationEnabled')),
  write: (EnableIAMDatabaseAuthentication, { target: { id } }) => ({
    rds: new ModifyDBClusterCommand({
      DBClusterIdentifier: id,
      EnableIAMDatabaseAuthentication,
      ApplyImmediately: true,
    }),
  }),
});
