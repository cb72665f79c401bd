import { type Entity, entitySchema, resourcesOf } from './entities';

const ACCOUNT = '111122223333';
const SERVICE = `arn:aws:ecs:eu-west-1:${ACCOUNT}:service/shop/web`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/team/deploy`;

function entity(fields: object): Entity {
  return entitySchema.parse(fields);
}

test.each<[object, string, string | undefined]>([
  [{ type: 'S3Bucket', id: 'b', name: 'b' }, 'AWS::S3::Bucket', 'b'],
  [{ type: 's3 bucket', id: 'b' }, 'AWS::S3::Bucket', 'b'],
  [{ type: 'IamUser', id: 'AIDAIOSFODNN7EXAMPLE', name: 'alice' }, 'AWS::IAM::User', 'alice'],
  [{ type: 'IamUser', id: 'AIDAIOSFODNN7EXAMPLE' }, 'AWS::IAM::User', 'AIDAIOSFODNN7EXAMPLE'],
  [{ type: 'IamUser', id: 'alice' }, 'AWS::IAM::User', 'alice'],
  [{ type: 'IamRole', id: `${ROLE},arn:aws:ecs:x` }, 'AWS::IAM::Role', 'deploy'],
  [{ type: 'RDS', id: 'db-ABCDEFGHIJKLMNOPQR' }, 'AWS::RDS::DBInstance', 'db-ABCDEFGHIJKLMNOPQR'],
  [{ type: 'RDS', id: 'db-ABCDEFGHIJKLMNOPQR', name: 'orders' }, 'AWS::RDS::DBInstance', 'orders'],
  [{ type: 'SnsTopic', id: 'news', name: 'news' }, 'AWS::SNS::Topic', undefined],
  [{ type: 'Sqs', name: 'orders' }, 'AWS::SQS::Queue', undefined],
  [
    { type: 'Sqs', id: `arn:aws:sqs:eu-west-1:${ACCOUNT}:orders` },
    'AWS::SQS::Queue',
    `https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/orders`,
  ],
  [{ type: 'S3Bucket', id: 'b', arn: ROLE }, 'AWS::S3::Bucket', undefined],
  [{ type: 'KMS', id: '', name: null }, 'AWS::KMS::Key', undefined],
  [{ type: 'NetworkFirewall', id: 'edge' }, 'AWS::NetworkFirewall::Firewall', undefined],
])('%j: of %s it is %j', (fields, type, id) => {
  expect(resourcesOf(entity(fields), [])).toEqual(id === undefined ? [] : [{ type, id }]);
});

describe('a type that is not known', () => {
  const types = ['AWS::KMS::Key', 'AWS::IAM::User', 'AWS::KMS::Key'];

  test.each([{}, { type: 'QuantumBit' }, { type: 'constructor' }, { type: 7 }])('%j may be any', (fields) => {
    expect(resourcesOf(entity({ id: 'x', name: 'y', ...fields }), types)).toEqual([
      { type: 'AWS::KMS::Key', id: 'x' },
      { type: 'AWS::IAM::User', id: 'y' },
    ]);
  });

  test('but not what its ARN is not', () => {
    expect(resourcesOf(entity({ id: ROLE, name: 'deploy' }), types)).toEqual([]);
    expect(resourcesOf(entity({ id: ROLE }), ['AWS::IAM::Role'])).toEqual([
      { type: 'AWS::IAM::Role', id: 'deploy' },
    ]);
  });
});

describe('what belongs to an entity alone', () => {
  const instance = { type: 'Instance', id: 'i-1' };
  const role = { type: 'AWS::IAM::Role', id: 'deploy' };

  test.each<[object, object]>([
    [{ type: 'EcsService', id: SERVICE, role: { name: 'deploy' } }, role],
    [{ type: 'Lambda', name: 'hook', executionRole: { name: 'deploy', arn: ROLE } }, role],
    [{ ...instance, roles: [{ arn: ROLE }] }, role],
    [
      { type: 'VPC', id: 'vpc-1', internetGateways: [{ externalId: 'igw-1' }] },
      { type: 'AWS::EC2::InternetGateway', id: 'igw-1' },
    ],
  ])('%j', (fields, resource) => {
    expect(resourcesOf(entity(fields), [])).toHaveLength(2);
    expect(resourcesOf(entity(fields), [])[1]).toEqual(resource);
  });

  test.each([
    { ...instance, roles: [{ arn: ROLE }, { name: 'other' }] },
    { ...instance, roles: [null] },
    { ...instance, roles: 'deploy', role: 7, executionRole: [] },
    { ...instance, roles: [{ name: 7 }] },
    { ...instance, internetGateways: [{ externalId: 'igw-1' }, { externalId: 'igw-2' }] },
    { ...instance, internetGateways: {}, topicArn: [], queueUrl: 1 },
  ])('%j: several, or none', (fields) => {
    expect(resourcesOf(entity(fields), [])).toEqual([{ type: 'AWS::EC2::Instance', id: 'i-1' }]);
  });
});
