import { ModifyClusterCommand } from '@aws-sdk/client-redshift';
import { CLUSTER, clusterNow, notReady } from './lib/clusters';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'redshift_set_private',
  title: 'Take a Redshift cluster off the internet',
  severity: 'critical',
  risk: 'disruptive',
  permissions: { read: ['redshift:DescribeClusters'], write: ['redshift:ModifyCluster'] },
  ...CLUSTER,

  async inspect({ redshift }, { target: { id } }) {
    const found = await clusterNow(redshift, id);
    if (!found) return undefined;
    const { PubliclyAccessible = false, ElasticIpStatus, PendingModifiedValues } = found.cluster;
    const changing = PendingModifiedValues?.PubliclyAccessible ?? null;
    const elasticIp = PubliclyAccessible ? ElasticIpStatus?.ElasticIp : undefined;
    const is = { public: PubliclyAccessible, ...(elasticIp !== undefined && { elasticIp }) };
    return { is, changing, status: found.status };
  },
  want: { public: false },
  says: 'the cluster has a public address',
  obstacle({ status, changing }) {
    if (changing === false) return { waiting: 'Redshift is taking its public address away' };
    return notReady(status);
  },
  write: ({ public: PubliclyAccessible, elasticIp: ElasticIp }, { target: { id } }) => ({
    redshift: new ModifyClusterCommand({
      ...{ ClusterIdentifier: id, PubliclyAccessible },
      ...(ElasticIp !== undefined && { ElasticIp }),
    }),
  }),
});
