import { type Cluster, DescribeClustersCommand, RedshiftClient } from '@aws-sdk/client-redshift';
import { readiness } from '../../../../shared/bot/obstacles';

/** What all bots on Redshift clusters share. */
export const CLUSTER = {
  resource: 'AWS::Redshift::Cluster',
  clients: { redshift: RedshiftClient },
  gone: ['ClusterNotFoundFault'],
} as const;

/** A cluster and its status; `undefined`: there is none, or it is being deleted. */
export async function clusterNow(
  redshift: RedshiftClient,
  ClusterIdentifier: string,
): Promise<{ readonly cluster: Cluster; readonly status: string } | undefined> {
  const { Clusters = [] } = await redshift.send(new DescribeClustersCommand({ ClusterIdentifier }));
  const [cluster] = Clusters;
  const { ClusterStatus: status = '' } = cluster ?? {};
  return !cluster || /^(deleting|final-snapshot)$/.test(status) ? undefined : { cluster, status };
}

/** One attribute of a cluster, and its status. */
export async function clusterState<V>(redshift: RedshiftClient, id: string, read: (found: Cluster) => V) {
  const found = await clusterNow(redshift, id);
  return found && { is: read(found.cluster), status: found.status };
}

/**
 * Why a cluster in this state takes no changes now; `undefined`: it does. Source: Redshift Management Guide, Cluster
 * status.
 */
export const notReady = readiness(
  'Redshift',
  'available',
  /^(paused|hardware-failure|incompatible-|storage-full)/,
  /^available/,
);
