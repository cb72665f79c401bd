import { ModifyDBClusterCommand } from '@aws-sdk/client-rds';
import { DB_CLUSTER, clusterState } from './lib/clusters';
import { notReady } from './lib/rds';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'rds_cluster_enable_auto_minor_version_upgrade',
  title: 'Upgrade the minor version of a database cluster automatically',
  severity: 'medium',
  risk: 'safe',
  permissions: { read: ['rds:DescribeDBClusters'], write: ['rds:ModifyDBCluster'] },
  controls: {
    securityHub: ['RDS.35'],
    config: ['RDS_CLUSTER_AUTO_MINOR_VERSION_UPGRADE_ENABLE'],
    prowler: ['rds_cluster_minor_version_upgrade_enabled'],
  },
  docs: {
    why: 'Minor versions bring the security patches of the engine; without them, known holes stay open until somebody thinks of upgrading.',
    effect: [
      'RDS upgrades the engine in the maintenance window when a new minor version is chosen for it, with a short outage then.',
      'DocumentDB and Neptune, whose instances have it each for itself, are left alone.',
      'Undo turns it off again, and does not take back a version.',
    ],
    references: ['https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBCluster.html'],
  },
  ...DB_CLUSTER,

  // Where RDS says nothing, the cluster does not have it.
  inspect: ({ rds }, { target: { id } }) =>
    clusterState(rds, id, ({ AutoMinorVersionUpgrade = null }) => AutoMinorVersionUpgrade),
  want: true,
  says: 'the cluster does not upgrade its minor version automatically',
  obstacle: ({ is, engine, status }) =>
    is === null || /^(docdb|neptune)$/.test(engine)
      ? { notApplicable: 'its instances have it each for itself' }
      : notReady(status),
  write: (on, { target: { id } }) => ({
    rds: new ModifyDBClusterCommand({ DBClusterIdentifier: id, AutoMinorVersionUpgrade: on ?? undefined }),
  }),
});
