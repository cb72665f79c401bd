import { DescribeClustersCommand, ModifyClusterCommand, RedshiftClient } from '@aws-sdk/client-redshift';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'redshift_set_private',
  title: 'Take a Redshift cluster off the internet',
  resource: 'AWS::Redshift::Cluster',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'posture',
  permissions: {
    read: ['redshift:DescribeClusters'],
    write: ['redshift:ModifyCluster'],
  },
  controls: {
    securityHub: ['Redshift.1'],
    conformity: ['RS-001'],
    config: ['REDSHIFT_CLUSTER_PUBLIC_ACCESS_CHECK'],
    prowler: ['redshift_cluster_public_access'],
  },
  docs: {
    why: 'A data warehouse with a public address is one security group rule and one password away from everybody.',
    effect:
      'The cluster loses its public address; whoever reached it from outside its VPC, without a VPN or peering, no longer does. An Elastic IP that somebody gave it stays in the account. A cluster that is busy is waited for; one that is paused or broken is held. Undo makes it public again, with the same Elastic IP where it had one.',
    references: [
      'https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifyCluster.html',
      'https://docs.aws.amazon.com/redshift/latest/mgmt/rs-mgmt-cluster-status.html',
    ],
  },
  clients: { redshift: RedshiftClient },
  gone: ['ClusterNotFoundFault'],

  async inspect({ redshift }, { target: { id } }) {
    const { Clusters = [] } = await redshift.send(new DescribeClustersCommand({ ClusterIdentifier: id }));
    const [cluster] = Clusters;
    const { ClusterStatus: status = '', PubliclyAccessible = false, ElasticIpStatus } = cluster ?? {};
    if (!cluster || /^(deleting|final-snapshot)$/.test(status)) return undefined;
    const changing = cluster.PendingModifiedValues?.PubliclyAccessible;
    return {
      public: PubliclyAccessible,
      ...(PubliclyAccessible && ElasticIpStatus?.ElasticIp && { elasticIp: ElasticIpStatus.ElasticIp }),
      ...(changing !== undefined && { changing }),
      status,
    };
  },

  check: (state) => (state.public ? 'the cluster has a public address' : undefined),

  plan({ status, changing }, { target: { id } }) {
    if (changing === false) return { waiting: 'Redshift is taking its public address away' };
    if (status.startsWith('available')) return [modify(id, { PubliclyAccessible: false })];
    return /^(paused|hardware-failure|incompatible-|storage-full)/.test(status)
      ? { held: `Redshift changes no cluster that is ${status}: bring it back to available first` }
      : { waiting: `it is ${status}, and Redshift changes only what is available` };
  },

  undo: ({ elasticIp }, { target: { id }, now }) =>
    now.public
      ? []
      : [modify(id, { PubliclyAccessible: true, ...(elasticIp !== undefined && { ElasticIp: elasticIp }) })],

  footprint: ({ public: isPublic, elasticIp }) => ({ public: isPublic, elasticIp }),
});

function modify(ClusterIdentifier: string, change: { PubliclyAccessible: boolean; ElasticIp?: string }) {
  return { redshift: new ModifyClusterCommand({ ClusterIdentifier, ...change }) };
}
