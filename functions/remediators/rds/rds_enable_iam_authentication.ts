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
  controls: {
    securityHub: ['RDS.10'],
    config: ['RDS_INSTANCE_IAM_AUTHENTICATION_ENABLED'],
    prowler: ['rds_instance_iam_authentication_enabled'],
  },
  docs: {
    why: 'Where only passwords are taken, they lie in the configuration of applications, and nobody changes them.',
    effect: [
      'Database users that are made for it can log in with a token of IAM, which lasts 15 minutes; those with passwords go on as before.',
      'Where other changes wait for the maintenance window, the bot holds rather than apply them early; other engines than MySQL, MariaDB and PostgreSQL do not have it, and members of a cluster have it from there.',
      'Undo turns it off again.',
    ],
    references: ['https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html'],
  },
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
