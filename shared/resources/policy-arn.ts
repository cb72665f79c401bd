import { type Target, partitionOf } from './target';

/**
 * How IAM writes the ARN of a type's resources, with `*` for what names the one. Source: Service Authorization
 * Reference, resource types.
 */
const PATTERNS: Readonly<Record<string, string>> = {
  'AWS::EC2::Image': 'arn:${Partition}:ec2:${Region}::image/*',
  'AWS::EC2::Instance': 'arn:${Partition}:ec2:${Region}:${Account}:instance/*',
  'AWS::EC2::NetworkAcl': 'arn:${Partition}:ec2:${Region}:${Account}:network-acl/*',
  'AWS::EC2::SecurityGroup': 'arn:${Partition}:ec2:${Region}:${Account}:security-group/*',
  'AWS::EC2::Snapshot': 'arn:${Partition}:ec2:${Region}::snapshot/*',
  'AWS::EC2::Subnet': 'arn:${Partition}:ec2:${Region}:${Account}:subnet/*',
  'AWS::EC2::VPC': 'arn:${Partition}:ec2:${Region}:${Account}:vpc/*',
  'AWS::EC2::Volume': 'arn:${Partition}:ec2:${Region}:${Account}:volume/*',
  'AWS::ECR::Repository': 'arn:${Partition}:ecr:${Region}:${Account}:repository/*',
  'AWS::IAM::ManagedPolicy': 'arn:${Partition}:iam::${Account}:policy/*',
  'AWS::IAM::Role': 'arn:${Partition}:iam::${Account}:role/*',
  'AWS::IAM::User': 'arn:${Partition}:iam::${Account}:user/*',
  'AWS::KMS::Key': 'arn:${Partition}:kms:${Region}:${Account}:key/*',
  'AWS::Lambda::Function': 'arn:${Partition}:lambda:${Region}:${Account}:function:*',
  'AWS::RDS::DBCluster': 'arn:${Partition}:rds:${Region}:${Account}:cluster:*',
  'AWS::RDS::DBClusterSnapshot': 'arn:${Partition}:rds:${Region}:${Account}:cluster-snapshot:*',
  'AWS::RDS::DBInstance': 'arn:${Partition}:rds:${Region}:${Account}:db:*',
  'AWS::RDS::DBSnapshot': 'arn:${Partition}:rds:${Region}:${Account}:snapshot:*',
  'AWS::Redshift::Cluster': 'arn:${Partition}:redshift:${Region}:${Account}:cluster:*',
  'AWS::S3::Bucket': 'arn:${Partition}:s3:::*',
  'AWS::SNS::Topic': 'arn:${Partition}:sns:${Region}:${Account}:*',
  'AWS::SQS::Queue': 'arn:${Partition}:sqs:${Region}:${Account}:*',
  'AWS::SSM::Document': 'arn:${Partition}:ssm:${Region}:${Account}:document/*',
  'AWS::SecretsManager::Secret': 'arn:${Partition}:secretsmanager:${Region}:${Account}:secret:*',
};

/** Types whose name in the API leaves out the path that stands before it in the ARN. */
const WITH_PATH: ReadonlySet<string> = new Set(['AWS::IAM::Role', 'AWS::IAM::User']);

/** Types whose versions and aliases are named behind the resource: `function:orders:live`. */
const WITH_QUALIFIERS: ReadonlySet<string> = new Set(['AWS::Lambda::Function']);

/** The ARN patterns under which IAM's reference knows a type's resources, with their versions and aliases. */
export function ownPatterns(type: string): string[] {
  const pattern = arnPattern(type);
  if (pattern === undefined) return [];
  return WITH_QUALIFIERS.has(type) ? [pattern, `${pattern}:*`] : [pattern];
}

/** An ARN of IAM's reference with `*` for every name, which tells resource types apart. */
export function patternOf(template: string): string {
  return template.replace(/\$\{(?!Partition\}|Region\}|Account\})[^}]+\}/g, '*');
}

/** The ARN pattern of a type's resources; `undefined`: a type that policies do not name, or that is not known here. */
export function arnPattern(type: string): string | undefined {
  return Object.hasOwn(PATTERNS, type) ? PATTERNS[type] : undefined;
}

/** `arn:aws:ec2:eu-west-1:111122223333:volume/*` as all that EC2 has there. */
export function wholeService(arn: string): string {
  return arn === '*' ? arn : `${arn.split(':').slice(0, 5).join(':')}:*`;
}

/** The pattern for the one resource whose ARN ends so behind the account: `role/vpcFlowLogDelivery`. */
export function confined(pattern: string, ending: string | undefined): string {
  return ending === undefined ? pattern : pattern.replace(/(?<=\$\{Account\}:).*/, () => ending);
}

/** Fills in where the target lies; what else the pattern leaves open stays `*`. */
export function inPlace(pattern: string, { account, region }: Pick<Target, 'account' | 'region'>): string {
  return pattern
    .replace('${Partition}', partitionOf(region))
    .replace('${Region}', region)
    .replace('${Account}', account);
}

/**
 * The ARNs by which a policy names the target and nothing beside it: two for a role or user, whose
 * path is not known, and for a function, whose versions and aliases are its own.
 *
 * @throws Error for an id that a policy would read as more than one resource, or an ARN of another place.
 */
export function arnsOf(target: Target): string[] {
  const pattern = arnPattern(target.type);
  if (pattern === undefined) return [];
  const { id } = target;
  if (/[*?$\s]/.test(id)) throw new Error(`${JSON.stringify(id)} names no single ${target.type}`);
  const place = inPlace(pattern, target);
  if (id.startsWith('arn:')) {
    const ownedByAws = place.replace(`:${target.account}:`, ':aws:').slice(0, -1);
    const isAws = target.type === 'AWS::IAM::ManagedPolicy' && id.startsWith(ownedByAws);
    if (!isAws && !id.startsWith(place.slice(0, -1))) {
      throw new Error(`${id} is no ${target.type} in ${target.region} of account ${target.account}`);
    }
    return [id];
  }
  const name = target.type === 'AWS::SQS::Queue' ? (id.split('/').at(-1) ?? id) : id;
  const arn = place.replace(/\*$/, name);
  if (WITH_PATH.has(target.type)) return [arn, place.replace(/\*$/, `*/${name}`)];
  if (WITH_QUALIFIERS.has(target.type)) return [arn, `${arn}:*`];
  // Secrets Manager adds six characters to the name.
  return [target.type === 'AWS::SecretsManager::Secret' ? `${arn}-??????` : arn];
}
