import { ModifyClusterCommand } from '@aws-sdk/client-redshift';
import { CLUSTER, clusterState, notReady } from './lib/clusters';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'redshift_enable_version_upgrade',
  title: 'Upgrade the version of a Redshift cluster automatically',
  severity: 'medium',
  risk: 'safe',
  permissions: { read: ['redshift:DescribeClusters'], write: ['redshift:ModifyCluster'] },
  controls: {
    securityHub: ['Redshift.6'],
    config: ['REDSHIFT_CLUSTER_MAINTENANCESETTINGS_CHECK'],
    prowler: ['redshift_cluster_automatic_upgrades'],
  },
  docs: {
    why: 'New versions bring security patches; a cluster that does not take them keeps its known holes.',
    effect: [
      'Redshift upgrades the cluster in its maintenance window, where it is unavailable for some minutes.',
      'A cluster that is busy is waited for; one that is paused or broken is held.',
      'Undo turns upgrades off again, and does not take back a version.',
    ],
    references: ['https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-clusters.html'],
  },
  ...CLUSTER,

  inspect: ({ redshift }, { target: { id } }) =>
    clusterState(redshift, id, ({ AllowVersionUpgrade = false }) => AllowVersionUpgrade),
  want: true,
  says: 'the cluster does not upgrade its version automatically',
  obstacle: ({ status }) => notReady(status),
  write: (AllowVersionUpgrade, { target: { id } }) => ({
    redshift: new ModifyClusterCommand({ ClusterIdentifier: id, AllowVersionUpgrade }),
  }),
});
