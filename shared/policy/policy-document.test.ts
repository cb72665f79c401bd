import fc from 'fast-check';
import {
  allowsAccount,
  isPublic,
  parsePolicy,
  type Policy,
  publicStatements,
  type Statement,
  statementsOf,
  withoutPublic,
} from './policy-document';

const FRIEND = 'arn:aws:iam::111122223333:root';
const allow = (extra: object = { Principal: '*' }): Statement => ({
  Effect: 'Allow',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::b/*',
  ...extra,
});
const onlyIf = (Condition: Statement['Condition']) => isPublic(allow({ Principal: '*', Condition }));

describe('everyone, in all their forms', () => {
  test.each([
    [{ Principal: '*' }],
    [{ Principal: { AWS: '*' } }],
    [{ Principal: { AWS: ['*'] } }],
    [{ Principal: { AWS: [FRIEND, '*'] } }],
    [{ Principal: { AWS: '*', Service: 'logging.s3.amazonaws.com' } }],
    [{ NotPrincipal: { AWS: FRIEND } }],
    [{ Principal: { AWS: 'arn:aws:iam::*:root' } }],
    [
      {
        Principal: { Federated: 'evil.example.com' },
        Condition: { StringEquals: { 'evil.example.com:sub': 'x' } },
      },
    ],
    [
      {
        Principal: { Federated: 'graph.facebook.com' },
        Condition: { StringEquals: { 'accounts.google.com:sub': 'x' } },
      },
    ],
    [{ Principal: { Federated: 'graph.facebook.com' } }],
    [{ Principal: '*', NotAction: 's3:PutObject', Action: undefined }],
    [{ Principal: '*', Condition: {} }],
  ])('public: %j', (extra) => {
    expect(isPublic(allow(extra))).toBe(true);
  });

  test.each([
    [{ Principal: '*', Effect: 'Deny' }],
    [{ NotPrincipal: { AWS: FRIEND }, Effect: 'Deny' }],
    [{ Principal: { AWS: FRIEND } }],
    [{ Principal: { AWS: [FRIEND, '444455556666'] } }],
    [{ Principal: { Service: 'cloudtrail.amazonaws.com' } }],
    [{ Principal: { CanonicalUser: '79a5' } }],
    [{ Principal: { Federated: 'arn:aws:iam::111122223333:saml-provider/corp' } }],
    [
      {
        Principal: { Federated: 'graph.facebook.com' },
        Condition: { StringEquals: { 'graph.facebook.com:app_id': '1234' } },
      },
    ],
    [{}],
  ])('not public: %j', (extra) => {
    expect(isPublic(allow(extra))).toBe(false);
  });
});

describe('conditions that confine', () => {
  test.each([
    [{ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }],
    [{ IpAddress: { 'aws:SourceIp': ['203.0.113.7', '10.0.0.0/8', '2001:db8::/32'] } }],
    [{ StringEquals: { 'aws:SourceVpc': 'vpc-91237329' } }],
    [{ stringequals: { 'AWS:SOURCEVPCE': ['vpce-1', 'vpce-2'] } }],
    [{ StringLike: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }],
    [{ 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/r-ab12/*' } }],
    [{ StringEquals: { 'aws:PrincipalAccount': '111122223333' } }],
    [{ StringEquals: { 'aws:SourceAccount': 111122223333 } }],
    [{ StringEquals: { 'aws:SourceOwner': '111122223333' } }],
    [{ ArnEquals: { 'aws:SourceArn': 'arn:aws:s3:::source' } }],
    [{ ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:111122223333:*' } }],
    [{ ArnLike: { 'aws:SourceArn': 'arn:aws:s3:*:*:amzn-s3-demo-bucket' } }],
    [{ StringEquals: { 'kms:CallerAccount': '111122223333' } }],
    [{ StringLike: { 'sns:Endpoint': ['*@example.com', 'https://example.com/*'] } }],
    [{ StringEquals: { 'sns:Endpoint': 'arn:aws:sqs:eu-west-1:111122223333:q' } }],
    [{ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/*' } }],
    [{ StringLike: { 's3:DataAccessPointArn': 'arn:aws:s3:us-west-2:123456789012:accesspoint/*' } }],
    [{ StringEquals: { 's3:DataAccessPointAccount': '123456789012' } }],
    [{ StringLike: { 'aws:userid': ['AROAEXAMPLEID:*', '111122223333'] } }],
    [
      {
        StringEquals: {
          's3:x-amz-server-side-encryption-aws-kms-key-id': 'arn:aws:kms:eu-west-1:111122223333:key/k',
        },
      },
    ],
    [{ Bool: { 'aws:PrincipalIsAWSService': 'true' } }],
    // One that does not confine beside one that does.
    [{ Bool: { 'aws:SecureTransport': true }, StringEquals: { 'aws:SourceVpc': 'vpc-1' } }],
    [{ StringEquals: { 'aws:Referer': 'x', 'aws:SourceVpc': 'vpc-1' } }],
    // What would hold without the key, where the key must be there.
    [{ StringEqualsIfExists: { 'aws:SourceVpc': 'vpc-1' }, Null: { 'aws:sourcevpc': 'false' } }],
    [
      {
        'ForAllValues:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/*' },
        Null: { 'aws:PrincipalOrgPaths': false },
      },
    ],
  ])('%j', (condition: Statement['Condition']) => {
    expect(onlyIf(condition)).toBe(false);
  });
});

describe('conditions that do not', () => {
  test.each([
    [{ Bool: { 'aws:SecureTransport': 'true' } }],
    [{ StringLike: { 'aws:SourceVpc': 'vpc-*' } }],
    [{ StringLike: { 'aws:SourceVpce': ['vpce-1', '*'] } }],
    [{ StringEquals: { 'aws:SourceVpc': '${aws:PrincipalTag/vpc}' } }],
    [{ StringEquals: { 'aws:SourceVpc': '' } }],
    [{ StringNotEquals: { 'aws:SourceVpc': 'vpc-1' } }],
    [{ NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }],
    [{ IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }],
    [{ IpAddress: { 'aws:SourceIp': ['0.0.0.0/1', '128.0.0.0/1'] } }],
    [{ IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '::/0'] } }],
    [{ IpAddress: { 'aws:SourceIp': '2001::/31' } }],
    [{ IpAddress: { 'aws:SourceIp': Array.from({ length: 256 }, (_, first) => `${first}.0.0.0/8`) } }],
    [{ IpAddress: { 'aws:SourceIp': ['8.0.0.0/8', '9.0.0.0/9'] } }],
    [{ StringEquals: { 'evil.example.com:sub': 'x' } }],
    [{ StringEquals: { 'graph.facebook.com:app_id': '1234' } }],
    [{ StringEquals: { 'kms:EncryptionContext:app': 'x' } }],
    [{ IpAddress: { 'aws:SourceIp': 'not an address' } }],
    [{ IpAddress: { 'aws:VpcSourceIp': '10.0.0.0/8' } }],
    [{ StringEqualsIfExists: { 'aws:SourceVpc': 'vpc-1' } }],
    [{ 'ForAllValues:StringEquals': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/' } }],
    [{ Null: { 'aws:PrincipalOrgID': 'false' } }],
    [{ StringEqualsIfExists: { 'aws:SourceVpc': 'vpc-1' }, Null: { 'aws:SourceVpce': 'false' } }],
    [{ StringEqualsIfExists: { 'aws:SourceVpc': 'vpc-1' }, Null: { 'aws:SourceVpc': 'true' } }],
    [{ StringLike: { 'aws:Referer': 'https://example.com/*' } }],
    [{ StringEquals: { 'aws:UserAgent': 'secret' } }],
    [{ StringEquals: { 's3:ExistingObjectTag/public': 'yes' } }],
    [{ StringLike: { 'aws:PrincipalOrgID': 'o-*' } }],
    [{ 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': '*/r-ab12/*' } }],
    [{ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/admin' } }],
    [{ ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::*' } }],
    [{ ArnLike: { 'aws:SourceArn': 'arn:aws:s3:*:*:accesspoint/*' } }],
    [{ ArnLike: { 'aws:SourceArn': 'arn:aws:s3:*:*:logs-*' } }],
    [{ ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:topic' } }],
    [{ StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } }],
    [{ StringLike: { 'kms:CallerAccount': '*' } }],
    [{ StringLike: { 'sns:Endpoint': '*@*' } }],
    [{ StringLike: { 'sns:Endpoint': 'https://*.example.com/*' } }],
    [{ StringLike: { 'sns:Endpoint': 'https://example.com*' } }],
    [{ StringEquals: { 'sns:Protocol': 'https' } }],
    [{ StringLike: { 'aws:userid': '*:session' } }],
    [{ StringEquals: { 'aws:userid': 'anonymous' } }],
    [{ Bool: { 'aws:PrincipalIsAWSService': 'false' } }],
    [{ StringEquals: { constructor: 'x', toString: 'x' } }],
  ])('%j', (condition: Statement['Condition']) => {
    expect(onlyIf(condition)).toBe(true);
  });
});

describe('who of the account may still change a policy', () => {
  const ask = (extra: object) =>
    allowsAccount({ Statement: [allow({ Action: 'kms:*', ...extra })] }, '111122223333', 'kms:PutKeyPolicy');

  test.each([
    [{ Principal: { AWS: FRIEND } }],
    [{ Principal: { AWS: ['444455556666', '111122223333'] } }],
    [{ Principal: { AWS: 'arn:aws-cn:iam::111122223333:role/admin' }, Action: ['kms:Get*', 'KMS:putkey*'] }],
    [{ Principal: { AWS: FRIEND }, Action: '*', Condition: {} }],
  ])('somebody: %j', (extra) => {
    expect(ask(extra)).toBe(true);
  });

  test.each([
    [{ Principal: '*' }],
    [{ Principal: { AWS: 'arn:aws:iam::444455556666:root' } }],
    [{ Principal: { AWS: 'AIDAEXAMPLEOFADELETEDUSER' } }],
    [{ Principal: { Service: 'logs.amazonaws.com' } }],
    [{ NotPrincipal: { AWS: FRIEND } }],
    [{ Principal: { AWS: FRIEND }, Effect: 'Deny' }],
    [{ Principal: { AWS: FRIEND }, Action: ['kms:Decrypt', 'kms:PutKeyPolicy?'] }],
    [{ Principal: { AWS: FRIEND }, Action: undefined, NotAction: 'kms:Decrypt' }],
    [{ Principal: { AWS: FRIEND }, Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }],
  ])('nobody for certain: %j', (extra) => {
    expect(ask(extra)).toBe(false);
  });
});

describe('a Deny that confines an Allow beside it', () => {
  const unless = (extra: object = {}): Statement => ({
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: ['arn:aws:s3:::b', 'arn:aws:s3:::b/*'],
    Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } },
    ...extra,
  });
  const found = (deny: Statement) => publicStatements({ Statement: [allow(), deny] }).length;

  test.each([
    [{}],
    [{ Action: 'S3:getobject' }],
    [{ Action: 's3:Get*', Resource: '*' }],
    [{ Principal: { AWS: '*' } }],
    // ECR's statements name no resource.
    [{ Resource: undefined }],
    [{ NotPrincipal: { AWS: FRIEND }, Principal: undefined, Condition: undefined }],
    [{ Condition: { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } }],
    [
      {
        Condition: {
          StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
          BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
        },
      },
    ],
    [
      {
        Condition: {
          StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
          Null: { 'aws:PrincipalServiceName': 'true' },
        },
      },
    ],
    [
      {
        Condition: {
          StringNotEqualsIfExists: { 'aws:SourceVpc': ['vpc-1', 'vpc-2'] },
          NotIpAddressIfExists: { 'aws:SourceIp': '203.0.113.0/24' },
        },
      },
    ],
  ])('it does: %j', (extra) => {
    expect(found(unless(extra))).toBe(0);
  });

  test.each([
    [{ Effect: 'Allow' as const }],
    [{ Action: 's3:PutObject' }],
    [{ Action: 's3:GetObject?' }],
    [{ Action: undefined, NotAction: 's3:PutObject' }],
    [{ Resource: 'arn:aws:s3:::b/private/*' }],
    [{ Resource: 'arn:aws:s3:::b/?' }],
    [{ Resource: undefined, NotResource: 'arn:aws:s3:::b/open/*' }],
    [{ Principal: { AWS: FRIEND } }],
    [{ NotPrincipal: '*', Principal: undefined }],
    [{ Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
    [{ Condition: { StringNotLike: { 'aws:SourceVpce': 'vpce-*' } } }],
    [{ Condition: { NotIpAddress: { 'aws:SourceIp': '0.0.0.0/1' } } }],
    [
      {
        Condition: {
          NotIpAddress: { 'aws:SourceIp': Array.from({ length: 256 }, (_, first) => `${first}.0.0.0/8`) },
        },
      },
    ],
    // What is not signed has no such key, and a Bool without IfExists lets it out.
    [
      {
        Condition: {
          StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
          Bool: { 'aws:PrincipalIsAWSService': 'false' },
        },
      },
    ],
    [
      {
        Condition: {
          StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
          BoolIfExists: { 'aws:PrincipalIsAWSService': 'true' },
        },
      },
    ],
    [
      {
        Condition: {
          StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
          BoolIfExists: { 'aws:ViaAWSService': 'false' },
        },
      },
    ],
    [{ Condition: { Null: { 'aws:PrincipalOrgID': 'true' } } }],
    [{ Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }],
    [{ Condition: { 'ForAnyValue:StringNotEquals': { 'aws:SourceVpce': 'vpce-1' } } }],
    [
      {
        Condition: {
          StringNotEquals: { 'aws:SourceVpce': 'vpce-1' },
          Bool: { 'aws:SecureTransport': 'false' },
        },
      },
    ],
  ])('it does not: %j', (extra) => {
    expect(found(unless(extra))).toBeGreaterThan(0);
  });
});

describe('what is removed', () => {
  test('only "everyone" goes where principals are named beside it, and the statement keeps its order', () => {
    const statement = { Sid: 'S', Principal: { AWS: ['*', FRIEND], Service: 'x' }, Effect: 'Allow' as const };
    expect(JSON.stringify(withoutPublic({ Statement: [statement] }))).toBe(
      JSON.stringify({ Statement: [{ ...statement, Principal: { AWS: [FRIEND], Service: 'x' } }] }),
    );
  });

  test('a statement without a list stays without one, and leaves an empty list behind', () => {
    const kept = { Id: 'i', Statement: allow({ Principal: { AWS: '*', Service: 'x' } }) };
    expect(withoutPublic(kept)).toEqual({ Id: 'i', Statement: allow({ Principal: { Service: 'x' } }) });
    expect(withoutPublic({ Version: '2012-10-17', Statement: allow() })).toEqual({
      Version: '2012-10-17',
      Statement: [],
    });
  });

  test('just the statements that are named', () => {
    const policy = { Statement: [allow(), allow({ Principal: { AWS: '*' } })] };
    expect(withoutPublic(policy, policy.Statement.slice(1))).toEqual({ Statement: [allow()] });
  });

  test('for any policy: nothing public is left, all else is untouched, nobody gains', () => {
    fc.assert(
      fc.property(policies, (policy) => {
        const before = JSON.stringify(policy);
        const faults = publicStatements(policy);
        const rest = withoutPublic(policy);
        expect(JSON.stringify(policy)).toBe(before);
        expect(publicStatements(rest)).toEqual([]);
        const untouched = statementsOf(policy).filter((statement) => !faults.includes(statement));
        const texts = statementsOf(rest).map((statement) => JSON.stringify(statement));
        const expected = untouched.map((statement) => JSON.stringify(statement));
        expect(texts.filter((text) => expected.includes(text))).toEqual(expected);
        for (const narrowed of statementsOf(rest).filter((one) => !expected.includes(JSON.stringify(one)))) {
          expect(isPublic(narrowed)).toBe(false);
          expect(faults.map(withoutPrincipal)).toContain(withoutPrincipal(narrowed));
          expect(JSON.stringify(narrowed.Principal)).not.toContain('"*"');
        }
        expect(withoutPublic(rest)).toEqual(rest);
        expect({ ...rest, Statement: 0 }).toEqual({ ...policy, Statement: 0 });
      }),
      { numRuns: 2000 },
    );
  });
});

describe('reading', () => {
  test('keeps the order of keys that it does not know', () => {
    const text =
      '{"Id":"x","Statement":{"NotResource":"r","Resource":"s","Effect":"Allow","Sid":"a"},"Version":"2008-10-17"}';
    expect(JSON.stringify(parsePolicy(text))).toBe(text);
  });

  test.each([
    ['not json', 'the resource policy is not JSON: not json'],
    ['{}', /^the resource policy is malformed: .*Statement/s],
    ['[]', /^the resource policy is malformed/],
    ['{"Statement":[{"Effect":"Maybe"}]}', /^the resource policy is malformed/],
  ])('throws a sentence at %s', (text, sentence) => {
    expect(() => parsePolicy(text)).toThrow(sentence);
  });
});

const withoutPrincipal = ({ Principal: _principal, ...rest }: Statement) => JSON.stringify(rest);

const names = fc.constantFrom('*', FRIEND, '444455556666', 'arn:aws:iam::111122223333:role/r');
const oneOrMore = (items: fc.Arbitrary<string>) =>
  fc.oneof(items, fc.array(items, { minLength: 1, maxLength: 4 }));
const principals = fc.oneof(
  fc.constant('*'),
  fc.record(
    {
      AWS: oneOrMore(names),
      Service: oneOrMore(fc.constantFrom('cloudtrail.amazonaws.com', 'delivery.logs.amazonaws.com')),
      Federated: oneOrMore(
        fc.constantFrom('graph.facebook.com', 'arn:aws:iam::111122223333:saml-provider/c'),
      ),
    },
    { requiredKeys: [] },
  ),
);
const conditions = fc.dictionary(
  fc.constantFrom(
    'StringEquals',
    'StringLike',
    'StringNotEquals',
    'IpAddress',
    'NotIpAddress',
    'StringEqualsIfExists',
    'ForAllValues:StringLike',
    'Bool',
    'Null',
  ),
  fc.dictionary(
    fc.constantFrom('aws:SourceVpc', 'aws:SourceIp', 'aws:PrincipalOrgID', 'aws:SecureTransport'),
    oneOrMore(fc.constantFrom('vpc-1', 'vpc-*', '*', 'o-1', '0.0.0.0/1', '203.0.113.0/24', 'true', 'false')),
    { minKeys: 1 },
  ),
);
const statements: fc.Arbitrary<Statement> = fc
  .record(
    {
      Sid: fc.string(),
      Effect: fc.constantFrom<('Allow' | 'Deny')[]>('Allow', 'Allow', 'Deny'),
      Principal: principals,
      NotPrincipal: principals,
      Action: oneOrMore(fc.constantFrom('s3:GetObject', 's3:*', 's3:PutObject')),
      NotAction: fc.constant('s3:DeleteBucket'),
      Resource: oneOrMore(fc.constantFrom('arn:aws:s3:::b', 'arn:aws:s3:::b/*', '*')),
      Condition: conditions,
      Note: fc.jsonValue(),
    },
    { requiredKeys: ['Effect'] },
  )
  // A statement has the one or the other, and most have the one.
  .map(({ NotPrincipal, Principal, ...rest }) =>
    Principal === undefined && NotPrincipal !== undefined
      ? { ...rest, NotPrincipal }
      : { ...rest, ...(Principal !== undefined && { Principal }) },
  );
const policies: fc.Arbitrary<Policy> = fc.record(
  {
    Version: fc.constant('2012-10-17'),
    Id: fc.string(),
    Statement: fc.oneof(statements, fc.array(statements, { maxLength: 6 })),
  },
  { requiredKeys: ['Statement'] },
);
