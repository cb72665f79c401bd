import { targetOf } from './resource';

const HERE = { account: '111122223333', region: 'eu-west-1' };

test.each([
  [
    'AWS::KMS::Key',
    'arn:aws:kms:us-east-1:444455556666:key/1234abcd',
    '444455556666',
    'us-east-1',
    '1234abcd',
  ],
  [
    'AWS::EC2::SecurityGroup',
    'arn:aws:ec2:eu-west-2:111122223333:security-group/sg-1',
    HERE.account,
    'eu-west-2',
    'sg-1',
  ],
  ['AWS::EC2::SecurityGroup', 'sg-1', HERE.account, HERE.region, 'sg-1'],
  ['AWS::S3::Bucket', 'arn:aws:s3:::my.bucket', HERE.account, HERE.region, 'my.bucket'],
  ['AWS::IAM::User', 'arn:aws:iam::111122223333:user/team/alice', HERE.account, 'us-east-1', 'alice'],
  [
    'AWS::SNS::Topic',
    'arn:aws:sns:eu-west-1:111122223333:t',
    HERE.account,
    HERE.region,
    'arn:aws:sns:eu-west-1:111122223333:t',
  ],
  [
    'AWS::Lambda::Function',
    'arn:aws:lambda:eu-west-1:111122223333:function:f',
    HERE.account,
    HERE.region,
    'f',
  ],
  [
    'AWS::Logs::LogGroup',
    'arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/f:*',
    HERE.account,
    HERE.region,
    '/aws/lambda/f',
  ],
  [
    'AWS::SQS::Queue',
    'arn:aws:sqs:eu-west-1:111122223333:q',
    HERE.account,
    HERE.region,
    'https://sqs.eu-west-1.amazonaws.com/111122223333/q',
  ],
  ['AWS::RDS::DBInstance', 'arn:aws-cn:rds:cn-north-1:111122223333:db:d', HERE.account, 'cn-north-1', 'd'],
] as const)('%s %s', (resource, text, account, region, id) => {
  expect(targetOf(text, { id: 'bot', resource }, HERE)).toEqual({ account, region, type: resource, id });
});

test.each([undefined, 'account', '111122223333', 'arn:aws:iam::111122223333:root'])(
  'an account: %s',
  (text) => {
    expect(targetOf(text, { id: 'bot', resource: 'AWS::::Account' }, HERE)).toEqual({
      account: HERE.account,
      region: 'us-east-1',
      type: 'AWS::::Account',
      id: '111122223333',
    });
  },
);

test('a resource elsewhere is named by its region', () => {
  const bucket = { id: 'bot', resource: 'AWS::S3::Bucket' } as const;
  expect(targetOf('b', bucket, { ...HERE, resourceRegion: 'us-west-2' }).region).toBe('us-west-2');
});

test.each([
  [undefined, undefined, /name it by its id or ARN/],
  ['', undefined, /name it by its id or ARN/],
  ['arn:aws:s3:::b', undefined, /the ARN names an AWS::S3::Bucket, not an AWS::KMS::Key/],
  ['arn:nonsense', undefined, /is not the ARN of an AWS::KMS::Key: name it by its id/],
  ['arn:aws:s3:::b/object', undefined, /is not the ARN of an AWS::KMS::Key/],
  ['arn:aws:iam::aws:policy/AdministratorAccess', undefined, /is not the ARN of an AWS::KMS::Key/],
  ['arn:aws:kms:us-east-1:111122223333:alias/k', undefined, /is not the ARN of an AWS::KMS::Key/],
  ['k'.repeat(3000), undefined, /names no resource/],
  ['k', 'nowhere', /"nowhere" is the name of no region/],
  [
    'arn:aws:kms:us-east-1:111122223333:key/k',
    'eu-west-1',
    /lies in us-east-1, and region eu-west-1 is said of it/,
  ],
])('refused: %.40s %s', (text, resourceRegion, sentence) => {
  const kms = { id: 'bot', resource: 'AWS::KMS::Key' } as const;
  expect(() => targetOf(text, kms, { ...HERE, resourceRegion })).toThrow(sentence);
});
