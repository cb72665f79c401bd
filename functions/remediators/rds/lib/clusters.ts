import { type DBCluster, DescribeDBClustersCommand, RDSClient } from '@aws-sdk/client-rds';
import { namesIn } from './instances';
import type { Finder } from '../../../../shared/bot/bot';
import { isUnnamed } from '../../../../shared/resources/canonical';

/** What the settings of a cluster have to know beside their attribute. */
export interface ClusterState {
  readonly status: string;
  readonly engine: string;
  /** Names of the changes that wait for the maintenance window, or are under way. */
  readonly pending: readonly string[];
}

/** One attribute of a cluster, with what {@link ClusterState} adds; `undefined`: the cluster is gone. */
export async function clusterState<V>(
  rds: RDSClient,
  DBClusterIdentifier: string,
  read: (found: DBCluster) => V,
): Promise<({ readonly is: V } & ClusterState) | undefined> {
  const { DBClusters = [] } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
  const found = DBClusters.find(({ Status }) => Status !== 'deleting');
  if (!found) return undefined;
  const { Status: status = '', Engine: engine = '' } = found;
  return { is: read(found), status, engine, pending: namesIn(found.PendingModifiedValues) };
}

/** Security Hub and AWS Config may name a cluster by its resource id. Source: DescribeDBClusters, Filters. */
export const findCluster: Finder<{ rds: typeof RDSClient }> = {
  actions: ['rds:DescribeDBClusters'],
  async find({ rds }, target) {
    if (!isUnnamed(target)) return target;
    const Filters = [{ Name: 'db-cluster-resource-id', Values: [target.id] }];
    const { DBClusters = [] } = await rds.send(new DescribeDBClustersCommand({ Filters }));
    // The filter is made sure of: without it, every cluster of the region is described.
    const id = DBClusters.find(({ DbClusterResourceId }) => DbClusterResourceId === target.id);
    return id?.DBClusterIdentifier === undefined ? undefined : { ...target, id: id.DBClusterIdentifier };
  },
};

/** What all bots on database clusters share. The API of RDS reaches those of Neptune and DocumentDB too. */
export const DB_CLUSTER = {
  resource: 'AWS::RDS::DBCluster',
  clients: { rds: RDSClient },
  gone: ['DBClusterNotFoundFault'],
  finder: findCluster,
} as const;
