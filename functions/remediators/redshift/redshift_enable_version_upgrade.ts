import { ModifyClusterCommand } from '@aws-sdk/client-redshift';
import { CLUSTER, clusterState, notReady } from './lib/clusters';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'redshift_enable_version_upgrade',
  title: 'Upgrade the version of a Redshift cluster automatically',
  severity: 'medium',
  risk: 'safe',
  permissions: { read: ['redshift:DescribeClusters'], write: ['redshift:ModifyCluster'] },
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
