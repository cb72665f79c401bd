import { type Resource, resourceOf } from '../../shared/resources/arn';

/** Types whose id can stand alone, as ASFF calls them. Source: Security Hub, ASFF resource types. */
const ASFF_TYPES: Readonly<Record<string, string>> = {
  AwsEc2SecurityGroup: 'AWS::EC2::SecurityGroup',
  AwsEc2Instance: 'AWS::EC2::Instance',
  AwsEc2Volume: 'AWS::EC2::Volume',
  AwsEc2Subnet: 'AWS::EC2::Subnet',
  AwsEc2Vpc: 'AWS::EC2::VPC',
  AwsEc2NetworkAcl: 'AWS::EC2::NetworkAcl',
  AwsS3Bucket: 'AWS::S3::Bucket',
  AwsKmsKey: 'AWS::KMS::Key',
  AwsIamUser: 'AWS::IAM::User',
  AwsIamRole: 'AWS::IAM::Role',
  AwsIamAccessKey: 'AWS::IAM::AccessKey',
  AwsAccount: 'AWS::::Account',
  AwsRdsDbInstance: 'AWS::RDS::DBInstance',
  AwsLambdaFunction: 'AWS::Lambda::Function',
  AwsEcrRepository: 'AWS::ECR::Repository',
  AwsRedshiftCluster: 'AWS::Redshift::Cluster',
  AwsCloudTrailTrail: 'AWS::CloudTrail::Trail',
};
const STANDALONE = new Set(Object.values(ASFF_TYPES));

/**
 * The resource that a finding names by a type (ASFF's or CloudFormation's) and by ids, of which the first that
 * tells enough is taken: an ARN, which tells its type itself, or an id that the API takes as it is.
 */
export function named(type: string | undefined, ...ids: (string | undefined)[]): Resource | undefined {
  const given = ids.filter((id) => id !== undefined);
  const expected =
    (type !== undefined && Object.hasOwn(ASFF_TYPES, type) ? ASFF_TYPES[type] : undefined) ?? type;
  const [plain] = given.filter((id) => /^[\w.@+=,-][\w.@+=,/-]*$/.test(id));
  const resources = given.map((id) => resourceOf(id)).filter((resource) => resource !== undefined);
  const agreeing = resources.find((resource) => resource.type === expected);
  if (agreeing) return agreeing;
  if (plain !== undefined && expected !== undefined && STANDALONE.has(expected)) {
    return { type: expected, id: plain };
  }
  return resources[0];
}

/** What of a finding's resources lies in the account that it is about, each once. */
export function within(owner: string, resources: readonly (Resource | undefined)[]): Resource[] {
  return resources.filter(
    (resource) => resource !== undefined && (resource.account ?? owner) === owner,
  ) as Resource[];
}
