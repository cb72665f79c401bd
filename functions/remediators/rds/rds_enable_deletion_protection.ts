import { ModifyDBInstanceCommand } from '@aws-sdk/client-rds';
import { instanceState, standaloneObstacle } from './lib/instances';
import { DB_INSTANCE } from './lib/rds';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'rds_enable_deletion_protection',
  title: 'Protect a database instance from deletion',
  severity: 'low',
  risk: 'safe',
  permissions: { read: ['rds:DescribeDBInstances'], write: ['rds:ModifyDBInstance'] },
  ...DB_INSTANCE,

  inspect: ({ rds }, { target: { id } }) =>
    instanceState(rds, id, ({ DeletionProtection = false }) => DeletionProtection),
  want: true,
  says: 'the database can be deleted with a single call',
  obstacle: (state) => standaloneObstacle(state),
  write: (DeletionProtection, { target: { id } }) => ({
    rds: new ModifyDBInstanceCommand({ DBInstanceIdentifier: id, DeletionProtection }),
  }),
});
