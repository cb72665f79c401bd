import { type Partition, type Target, partitionOf } from './target';

/** What a page is made of: ids are as the target has them, to be escaped by `part` or `arnPart`. */
type Page = (target: Target) => string | undefined;

/** By partition: the host, and where services without regions are shown. */
const CONSOLES: Readonly<Record<Partition, { readonly host: string; readonly global: string }>> = {
  aws: { host: 'console.aws.amazon.com', global: 'us-east-1' },
  'aws-cn': { host: 'console.amazonaws.cn', global: 'cn-north-1' },
  'aws-us-gov': { host: 'console.amazonaws-us-gov.com', global: 'us-gov-west-1' },
};

/** Regions whose console is elsewhere: the European Sovereign Cloud, and the isolated partitions. */
const ELSEWHERE = /^(eusc|us-iso[a-z]*|eu-isoe)-/;

/** Browsers read `..` as the way up, escaped or not. */
const WAY_UP = /(^|\/)\.{1,2}(\/|$)/;

/**
 * The page of AWS's console that shows a resource, for whoever is signed in to its account; `undefined` where there is
 * no such page, or none that its id leads to.
 *
 * The id is a finder's word: nothing in it can leave its place in the address, and characters that mean something to
 * Slack, Markdown or HTML do not stand in the result, apart from `&`, `=` and `#`.
 */
export function consoleUrl(target: Target): string | undefined {
  const page = Object.hasOwn(PAGES, target.type) ? PAGES[target.type] : undefined;
  if (!page || ELSEWHERE.test(target.region) || WAY_UP.test(target.id)) return undefined;
  const { host, global } = CONSOLES[partitionOf(target.region)];
  const region = GLOBAL.has(target.type) ? global : target.region;
  const path = page({ ...target, region });
  return path === undefined ? undefined : `https://${region}.${host}/${path}`;
}

/** Without regions of their own. */
const GLOBAL: ReadonlySet<string> = new Set([
  'AWS::CloudFront::Distribution',
  'AWS::IAM::Group',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Role',
  'AWS::IAM::User',
  'AWS::Route53::HostedZone',
]);

const ec2 = home('ec2');
const vpc = home('vpcconsole');
const rds = home('rds');
const iam = home('iam');

/** As the console itself links them. Types whose page needs more than the id are left out. */
const PAGES: Readonly<Record<string, Page>> = {
  'AWS::ApiGateway::RestApi': ({ id, region }) =>
    `apigateway/main/apis/${part(id)}/resources?api=${part(id)}&region=${region}`,
  'AWS::ApiGateway::Stage': ({ id, region }) => {
    const [, api] = /\/restapis\/([^/]+)\/stages\//.exec(id) ?? [];
    return api && `apigateway/main/apis/${part(api)}/stages?api=${part(api)}&region=${region}`;
  },
  'AWS::AppSync::GraphQLApi': home('appsync')(({ id }) => `/${part(id)}/v1/home`),
  'AWS::Athena::WorkGroup': home('athena')(({ id }) => `/workgroups/details/${part(id)}`),
  'AWS::AutoScaling::AutoScalingGroup': ec2(
    ({ id }) => `AutoScalingGroupDetails:id=${part(id)};view=details`,
  ),
  'AWS::AutoScaling::LaunchConfiguration': ec2(({ id }) => `LaunchConfigurations:id=${part(id)}`),
  'AWS::Backup::BackupVault': home('backup')(({ id }) => `/backupvaults/details/${part(id)}`),
  'AWS::CertificateManager::Certificate': home('acm')(({ id }) => `/certificates/${part(lastOf(id))}`),
  'AWS::CloudFormation::Stack': home('cloudformation')(
    ({ id }) => `/stacks?filteringText=${part(id)}&filteringStatus=active&viewNested=true`,
  ),
  'AWS::CloudFront::Distribution': ({ id }) => `cloudfront/v4/home#/distributions/${part(id)}`,
  'AWS::CloudTrail::Trail': home('cloudtrailv2')(
    ({ id, account, region }) =>
      `/trails/${arnPart(`arn:${partitionOf(region)}:cloudtrail:${region}:${account}:trail/${id}`)}`,
  ),
  'AWS::CodeBuild::Project': ({ id, account, region }) =>
    `codesuite/codebuild/${account}/projects/${part(id)}?region=${region}`,
  'AWS::DynamoDB::Table': home('dynamodbv2')(({ id }) => `table?name=${part(id)}`),
  'AWS::EC2::EIP': ec2(({ id }) => `ElasticIpDetails:AllocationId=${part(id)}`),
  'AWS::EC2::Image': ec2(({ id }) => `ImageDetails:imageId=${part(id)}`),
  'AWS::EC2::Instance': ec2(({ id }) => `InstanceDetails:instanceId=${part(id)}`),
  'AWS::EC2::InternetGateway': vpc(({ id }) => `InternetGateway:internetGatewayId=${part(id)}`),
  'AWS::EC2::KeyPair': ec2(({ id }) => `KeyPairs:search=${part(id)}`),
  'AWS::EC2::LaunchTemplate': ec2(({ id }) => `LaunchTemplateDetails:launchTemplateId=${part(id)}`),
  'AWS::EC2::NatGateway': vpc(({ id }) => `NatGatewayDetails:natGatewayId=${part(id)}`),
  'AWS::EC2::NetworkAcl': vpc(({ id }) => `NetworkAclDetails:networkAclId=${part(id)}`),
  'AWS::EC2::NetworkInterface': ec2(({ id }) => `NetworkInterface:networkInterfaceId=${part(id)}`),
  'AWS::EC2::RouteTable': vpc(({ id }) => `RouteTableDetails:RouteTableId=${part(id)}`),
  'AWS::EC2::SecurityGroup': ec2(({ id }) => `SecurityGroup:groupId=${part(id)}`),
  'AWS::EC2::Snapshot': ec2(({ id }) => `SnapshotDetails:snapshotId=${part(id)}`),
  'AWS::EC2::Subnet': vpc(({ id }) => `SubnetDetails:subnetId=${part(id)}`),
  'AWS::EC2::TransitGateway': vpc(({ id }) => `TransitGatewayDetails:transitGatewayId=${part(id)}`),
  'AWS::EC2::Volume': ec2(({ id }) => `VolumeDetails:volumeId=${part(id)}`),
  'AWS::EC2::VPC': vpc(({ id }) => `VpcDetails:VpcId=${part(id)}`),
  'AWS::EC2::VPCEndpoint': vpc(({ id }) => `EndpointDetails:vpcEndpointId=${part(id)}`),
  'AWS::EC2::VPCPeeringConnection': vpc(
    ({ id }) => `PeeringConnectionDetails:VpcPeeringConnectionId=${part(id)}`,
  ),
  'AWS::ECR::Repository': ({ id, account, region }) =>
    `ecr/repositories/private/${account}/${arnPart(id)}?region=${region}`,
  'AWS::ECS::Cluster': ({ id, region }) => `ecs/v2/clusters/${part(id)}?region=${region}`,
  'AWS::ECS::TaskDefinition': ({ id, region }) => {
    const [, family, revision] = /:task-definition\/([^/:]+):(\d+)$/.exec(id) ?? [];
    return family && `ecs/v2/task-definitions/${part(family)}/${revision}?region=${region}`;
  },
  'AWS::EFS::FileSystem': home('efs')(({ id }) => `/file-systems/${part(id)}`),
  'AWS::EKS::Cluster': home('eks')(({ id }) => `/clusters/${part(id)}`),
  'AWS::ElasticLoadBalancing::LoadBalancer': ec2(({ id }) => `LoadBalancers:search=${part(id)}`),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ec2(({ id }) => `LoadBalancer:loadBalancerArn=${arnPart(id)}`),
  'AWS::Events::EventBus': home('events')(({ id }) => `/eventbus/${part(id)}`),
  'AWS::GuardDuty::Detector': home('guardduty')(() => '/summary'),
  'AWS::IAM::Group': iam(({ id }) => `/groups/details/${part(id)}`),
  'AWS::IAM::ManagedPolicy': iam(({ id }) => `/policies/details/${part(id)}`),
  'AWS::IAM::Role': iam(({ id }) => `/roles/details/${part(id)}`),
  'AWS::IAM::User': iam(({ id }) => `/users/details/${part(id)}`),
  'AWS::Kinesis::Stream': home('kinesis')(({ id }) => `/streams/details/${part(id)}/monitoring`),
  'AWS::KMS::Key': home('kms')(({ id }) => `/kms/keys/${part(id)}`),
  'AWS::Lambda::Function': home('lambda')(({ id }) => `/functions/${part(id)}`),
  // The console escapes names twice, and writes $ in place of %.
  'AWS::Logs::LogGroup': home('cloudwatch')(
    ({ id }) => `logsV2:log-groups/log-group/${part(part(id)).replaceAll('%', '$')}`,
  ),
  'AWS::OpenSearchService::Domain': home('aos')(({ id }) => `opensearch/domains/${part(id)}`),
  'AWS::RDS::DBCluster': rds(({ id }) => `database:id=${part(id)};is-cluster=true`),
  'AWS::RDS::DBInstance': rds(({ id }) => `database:id=${part(id)};is-cluster=false`),
  'AWS::RDS::DBSnapshot': rds(({ id }) => `db-snapshot:id=${part(id)}`),
  'AWS::Redshift::Cluster': home('redshiftv2')(({ id }) => `cluster-details?cluster=${part(id)}`),
  'AWS::Route53::HostedZone': ({ id }) => `route53/v2/hostedzones#ListRecordSets/${part(id)}`,
  'AWS::S3::Bucket': ({ id, region }) => `s3/buckets/${part(id)}?region=${region}`,
  'AWS::SageMaker::NotebookInstance': home('sagemaker')(({ id }) => `/notebook-instances/${part(id)}`),
  'AWS::SecretsManager::Secret': ({ id, region }) => {
    const [, name] = /:secret:(.+)-[A-Za-z0-9]{6}$/.exec(id) ?? [];
    return name && `secretsmanager/secret?name=${part(name)}&region=${region}`;
  },
  'AWS::SNS::Topic': home('sns/v3')(({ id }) => `/topic/${arnPart(id)}`),
  'AWS::SQS::Queue': home('sqs/v3')(({ id }) => `/queues/${part(id)}`),
  'AWS::SSM::Document': ({ id, region }) =>
    `systems-manager/documents/${part(id)}/description?region=${region}`,
  'AWS::StepFunctions::StateMachine': home('states')(({ id }) => `/statemachines/view/${arnPart(id)}`),
};

/** Most consoles are one page, with what it shows behind the `#`. */
function home(service: string) {
  return (shown: (target: Target) => string): Page =>
    (target) =>
      `${service}/home?region=${target.region}#${shown(target)}`;
}

function part(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '')).replace(
    /[!'()*~_]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Slashes and colons of an ARN stay. */
function arnPart(text: string): string {
  return part(text).replaceAll('%3A', ':').replaceAll('%2F', '/');
}

function lastOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
