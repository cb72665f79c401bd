import { readerOf, readsAnything } from '../../../testing/reading';
import { catalogue } from '../../remediators/catalogue';
import type { Intake } from '../source';
import encryption from './fixtures/macie/encryption.json';
import publicBucket from './fixtures/macie/public-bucket.json';
import sensitiveData from './fixtures/macie/sensitive-data.json';
import { macie } from './macie';

const ACCOUNT = '111122223333';
const intake: Intake = {
  catalogue,
  accountId: ACCOUNT,
  region: 'us-east-2',
  sentAt: '2026-11-21T12:00:00.000Z',
  messageId: 'message-1',
  routes: {
    macie: { 'Policy:IAMUser/S3BucketPublic': { auto: 's3_block_all_public_access', minSeverity: 5 } },
  },
};

const read = readerOf(macie, intake);

function changed(changes: object): object {
  return { ...publicBucket, detail: { ...publicBucket.detail, ...changes } };
}

describe('findings as Macie sends them', () => {
  test('a public bucket', () => {
    expect(read(publicBucket)).toEqual([
      {
        remediation: {
          version: 1,
          bot: 's3_block_all_public_access',
          target: { account: ACCOUNT, region: 'eu-west-1', type: 'AWS::S3::Bucket', id: 'open-bucket' },
          params: {},
          finding: {
            source: 'macie',
            id: publicBucket.detail.id,
            time: '2026-11-21T09:58:12.345Z',
            title: 'The S3 bucket is publicly accessible',
            severity: 'high',
          },
        },
        severity: 8,
      },
    ]);
  });

  test('an archived one', () => {
    expect(read(encryption)).toEqual([{ declined: 'the finding is archived' }]);
  });

  test('sensitive data is nothing to repair, whatever the routes are', () => {
    expect(read(sensitiveData, { routes: { macie: { '*': 's3_block_all_public_access' } } })).toEqual([
      { declined: `the finding's category is CLASSIFICATION; only POLICY asks for a repair` },
    ]);
  });
});

test('samples and findings without category are declined', () => {
  expect(read(changed({ sample: true }))).toEqual([{ declined: 'the finding is a sample' }]);
  expect(read(changed({ category: null }))).toEqual([
    { declined: expect.stringMatching(/category is absent/) },
  ]);
});

test('without a route it is declined', () => {
  expect(read(changed({ type: 'Policy:IAMUser/S3BucketSharedExternally' }))).toEqual([
    {
      declined: expect.stringMatching(/^no route for Policy:IAMUser\/S3BucketSharedExternally of macie/),
      withoutRoute: true,
    },
  ]);
  expect(
    read(publicBucket, { routes: { macie: { 'Policy:*': 's3_block_all_public_access' } } }),
  ).toHaveLength(1);
});

test.each([
  [{ description: 'Low', score: 1 }, 'declined'],
  [{ description: 'Medium', score: 2 }, 'remediation'],
  [{ description: 'High', score: 3 }, 'remediation'],
  [{ description: 'constructor' }, 'remediation'],
  [null, 'remediation'],
])('severity %j against a route from 5 on: %s', (severity, kind) => {
  expect(read(changed({ severity }))[0]).toHaveProperty(kind);
});

test.each([null, {}, { s3Bucket: null }, { s3Bucket: { name: '' } }])(
  'no bucket in %j',
  (resourcesAffected) => {
    expect(read(changed({ resourcesAffected }))).toEqual([
      { unusable: expect.stringMatching(/names no AWS::S3::Bucket/) },
    ]);
  },
);

test('without its own time it has that of the event, or of sending', () => {
  expect(read(changed({ updatedAt: 'soon' }))).toMatchObject([
    { remediation: { finding: { time: '2026-11-21T09:58:13.000Z' } } },
  ]);
  expect(read({ ...changed({ updatedAt: null }), time: null })).toMatchObject([
    { remediation: { finding: { time: intake.sentAt } } },
  ]);
});

test.each<[object, RegExp]>([
  [{ ...publicBucket, detail: 'x' }, /detail/],
  [changed({ type: { id: 'Policy' } }), /type/],
  [changed({ archived: 'no' }), /archived/],
  [changed({ resourcesAffected: { s3Bucket: { name: 7 } } }), /resourcesAffected/],
])('%j is none of Macie’s', (message, reason) => {
  expect(read(message)).toEqual([{ unusable: expect.stringMatching(reason) }]);
});

test('anything in place of any fields: nothing is thrown, and all is answered', () => {
  readsAnything(macie, [publicBucket, encryption, sensitiveData], intake);
});
