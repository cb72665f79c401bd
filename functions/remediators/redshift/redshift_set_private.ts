import { DescribeClustersCommand, ModifyClusterCommand, RedshiftClient } from '@aws-sdk/client-redshift';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'redshift_set_private',
  title: 'Take a Redshift cluster off the internet',
  resource: 'AWS::Redshift::Cluster',
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
  clients: { redshift: RedshiftClient },
  gone: ['ClusterNotFoundFault'],

  async inspect({ redshift }, { target: { id } }) {
    const { Clusters } = await redshift.send(new DescribeClustersCommand({ ClusterIdentifier: id }));
    const {
      ClusterStatus: status = 'deleting',
      PubliclyAccessible = false,
      ...cluster
    } = Clusters?.[0] ?? {};
    if (/^(deleting|final-snapshot)$/.test(status)) return undefined;
    const changing = cluster.PendingModifiedValues?.PubliclyAccessible ?? null;
    const elasticIp = PubliclyAccessible ? cluster.ElasticIpStatus?.ElasticIp : undefined;
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
    if (status.startsWith('available')) return undefined;
    return /^(paused|hardware-failure|incompatible-|storage-full)/.test(status)
      ? { held: `Redshift changes no cluster that is ${status}: bring it back to available first` }
      : { waiting: `it is ${status}, and Redshift changes only what is available` };
  },
  write: ({ public: PubliclyAccessible, elasticIp: ElasticIp }, { target: { id } }) => ({
    redshift: new ModifyClusterCommand({
      ...{ ClusterIdentifier: id, PubliclyAccessible },
      ...(ElasticIp !== undefined && { ElasticIp }),
    }),
  }),
});
