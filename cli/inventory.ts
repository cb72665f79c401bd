import {
  EC2Client,
  paginateDescribeImages,
  paginateDescribeInstances,
  paginateDescribeNetworkAcls,
  paginateDescribeSecurityGroups,
  paginateDescribeSnapshots,
  paginateDescribeSubnets,
  paginateDescribeVpcs,
} from '@aws-sdk/client-ec2';
import { ECRClient, paginateDescribeRepositories } from '@aws-sdk/client-ecr';
import { IAMClient, paginateListRoles, paginateListUsers } from '@aws-sdk/client-iam';
import { KMSClient, paginateListKeys } from '@aws-sdk/client-kms';
import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import {
  RDSClient,
  paginateDescribeDBClusterSnapshots,
  paginateDescribeDBClusters,
  paginateDescribeDBInstances,
  paginateDescribeDBSnapshots,
} from '@aws-sdk/client-rds';
import { RedshiftClient, paginateDescribeClusters } from '@aws-sdk/client-redshift';
import { GetBucketLocationCommand, S3Client, paginateListBuckets } from '@aws-sdk/client-s3';
import { SecretsManagerClient, paginateListSecrets } from '@aws-sdk/client-secrets-manager';
import { SNSClient, paginateListTopics } from '@aws-sdk/client-sns';
import { SQSClient, paginateListQueues } from '@aws-sdk/client-sqs';
import { SSMClient, paginateListDocuments } from '@aws-sdk/client-ssm';
import type { ClientClasses, Clients } from '../shared/bot/bot';

/** How the resources of one type are found in one account and region: the pages of their ids. */
export interface Kind<C extends ClientClasses = ClientClasses> {
  readonly clients: C;
  readonly pages: (aws: Clients<C>, region: string) => AsyncIterable<readonly (string | undefined)[]>;
}

/** By CloudFormation type, the resources that bots look at. Ids are those that the services' own APIs take. */
export const inventory: Readonly<Record<string, Kind>> = {
  'AWS::EC2::SecurityGroup': kind({ ec2: EC2Client }, async function* ({ ec2: client }) {
    for await (const { SecurityGroups } of paginateDescribeSecurityGroups({ client }, {}))
      yield (SecurityGroups ?? []).map(({ GroupId }) => GroupId);
  }),
  'AWS::EC2::Instance': kind({ ec2: EC2Client }, async function* ({ ec2: client }) {
    for await (const { Reservations } of paginateDescribeInstances({ client }, {}))
      yield (Reservations ?? []).flatMap(({ Instances = [] }) => Instances.map((one) => one.InstanceId));
  }),
  'AWS::EC2::Image': kind({ ec2: EC2Client }, async function* ({ ec2: client }) {
    for await (const { Images } of paginateDescribeImages({ client }, { Owners: ['self'] }))
      yield (Images ?? []).map(({ ImageId }) => ImageId);
  }),
  'AWS::EC2::Snapshot': kind({ ec2: EC2Client }, async function* ({ ec2: client }) {
    for await (const { Snapshots } of paginateDescribeSnapshots({ client }, { OwnerIds: ['self'] }))
      yield (Snapshots ?? []).map(({ SnapshotId }) => SnapshotId);
  }),
  'AWS::EC2::Subnet': kind({ ec2: EC2Client }, async function* ({ ec2: client }) {
    for await (const { Subnets } of paginateDescribeSubnets({ client }, {}))
      yield (Subnets ?? []).map(({ SubnetId }) => SubnetId);
  }),
  'AWS::EC2::VPC': kind({ ec2: EC2Client }, async function* ({ ec2: client }) {
    for await (const { Vpcs } of paginateDescribeVpcs({ client }, {}))
      yield (Vpcs ?? []).map(({ VpcId }) => VpcId);
  }),
  'AWS::EC2::NetworkAcl': kind({ ec2: EC2Client }, async function* ({ ec2: client }) {
    for await (const { NetworkAcls } of paginateDescribeNetworkAcls({ client }, {}))
      yield (NetworkAcls ?? []).map(({ NetworkAclId }) => NetworkAclId);
  }),
  'AWS::S3::Bucket': kind({ s3: S3Client }, async function* ({ s3: client }, region) {
    for await (const { Buckets = [] } of paginateListBuckets({ client }, { MaxBuckets: 1000 })) {
      const here = Buckets.map(async ({ Name, BucketRegion }) =>
        (BucketRegion ?? (await locationOf(client, Name))) === region ? Name : undefined,
      );
      yield await Promise.all(here);
    }
  }),
  'AWS::KMS::Key': kind({ kms: KMSClient }, async function* ({ kms: client }) {
    for await (const { Keys } of paginateListKeys({ client }, {}))
      yield (Keys ?? []).map(({ KeyId }) => KeyId);
  }),
  'AWS::IAM::User': kind({ iam: IAMClient }, async function* ({ iam: client }) {
    for await (const { Users } of paginateListUsers({ client }, {}))
      yield (Users ?? []).map(({ UserName }) => UserName);
  }),
  'AWS::IAM::Role': kind({ iam: IAMClient }, async function* ({ iam: client }) {
    for await (const { Roles } of paginateListRoles({ client }, {}))
      yield (Roles ?? []).map(({ RoleName }) => RoleName);
  }),
  'AWS::RDS::DBInstance': kind({ rds: RDSClient }, async function* ({ rds: client }) {
    for await (const { DBInstances } of paginateDescribeDBInstances({ client }, {}))
      yield (DBInstances ?? []).map(({ DBInstanceIdentifier }) => DBInstanceIdentifier);
  }),
  'AWS::RDS::DBCluster': kind({ rds: RDSClient }, async function* ({ rds: client }) {
    for await (const { DBClusters } of paginateDescribeDBClusters({ client }, {}))
      yield (DBClusters ?? []).map(({ DBClusterIdentifier }) => DBClusterIdentifier);
  }),
  // Automatic snapshots cannot be shared.
  'AWS::RDS::DBSnapshot': kind({ rds: RDSClient }, async function* ({ rds: client }) {
    for await (const { DBSnapshots } of paginateDescribeDBSnapshots({ client }, { SnapshotType: 'manual' }))
      yield (DBSnapshots ?? []).map(({ DBSnapshotIdentifier }) => DBSnapshotIdentifier);
  }),
  'AWS::RDS::DBClusterSnapshot': kind({ rds: RDSClient }, async function* ({ rds: client }) {
    const pages = paginateDescribeDBClusterSnapshots({ client }, { SnapshotType: 'manual' });
    for await (const { DBClusterSnapshots } of pages)
      yield (DBClusterSnapshots ?? []).map(({ DBClusterSnapshotIdentifier }) => DBClusterSnapshotIdentifier);
  }),
  'AWS::Redshift::Cluster': kind({ redshift: RedshiftClient }, async function* ({ redshift: client }) {
    for await (const { Clusters } of paginateDescribeClusters({ client }, {}))
      yield (Clusters ?? []).map(({ ClusterIdentifier }) => ClusterIdentifier);
  }),
  'AWS::SNS::Topic': kind({ sns: SNSClient }, async function* ({ sns: client }) {
    for await (const { Topics } of paginateListTopics({ client }, {}))
      yield (Topics ?? []).map(({ TopicArn }) => TopicArn);
  }),
  'AWS::SQS::Queue': kind({ sqs: SQSClient }, async function* ({ sqs: client }) {
    // Without a size, ListQueues stops at a thousand and does not say so.
    for await (const { QueueUrls } of paginateListQueues({ client }, { MaxResults: 1000 }))
      yield QueueUrls ?? [];
  }),
  'AWS::SSM::Document': kind({ ssm: SSMClient }, async function* ({ ssm: client }) {
    const Filters = [{ Key: 'Owner', Values: ['Self'] }];
    for await (const { DocumentIdentifiers } of paginateListDocuments({ client }, { Filters }))
      yield (DocumentIdentifiers ?? []).map(({ Name }) => Name);
  }),
  'AWS::Lambda::Function': kind({ lambda: LambdaClient }, async function* ({ lambda: client }) {
    for await (const { Functions } of paginateListFunctions({ client }, {}))
      yield (Functions ?? []).map(({ FunctionName }) => FunctionName);
  }),
  'AWS::ECR::Repository': kind({ ecr: ECRClient }, async function* ({ ecr: client }) {
    for await (const { repositories } of paginateDescribeRepositories({ client }, {}))
      yield (repositories ?? []).map(({ repositoryName }) => repositoryName);
  }),
  'AWS::SecretsManager::Secret': kind({ sm: SecretsManagerClient }, async function* ({ sm: client }) {
    for await (const { SecretList } of paginateListSecrets({ client }, {}))
      yield (SecretList ?? []).map(({ ARN }) => ARN);
  }),
};

/** The one place where the clients' types are forgotten: a kind is only given its own. */
function kind<C extends ClientClasses>(
  clients: C,
  pages: (aws: Clients<C>, region: string) => AsyncIterable<readonly (string | undefined)[]>,
): Kind {
  return { clients, pages: pages as Kind['pages'] };
}

async function locationOf(s3: S3Client, Bucket: string | undefined): Promise<string> {
  const { LocationConstraint } = await s3.send(new GetBucketLocationCommand({ Bucket }));
  // What is older than regions is told as nothing, and as EU.
  const region: string = LocationConstraint ?? 'us-east-1';
  return region === 'EU' ? 'eu-west-1' : region;
}
