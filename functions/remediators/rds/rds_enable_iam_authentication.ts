import { ModifyDBInstanceCommand } from '@aws-sdk/client-rds';
import { instanceState, otherChanges, standaloneObstacle } from './lib/instances';
import { DB_INSTANCE } from './lib/rds';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'rds_enable_iam_authentication',
  title: 'Let IAM identities log in to a database instance',
  severity: 'medium',
  risk: 'safe',
  permissions: { read: ['rds:DescribeDBInstances'], write: ['rds:ModifyDBInstance'] },
  ...DB_INSTANCE,

  inspect: ({ rds }, { target: { id } }) =>
    instanceState(
      rds,
      id,
      ({ IAMDatabaseAuthenticationEnabled = false }) => IAMDatabaseAuthenticationEnabled,
    ),
  want: true,
  says: 'the database takes passwords only',
  obstacle: (state) =>
    /^(mysql|mariadb|postgres)$/.test(state.engine)
      ? (standaloneObstacle(state) ?? otherChanges(state.pending, 'IAMDatabaseAuthenticationEnabled'))
      : { notApplicable: `${state.engine} knows no IAM authentication` },
  write: (EnableIAMDatabaseAuthentication, { target: { id } }) => ({
    rds: new ModifyDBInstanceCommand({
      DBInstanceIdentifier: id,
      EnableIAMDatabaseAuthentication,
      ApplyImmediately: true,
    }),
  }),
});
