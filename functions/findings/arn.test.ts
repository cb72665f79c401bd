import fc from 'fast-check';
import { resourceOf } from '../../shared/resources/arn';
import { named, placed } from './arn';

const ACCOUNT = '111122223333';

describe('named', () => {
  test.each([
    ['AwsEc2SecurityGroup', ['arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1'], 'sg-1'],
    ['AwsEc2SecurityGroup', ['sg-1'], 'sg-1'],
    ['Other', ['arn:aws:s3:::b'], 'b'],
    [undefined, ['arn:aws:s3:::b'], 'b'],
    ['AWS::S3::Bucket', ['b', 'arn:aws:s3:::b'], 'b'],
    ['AWS::S3::Bucket', ['b'], 'b'],
    [
      'AWS::SNS::Topic',
      ['t', 'arn:aws:sns:eu-west-1:111122223333:t'],
      'arn:aws:sns:eu-west-1:111122223333:t',
    ],
    ['AWS::::Account', [ACCOUNT, 'arn:aws:guardduty:eu-west-1:111122223333:detector/d'], ACCOUNT],
  ])('%s %j', (type, ids, id) => {
    expect(named(type, ...ids)).toMatchObject({ id });
  });

  test.each<[string | undefined, (string | undefined)[]]>([
    ['AWS::SQS::Queue', ['q']],
    ['AwsSnsTopic', ['t']],
    ['AwsQuantumBit', ['b']],
    ['constructor', ['b']],
    ['AwsEc2Instance', ['not an id']],
    ['AwsIamPolicy', ['arn:aws:iam::aws:policy/AdministratorAccess']],
    ['AwsEc2Instance', [undefined]],
    [undefined, []],
  ])('%s %j names nothing', (type, ids) => {
    expect(named(type, ...ids)).toBeUndefined();
  });
});

test('where a resource lies is what its ARN says, and what contradicts that is named', () => {
  const bucket = resourceOf('arn:aws:s3:::b');
  const key = resourceOf('arn:aws:kms:eu-west-1:111122223333:key/k');
  if (!bucket || !key) throw new Error('no resource');
  expect(placed(bucket, { account: ACCOUNT, region: 'eu-west-2' })).toMatchObject({ region: 'eu-west-2' });
  expect(placed(key, { account: ACCOUNT })).toEqual({
    ...{ type: 'AWS::KMS::Key', id: 'k', account: ACCOUNT, region: 'eu-west-1' },
  });
  expect(placed(key, { region: 'Ireland' }).wrong).toBeUndefined();
  expect(placed(key, { region: 'us-east-1' }).wrong).toMatch(/eu-west-1 by its ARN, and in us-east-1/);
  expect(placed(key, { account: '999999999999' }).wrong).toMatch(
    /111122223333, and the finding is about account 999999999999/,
  );
});

test('any text: nothing is thrown, and an id is never empty', () => {
  const part = fc.constantFrom('arn', 'aws', 's3', 'sqs', 'iam', 'user', ACCOUNT, 'eu-west-1', '', 'x', '*');
  const separated = fc
    .array(fc.tuple(part, fc.constantFrom(':', '/', '::')))
    .map((all) => all.flat().join(''));
  fc.assert(
    fc.property(fc.oneof(separated, fc.string({ unit: 'binary' })), fc.string(), (text, type) => {
      expect(named(type, text)?.id).not.toBe('');
    }),
  );
});
