import fc from 'fast-check';
import { resourceOf } from '../../shared/resources/arn';
import { named, within } from './arn';

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

test('a resource of another account is not the finding’s', () => {
  const bucket = resourceOf('arn:aws:s3:::b');
  const mine = resourceOf('arn:aws:kms:eu-west-1:111122223333:key/k');
  const theirs = resourceOf('arn:aws:kms:eu-west-1:999999999999:key/k');
  expect(within(ACCOUNT, [bucket, theirs, undefined, mine])).toEqual([bucket, mine]);
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
