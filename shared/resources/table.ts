/**
 * One type of resource: what it is called, how its identifier is written, where it lies. Pure data; everything that
 * knows types reads it from here, so that adding one is adding a row.
 */
export interface ResourceType {
  /** CloudFormation's name, by which selfheal calls it. */
  readonly type: string;
  /**
   * Its ARN behind the partition, as IAM writes it: `region` and `account` where these stand, `@` for the name (`@+`
   * where `/` and `:` may stand in it), `*` for what else varies. Several where IAM knows several. Source: Service
   * Authorization Reference, resource types.
   */
  readonly arn?: string | readonly string[];
  /** Further spellings of the ARN that findings use and IAM does not. */
  readonly alsoArn?: readonly string[];
  /**
   * The id that the service's own API takes. `name` (the default): the name in the ARN. `last`: the name without the
   * path before it. `first`: the name without the version or alias behind it. `arn`: the whole ARN. `url`: the URL of
   * a queue.
   */
  readonly id?: 'name' | 'last' | 'first' | 'arn' | 'url';
  /**
   * `region` (the default). `global`: in no region. `anywhere`: in a region, but its name is the only one in the
   * partition, and every region finds it.
   */
  readonly where?: 'region' | 'global' | 'anywhere';
  /** How every id of the type begins, and of no other type: an id that stands alone tells its type. */
  readonly prefix?: string;
  /** Ids that AWS gives beside the name, and that the API does not take. */
  readonly unique?: RegExp;
  /** Its ARN may be one of the service that it was made of. */
  readonly isAnyArn?: true;
  /** Its versions and aliases are named behind it, and are its own: `function:orders:live`. */
  readonly hasVersions?: true;
  /** AWS keeps the name in lower case, and takes it in any. */
  readonly anyCase?: true;
  /**
   * What others call it, where that is not CloudFormation's name without its punctuation: see `typeNamed` in types.ts.
   * Source: ASFF resource types; CloudGuard GSL reference; GuardDuty, FindingResourceType; AWS Config, ResourceType.
   */
  readonly names?: readonly string[];
  /** AWS Config's names for it, where they are not CloudFormation's. */
  readonly config?: readonly string[];
  /**
   * CloudWatch's dimensions whose value is its id or the name in its ARN: `InstanceId`, or `AWS/KMS/KeyId` where other
   * namespaces use the word for something else. Source: CloudWatch User Guide, services that publish metrics.
   */
  readonly dimensions?: readonly string[];
  /** The API takes the name, where a source (AWS Config, CloudGuard) says a name and another id. */
  readonly isName?: true;
}

/** Ids that IAM and RDS give. Source: IAM User Guide, unique identifiers; RDS API, DbiResourceId. */
const IAM_ID = /^A(GPA|IDA|IPA|NPA|ROA|SCA)[A-Z0-9]{12,}$/;
const RDS_ID = /^(db|cluster)-[A-Z0-9]{12,}$/;

/** The table: a type is a row. */
export const TYPES: readonly ResourceType[] = [
  {
    type: 'AWS::::Account',
    alsoArn: ['iam::account:root', 'iam::account:password-policy'],
    where: 'global',
    names: ['iam', 'iamaccountpasswordpolicy', 's3accountpublicaccessblock'],
  },
  { type: 'AWS::::Region', names: ['ec2snapshotblockpublicaccess'] },
  // Certificates
  {
    type: 'AWS::ACMPCA::CertificateAuthority',
    arn: 'acm-pca:region:account:certificate-authority/@',
    id: 'arn',
  },
  {
    type: 'AWS::CertificateManager::Certificate',
    arn: 'acm:region:account:certificate/@',
    id: 'arn',
    names: ['acmcertificate'],
    config: ['AWS::ACM::Certificate'],
  },
  // APIs
  { type: 'AWS::ApiGateway::RestApi', arn: 'apigateway:region::/restapis/@' },
  { type: 'AWS::ApiGateway::Stage', arn: 'apigateway:region::/restapis/*/stages/*', id: 'arn' },
  { type: 'AWS::ApiGatewayV2::Api', arn: 'apigateway:region::/apis/@' },
  { type: 'AWS::ApiGatewayV2::Stage', arn: 'apigateway:region::/apis/*/stages/*', id: 'arn' },
  { type: 'AWS::AppSync::GraphQLApi', arn: 'appsync:region:account:apis/@' },
  { type: 'AWS::Athena::WorkGroup', arn: 'athena:region:account:workgroup/@', isName: true },
  // Scaling
  {
    type: 'AWS::AutoScaling::AutoScalingGroup',
    arn: 'autoscaling:region:account:autoScalingGroup:*:autoScalingGroupName/@',
    names: ['autoscalinggroup'],
    isName: true,
    dimensions: ['AutoScalingGroupName'],
  },
  {
    type: 'AWS::AutoScaling::LaunchConfiguration',
    arn: 'autoscaling:region:account:launchConfiguration:*:launchConfigurationName/@',
    names: ['launchconfiguration'],
    isName: true,
  },
  // Backup
  { type: 'AWS::Backup::BackupPlan', arn: 'backup:region:account:backup-plan:@' },
  { type: 'AWS::Backup::BackupVault', arn: 'backup:region:account:backup-vault:@', isName: true },
  {
    type: 'AWS::Backup::RecoveryPoint',
    arn: 'backup:region:account:recovery-point:@+',
    id: 'arn',
    isAnyArn: true,
  },
  // What templates made
  { type: 'AWS::CloudFormation::Stack', arn: 'cloudformation:region:account:stack/@/*', isName: true },
  // Distributions
  {
    type: 'AWS::CloudFront::Distribution',
    arn: 'cloudfront::account:distribution/@',
    where: 'global',
    names: ['cloudfront'],
    dimensions: ['AWS/CloudFront/DistributionId'],
  },
  {
    type: 'AWS::CloudTrail::Trail',
    arn: 'cloudtrail:region:account:trail/@',
    names: ['cloudtrail'],
    isName: true,
  },
  { type: 'AWS::CodeBuild::Project', arn: 'codebuild:region:account:project/@', isName: true },
  { type: 'AWS::CodeBuild::ReportGroup', arn: 'codebuild:region:account:report-group/@', id: 'arn' },
  { type: 'AWS::Cognito::IdentityPool', arn: 'cognito-identity:region:account:identitypool/@+' },
  { type: 'AWS::Cognito::UserPool', arn: 'cognito-idp:region:account:userpool/@' },
  // Moving data
  { type: 'AWS::DataSync::Task', arn: 'datasync:region:account:task/@', id: 'arn' },
  { type: 'AWS::DMS::Endpoint', arn: 'dms:region:account:endpoint:@', id: 'arn' },
  { type: 'AWS::DMS::ReplicationInstance', arn: 'dms:region:account:rep:@', id: 'arn' },
  { type: 'AWS::DMS::ReplicationTask', arn: 'dms:region:account:task:@', id: 'arn' },
  {
    type: 'AWS::DynamoDB::Table',
    arn: 'dynamodb:region:account:table/@',
    names: ['dynamodb'],
    isName: true,
    dimensions: ['TableName'],
  },
  // EC2
  {
    type: 'AWS::EC2::ClientVpnEndpoint',
    arn: 'ec2:region:account:client-vpn-endpoint/@',
    prefix: 'cvpn-endpoint-',
  },
  { type: 'AWS::EC2::CustomerGateway', arn: 'ec2:region:account:customer-gateway/@', prefix: 'cgw-' },
  { type: 'AWS::EC2::EIP', arn: 'ec2:region:account:elastic-ip/@', prefix: 'eipalloc-' },
  { type: 'AWS::EC2::Image', arn: 'ec2:region::image/@', prefix: 'ami-', names: ['ami', 'image'] },
  {
    type: 'AWS::EC2::Instance',
    arn: 'ec2:region:account:instance/@',
    prefix: 'i-',
    names: ['instance'],
    dimensions: ['InstanceId'],
  },
  {
    type: 'AWS::EC2::InternetGateway',
    arn: 'ec2:region:account:internet-gateway/@',
    prefix: 'igw-',
    names: ['internetgateway'],
  },
  {
    type: 'AWS::EC2::KeyPair',
    arn: 'ec2:region:account:key-pair/@',
    unique: /^key-[0-9a-f]{8,17}$/,
    names: ['keypair'],
  },
  { type: 'AWS::EC2::LaunchTemplate', arn: 'ec2:region:account:launch-template/@', prefix: 'lt-' },
  {
    type: 'AWS::EC2::NatGateway',
    arn: 'ec2:region:account:natgateway/@',
    prefix: 'nat-',
    names: ['natgateway'],
    dimensions: ['NatGatewayId'],
  },
  {
    type: 'AWS::EC2::NetworkAcl',
    arn: 'ec2:region:account:network-acl/@',
    prefix: 'acl-',
    names: ['networkacl', 'nacl'],
  },
  {
    type: 'AWS::EC2::NetworkInterface',
    arn: 'ec2:region:account:network-interface/@',
    prefix: 'eni-',
    names: ['networkinterface'],
  },
  { type: 'AWS::EC2::PlacementGroup', arn: 'ec2:region:account:placement-group/@', prefix: 'pg-' },
  {
    type: 'AWS::EC2::RouteTable',
    arn: 'ec2:region:account:route-table/@',
    prefix: 'rtb-',
    names: ['routetable'],
  },
  {
    type: 'AWS::EC2::SecurityGroup',
    arn: 'ec2:region:account:security-group/@',
    prefix: 'sg-',
    names: ['securitygroup'],
  },
  {
    type: 'AWS::EC2::Snapshot',
    arn: 'ec2:region::snapshot/@',
    prefix: 'snap-',
    names: ['snapshot', 'ebssnapshot'],
  },
  { type: 'AWS::EC2::Subnet', arn: 'ec2:region:account:subnet/@', prefix: 'subnet-', names: ['subnet'] },
  { type: 'AWS::EC2::TransitGateway', arn: 'ec2:region:account:transit-gateway/@', prefix: 'tgw-' },
  {
    type: 'AWS::EC2::Volume',
    arn: 'ec2:region:account:volume/@',
    prefix: 'vol-',
    names: ['volume', 'ebs', 'ebsvolume'],
    dimensions: ['VolumeId'],
  },
  { type: 'AWS::EC2::VPC', arn: 'ec2:region:account:vpc/@', prefix: 'vpc-', names: ['vpc'] },
  { type: 'AWS::EC2::VPCEndpoint', arn: 'ec2:region:account:vpc-endpoint/@', prefix: 'vpce-' },
  {
    type: 'AWS::EC2::VPCPeeringConnection',
    arn: 'ec2:region:account:vpc-peering-connection/@',
    prefix: 'pcx-',
  },
  { type: 'AWS::EC2::VPNConnection', arn: 'ec2:region:account:vpn-connection/@', prefix: 'vpn-' },
  { type: 'AWS::EC2::VPNGateway', arn: 'ec2:region:account:vpn-gateway/@', prefix: 'vgw-' },
  // Containers
  { type: 'AWS::ECR::Repository', arn: 'ecr:region:account:repository/@+', isName: true },
  {
    type: 'AWS::ECS::Cluster',
    arn: 'ecs:region:account:cluster/@',
    isName: true,
    dimensions: ['AWS/ECS/ClusterName', 'ECS/ContainerInsights/ClusterName'],
  },
  {
    type: 'AWS::ECS::Service',
    arn: 'ecs:region:account:service/*/@',
    alsoArn: ['ecs:region:account:service/@'],
    id: 'arn',
  },
  {
    type: 'AWS::ECS::Task',
    arn: 'ecs:region:account:task/*/@',
    alsoArn: ['ecs:region:account:task/@'],
    id: 'arn',
  },
  { type: 'AWS::ECS::TaskDefinition', arn: 'ecs:region:account:task-definition/*:@', id: 'arn' },
  {
    type: 'AWS::EKS::Cluster',
    arn: 'eks:region:account:cluster/@',
    isName: true,
    dimensions: ['ContainerInsights/ClusterName'],
  },
  {
    type: 'AWS::EFS::FileSystem',
    arn: 'elasticfilesystem:region:account:file-system/@',
    prefix: 'fs-',
    names: ['efs', 'elasticfilesystemfilesystem'],
    dimensions: ['AWS/EFS/FileSystemId'],
  },
  // Caches
  {
    type: 'AWS::ElastiCache::CacheCluster',
    arn: 'elasticache:region:account:cluster:@',
    anyCase: true,
    dimensions: ['CacheClusterId'],
  },
  {
    type: 'AWS::ElastiCache::ReplicationGroup',
    arn: 'elasticache:region:account:replicationgroup:@',
    anyCase: true,
  },
  { type: 'AWS::ElasticBeanstalk::Environment', arn: 'elasticbeanstalk:region:account:environment/*/@' },
  // Load balancers
  {
    type: 'AWS::ElasticLoadBalancing::LoadBalancer',
    arn: 'elasticloadbalancing:region:account:loadbalancer/@',
    names: ['elb', 'elbloadbalancer'],
    isName: true,
  },
  {
    type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    arn: [
      'elasticloadbalancing:region:account:loadbalancer/app/*/*',
      'elasticloadbalancing:region:account:loadbalancer/net/*/*',
      'elasticloadbalancing:region:account:loadbalancer/gwy/*/*',
    ],
    id: 'arn',
    names: ['elbv2loadbalancer', 'applicationloadbalancer', 'networkloadbalancer'],
  },
  {
    type: 'AWS::ElasticLoadBalancingV2::Listener',
    arn: [
      'elasticloadbalancing:region:account:listener/app/*/*/*',
      'elasticloadbalancing:region:account:listener/net/*/*/*',
      'elasticloadbalancing:region:account:listener/gwy/*/*/*',
    ],
    id: 'arn',
  },
  { type: 'AWS::Events::EventBus', arn: 'events:region:account:event-bus/@+' },
  { type: 'AWS::FSx::FileSystem', arn: 'fsx:region:account:file-system/@' },
  { type: 'AWS::GuardDuty::Detector', arn: 'guardduty:region:account:detector/@' },
  { type: 'AWS::GuardDuty::Filter', arn: 'guardduty:region:account:detector/*/filter/@', id: 'arn' },
  { type: 'AWS::GuardDuty::IPSet', arn: 'guardduty:region:account:detector/*/ipset/@', id: 'arn' },
  // Identities
  { type: 'AWS::IAM::AccessKey', where: 'global', prefix: 'AKIA' },
  {
    type: 'AWS::IAM::Group',
    arn: 'iam::account:group/@+',
    id: 'last',
    where: 'global',
    unique: IAM_ID,
    isName: true,
  },
  {
    type: 'AWS::IAM::InstanceProfile',
    arn: 'iam::account:instance-profile/@+',
    id: 'last',
    where: 'global',
    unique: IAM_ID,
    isName: true,
  },
  {
    type: 'AWS::IAM::ManagedPolicy',
    arn: 'iam::account:policy/@+',
    id: 'arn',
    where: 'global',
    unique: IAM_ID,
    names: ['iampolicy'],
    config: ['AWS::IAM::Policy'],
  },
  {
    type: 'AWS::IAM::Role',
    arn: 'iam::account:role/@+',
    id: 'last',
    where: 'global',
    unique: IAM_ID,
    isName: true,
  },
  {
    type: 'AWS::IAM::ServerCertificate',
    arn: 'iam::account:server-certificate/@+',
    id: 'last',
    where: 'global',
    unique: IAM_ID,
    isName: true,
  },
  {
    type: 'AWS::IAM::User',
    arn: 'iam::account:user/@+',
    id: 'last',
    where: 'global',
    unique: IAM_ID,
    isName: true,
  },
  // Streams, keys, functions, logs
  {
    type: 'AWS::Kinesis::Stream',
    arn: 'kinesis:region:account:stream/@',
    names: ['kinesis'],
    isName: true,
    dimensions: ['AWS/Kinesis/StreamName'],
  },
  {
    type: 'AWS::KinesisFirehose::DeliveryStream',
    arn: 'firehose:region:account:deliverystream/@',
    isName: true,
  },
  { type: 'AWS::KMS::Key', arn: 'kms:region:account:key/@', names: ['kms'], dimensions: ['AWS/KMS/KeyId'] },
  {
    type: 'AWS::Lambda::Function',
    arn: 'lambda:region:account:function:@+',
    id: 'first',
    hasVersions: true,
    names: ['lambda'],
    isName: true,
    dimensions: ['FunctionName'],
  },
  {
    type: 'AWS::Logs::LogGroup',
    arn: 'logs:region:account:log-group:@+',
    id: 'first',
    // Most actions of CloudWatch Logs want the ARN in policies with `:*` behind it.
    hasVersions: true,
    dimensions: ['LogGroupName'],
  },
  // Brokers
  { type: 'AWS::AmazonMQ::Broker', arn: 'mq:region:account:broker:*:@' },
  { type: 'AWS::MSK::Cluster', arn: 'kafka:region:account:cluster/*/*', id: 'arn' },
  // Firewalls
  {
    type: 'AWS::NetworkFirewall::Firewall',
    arn: 'network-firewall:region:account:firewall/@',
    id: 'arn',
    names: ['networkfirewall'],
  },
  {
    type: 'AWS::NetworkFirewall::FirewallPolicy',
    arn: 'network-firewall:region:account:firewall-policy/@',
    id: 'arn',
  },
  { type: 'AWS::WAFv2::RuleGroup', arn: 'wafv2:region:account:*/rulegroup/*/*', id: 'arn' },
  { type: 'AWS::WAFv2::WebACL', arn: 'wafv2:region:account:*/webacl/*/*', id: 'arn' },
  // Search; domains of both engines are reached by one API
  {
    type: 'AWS::OpenSearchService::Domain',
    arn: 'es:region:account:domain/@',
    names: ['elasticsearchdomain', 'opensearchdomain'],
    config: ['AWS::OpenSearch::Domain', 'AWS::Elasticsearch::Domain'],
    isName: true,
  },
  // Databases
  {
    type: 'AWS::RDS::DBCluster',
    arn: 'rds:region:account:cluster:@',
    alsoArn: ['rds:region:account:dbcluster/@', 'rds:region:account:dbcluster:@'],
    anyCase: true,
    unique: RDS_ID,
    names: ['rdscluster'],
    isName: true,
    dimensions: ['DBClusterIdentifier'],
  },
  {
    type: 'AWS::RDS::DBClusterSnapshot',
    arn: 'rds:region:account:cluster-snapshot:@+',
    alsoArn: ['rds:region:account:dbclustersnapshot:@+', 'rds:region:account:dbclustersnapshot/@+'],
    anyCase: true,
    isName: true,
  },
  {
    type: 'AWS::RDS::DBInstance',
    arn: 'rds:region:account:db:@',
    alsoArn: ['rds:region:account:dbinstance/@', 'rds:region:account:dbinstance:@'],
    anyCase: true,
    unique: RDS_ID,
    names: ['rds'],
    isName: true,
    dimensions: ['DBInstanceIdentifier'],
  },
  { type: 'AWS::RDS::DBProxy', arn: 'rds:region:account:db-proxy:@' },
  { type: 'AWS::RDS::DBShardGroup', arn: 'rds:region:account:shard-group:@' },
  {
    type: 'AWS::RDS::DBSnapshot',
    arn: 'rds:region:account:snapshot:@+',
    alsoArn: ['rds:region:account:dbsnapshot:@+', 'rds:region:account:dbsnapshot/@+'],
    anyCase: true,
    isName: true,
  },
  { type: 'AWS::RDS::EventSubscription', arn: 'rds:region:account:es:@', anyCase: true },
  {
    type: 'AWS::Redshift::Cluster',
    arn: 'redshift:region:account:cluster:@',
    anyCase: true,
    names: ['redshift'],
    isName: true,
    dimensions: ['AWS/Redshift/ClusterIdentifier'],
  },
  {
    type: 'AWS::Redshift::ClusterParameterGroup',
    arn: 'redshift:region:account:parametergroup:@',
    anyCase: true,
    isName: true,
  },
  { type: 'AWS::RedshiftServerless::Namespace', arn: 'redshift-serverless:region:account:namespace/@' },
  { type: 'AWS::RedshiftServerless::Workgroup', arn: 'redshift-serverless:region:account:workgroup/@' },
  // Names of the internet
  { type: 'AWS::Route53::HostedZone', arn: 'route53:::hostedzone/@', where: 'global' },
  {
    type: 'AWS::Route53Domains::Domain',
    // Prowler's; IAM knows domains by no ARN.
    alsoArn: ['route53:::domain/@'],
    where: 'global',
    anyCase: true,
  },
  // Storage
  { type: 'AWS::S3::Bucket', arn: 's3:::@', where: 'anywhere', dimensions: ['BucketName'] },
  // Notebooks
  { type: 'AWS::SageMaker::Endpoint', arn: 'sagemaker:region:account:endpoint/@' },
  {
    type: 'AWS::SageMaker::NotebookInstance',
    arn: 'sagemaker:region:account:notebook-instance/@',
    isName: true,
  },
  {
    type: 'AWS::SecretsManager::Secret',
    arn: 'secretsmanager:region:account:secret:@+',
    id: 'arn',
    names: ['secretmanager', 'secretsmanager'],
  },
  { type: 'AWS::SES::ConfigurationSet', arn: 'ses:region:account:configuration-set/@' },
  // Messages and runbooks
  {
    type: 'AWS::SNS::Topic',
    arn: 'sns:region:account:@',
    id: 'arn',
    names: ['sns'],
    dimensions: ['AWS/SNS/TopicName'],
  },
  {
    type: 'AWS::SQS::Queue',
    arn: 'sqs:region:account:@',
    id: 'url',
    names: ['sqs'],
    dimensions: ['AWS/SQS/QueueName'],
  },
  {
    type: 'AWS::SSM::Document',
    arn: 'ssm:region:account:document/@',
    names: ['systemsmanagerdocument', 'systemmanagerdocument'],
    isName: true,
  },
  {
    type: 'AWS::StepFunctions::StateMachine',
    arn: 'states:region:account:stateMachine:@',
    id: 'arn',
    names: ['stepfunctionstatemachine'],
  },
  { type: 'AWS::Transfer::Server', arn: 'transfer:region:account:server/@', prefix: 's-' },
];
