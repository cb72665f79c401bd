import { ModifyDBInstanceCommand } from '@aws-sdk/client-rds';
import { instanceState, otherChanges, standaloneObstacle } from './lib/instances';
import { DB_INSTANCE } from './lib/rds';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'rds_enable_multi_az',
  title: 'Keep a standby of a database instance in a second Availability Zone',
  severity: 'medium',
  risk: 'disruptive',
  permissions: { read: ['rds:DescribeDBInstances'], write: ['rds:ModifyDBInstance'] },
  ...DB_INSTANCE,

  inspect: ({ rds }, { target: { id } }) => instanceState(rds, id, ({ MultiAZ = false }) => MultiAZ),
  want: true,
  says: 'the database has no standby in a second Availability Zone',
  obstacle: (state) =>
    state.engine.startsWith('custom-')
      ? { notApplicable: 'RDS Custom does not take this attribute' }
      : (standaloneObstacle(state) ?? otherChanges(state.pending, 'MultiAZ')),
  write: (MultiAZ, { target: { id } }) => ({
    rds: new ModifyDBInstanceCommand({ DBInstanceIdentifier: id, MultiAZ, ApplyImmediately: true }),
  }),
});
