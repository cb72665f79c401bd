import { randomUUID } from 'node:crypto';
import type { Grant } from '@aws-sdk/client-s3';
import { stepsOf, testBot } from '../../../testing/contract';
import { OWNER, type Settings, bucketWith, group, settingsBut, user } from './fixtures/bucket';
import { bot } from './s3_delete_permissions';

const FRIEND = 'arn:aws:iam::444455556666:root';
const own = user(OWNER, 'FULL_CONTROL');
const logs = group('s3/LogDelivery', 'WRITE');

const arn = 'arn:aws:s3:::b';
const allow = (extra: object = {}) => ({
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: `${arn}/*`,
  ...extra,
});
const friend = allow({ Sid: 'Friend', Principal: { AWS: [FRIEND] }, Action: 's3:*' });
const tls = {
  Sid: 'OnlyTLS',
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: [arn, `${arn}/*`],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};
const guard = {
  Sid: 'OnlyOurs',
  Effect: 'Deny',
  NotPrincipal: { AWS: FRIEND },
  NotAction: 's3:ListBucket',
  Resource: `${arn}/*`,
  Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3' } },
};
const trail = {
  Sid: 'Trail',
  Effect: 'Allow',
  Principal: { Service: 'cloudtrail.amazonaws.com' },
  Action: 's3:PutObject',
  Resource: `${arn}/AWSLogs/*`,
  Condition: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
};
const lookup = {
  Effect: 'Allow',
  Principal: { Service: ['cloudtrail.amazonaws.com', 'config.amazonaws.com'] },
  Action: ['s3:GetBucketAcl', 'S3:ListBucket'],
  Resource: arn,
};
const cdn = allow({ Sid: 'CDN', Principal: { Service: 'cloudfront.amazonaws.com' } });

const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Id: 'kept', Statement });

const POLICY = 's3:PutBucketPolicy';
const NONE = 's3:DeleteBucketPolicy';
const ACL = 's3:PutBucketAcl';

/** What stands, what of the policy is left, and the writes. */
const seeded: [name: string, given: Settings, left: string | undefined, said: RegExp, writes: string[]][] = [
  [
    'everyone',
    { policy: policy(allow()) },
    undefined,
    /^the bucket policy has 1 statements that allow: /,
    [NONE],
  ],
  [
    'allowed and denied side by side',
    { policy: policy(tls, allow(), guard, friend) },
    policy(tls, guard),
    /2 statements that allow: /,
    [POLICY],
  ],
  [
    'deliveries of AWS services stay',
    { policy: policy(trail, friend, lookup, tls) },
    policy(trail, lookup, tls),
    /1 statements/,
    [POLICY],
  ],
  ['a service that reads is none that delivers', { policy: policy(cdn, tls) }, policy(tls), /1 st/, [POLICY]],
  [
    'a service beside an account',
    {
      policy: policy(
        guard,
        allow({ Principal: { Service: 'x.amazonaws.com', AWS: FRIEND }, Action: 's3:PutObject' }),
      ),
    },
    policy(guard),
    /1 st/,
    [POLICY],
  ],
  [
    'any service at all',
    { policy: policy(tls, allow({ Principal: { Service: '*' }, Action: 's3:PutObject' })) },
    policy(tls),
    /1 st/,
    [POLICY],
  ],
  [
    'NotAction and conditions are allowed too',
    {
      policy: policy(
        tls,
        allow({ NotAction: 's3:DeleteBucket', Action: undefined, Principal: { AWS: FRIEND } }),
        allow({ Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }),
      ),
    },
    policy(tls),
    /2 st/,
    [POLICY],
  ],
  [
    'a statement without a list',
    { policy: JSON.stringify({ Statement: allow() }) },
    undefined,
    /1 statements/,
    [NONE],
  ],
  [
    'grants only, and a policy that only denies',
    { policy: policy(tls, guard), grants: [own, user('1', 'READ'), logs] },
    policy(tls, guard),
    /^the ACL grants READ to 1{64}: remove it$/,
    [ACL],
  ],
  [
    'both',
    { policy: policy(allow(), tls), grants: [own, logs, group('global/AllUsers', 'WRITE')] },
    policy(tls),
    /^the bucket policy has 1 statements that allow, and the ACL grants WRITE to AllUsers: remove it$/,
    [POLICY, ACL],
  ],
  [
    'grants and no policy, with versions, a website and block public access',
    {
      grants: [own, user('1', 'FULL_CONTROL')],
      versioning: 'Enabled',
      replicated: true,
      website: { IndexDocument: { Suffix: 'i' } },
      block: { IgnorePublicAcls: true },
    },
    undefined,
    /FULL_CONTROL to 1/,
    [ACL],
  ],
];

const [first, ...others] = seeded.map(([name, settings, left, violation, writes]) => ({
  name,
  given: bucketWith(settings),
  violation,
  writes,
  after: {
    policy: left,
    acl: { grants: (settings.grants ?? [own]).filter(isOursOrLogs).sort(byText) },
  },
  untouched: settingsBut('policy', 'acl'),
}));
if (!first) throw new Error('no permissions');

testBot(bot, {
  violating: [first, ...others],
  compliant: [
    { name: 'nothing is allowed', given: bucketWith() },
    { name: 'only denied', given: bucketWith({ policy: policy(tls, guard) }) },
    { name: 'only deliveries', given: bucketWith({ policy: policy(trail, lookup), grants: [own, logs] }) },
  ],
  gone: randomUUID(),
});

test('undo puts back only what was taken, and the text of the policy itself', () => {
  const text = ` { "Statement" : ${JSON.stringify(friend)} } `;
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'b' };
  const now = { policy: undefined, acl: { owner: OWNER, grants: [own] } };
  const context = { target, params: {}, now };
  const inputs = (before: typeof now | { policy: string; acl: typeof now.acl }) => {
    const steps = bot.undo(before, context);
    return 'irreversible' in steps ? [] : stepsOf(steps).map(({ s3 }) => s3.input);
  };
  expect(inputs({ ...now, policy: text })).toEqual([
    { Bucket: 'b', ExpectedBucketOwner: '123456789012', Policy: text },
  ]);
  expect(inputs({ ...now, acl: { owner: OWNER, grants: [own, user('1', 'READ')] } })).toHaveLength(1);
});

function isOursOrLogs({ Grantee }: Grant): boolean {
  return Grantee?.ID === OWNER || Grantee?.URI?.endsWith('s3/LogDelivery') === true;
}

function byText(a: Grant, b: Grant): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
