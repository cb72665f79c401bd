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
  controls: {
    securityHub: ['RDS.13'],
    cis: { '3.0': ['2.3.2'], '5.0': ['2.2.2'], '6.0': ['3.2.2'], '7.0': ['3.2.2'] },
    conformity: ['RDS-006'],
    config: ['RDS_AUTOMATIC_MINOR_VERSION_UPGRADE_ENABLED'],
    prowler: ['rds_instance_minor_version_upgrade_enabled'],
  },
  docs: {
    why: 'Minor versions bring the security patches of the engine; without them, known holes stay open until somebody thinks of upgrading.',
    effect: [
      'RDS upgrades the engine in the maintenance window when a new minor version is chosen for it, with a short outage then.',
      'Members of a Multi-AZ DB cluster are held, since RDS changes only the cluster; RDS Custom, where you patch yourself, is left alone.',
      'Undo turns it off again, and does not take back a version.',
    ],
    references: [
      'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html',
    ],
  },
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
