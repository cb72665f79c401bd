import { CloudTrailClient, DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import {
  EC2Client,
  paginateDescribeImages,
  paginateDescribeInstances,
  paginateDescribeNetworkAcls,
  paginateDescribeSecurityGroups,
  paginateDescribeSnapshots,
  paginateDescribeSubnets,
  paginateDescribeVolumes,
  paginateDescribeVpcs,
} from '@aws-sdk/client-ec2';
import { ECRClient, paginateDescribeRepositories } from '@aws-sdk/client-ecr';
import { GuardDutyClient, paginateListDetectors } from '@aws-sdk/client-guardduty';
import {
  IAMClient,
  paginateListPolicies,
  paginateListRoles,
  paginateListServerCertificates,
  paginateListUsers,
} from '@aws-sdk/client-iam';
import { KinesisClient, paginateListStreams } from '@aws-sdk/client-kinesis';
import { KMSClient, paginateListKeys } from '@aws-sdk/client-kms';
import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { Route53Client, paginateListHostedZones } from '@aws-sdk/client-route-53';
import { Route53DomainsClient, paginateListDomains } from '@aws-sdk/client-route-53-domains';
import { GetBucketLocationCommand, S3Client, paginateListBuckets } from '@aws-sdk/client-s3';
import { SecretsManagerClient, paginateListSecrets } from '@aws-sdk/client-secrets-manager';
import { SFNClient, paginateListStateMachines } from '@aws-sdk/client-sfn';
import { SNSClient, paginateListTopics } from '@aws-sdk/client-sns';
import { SQSClient, paginateListQueues } from '@aws-sdk/client-sqs';
import { SSMClient, paginateListDocuments } from '@aws-sdk/client-ssm';
import { canonical } from '../resources/canonical';
import { type Target, partitionOf } from '../resources/target';
import type { ClientMaker } from './clients';
import { databases } from './inventory-databases';
import { type Kind, kind } from './inventory-kind';
import { services } from './inventory-services';

/** By CloudFormation type, the resources that bots look at. Ids are those that the services' own APIs take. */
export const inventory: Readonly<Record<string, Kind>> = {
  ...services,
  ...databases,
  'AWS::EC2::SecurityGroup': kind(
    () => ({ ec2: EC2Client }),
    ['ec2:DescribeSecurityGroups'],
    async function* ({ ec2: client }) {
      for await (const { SecurityGroups } of paginateDescribeSecurityGroups({ client }, {}))
        yield (SecurityGroups ?? []).map(({ GroupId }) => GroupId);
    },
  ),
  'AWS::EC2::Instance': kind(
    () => ({ ec2: EC2Client }),
    ['ec2:DescribeInstances'],
    async function* ({ ec2: client }) {
      for await (const { Reservations } of paginateDescribeInstances({ client }, {}))
        yield (Reservations ?? []).flatMap(({ Instances = [] }) => Instances.map((one) => one.InstanceId));
    },
  ),
  'AWS::EC2::Image': kind(
    () => ({ ec2: EC2Client }),
    ['ec2:DescribeImages'],
    async function* ({ ec2: client }) {
      for await (const { Images } of paginateDescribeImages({ client }, { Owners: ['self'] }))
        yield (Images ?? []).map(({ ImageId }) => ImageId);
    },
  ),
  'AWS::EC2::Snapshot': kind(
    () => ({ ec2: EC2Client }),
    ['ec2:DescribeSnapshots'],
    async function* ({ ec2: client }) {
      for await (const { Snapshots } of paginateDescribeSnapshots({ client }, { OwnerIds: ['self'] }))
        yield (Snapshots ?? []).map(({ SnapshotId }) => SnapshotId);
    },
  ),
  'AWS::EC2::Subnet': kind(
    () => ({ ec2: EC2Client }),
    ['ec2:DescribeSubnets'],
    async function* ({ ec2: client }) {
      for await (const { Subnets } of paginateDescribeSubnets({ client }, {}))
        yield (Subnets ?? []).map(({ SubnetId }) => SubnetId);
    },
  ),
  'AWS::EC2::Volume': kind(
    () => ({ ec2: EC2Client }),
    ['ec2:DescribeVolumes'],
    async function* ({ ec2: client }) {
      for await (const { Volumes } of paginateDescribeVolumes({ client }, {}))
        yield (Volumes ?? []).map(({ VolumeId }) => VolumeId);
    },
  ),
  'AWS::EC2::VPC': kind(
    () => ({ ec2: EC2Client }),
    ['ec2:DescribeVpcs'],
    async function* ({ ec2: client }) {
      for await (const { Vpcs } of paginateDescribeVpcs({ client }, {}))
        yield (Vpcs ?? []).map(({ VpcId }) => VpcId);
    },
  ),
  'AWS::EC2::NetworkAcl': kind(
    () => ({ ec2: EC2Client }),
    ['ec2:DescribeNetworkAcls'],
    async function* ({ ec2: client }) {
      for await (const { NetworkAcls } of paginateDescribeNetworkAcls({ client }, {}))
        yield (NetworkAcls ?? []).map(({ NetworkAclId }) => NetworkAclId);
    },
  ),
  // Without replicas: a trail is its home region's, and an organization's that of the account that owns it.
  'AWS::CloudTrail::Trail': kind(
    () => ({ cloudtrail: CloudTrailClient }),
    ['cloudtrail:DescribeTrails'],
    async function* ({ cloudtrail: client }) {
      const { trailList = [] } = await client.send(new DescribeTrailsCommand({ includeShadowTrails: false }));
      yield trailList.map(({ Name }) => Name);
    },
  ),
  'AWS::GuardDuty::Detector': kind(
    () => ({ guardduty: GuardDutyClient }),
    ['guardduty:ListDetectors'],
    async function* ({ guardduty: client }) {
      for await (const { DetectorIds } of paginateListDetectors({ client }, {})) yield DetectorIds ?? [];
    },
  ),
  'AWS::Logs::LogGroup': kind(
    () => ({ logs: CloudWatchLogsClient }),
    ['logs:DescribeLogGroups'],
    async function* ({ logs: client }) {
      for await (const { logGroups } of paginateDescribeLogGroups({ client }, {}))
        yield (logGroups ?? []).map(({ logGroupName }) => logGroupName);
    },
  ),
  'AWS::S3::Bucket': kind(
    () => ({ s3: S3Client }),
    ['s3:ListAllMyBuckets', 's3:GetBucketLocation'],
    async function* ({ s3: client }, region) {
      for await (const { Buckets = [] } of paginateListBuckets({ client }, { MaxBuckets: 1000 })) {
        const here = Buckets.map(async ({ Name, BucketRegion }) =>
          (BucketRegion ?? (await locationOf(client, Name))) === region ? Name : undefined,
        );
        yield await Promise.all(here);
      }
    },
  ),
  'AWS::Kinesis::Stream': kind(
    () => ({ kinesis: KinesisClient }),
    ['kinesis:ListStreams'],
    async function* ({ kinesis: client }) {
      for await (const { StreamNames } of paginateListStreams({ client }, {})) yield StreamNames ?? [];
    },
  ),
  'AWS::KMS::Key': kind(
    () => ({ kms: KMSClient }),
    ['kms:ListKeys'],
    async function* ({ kms: client }) {
      for await (const { Keys } of paginateListKeys({ client }, {}))
        yield (Keys ?? []).map(({ KeyId }) => KeyId);
    },
  ),
  'AWS::IAM::User': kind(
    () => ({ iam: IAMClient }),
    ['iam:ListUsers'],
    async function* ({ iam: client }) {
      for await (const { Users } of paginateListUsers({ client }, {}))
        yield (Users ?? []).map(({ UserName }) => UserName);
    },
  ),
  'AWS::IAM::Role': kind(
    () => ({ iam: IAMClient }),
    ['iam:ListRoles'],
    async function* ({ iam: client }) {
      for await (const { Roles } of paginateListRoles({ client }, {}))
        yield (Roles ?? []).map(({ RoleName }) => RoleName);
    },
  ),
  // Those of AWS are changed by nobody.
  'AWS::IAM::ManagedPolicy': kind(
    () => ({ iam: IAMClient }),
    ['iam:ListPolicies'],
    async function* ({ iam: client }) {
      for await (const { Policies } of paginateListPolicies({ client }, { Scope: 'Local' }))
        yield (Policies ?? []).map(({ Arn }) => Arn);
    },
  ),
  'AWS::IAM::ServerCertificate': kind(
    () => ({ iam: IAMClient }),
    ['iam:ListServerCertificates'],
    async function* ({ iam: client }) {
      for await (const { ServerCertificateMetadataList: list } of paginateListServerCertificates(
        { client },
        {},
      ))
        yield (list ?? []).map(({ ServerCertificateName }) => ServerCertificateName);
    },
  ),
  'AWS::Route53::HostedZone': kind(
    () => ({ route53: Route53Client }),
    ['route53:ListHostedZones'],
    async function* ({ route53: client }) {
      for await (const { HostedZones } of paginateListHostedZones({ client }, {}))
        yield (HostedZones ?? []).map(({ Id }) => Id?.split('/').at(-1));
    },
  ),
  'AWS::Route53Domains::Domain': kind(
    () => ({ route53domains: Route53DomainsClient }),
    ['route53domains:ListDomains'],
    async function* ({ route53domains: client }) {
      for await (const { Domains } of paginateListDomains({ client }, {}))
        yield (Domains ?? []).map(({ DomainName }) => DomainName);
    },
  ),
  'AWS::StepFunctions::StateMachine': kind(
    () => ({ states: SFNClient }),
    ['states:ListStateMachines'],
    async function* ({ states: client }) {
      for await (const { stateMachines } of paginateListStateMachines({ client }, {}))
        yield (stateMachines ?? []).map(({ stateMachineArn }) => stateMachineArn);
    },
  ),
  'AWS::SNS::Topic': kind(
    () => ({ sns: SNSClient }),
    ['sns:ListTopics'],
    async function* ({ sns: client }) {
      for await (const { Topics } of paginateListTopics({ client }, {}))
        yield (Topics ?? []).map(({ TopicArn }) => TopicArn);
    },
  ),
  'AWS::SQS::Queue': kind(
    () => ({ sqs: SQSClient }),
    ['sqs:ListQueues'],
    async function* ({ sqs: client }) {
      // Without a size, ListQueues stops at a thousand and does not say so.
      for await (const { QueueUrls } of paginateListQueues({ client }, { MaxResults: 1000 }))
        yield QueueUrls ?? [];
    },
  ),
  'AWS::SSM::Document': kind(
    () => ({ ssm: SSMClient }),
    ['ssm:ListDocuments'],
    async function* ({ ssm: client }) {
      const Filters = [{ Key: 'Owner', Values: ['Self'] }];
      for await (const { DocumentIdentifiers } of paginateListDocuments({ client }, { Filters }))
        yield (DocumentIdentifiers ?? []).map(({ Name }) => Name);
    },
  ),
  'AWS::Lambda::Function': kind(
    () => ({ lambda: LambdaClient }),
    ['lambda:ListFunctions'],
    async function* ({ lambda: client }) {
      for await (const { Functions } of paginateListFunctions({ client }, {}))
        yield (Functions ?? []).map(({ FunctionName }) => FunctionName);
    },
  ),
  'AWS::ECR::Repository': kind(
    () => ({ ecr: ECRClient }),
    ['ecr:DescribeRepositories'],
    async function* ({ ecr: client }) {
      for await (const { repositories } of paginateDescribeRepositories({ client }, {}))
        yield (repositories ?? []).map(({ repositoryName }) => repositoryName);
    },
  ),
  'AWS::SecretsManager::Secret': kind(
    () => ({ sm: SecretsManagerClient }),
    ['secretsmanager:ListSecrets'],
    async function* ({ sm: client }) {
      for await (const { SecretList } of paginateListSecrets({ client }, {}))
        yield (SecretList ?? []).map(({ ARN }) => ARN);
    },
  ),
};

/** Whether resources of that type can be listed. */
export function isListed(type: string): boolean {
  return Object.hasOwn(inventory, type);
}

/** The IAM actions that finding resources of that type takes; none where they cannot be listed, or always exist. */
export function listingActions(type: string): readonly string[] {
  return isListed(type) ? (inventory[type]?.reads ?? []) : [];
}

/**
 * All resources of that type in one account and region, page by page, found with the rights that listing takes.
 * `actor` is whose session in a member account it is.
 *
 * @throws Error for a type that cannot be listed.
 */
export async function* resourcesOf(
  clients: ClientMaker,
  actor: string,
  type: string,
  place: Pick<Target, 'account' | 'region'>,
): AsyncGenerator<Target> {
  const found = isListed(type) ? inventory[type] : undefined;
  if (!found) throw new Error(`resources of type ${type} cannot be listed`);
  const { reads: read } = found;
  const permissions = { read, write: [], undo: [], elsewhere: read };
  const searcher = {
    id: actor,
    resource: type as `AWS::${string}::${string}`,
    clients: found.clients(),
    permissions,
  };
  const aws = clients(searcher, { ...place, type, id: 'all' });
  const home = partitionOf(place.region);
  for await (const page of found.pages(aws, place.region)) {
    for (const id of page) {
      // The lists of some services name a resource otherwise than messages about it do.
      const named = id === undefined ? undefined : canonical({ type, id, around: place }, home);
      if (named && 'target' in named) yield named.target;
    }
  }
}

async function locationOf(s3: S3Client, Bucket: string | undefined): Promise<string> {
  const { LocationConstraint } = await s3.send(new GetBucketLocationCommand({ Bucket }));
  // What is older than regions is told as nothing, and as EU.
  const region: string = LocationConstraint ?? 'us-east-1';
  return region === 'EU' ? 'eu-west-1' : region;
}
