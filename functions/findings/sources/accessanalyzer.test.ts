import { entry } from '../../../testing/entry';
import { readerOf, readsAnything } from '../../../testing/reading';
import { catalogue } from '../../remediators/catalogue';
import type { Intake } from '../source';
import { accessanalyzer } from './accessanalyzer';
import error from './fixtures/accessanalyzer/error.json';
import publicBucket from './fixtures/accessanalyzer/public-bucket.json';
import sharedKey from './fixtures/accessanalyzer/shared-key.json';

const ACCOUNT = '111122223333';
const TYPES = [
  'AWS::IAM::Role',
  'AWS::SQS::Queue',
  'AWS::SNS::Topic',
  'AWS::EC2::Snapshot',
  'AWS::RDS::DBSnapshot',
  'AWS::SecretsManager::Secret',
  'AWS::Lambda::Function',
] as const;
const intake: Intake = {
  catalogue: [
    ...catalogue,
    ...TYPES.map((resource) => entry(`close ${resource}`.replace(/\W+/g, '_'), { resource })),
  ],
  accountId: ACCOUNT,
  region: 'us-east-2',
  sentAt: '2026-11-21T12:00:00.000Z',
  messageId: 'message-1',
  routes: {
    accessanalyzer: {
      'AWS::S3::Bucket/public': 'AUTO: s3_block_all_public_access',
      'AWS::KMS::Key': 'AUTO: kms_enable_rotation',
      ...Object.fromEntries(TYPES.map((type) => [type, `close_${type.replace(/\W+/g, '_')}`])),
    },
  },
};

const read = readerOf(accessanalyzer, intake);

function changed(changes: object): object {
  return { ...publicBucket, detail: { ...publicBucket.detail, ...changes } };
}

describe('findings as IAM Access Analyzer sends them', () => {
  test('a public bucket', () => {
    expect(read(publicBucket)).toEqual([
      {
        remediation: {
          version: 1,
          bot: 's3_block_all_public_access',
          target: { account: ACCOUNT, region: 'eu-west-1', type: 'AWS::S3::Bucket', id: 'open-bucket' },
          params: {},
          finding: {
            source: 'accessanalyzer',
            id: publicBucket.detail.id,
            time: '2026-11-21T09:58:12.000Z',
            title: 'arn:aws:s3:::open-bucket is open to everyone',
          },
        },
      },
    ]);
  });

  test('a key that another account may use', () => {
    expect(read(sharedKey)).toMatchObject([
      {
        remediation: {
          target: { type: 'AWS::KMS::Key', id: '1234abcd-12ab-34cd-56ef-1234567890ab' },
          finding: { title: expect.stringMatching(/ is open to another account$/) },
        },
      },
    ]);
  });

  test('a resource that could not be analysed', () => {
    expect(read(error)).toEqual([{ declined: 'the resource could not be analysed: ACCESS_DENIED' }]);
  });
});

test.each(['ARCHIVED', 'RESOLVED', 'active', '', null, undefined])('status %j is declined', (status) => {
  expect(read(changed({ status }))).toEqual([
    { declined: expect.stringMatching(/only ACTIVE asks for a repair$/) },
  ]);
});

test('a deleted finding keeps its status and is declined', () => {
  expect(read(changed({ isDeleted: true }))).toEqual([{ declined: 'the finding has been deleted' }]);
});

describe('routes', () => {
  test.each(['public', 'AWS::S3::Bucket', 'AWS::S3::Bucket/public', 'AWS::S3::*'])('%s', (pattern) => {
    const routes = { accessanalyzer: { [pattern]: 's3_block_all_public_access' } };
    expect(read(publicBucket, { routes })).toMatchObject([{ remediation: {} }]);
  });

  test.each([false, null, undefined])('isPublic %j is not public', (isPublic) => {
    expect(read(changed({ isPublic }))).toEqual([
      {
        declined: 'no route for AWS::S3::Bucket of accessanalyzer, and no enabled bot answers it',
        withoutRoute: true,
      },
    ]);
  });
});

test.each([
  ['AWS::IAM::Role', `arn:aws:iam::${ACCOUNT}:role/team/deploy`, 'deploy', 'us-east-1'],
  [
    'AWS::SQS::Queue',
    `arn:aws:sqs:eu-west-1:${ACCOUNT}:orders`,
    `https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/orders`,
    'eu-west-1',
  ],
  [
    'AWS::SNS::Topic',
    `arn:aws:sns:eu-west-1:${ACCOUNT}:news`,
    `arn:aws:sns:eu-west-1:${ACCOUNT}:news`,
    'eu-west-1',
  ],
  [
    'AWS::EC2::Snapshot',
    `arn:aws:ec2:eu-west-1:${ACCOUNT}:snapshot/snap-0a1b2c3d4e5f60718`,
    'snap-0a1b2c3d4e5f60718',
    'eu-west-1',
  ],
  ['AWS::RDS::DBSnapshot', `arn:aws:rds:eu-west-1:${ACCOUNT}:snapshot:daily`, 'daily', 'eu-west-1'],
  [
    'AWS::SecretsManager::Secret',
    `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:token-a1b2c3`,
    `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:token-a1b2c3`,
    'eu-west-1',
  ],
  ['AWS::Lambda::Function', `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:hook`, 'hook', 'eu-west-1'],
])('a %s is named as its API takes it', (resourceType, resource, id, region) => {
  expect(read(changed({ resourceType, resource }))).toMatchObject([
    { remediation: { target: { type: resourceType, id, region, account: ACCOUNT } } },
  ]);
});

test('an organisation’s analyzer speaks of the resources of others', () => {
  const resource = 'arn:aws:iam::444455556666:role/deploy';
  expect(read(changed({ resourceType: 'AWS::IAM::Role', resource }))).toMatchObject([
    { remediation: { target: { account: '444455556666' } } },
  ]);
  expect(read(changed({ resourceOwnerAccount: '444455556666' }))).toMatchObject([
    { remediation: { target: { account: '444455556666' } } },
  ]);
});

test('what no ARN names is no target', () => {
  expect(read(changed({ resource: 'open-bucket' }))).toEqual([
    { unusable: expect.stringMatching(/names no AWS::S3::Bucket/) },
  ]);
});

test('without its own time it has that of the event', () => {
  expect(read(changed({ updatedAt: null }))).toMatchObject([
    { remediation: { finding: { time: '2026-11-21T09:58:13.000Z' } } },
  ]);
});

test.each<[object, RegExp]>([
  [{ ...publicBucket, detail: [] }, /detail/],
  [changed({ id: 7 }), /id/],
  [changed({ isPublic: 'true' }), /isPublic/],
  [changed({ resource: {} }), /resource/],
])('%j is none of IAM Access Analyzer’s', (message, reason) => {
  expect(read(message)).toEqual([{ unusable: expect.stringMatching(reason) }]);
});

test('findings on unused access are left alone', () => {
  const type = 'Unused Access Finding for IAM entities';
  expect(accessanalyzer.accepts({ ...publicBucket, 'detail-type': type })).toBe(false);
});

test('anything in place of any fields: nothing is thrown, and all is answered', () => {
  readsAnything(accessanalyzer, [publicBucket, sharedKey, error], intake);
});
