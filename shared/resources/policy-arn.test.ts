import { catalogue } from '../../functions/remediators/catalogue';
import { isSettings } from './target';
import { arnsOf, confined, patternsOf } from './policy-arn';

const at = (type: string, id: string, region = 'eu-west-1') => ({
  account: '111122223333',
  region,
  type,
  id,
});

test.each([
  [
    'AWS::EC2::SecurityGroup',
    'sg-1',
    'eu-west-1',
    ['arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1'],
  ],
  ['AWS::EC2::Image', 'ami-1', 'cn-north-1', ['arn:aws-cn:ec2:cn-north-1::image/ami-1']],
  ['AWS::S3::Bucket', 'bucket', 'us-gov-west-1', ['arn:aws-us-gov:s3:::bucket']],
  [
    'AWS::SQS::Queue',
    'https://sqs.eu-west-1.amazonaws.com/111122223333/orders',
    'eu-west-1',
    ['arn:aws:sqs:eu-west-1:111122223333:orders'],
  ],
  [
    'AWS::SNS::Topic',
    'arn:aws:sns:eu-west-1:111122223333:news',
    'eu-west-1',
    ['arn:aws:sns:eu-west-1:111122223333:news'],
  ],
  [
    'AWS::SecretsManager::Secret',
    'db/password',
    'eu-west-1',
    ['arn:aws:secretsmanager:eu-west-1:111122223333:secret:db/password-??????'],
  ],
])('%s %s', (type, id, region, arns) => {
  expect(arnsOf(at(type, id, region))).toEqual(arns);
});

test('a user has a path or none, which only the ARN tells; no other name ends alike', () => {
  expect(arnsOf(at('AWS::IAM::User', 'ada'))).toEqual([
    'arn:aws:iam::111122223333:user/ada',
    'arn:aws:iam::111122223333:user/*/ada',
  ]);
});

test('the versions and aliases of a function are its own, and no other function is', () => {
  expect(arnsOf(at('AWS::Lambda::Function', 'orders'))).toEqual([
    'arn:aws:lambda:eu-west-1:111122223333:function:orders',
    'arn:aws:lambda:eu-west-1:111122223333:function:orders:*',
  ]);
});

test.each(['*', 'i-*', 'i-?', '${aws:username}', 'i-1 i-2'])(
  'an id that a policy would read as more than one resource: %s',
  (id) => {
    expect(() => arnsOf(at('AWS::EC2::Instance', id))).toThrow('names no single AWS::EC2::Instance');
  },
);

test.each([
  'arn:aws:sns:eu-west-1:999999999999:news',
  'arn:aws:sns:eu-west-2:111122223333:news',
  'arn:aws:sqs:eu-west-1:111122223333:news',
])('an ARN of another place or service: %s', (id) => {
  expect(() => arnsOf(at('AWS::SNS::Topic', id))).toThrow('is no AWS::SNS::Topic in eu-west-1');
});

test.each(
  [...new Set(catalogue.map(({ resource }) => resource))].filter(
    // Of a key policies name the user, and of a registered domain nothing.
    (type) => !isSettings(type) && !['AWS::IAM::AccessKey', 'AWS::Route53Domains::Domain'].includes(type),
  ),
)('%s, on which a bot acts, has an ARN', (type) => {
  expect(patternsOf(type)).toContainEqual(expect.stringMatching(/^arn:\$\{Partition\}:.*\*$/));
});

test.each([
  ['arn:${Partition}:iam::${Account}:role/*', 'role/one', 'arn:${Partition}:iam::${Account}:role/one'],
  ['arn:${Partition}:s3:::*', '${Account}-logs', 'arn:${Partition}:s3:::${Account}-logs'],
  ['arn:${Partition}:s3:${Region}:${Account}:accesspoint/*', 'logs', 'arn:${Partition}:s3:::logs'],
  ['arn:${Partition}:s3:::*', undefined, 'arn:${Partition}:s3:::*'],
])('%s for %s alone', (pattern, ending, expected) => {
  expect(confined(pattern, ending)).toBe(expected);
});
