import { catalogue } from '../../functions/remediators/catalogue';
import { TYPES } from './table';
import { configTypesOf, typeNamed, typeOf, typeOfId } from './types';

const plain = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/^aws/, '');

test('no two types share a name, a spelling of their ARN or a prefix of their ids', () => {
  const distinct = (values: readonly string[]) => {
    expect(values).toEqual([...new Set(values)]);
  };
  distinct(
    TYPES.flatMap(({ type, names = [], config = [] }) => [
      ...new Set([type, ...names, ...config].map(plain)),
    ]),
  );
  distinct(TYPES.flatMap(({ arn = [], alsoArn = [] }) => [arn, alsoArn].flat()));
  distinct(TYPES.flatMap(({ prefix = [] }) => prefix));
  distinct(TYPES.flatMap(({ dimensions = [] }) => dimensions));
});

test.each(TYPES.map((row) => [row.type, row] as const))(
  '%s says nothing that goes without saying',
  (type, row) => {
    expect(row.names?.filter((name) => name !== plain(name) || name === plain(type)) ?? []).toEqual([]);
  },
);

test.each([...new Set(catalogue.map(({ resource }) => resource))])(
  '%s, on which a bot acts, is known',
  (type) => {
    expect(typeOf(type)).toMatchObject({ type });
  },
);

test.each([
  ['AWS::EC2::VPC', 'AWS::EC2::VPC'],
  ['AwsEc2Vpc', 'AWS::EC2::VPC'],
  ['EC2_VPC', 'AWS::EC2::VPC'],
  ['AWS_EC2_INSTANCE', 'AWS::EC2::Instance'],
  ['VPC', 'AWS::EC2::VPC'],
  ['AwsRdsDbClusterSnapshot', 'AWS::RDS::DBClusterSnapshot'],
  ['AwsElbv2LoadBalancer', 'AWS::ElasticLoadBalancingV2::LoadBalancer'],
  ['AwsIamPolicy', 'AWS::IAM::ManagedPolicy'],
  ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'],
  ['AWS::ACM::Certificate', 'AWS::CertificateManager::Certificate'],
  ['AWS::OpenSearch::Domain', 'AWS::OpenSearchService::Domain'],
  ['AWS::Elasticsearch::Domain', 'AWS::OpenSearchService::Domain'],
  ['AwsAccount', 'AWS::::Account'],
  ['AwsStepFunctionStateMachine', 'AWS::StepFunctions::StateMachine'],
  ['constructor', undefined],
  ['', undefined],
])('%s is %s', (name, type) => {
  expect(typeNamed(name)?.type).toBe(type);
});

test.each([
  ['sg-0a1b2c3d', 'AWS::EC2::SecurityGroup'],
  ['AKIAIOSFODNN7EXAMPLE', 'AWS::IAM::AccessKey'],
  ['cvpn-endpoint-0a1b', 'AWS::EC2::ClientVpnEndpoint'],
  ['sg-web', undefined],
  ['orders', undefined],
  ['__proto__', undefined],
])('an id that stands alone: %s', (id, type) => {
  expect(typeOfId(id)?.type).toBe(type);
});

test('AWS Config has names of its own', () => {
  expect(configTypesOf('AWS::IAM::ManagedPolicy')).toEqual(['AWS::IAM::Policy']);
  expect(configTypesOf('AWS::KMS::Key')).toEqual(['AWS::KMS::Key']);
});
