import { ModifyDBInstanceCommand } from '@aws-sdk/client-rds';
import { instanceObstacle, instanceState } from './lib/instances';
import { DB_INSTANCE } from './lib/rds';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'rds_enable_auto_minor_version_upgrade',
  title: 'Upgrade the minor version of a database instance automatically',
  severity: 'high',
  risk: 'safe',
  permissions: { read: ['rds:DescribeDBInstances'], write: ['rds:ModifyDBInstance'] },
  ...DB_INSTANCE,

  inspect: ({ rds }, { target: { id } }) =>
    instanceState(rds, id, ({ AutoMinorVersionUpgrade = false }) => AutoMinorVersionUpgrade),
  want: true,
  says: 'the database does not upgrade its minor version automatically',
  obstacle: (state) =>
    state.engine.startsWith('custom-')
      ? { notApplicable: 'RDS Custom refuses automatic upgrades' }
      : instanceObstacle(state),
  write: (AutoMinorVersionUpgrade, { target: { id } }) => ({
    rds: new ModifyDBInstanceCommand({ DBInstanceIdentifier: id, AutoMinorVersionUpgrade }),
  }),
});
