import * as z from 'zod';
import { resourceOf } from '../../shared/resources/arn';
import type { Named } from './routing';
import { text } from './shapes';

/** What only some entities have: of another shape it tells nothing, and is no reason to refuse the finding. */
const hint = text.catch(undefined);
const role = z.object({ name: hint, arn: hint }).nullish().catch(undefined);

/** What is read of the thing that a finding of CloudGuard is about. Null for what a type does not have. */
export const entitySchema = z.object({
  type: hint,
  id: text,
  name: text,
  region: text,
  accountNumber: hint,
  arn: hint,
  topicArn: hint,
  queueUrl: hint,
  certificateArn: hint,
  /** Of an ECS service, of a function, of an instance. */
  role,
  executionRole: role,
  roles: z.array(role).nullish().catch(undefined),
  /** Of a VPC. */
  internetGateways: z
    .array(z.object({ externalId: hint }))
    .nullish()
    .catch(undefined),
});

/** See {@link entitySchema}. */
export type Entity = z.infer<typeof entitySchema>;

/**
 * Types of CloudGuard's language, in small letters, by what CloudFormation calls them. Source: the entities of Check
 * Point's CloudGuard GSL reference, and those that the rules of CloudBots name. What is about the account or a
 * region names no resource here.
 */
const TYPES: ReadonlyMap<string, string | undefined> = new Map([
  ['securitygroup', 'AWS::EC2::SecurityGroup'],
  ['instance', 'AWS::EC2::Instance'],
  ['ami', 'AWS::EC2::Image'],
  ['image', 'AWS::EC2::Image'],
  ['volume', 'AWS::EC2::Volume'],
  ['ebs', 'AWS::EC2::Volume'],
  ['ebsvolume', 'AWS::EC2::Volume'],
  ['snapshot', 'AWS::EC2::Snapshot'],
  ['ebssnapshot', 'AWS::EC2::Snapshot'],
  ['vpc', 'AWS::EC2::VPC'],
  ['subnet', 'AWS::EC2::Subnet'],
  ['nacl', 'AWS::EC2::NetworkAcl'],
  ['networkacl', 'AWS::EC2::NetworkAcl'],
  ['networkinterface', 'AWS::EC2::NetworkInterface'],
  ['internetgateway', 'AWS::EC2::InternetGateway'],
  ['natgateway', 'AWS::EC2::NatGateway'],
  ['routetable', 'AWS::EC2::RouteTable'],
  ['keypair', 'AWS::EC2::KeyPair'],
  ['s3bucket', 'AWS::S3::Bucket'],
  ['iamuser', 'AWS::IAM::User'],
  ['iamrole', 'AWS::IAM::Role'],
  ['iamgroup', 'AWS::IAM::Group'],
  ['iampolicy', 'AWS::IAM::ManagedPolicy'],
  ['iamservercertificate', 'AWS::IAM::ServerCertificate'],
  ['rds', 'AWS::RDS::DBInstance'],
  ['rdsdbcluster', 'AWS::RDS::DBCluster'],
  ['rdscluster', 'AWS::RDS::DBCluster'],
  ['redshift', 'AWS::Redshift::Cluster'],
  ['dynamodb', 'AWS::DynamoDB::Table'],
  ['dynamodbtable', 'AWS::DynamoDB::Table'],
  ['lambda', 'AWS::Lambda::Function'],
  ['kms', 'AWS::KMS::Key'],
  ['secretmanager', 'AWS::SecretsManager::Secret'],
  ['secretsmanager', 'AWS::SecretsManager::Secret'],
  ['acmcertificate', 'AWS::CertificateManager::Certificate'],
  ['cloudtrail', 'AWS::CloudTrail::Trail'],
  ['sns', 'AWS::SNS::Topic'],
  ['snstopic', 'AWS::SNS::Topic'],
  ['sqs', 'AWS::SQS::Queue'],
  ['sqsqueue', 'AWS::SQS::Queue'],
  ['kinesis', 'AWS::Kinesis::Stream'],
  ['systemsmanagerdocument', 'AWS::SSM::Document'],
  ['systemmanagerdocument', 'AWS::SSM::Document'],
  ['ssmdocument', 'AWS::SSM::Document'],
  ['ecrrepository', 'AWS::ECR::Repository'],
  ['ecscluster', 'AWS::ECS::Cluster'],
  ['ecsservice', 'AWS::ECS::Service'],
  ['ecstask', 'AWS::ECS::Task'],
  ['ecstaskdefinition', 'AWS::ECS::TaskDefinition'],
  ['ekscluster', 'AWS::EKS::Cluster'],
  ['efs', 'AWS::EFS::FileSystem'],
  ['elb', 'AWS::ElasticLoadBalancing::LoadBalancer'],
  ['applicationloadbalancer', 'AWS::ElasticLoadBalancingV2::LoadBalancer'],
  ['networkloadbalancer', 'AWS::ElasticLoadBalancingV2::LoadBalancer'],
  ['networkfirewall', 'AWS::NetworkFirewall::Firewall'],
  ['cloudfront', 'AWS::CloudFront::Distribution'],
  ['autoscalinggroup', 'AWS::AutoScaling::AutoScalingGroup'],
  ['region', undefined],
  ['iam', undefined],
  ['account', undefined],
  ['iamaccountpasswordpolicy', undefined],
]);

/** Types whose API takes the name, where CloudGuard's id is AWS's unique one (AIDA…, db-…), or an ARN. */
const BY_NAME = new Set([
  'AWS::IAM::User',
  'AWS::IAM::Role',
  'AWS::IAM::Group',
  'AWS::IAM::ServerCertificate',
  'AWS::RDS::DBInstance',
  'AWS::RDS::DBCluster',
  'AWS::Lambda::Function',
  'AWS::CloudTrail::Trail',
  'AWS::SSM::Document',
  'AWS::ECR::Repository',
  'AWS::Redshift::Cluster',
  'AWS::DynamoDB::Table',
  'AWS::Kinesis::Stream',
  'AWS::ECS::Cluster',
  'AWS::EKS::Cluster',
  'AWS::ElasticLoadBalancing::LoadBalancer',
  'AWS::AutoScaling::AutoScalingGroup',
]);
const UNIQUE_ID = /^(A(IDA|ROA|GPA|SCA)[A-Z0-9]{12,}|(db|cluster)-[A-Z0-9]{12,})$/;

/** Types whose API takes nothing shorter than the whole ARN, or a queue's URL. */
const WHOLE = new Set([
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::CertificateManager::Certificate',
  'AWS::IAM::ManagedPolicy',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::NetworkFirewall::Firewall',
]);

const ROLE = 'AWS::IAM::Role';
const GATEWAY = 'AWS::EC2::InternetGateway';

/** The ARNs that an entity gives, the most telling first. */
export function arnsOf({ arn, topicArn, certificateArn, id }: Partial<Entity>): string[] {
  const texts = [arn, topicArn, certificateArn, id].filter((each) => each?.startsWith('arn:') === true);
  // The id of a role may be several ARNs.
  return texts.flatMap((each) => each?.split(/,(?=arn:)/)[0] ?? []);
}

/**
 * The resource that an entity is, by the id that the service's API takes, and behind it what belongs to it alone: its
 * role, its internet gateway. An entity of a type that is not known here, or of none, may be of any of `types`: the
 * rule that names a bot knows what it is about.
 */
export function resourcesOf(entity: Entity, types: readonly string[]): Named[] {
  const said = entity.type?.toLowerCase().replace(/[^a-z0-9]/g, '') ?? '';
  const known = TYPES.has(said) ? [TYPES.get(said)].filter((type) => type !== undefined) : undefined;
  const itself = [...new Set(known ?? types)].map((type) => ({ type, id: idOf(type, entity) }));
  const roles = [entity.role, entity.executionRole, ...(entity.roles ?? [])].filter((each) => each != null);
  const gateways = entity.internetGateways ?? [];
  return [
    ...itself,
    ...(roles.length === 1 ? roles.map((each) => ({ type: ROLE, id: idOf(ROLE, each) })) : []),
    ...(gateways.length === 1 ? gateways.map(({ externalId: id }) => ({ type: GATEWAY, id })) : []),
  ].filter((each): each is Named => each.id !== undefined);
}

function idOf(type: string, entity: Partial<Entity>): string | undefined {
  const { id, name, queueUrl } = entity;
  const told = arnsOf(entity)
    .map((arn) => resourceOf(arn))
    .filter((resource) => resource !== undefined);
  const agreeing = told.find((resource) => resource.type === type);
  if (agreeing) return agreeing.id;
  // Its ARN says that it is something else.
  if (told.length > 0) return undefined;
  if (type === 'AWS::SQS::Queue' && queueUrl !== undefined) return queueUrl;
  if (WHOLE.has(type)) return [id, ...arnsOf(entity)].find((each) => /^(arn:|https:)/.test(each ?? ''));
  if (!BY_NAME.has(type)) return id ?? name;
  return name ?? (UNIQUE_ID.test(id ?? '') ? undefined : id);
}
