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
  controls: {
    securityHub: ['RDS.12', 'Neptune.7'],
    config: ['RDS_CLUSTER_IAM_AUTHENTICATION_ENABLED', 'NEPTUNE_CLUSTER_IAM_DATABASE_AUTHENTICATION'],
    prowler: ['rds_cluster_iam_authentication_enabled', 'neptune_cluster_iam_authentication_enabled'],
  },
  docs: {
    why: 'Where only passwords are taken, they lie in the configuration of applications, and nobody changes them; Neptune then takes every request of whoever reaches it.',
    effect: [
      'Database users that are made for it can log in with a token of IAM; those with passwords go on as before.',
      'Neptune refuses every request that is not signed from then on: applications that do not sign theirs stop working.',
      'Where other changes wait for the maintenance window, the bot holds rather than apply them early; DocumentDB is left alone. Undo turns it off again.',
    ],
    references: ['https://docs.aws.amazon.com/neptune/latest/userguide/iam-auth-enable.html'],
  },
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
