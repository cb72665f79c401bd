import { partitionOf } from './target';

/** A resource as its ARN tells it. */
export interface Resource {
  /** CloudFormation type. */
  readonly type: string;
  /** The id that the service's own API takes. */
  readonly id: string;
  /** The account in the ARN, where there is one. */
  readonly account?: string;
  /** It lies in no region. */
  readonly isGlobal?: true;
}

/** The parts of an ARN that an id is made of. */
interface Parts {
  readonly arn: string;
  readonly region: string;
  readonly account: string;
  /** What stands behind the resource type and its separator. */
  readonly rest: string;
}

/** How a type's id is made, or `undefined`: the ARN names something else after all. */
interface Kind {
  readonly type: string;
  readonly id: (parts: Parts) => string | undefined;
}

const whole = ({ rest }: Parts) => rest;
const single = ({ rest }: Parts) => (/[/:]/.test(rest) ? undefined : rest);
const first = ({ rest }: Parts) => rest.split(':')[0];
/** Users, roles and their like may have a path, which their API does not want. */
const last = ({ rest }: Parts) => rest.split('/').at(-1);
const arn = (parts: Parts) => parts.arn;

const kind = (type: string, id: Kind['id'] = single): Kind => ({ type, id });
const account = kind('AWS::::Account', (parts) => parts.account);

/** By service and resource type, as they stand in the ARN. Source: Service Authorization Reference. */
const KINDS: Readonly<Record<string, Kind>> = {
  'ec2:security-group': kind('AWS::EC2::SecurityGroup'),
  'ec2:instance': kind('AWS::EC2::Instance'),
  'ec2:volume': kind('AWS::EC2::Volume'),
  'ec2:snapshot': kind('AWS::EC2::Snapshot'),
  'ec2:image': kind('AWS::EC2::Image'),
  'ec2:subnet': kind('AWS::EC2::Subnet'),
  'ec2:vpc': kind('AWS::EC2::VPC'),
  'ec2:network-acl': kind('AWS::EC2::NetworkAcl'),
  'ec2:network-interface': kind('AWS::EC2::NetworkInterface'),
  'ec2:internet-gateway': kind('AWS::EC2::InternetGateway'),
  'ec2:route-table': kind('AWS::EC2::RouteTable'),
  'ec2:elastic-ip': kind('AWS::EC2::EIP'),
  'ec2:launch-template': kind('AWS::EC2::LaunchTemplate'),
  'kms:key': kind('AWS::KMS::Key'),
  'iam:user': kind('AWS::IAM::User', last),
  'iam:role': kind('AWS::IAM::Role', last),
  'iam:group': kind('AWS::IAM::Group', last),
  'iam:instance-profile': kind('AWS::IAM::InstanceProfile', last),
  'iam:server-certificate': kind('AWS::IAM::ServerCertificate', last),
  'iam:policy': kind('AWS::IAM::ManagedPolicy', arn),
  'iam:root': account,
  'iam:password-policy': account,
  'rds:db': kind('AWS::RDS::DBInstance'),
  'rds:cluster': kind('AWS::RDS::DBCluster'),
  'rds:snapshot': kind('AWS::RDS::DBSnapshot', whole),
  'rds:cluster-snapshot': kind('AWS::RDS::DBClusterSnapshot', whole),
  'lambda:function': kind('AWS::Lambda::Function', first),
  'secretsmanager:secret': kind('AWS::SecretsManager::Secret', arn),
  'ecr:repository': kind('AWS::ECR::Repository', whole),
  'redshift:cluster': kind('AWS::Redshift::Cluster'),
  'cloudtrail:trail': kind('AWS::CloudTrail::Trail'),
  'dynamodb:table': kind('AWS::DynamoDB::Table'),
  'elasticfilesystem:file-system': kind('AWS::EFS::FileSystem'),
  'eks:cluster': kind('AWS::EKS::Cluster'),
  'ecs:cluster': kind('AWS::ECS::Cluster'),
  'es:domain': kind('AWS::OpenSearchService::Domain'),
  'kinesis:stream': kind('AWS::Kinesis::Stream'),
  'logs:log-group': kind('AWS::Logs::LogGroup', first),
  'acm:certificate': kind('AWS::CertificateManager::Certificate', arn),
  'cloudfront:distribution': kind('AWS::CloudFront::Distribution'),
  'sagemaker:notebook-instance': kind('AWS::SageMaker::NotebookInstance'),
  'codebuild:project': kind('AWS::CodeBuild::Project'),
  'ssm:document': kind('AWS::SSM::Document'),
  'network-firewall:firewall': kind('AWS::NetworkFirewall::Firewall', arn),
  // A classic load balancer's ARN is its name alone.
  'elasticloadbalancing:loadbalancer': kind('AWS::ElasticLoadBalancingV2::LoadBalancer', (parts) =>
    /^(app|net|gwy)\//.test(parts.rest) ? parts.arn : undefined,
  ),
};

/** Services whose ARNs name no resource type: there is but one. */
const BARE: Readonly<Record<string, Kind>> = {
  // An ARN with a region or an account is an access point's; one with a slash is an object's.
  s3: kind('AWS::S3::Bucket', (parts) => (parts.region || parts.account ? undefined : single(parts))),
  // A subscription's ARN goes on behind the topic's.
  sns: kind('AWS::SNS::Topic', (parts) => single(parts) && parts.arn),
  sqs: kind('AWS::SQS::Queue', (parts) => single(parts) && queueUrl(parts)),
};

const GLOBAL = new Set(['iam', 'cloudfront']);

/**
 * The resource that an ARN names: its CloudFormation type and the id that its service's API takes. Also reads
 * what Security Hub writes for things that have no ARN, `AWS::::Account:111122223333`. `undefined`: of a type
 * that is not known here, or nobody's own: managed policies of AWS (`arn:aws:iam::aws:policy/…`) cannot be changed.
 */
export function resourceOf(text: string): Resource | undefined {
  const typed = /^(AWS::(?:IAM::AccessKey|::Account)):([^:/\s]+)$/.exec(text);
  if (typed) {
    const [, type = '', id = ''] = typed;
    return type === account.type ? { type, id, account: id } : { type, id };
  }
  const match = /^arn:aws[a-z-]*:([a-z0-9-]+):([a-z0-9-]*):(\d{12})?:([^\s]+)$/.exec(text);
  if (!match) return undefined;
  const [, service = '', region = '', owner = '', resource = ''] = match;
  const [, name = '', rest = ''] = /^([^/:]*)[/:]?(.*)$/.exec(resource) ?? [];
  const bare = lookUp(BARE, service);
  const found = bare ?? lookUp(KINDS, `${service}:${name}`);
  const id = found?.id({ arn: text, region, account: owner, rest: bare ? resource : rest });
  if (!found || !id) return undefined;
  return {
    type: found.type,
    id,
    ...(owner && { account: owner }),
    ...(GLOBAL.has(service) && { isGlobal: true }),
  };
}

function queueUrl({ region, account: owner, rest }: Parts): string | undefined {
  if (!region || !owner) return undefined;
  return `https://sqs.${region}.amazonaws.com${partitionOf(region) === 'aws-cn' ? '.cn' : ''}/${owner}/${rest}`;
}

function lookUp<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
