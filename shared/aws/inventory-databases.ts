import {
  DatabaseMigrationServiceClient,
  paginateDescribeReplicationInstances,
} from '@aws-sdk/client-database-migration-service';
import { DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import {
  ElastiCacheClient,
  paginateDescribeCacheClusters,
  paginateDescribeReplicationGroups,
} from '@aws-sdk/client-elasticache';
import {
  RDSClient,
  paginateDescribeDBClusterSnapshots,
  paginateDescribeDBClusters,
  paginateDescribeDBInstances,
  paginateDescribeDBSnapshots,
  paginateDescribeEventSubscriptions,
} from '@aws-sdk/client-rds';
import {
  RedshiftClient,
  paginateDescribeClusterParameterGroups,
  paginateDescribeClusters,
} from '@aws-sdk/client-redshift';
import { type Kind, kind } from './inventory-kind';

/** How databases, warehouses and caches are listed. */
export const databases: Readonly<Record<string, Kind>> = {
  'AWS::RDS::DBInstance': kind(
    () => ({ rds: RDSClient }),
    ['rds:DescribeDBInstances'],
    async function* ({ rds: client }) {
      for await (const { DBInstances } of paginateDescribeDBInstances({ client }, {}))
        yield (DBInstances ?? []).map(({ DBInstanceIdentifier }) => DBInstanceIdentifier);
    },
  ),
  'AWS::RDS::DBCluster': kind(
    () => ({ rds: RDSClient }),
    ['rds:DescribeDBClusters'],
    async function* ({ rds: client }) {
      for await (const { DBClusters } of paginateDescribeDBClusters({ client }, {}))
        yield (DBClusters ?? []).map(({ DBClusterIdentifier }) => DBClusterIdentifier);
    },
  ),
  // Automatic snapshots cannot be shared.
  'AWS::RDS::DBSnapshot': kind(
    () => ({ rds: RDSClient }),
    ['rds:DescribeDBSnapshots'],
    async function* ({ rds: client }) {
      for await (const { DBSnapshots } of paginateDescribeDBSnapshots({ client }, { SnapshotType: 'manual' }))
        yield (DBSnapshots ?? []).map(({ DBSnapshotIdentifier }) => DBSnapshotIdentifier);
    },
  ),
  'AWS::RDS::DBClusterSnapshot': kind(
    () => ({ rds: RDSClient }),
    ['rds:DescribeDBClusterSnapshots'],
    async function* ({ rds: client }) {
      const pages = paginateDescribeDBClusterSnapshots({ client }, { SnapshotType: 'manual' });
      for await (const { DBClusterSnapshots } of pages)
        yield (DBClusterSnapshots ?? []).map(
          ({ DBClusterSnapshotIdentifier }) => DBClusterSnapshotIdentifier,
        );
    },
  ),
  'AWS::RDS::EventSubscription': kind(
    () => ({ rds: RDSClient }),
    ['rds:DescribeEventSubscriptions'],
    async function* ({ rds: client }) {
      for await (const { EventSubscriptionsList } of paginateDescribeEventSubscriptions({ client }, {}))
        yield (EventSubscriptionsList ?? []).map(({ CustSubscriptionId }) => CustSubscriptionId);
    },
  ),
  'AWS::Redshift::Cluster': kind(
    () => ({ redshift: RedshiftClient }),
    ['redshift:DescribeClusters'],
    async function* ({ redshift: client }) {
      for await (const { Clusters } of paginateDescribeClusters({ client }, {}))
        yield (Clusters ?? []).map(({ ClusterIdentifier }) => ClusterIdentifier);
    },
  ),
  'AWS::Redshift::ClusterParameterGroup': kind(
    () => ({ redshift: RedshiftClient }),
    ['redshift:DescribeClusterParameterGroups'],
    async function* ({ redshift: client }) {
      for await (const { ParameterGroups } of paginateDescribeClusterParameterGroups({ client }, {}))
        yield (ParameterGroups ?? []).map(({ ParameterGroupName }) => ParameterGroupName);
    },
  ),
  'AWS::ElastiCache::CacheCluster': kind(
    () => ({ elasticache: ElastiCacheClient }),
    ['elasticache:DescribeCacheClusters'],
    async function* ({ elasticache: client }) {
      for await (const { CacheClusters } of paginateDescribeCacheClusters({ client }, {}))
        yield (CacheClusters ?? []).map(({ CacheClusterId }) => CacheClusterId);
    },
  ),
  'AWS::ElastiCache::ReplicationGroup': kind(
    () => ({ elasticache: ElastiCacheClient }),
    ['elasticache:DescribeReplicationGroups'],
    async function* ({ elasticache: client }) {
      for await (const { ReplicationGroups } of paginateDescribeReplicationGroups({ client }, {}))
        yield (ReplicationGroups ?? []).map(({ ReplicationGroupId }) => ReplicationGroupId);
    },
  ),
  'AWS::DMS::ReplicationInstance': kind(
    () => ({ dms: DatabaseMigrationServiceClient }),
    ['dms:DescribeReplicationInstances'],
    async function* ({ dms: client }) {
      for await (const { ReplicationInstances } of paginateDescribeReplicationInstances({ client }, {}))
        yield (ReplicationInstances ?? []).map(({ ReplicationInstanceArn }) => ReplicationInstanceArn);
    },
  ),
  'AWS::DynamoDB::Table': kind(
    () => ({ dynamodb: DynamoDBClient }),
    ['dynamodb:ListTables'],
    async function* ({ dynamodb: client }) {
      for await (const { TableNames } of paginateListTables({ client }, {})) yield TableNames ?? [];
    },
  ),
};
