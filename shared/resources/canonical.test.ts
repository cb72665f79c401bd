import { canonical, isUnnamed, notCanonical } from './canonical';
import { resourceKey } from './target';

const ACCOUNT = '111122223333';
const around = { account: ACCOUNT, region: 'us-east-1' };
const arn = (rest: string) => `arn:aws:${rest}`;
const at = (type: string, id: string | undefined, extra: object = {}) =>
  canonical({ type, id, around, ...extra }, 'aws');

test.each([
  ['AWS::RDS::DBInstance', arn(`rds:eu-west-1:${ACCOUNT}:db:orders`), 'eu-west-1', 'orders'],
  ['AWS::RDS::DBInstance', 'Orders', 'us-east-1', 'orders'],
  [
    'AWS::RDS::DBClusterSnapshot',
    arn(`rds:eu-west-1:${ACCOUNT}:dbclustersnapshot:aur1`),
    'eu-west-1',
    'aur1',
  ],
  ['AWS::EC2::SecurityGroup', arn(`ec2:eu-west-1:${ACCOUNT}:security-group/sg-1`), 'eu-west-1', 'sg-1'],
  ['AWS::S3::Bucket', arn('s3:::b'), 'us-east-1', 'b'],
  ['AWS::IAM::User', arn(`iam::${ACCOUNT}:user/team/ann`), 'us-east-1', 'ann'],
  ['AWS::Lambda::Function', arn(`lambda:eu-west-1:${ACCOUNT}:function:pay:live`), 'eu-west-1', 'pay'],
  ['AWS::Lambda::Function', `${ACCOUNT}:function:pay`, 'us-east-1', 'pay'],
  ['AWS::Lambda::Function', `${ACCOUNT}:function:pay:7`, 'us-east-1', 'pay'],
  ['AWS::Lambda::Function', 'function:pay', 'us-east-1', 'pay'],
  ['AWS::Lambda::Function', 'pay:live', 'us-east-1', 'pay'],
  ['AWS::KMS::Key', arn(`kms:eu-west-1:${ACCOUNT}:key/mrk-1`), 'eu-west-1', 'mrk-1'],
  [
    'AWS::SQS::Queue',
    arn(`sqs:eu-west-1:${ACCOUNT}:q`),
    'eu-west-1',
    `https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/q`,
  ],
  [
    'AWS::SQS::Queue',
    `https://eu-west-1.queue.amazonaws.com/${ACCOUNT}/q.fifo`,
    'eu-west-1',
    `https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/q.fifo`,
  ],
  [
    'AWS::SQS::Queue',
    `https://queue.amazonaws.com/${ACCOUNT}/q`,
    'us-east-1',
    `https://sqs.us-east-1.amazonaws.com/${ACCOUNT}/q`,
  ],
  [
    'AWS::SQS::Queue',
    `http://127.0.0.1:5000/${ACCOUNT}/q`,
    'us-east-1',
    `https://sqs.us-east-1.amazonaws.com/${ACCOUNT}/q`,
  ],
  ['AWS::SNS::Topic', arn(`sns:eu-west-1:${ACCOUNT}:t`), 'eu-west-1', arn(`sns:eu-west-1:${ACCOUNT}:t`)],
  ['AWS::Route53::HostedZone', '/hostedzone/Z1', 'us-east-1', 'Z1'],
  ['AWS::KMS::Key', 'key/1234abcd', 'us-east-1', '1234abcd'],
  ['AWS::EC2::Instance', 'instance/i-0123456789abcdef0', 'us-east-1', 'i-0123456789abcdef0'],
  ['AWS::Logs::LogGroup', '/aws/lambda/f', 'us-east-1', '/aws/lambda/f'],
  ['AWS::::Account', undefined, 'us-east-1', ACCOUNT],
  ['AWS::::Account', `AWS::::Account:${ACCOUNT}`, 'us-east-1', ACCOUNT],
  ['AWS::::Region', 'eu-west-1', 'eu-west-1', 'eu-west-1'],
  ['AWS::::Region', arn(`ec2:eu-west-1:${ACCOUNT}:x/y`), 'eu-west-1', 'eu-west-1'],
])('%s %s lies in %s and is %s', (type, said, region, id) => {
  expect(at(type, said)).toEqual({ target: { account: ACCOUNT, region, type, id } });
});

test.each<[string, string | undefined, object, RegExp]>([
  [
    'AWS::RDS::DBInstance',
    arn(`rds:eu-west-1:${ACCOUNT}:db:orders`),
    { region: 'us-east-1' },
    /lies in eu-west-1, and region us-east-1 is said/,
  ],
  [
    'AWS::RDS::DBInstance',
    arn(`rds:eu-west-1:${ACCOUNT}:db:orders`),
    { account: '999999999999' },
    /account 111122223333, and account 999999999999/,
  ],
  [
    'AWS::RDS::DBInstance',
    arn(`rds:cn-north-1:${ACCOUNT}:db:orders`),
    {},
    /partition aws, and its region cn-north-1 lies in aws-cn/,
  ],
  ['AWS::RDS::DBInstance', 'orders', { around: { account: ACCOUNT } }, /names no region/],
  ['AWS::RDS::DBInstance', 'orders', { around: { account: ACCOUNT, region: 'global' } }, /names no region/],
  ['AWS::RDS::DBInstance', 'orders', { around: { region: 'eu-west-1' } }, /names no account/],
  [
    'AWS::RDS::DBInstance',
    'orders',
    { around: { account: ACCOUNT, region: 'Moon' } },
    /"Moon" is the name of no region/,
  ],
  ['AWS::::Region', undefined, { around: { account: ACCOUNT } }, /names no region/],
  ['AWS::RDS::DBInstance', arn(`ec2:eu-west-1:${ACCOUNT}:instance/i-1`), {}, /names an AWS::EC2::Instance/],
  ['AWS::IAM::ManagedPolicy', arn('iam::aws:policy/ReadOnlyAccess'), {}, /a policy of AWS/],
  ['AWS::EC2::SecurityGroup', 'web', {}, /its ids begin with sg-/],
  ['AWS::KMS::Key', 'alias/web', {}, /alias/],
  ['AWS::SNS::Topic', 'news', {}, /its ARN/],
  ['AWS::SQS::Queue', 'orders', {}, /its URL or ARN/],
  ['AWS::S3::Bucket', 'web*', {}, /more than one/],
  ['AWS::S3::Bucket', 'b/key', {}, /no \/ and no :/],
  ['AWS::SecretsManager::Secret', arn(`secretsmanager:eu-west-1:${ACCOUNT}:secret:db`), {}, /not whole/],
  ['AWS::IAM::User', '', {}, /no AWS::IAM::User is named/],
])('%s %s %j is refused', (type, id, extra, wrong) => {
  expect(at(type, id, extra)).toEqual({ wrong: expect.stringMatching(wrong) });
});

test('a bucket has one key in every region, a database one in each', () => {
  const key = (type: string, region: string) => resourceKey({ account: ACCOUNT, region, type, id: 'x' });
  expect(key('AWS::S3::Bucket', 'eu-west-1')).toBe(key('AWS::S3::Bucket', 'us-east-1'));
  expect(key('AWS::RDS::DBInstance', 'eu-west-1')).not.toBe(key('AWS::RDS::DBInstance', 'us-east-1'));
});

test('what lies in no region is reached through one, in the partition of its ARN or of the finding', () => {
  const user = (id: string, region: string) =>
    at('AWS::IAM::User', id, { around: { account: ACCOUNT, region } });
  expect(user('ann', 'eu-west-1')).toMatchObject({ target: { region: 'us-east-1' } });
  expect(user('ann', 'cn-northwest-1')).toMatchObject({ target: { region: 'cn-north-1' } });
  expect(user(`arn:aws-cn:iam::${ACCOUNT}:user/ann`, 'eu-west-1')).toMatchObject({
    target: { region: 'cn-north-1' },
  });
});

test('AWS’s unique ids are known for what they are', () => {
  expect(at('AWS::IAM::User', arn(`iam::${ACCOUNT}:user/AIDACKCEVSQ6C2EXAMPLE`))).toMatchObject({
    target: { id: 'AIDACKCEVSQ6C2EXAMPLE' },
  });
  expect(isUnnamed({ type: 'AWS::IAM::User', id: 'AIDACKCEVSQ6C2EXAMPLE' })).toBe(true);
  expect(isUnnamed({ type: 'AWS::RDS::DBInstance', id: 'db-ABCDEFGHIJKLMNOPQR' })).toBe(true);
  expect(isUnnamed({ type: 'AWS::RDS::DBInstance', id: 'db-orders' })).toBe(false);
});

test.each([
  ['AWS::RDS::DBInstance', 'Orders'],
  ['AWS::Lambda::Function', `${ACCOUNT}:function:pay`],
  ['AWS::Lambda::Function', 'pay:live'],
  ['AWS::KMS::Key', `arn:aws:kms:eu-west-1:${ACCOUNT}:key/k`],
  ['AWS::SNS::Topic', 'arn:aws:sns:eu-west-1:999999999999:t'],
  ['AWS::SNS::Topic', `arn:aws:sns:eu-west-2:${ACCOUNT}:t`],
  ['AWS::SQS::Queue', `https://sqs.us-east-1.amazonaws.com/${ACCOUNT}/q`],
])('%s %s in eu-west-1 is not canonical', (type, id) => {
  expect(notCanonical({ account: ACCOUNT, region: 'eu-west-1', type, id })).toEqual(expect.any(String));
});

test('a canonical target is', () => {
  expect(
    notCanonical({ account: ACCOUNT, region: 'eu-west-1', type: 'AWS::EC2::Instance', id: 'i-1' }),
  ).toBeUndefined();
  expect(
    notCanonical({ account: ACCOUNT, region: 'us-east-1', type: 'AWS::IAM::User', id: 'ann' }),
  ).toBeUndefined();
  // Whatever region it is reached through.
  expect(
    notCanonical({ account: ACCOUNT, region: 'eu-west-1', type: 'AWS::IAM::User', id: 'ann' }),
  ).toBeUndefined();
});
