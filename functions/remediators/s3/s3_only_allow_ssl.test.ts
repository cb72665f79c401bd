import { randomUUID } from 'node:crypto';
import { GetBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { parsePolicy, statementsOf } from '../../../shared/policy/policy-document';
import { type Account, stepsOf, testBot } from '../../../testing/contract';
import { type Settings, bucketWith, settingsBut } from './fixtures/bucket';
import { bot } from './s3_only_allow_ssl';

const FRIEND = 'arn:aws:iam::444455556666:root';
const SID = 'DenyRequestsWithoutTLS';
const PLAIN = { Bool: { 'aws:SecureTransport': 'false' } };
const website = { IndexDocument: { Suffix: 'index.html' } };

type Make = (arn: string) => object;
const deny =
  (extra: object = {}): Make =>
  (arn) => ({
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [arn, `${arn}/*`],
    Condition: PLAIN,
    ...extra,
  });
const allow =
  (extra: object): Make =>
  (arn) => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: `${arn}/*`, ...extra });
const on =
  (part: string, extra: object = {}): Make =>
  (arn) => ({ ...deny(extra)(arn), Resource: `${arn}${part}` });
const policy =
  (...makes: Make[]): Make =>
  (arn) => ({ Version: '2008-10-17', Id: 'kept', Statement: makes.map((make) => make(arn)) });

/** Policies that let plain HTTP through; all of their statements must be the same afterwards. */
const seeded: [name: string, settings: Settings][] = [
  ['no policy', {}],
  [
    'one statement that stands without a list',
    { policy: (arn) => ({ Statement: allow({ Principal: { AWS: FRIEND } })(arn) }) },
  ],
  [
    'statements of many kinds',
    {
      policy: policy(
        allow({ Sid: 'Named', Principal: { AWS: [FRIEND, '444455556666'] } }),
        allow({ Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 's3:PutObject' }),
        allow({ Principal: { CanonicalUser: '79a5' } }),
        allow({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3' } } }),
        deny({ Sid: 'DenyNot', Principal: undefined, NotPrincipal: { AWS: FRIEND } }),
        deny({ Sid: 'DenyNotAction', Action: undefined, NotAction: 's3:GetObject' }),
      ),
    },
  ],
  ['plain HTTP is denied for the objects only, as CloudBots does', { policy: policy(on('/*')) }],
  ['plain HTTP is denied for the bucket only', { policy: policy(on('')) }],
  ['plain HTTP is denied for some objects', { policy: policy(on(''), on('/private/*')) }],
  ['plain HTTP is denied to one account', { policy: policy(deny({ Principal: { AWS: FRIEND } })) }],
  [
    'plain HTTP is denied for one action',
    { policy: policy(deny({ Action: ['s3:GetObject', 's3:PutObject'] })) },
  ],
  [
    'plain HTTP is denied from one address',
    { policy: policy(deny({ Condition: { ...PLAIN, IpAddress: { 'aws:SourceIp': '203.0.113.7' } } })) },
  ],
  ['TLS is denied', { policy: policy(deny({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } })) }],
  [
    'old versions of TLS are denied, and plain HTTP has none',
    { policy: policy(deny({ Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } } })) },
  ],
  [
    'TLS is asked for by an Allow, which denies nothing',
    {
      policy: policy(
        allow({ Principal: { AWS: FRIEND }, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
      ),
    },
  ],
  ['the name of the statement is taken', { policy: policy(allow({ Sid: SID, Principal: { AWS: FRIEND } })) }],
  ['versions and replication', { versioning: 'Enabled', replicated: true }],
];

/** Every statement but the one that denies plain HTTP everywhere. */
const untouched = async (account: Account, id: string) => {
  const reply = await account
    .client(S3Client)
    .send(new GetBucketPolicyCommand({ Bucket: id }))
    .catch(() => ({ Policy: undefined }));
  const all = statementsOf(parsePolicy(reply.Policy ?? '{"Statement":[]}')).map((one) => JSON.stringify(one));
  const added = [deny({ Sid: SID })(`arn:aws:s3:::${id}`), deny()(`arn:aws:s3:::${id}`)];
  return {
    statements: all.filter((text) => !added.map(sorted).includes(sorted(JSON.parse(text)))),
    id: reply.Policy?.includes('"Id":"kept"') ?? false,
    settings: await settingsBut('policy')(account, id),
  };
};
const sorted = (value: unknown) => JSON.stringify(Object.entries(value as object).sort());

const [first, ...others] = seeded.map(([name, settings]) => ({
  name,
  given: bucketWith(settings),
  violation: /^the bucket policy does not deny requests without TLS to arn:aws:s3:::\S+/,
  writes: ['s3:PutBucketPolicy'],
}));
if (!first) throw new Error('no policies');

testBot(bot, {
  violating: [
    first,
    // A policy that was none has no Id to compare.
    ...others.map((one) => ({ ...one, ...(one.name !== 'versions and replication' && { untouched }) })),
    {
      name: 'a website, to which plain HTTP is all',
      given: bucketWith({ website }),
      violation: 'does not deny',
      writes: [],
      held: /^the bucket hosts a static website, /,
    },
    {
      name: 'a website that is to end',
      given: bucketWith({ website }),
      params: { endWebsite: true },
      violation: 'does not deny',
      writes: ['s3:PutBucketPolicy'],
      untouched: settingsBut('policy'),
    },
    {
      name: 'a policy that is nearly too long',
      given: bucketWith({ policy: policy(allow({ Sid: 'x'.repeat(20_200), Principal: { AWS: FRIEND } })) }),
      violation: 'does not deny',
      writes: [],
      held: /^the bucket policy would be \d+ bytes long, and S3 takes 20480: shorten it$/,
    },
  ],
  compliant: [
    { name: 'denied in one statement', given: bucketWith({ policy: policy(deny({ Sid: 'Another' })) }) },
    { name: 'denied in two', given: bucketWith({ policy: policy(on(''), on('/*')) }) },
    {
      name: 'denied in other words',
      given: bucketWith({
        policy: policy(
          on('*', {
            Principal: { AWS: ['*'] },
            Action: ['*'],
            Condition: { BoolIfExists: { 'AWS:SECURETRANSPORT': [false] } },
          }),
        ),
      }),
    },
    { name: 'a website, and denied', given: bucketWith({ website, policy: policy(deny()) }) },
  ],
  gone: randomUUID(),
});

const at = (region: string) => ({
  target: { account: '123456789012', region, type: bot.resource, id: 'b' },
  params: bot.params.parse({}),
});
const planned = (text: string | undefined, region = 'eu-west-1') =>
  stepsOf(bot.plan({ policy: text, hostsWebsite: false }, at(region))).map(({ s3 }) =>
    parsePolicy('Policy' in s3.input ? String(s3.input.Policy) : ''),
  );

test.each([
  ['eu-west-1', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
])('in %s, ARNs begin with arn:%s', (region, partition) => {
  expect(planned(undefined, region)).toEqual([
    {
      Version: '2012-10-17',
      Statement: [{ Sid: SID, ...deny()(`arn:${partition}:s3:::b`) }],
    },
  ]);
});

test('for any policy: one statement more, which is enough, and no other is touched', () => {
  const arn = 'arn:aws:s3:::b';
  const part = fc.constantFrom('', '/*', '*', '/x');
  const statement = fc.record(
    {
      Sid: fc.constantFrom(SID, 'a', 'b'),
      Effect: fc.constantFrom('Allow', 'Deny'),
      Principal: fc.constantFrom('*', { AWS: '*' }, { AWS: FRIEND }),
      Action: fc.constantFrom('s3:*', '*', 's3:GetObject'),
      Resource: part.map((end) => `${arn}${end}`),
      Condition: fc.constantFrom(PLAIN, { Bool: { 'aws:SecureTransport': 'true' } }),
    },
    { requiredKeys: ['Effect', 'Resource'] },
  );
  fc.assert(
    fc.property(fc.oneof(statement, fc.array(statement, { maxLength: 5 })), (Statement) => {
      const text = JSON.stringify({ Version: '2012-10-17', Statement });
      const state = { policy: text, hostsWebsite: false };
      if (bot.check(state, at('eu-west-1')) === undefined) return;
      const before = statementsOf(parsePolicy(text));
      const [result] = planned(text);
      expect(result && statementsOf(result).slice(0, -1)).toEqual(before);
      expect(bot.check({ ...state, policy: JSON.stringify(result) }, at('eu-west-1'))).toBeUndefined();
      const sids = before.flatMap(({ Sid }) => (Sid === SID ? [Sid] : []));
      const added = result && statementsOf(result).at(-1);
      expect(added?.Sid).toBe(sids.length > 0 ? undefined : SID);
    }),
    { numRuns: 1000 },
  );
});
