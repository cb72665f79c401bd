import { randomUUID } from 'node:crypto';
import type { Grant } from '@aws-sdk/client-s3';
import { stepsOf, testBot } from '../../../testing/contract';
import { OWNER, type Settings, bucketWith, group, settingsBut, user } from './fixtures/bucket';
import { bot } from './s3_enforce_bucket_owner';

const own = user(OWNER, 'FULL_CONTROL');
const SET = 's3:PutBucketOwnershipControls';
const ACL = 's3:PutBucketAcl';
const untouched = settingsBut('acl', 'ownership');
const after = { ownership: 'BucketOwnerEnforced', acl: { owner: OWNER, grants: [own] } };
const policy: Settings['policy'] = (arn) => ({
  Statement: [
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:PutObject',
      Resource: `${arn}/*`,
      Condition: { StringNotEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
    },
  ],
});

/** Grants that are lost with the ACL, and what is said of them. */
const granted: [name: string, grants: Grant[], said: RegExp][] = [
  ['another account', [own, user('1', 'READ')], /grants READ to 1{64}, which would be lost/],
  ['everyone', [own, group('global/AllUsers', 'READ')], /grants READ to AllUsers, /],
  ['log delivery', [own, group('s3/LogDelivery', 'WRITE')], /grants WRITE to LogDelivery, /],
  [
    'CloudFront',
    [own, user('c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0', 'FULL_CONTROL')],
    /FULL_CONTROL to c4c1/,
  ],
];

testBot(bot, {
  violating: [
    {
      name: 'not set, as in buckets made before 2023',
      given: bucketWith(),
      violation: 'Object Ownership is not set, so ACLs count: set it to BucketOwnerEnforced',
      writes: [SET],
      after,
      untouched,
    },
    {
      name: 'objects belong to who uploads them',
      given: bucketWith({ ownership: 'ObjectWriter', versioning: 'Enabled', replicated: true }),
      violation: 'Object Ownership is ObjectWriter',
      writes: [SET],
      after,
      untouched,
    },
    {
      name: 'the owner is preferred',
      given: bucketWith({ ownership: 'BucketOwnerPreferred', policy }),
      violation: 'Object Ownership is BucketOwnerPreferred',
      writes: [SET],
      after,
      untouched,
    },
    {
      name: 'with website, encryption and block public access',
      given: bucketWith({
        website: { IndexDocument: { Suffix: 'i' } },
        encryption: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
        block: { BlockPublicAcls: true },
      }),
      violation: 'not set',
      writes: [SET],
      after,
      untouched,
    },
    {
      name: 'grants to the owner, but others than S3 asks for',
      given: bucketWith({ grants: [user(OWNER, 'READ'), user(OWNER, 'WRITE')] }),
      violation: 'not set',
      writes: [ACL, SET],
      after,
      untouched,
    },
    {
      name: 'the owner twice',
      given: bucketWith({ grants: [own, user(OWNER, 'READ')], ownership: 'ObjectWriter' }),
      violation: 'ObjectWriter',
      writes: [ACL, SET],
      after,
      untouched,
    },
    ...granted.map(([name, grants, held]) => ({
      name: `held for ${name}`,
      given: bucketWith({ grants }),
      violation: 'not set',
      writes: [],
      held,
    })),
    ...granted.map(([name, grants]) => ({
      name: `the grant to ${name} may go`,
      given: bucketWith({ grants, ownership: 'BucketOwnerPreferred', policy }),
      params: { dropGrants: true },
      violation: 'BucketOwnerPreferred',
      writes: [ACL, SET],
      after,
      untouched,
    })),
  ],
  compliant: [
    { name: 'enforced', given: bucketWith({ ownership: 'BucketOwnerEnforced' }) },
    {
      name: 'enforced, whatever the parameters',
      given: bucketWith({ ownership: 'BucketOwnerEnforced', policy }),
      params: { dropGrants: true },
    },
  ],
  gone: randomUUID(),
});

// PutBucketAcl: moto takes it also while ACLs are off, where S3 refuses it with AccessControlListNotSupported.
test('undo turns ACLs on again before it writes one', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'b' };
  const context = { target, params: bot.params.parse({}), now: { acl: { owner: OWNER, grants: [own] } } };
  const undo = bot.undo({ acl: { owner: OWNER, grants: [own, user('1', 'READ')] } }, context);
  const steps = 'irreversible' in undo ? [] : stepsOf(undo);
  expect(steps.map(({ s3 }) => s3.constructor.name)).toEqual([
    'DeleteBucketOwnershipControlsCommand',
    'PutBucketAclCommand',
  ]);
});
