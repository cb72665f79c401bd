import { ModifyClusterCommand } from '@aws-sdk/client-redshift';
import { CLUSTER, clusterNow, notReady } from './lib/clusters';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'redshift_set_private',
  title: 'Take a Redshift cluster off the internet',
  severity: 'critical',
  risk: 'disruptive',
  permissions: { read: ['redshift:DescribeClusters'], write: ['redshift:ModifyCluster'] },
  controls: {
    securityHub: ['Redshift.1'],
    conformity: ['RS-001'],
    config: ['REDSHIFT_CLUSTER_PUBLIC_ACCESS_CHECK'],
    prowler: ['redshift_cluster_public_access'],
  },
  docs: {
    why: 'A data warehouse with a public address is one security group rule and one password away from everybody.',
    effect: [
      'The cluster loses its public address, and whoever reached it from outside its VPC, without a VPN or peering, no longer does.',
      'An Elastic IP that somebody gave it stays in the account.',
      'A cluster that is busy is waited for; one that is paused or broken is held.',
      'Undo makes it public again, with the same Elastic IP where it had one.',
    ],
    references: ['https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifyCluster.html'],
  },
  ...CLUSTER,

  async inspect({ redshift }, { target: { id } }) {
    const found = await clusterNow(redshift, id);
    if (!found) return undefined;
    const { cluster, status } = found;
    const { PubliclyAccessible = false, ElasticIpStatus } = cluster;
    const changing = cluster.PendingModifiedValues?.PubliclyAccessible ?? null;
    const elasticIp = PubliclyAccessible ? ElasticIpStatus?.ElasticIp : undefined;
    return {
      is: { public: PubliclyAccessible, ...(elasticIp !== undefined && { elasticIp }) },
      changing,
      status,
    };
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
