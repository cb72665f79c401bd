import { randomUUID } from 'node:crypto';
import type { Statement } from '../../../shared/policy/policy-document';
import { type Account, testBot } from '../../../testing/contract';
import { FRIEND, OTHER, neighboursOf } from '../../../testing/policies';
import { bucketWith, settingsBut } from './fixtures/bucket';
import { strangersIn } from './lib/cross-account';
import { bot } from './s3_restrict_cross_account_access';

const name = (account: Account) => `b-${account.account}`;
const given = (make: (arn: string, account: string) => Statement[]) => (account: Account) =>
  bucketWith({
    name,
    policy: (arn) => ({ Version: '2012-10-17', Id: 'kept', Statement: make(arn, account.account) }),
  })(account);
const allow = (
  arn: string,
  Principal: Statement['Principal'],
  Action: string | string[],
  extra = {},
): Statement => ({
  ...{ Effect: 'Allow', Principal, Action, Resource: [arn, `${arn}/*`] },
  ...extra,
});
const DENIED = [
  's3:DeleteBucketPolicy',
  's3:PutBucketAcl',
  's3:PutBucketPolicy',
  's3:PutEncryptionConfiguration',
  's3:PutObjectAcl',
];
/** The policy ends with the Deny, and holds all that it held. */
const endingWith = (...denied: string[]) => ({
  policy: expect.stringMatching(
    new RegExp(
      `"Id":"kept","Statement":\\[\\{"Effect":"Allow",.*\\{"Sid":"SelfhealOtherAccounts","Effect":"Deny",${denied.join('.*')}`,
    ),
  ) as string,
});
const everyone = String.raw`"Principal":"\*".*"StringNotEquals":\{"aws:PrincipalAccount":\["\d{12}"\]\},"BoolIfExists"`;
const writes = ['s3:PutBucketPolicy'];
const untouched = settingsBut('policy');

testBot(bot, {
  violating: [
    {
      name: 'two accounts may do everything, one of which also something else',
      given: given((arn) => [
        allow(arn, { AWS: FRIEND }, 's3:*'),
        allow(arn, { AWS: OTHER }, ['s3:GetObject', 'S3:putobjectacl']),
        allow(arn, { AWS: OTHER }, 's3:ListBucket'),
      ]),
      violation: `the bucket policy lets ${FRIEND}, ${OTHER} change who may use the bucket`,
      writes,
      after: endingWith(`"Principal":\\{"AWS":\\["${FRIEND}","${OTHER}"\\]\\}`, 's3:PutObjectAcl'),
      untouched,
    },
    {
      name: 'one of two is denied already by the bot',
      given: given((arn) => [
        allow(arn, { AWS: [FRIEND, OTHER] }, 's3:Put*'),
        allow(arn, { AWS: FRIEND }, DENIED, { Sid: 'SelfhealOtherAccounts', Effect: 'Deny' }),
      ]),
      violation: `lets ${OTHER} change`,
      writes,
      after: endingWith(`"Principal":\\{"AWS":\\["${FRIEND}","${OTHER}"\\]\\}`),
      untouched,
    },
    {
      name: 'everyone of an organization',
      given: given((arn) => [
        allow(arn, '*', 's3:*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }),
      ]),
      violation: 'lets everyone change',
      writes,
      after: endingWith(everyone),
      untouched,
    },
    {
      name: 'all but what NotAction says',
      given: given((arn) => [
        { ...allow(arn, { AWS: FRIEND }, ''), Action: undefined, NotAction: 's3:Delete*' },
      ]),
      violation: `lets ${FRIEND} change`,
      writes,
      untouched,
    },
    {
      name: 'an action of one’s own choice, and accounts that may',
      given: given((arn) => [allow(arn, { AWS: [FRIEND, OTHER] }, 's3:PutBucketTagging')]),
      params: { actions: ['s3:PutBucketTagging'], keep: ['111122223333'] },
      violation: `lets ${OTHER} change`,
      writes,
      untouched,
    },
  ],
  compliant: [
    { name: 'no policy', given: bucketWith() },
    {
      name: 'others may read, write and list; services and the own account may do anything',
      given: given((arn, account) => [
        allow(arn, { AWS: [FRIEND, account] }, ['s3:GetObject', 's3:PutObject', 's3:List*']),
        allow(arn, { AWS: `arn:aws:iam::${account}:role/admin` }, 's3:*'),
        allow(arn, { Service: 'cloudtrail.amazonaws.com' }, 's3:PutObjectAcl'),
        allow(arn, '*', 's3:*', { Condition: { StringEquals: { 'aws:PrincipalAccount': account } } }),
      ]),
    },
    {
      name: 'another account, which is trusted',
      given: given((arn) => [allow(arn, { AWS: FRIEND }, 's3:*')]),
      params: { keep: ['111122223333'] },
    },
    {
      name: 'denied by a statement of somebody else',
      given: given((arn) => [
        allow(arn, { AWS: FRIEND }, 's3:*'),
        allow(arn, { AWS: FRIEND }, ['s3:Put*', 's3:DeleteBucketPolicy'], { Effect: 'Deny' }),
      ]),
    },
  ],
  gone: randomUUID(),
});

const restriction = {
  actions: ['s3:PutBucketAcl'],
  accounts: ['123456789012'],
  bucketArn: 'arn:aws:s3:::b',
} as const;

test.each([
  ['a Deny with a condition', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
  ['a Deny of something else', { Action: 's3:PutBucketPolicy' }],
  ['a Deny for the objects only', { Resource: 'arn:aws:s3:::b/*' }],
])('%s does not keep others out', (_name, extra) => {
  const denied = allow('arn:aws:s3:::b', { AWS: FRIEND }, 's3:Put*', { Effect: 'Deny', ...extra });
  const policy = { Statement: [allow('arn:aws:s3:::b', { AWS: FRIEND }, '*'), denied] };
  expect(strangersIn(policy, restriction)).toEqual([FRIEND]);
});

test('whom the statements of neighbours let in', () => {
  const statements = Object.entries(neighboursOf({ Action: 's3:*', Resource: 'arn:aws:s3:::b' }));
  const found = statements.map(([one, statement]) => [
    one,
    strangersIn({ Statement: statement }, restriction),
  ]);
  expect(Object.fromEntries(found)).toEqual({
    named: [FRIEND, OTHER],
    service: [],
    notAction: [FRIEND],
    deny: [],
    denyNot: [],
    owner: ['*'],
    source: ['*'],
    bucket: ['*'],
    org: ['*'],
    office: ['*'],
  });
});
