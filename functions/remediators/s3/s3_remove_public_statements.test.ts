import { randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  GetBucketPolicyCommand,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './s3_remove_public_statements';

const FRIEND = 'arn:aws:iam::111122223333:root';
const OTHER = 'arn:aws:iam::444455556666:role/reader';
const read = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };
const PUBLIC = { Sid: 'World', Principal: '*', ...read };

/** Statements that must survive, by what other tools get wrong with them. */
const NEIGHBOURS = {
  named: { Sid: 'Named', ...read, Principal: { AWS: [FRIEND, OTHER] } },
  service: { Principal: { Service: 'logging.s3.amazonaws.com' }, ...read },
  federated: { ...read, Principal: { Federated: 'arn:aws:iam::111122223333:saml-provider/corp' } },
  canonical: { ...read, Principal: { CanonicalUser: '7'.repeat(64) } },
  // moto obeys a Deny and does not look at its conditions, so these deny what the tests do not do.
  deny: {
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:DeleteObject',
    Resource: ['arn:aws:s3:::b', 'arn:aws:s3:::b/*'],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  },
  denyNot: {
    Effect: 'Deny',
    NotPrincipal: { AWS: FRIEND },
    Action: 's3:DeleteObjectVersion',
    NotResource: 'arn:aws:s3:::b/open/*',
  },
  notAction: {
    Sid: '',
    Effect: 'Allow',
    Principal: { AWS: FRIEND },
    NotAction: ['s3:Delete*'],
    Resource: '*',
  },
  vpce: { ...read, Principal: '*', Condition: { StringEquals: { 'aws:sourceVpce': 'vpce-1a2b3c4d' } } },
  org: {
    ...read,
    Principal: { AWS: '*' },
    Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3' } },
  },
  office: { ...read, Principal: '*', Condition: { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24'] } } },
  accessPoints: {
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: '*',
    Resource: '*',
    Condition: { StringEquals: { 's3:DataAccessPointAccount': '111122223333' } },
  },
};
const { named, service, federated, canonical, deny, denyNot, notAction, vpce, org, office, accessPoints } =
  NEIGHBOURS;

const policyOf = (Statement: object | readonly object[], extra: object = { Version: '2012-10-17' }) =>
  JSON.stringify({ ...extra, Statement });

const bucket =
  (Policy?: string) =>
  async ({ client, region }: Account) => {
    const Bucket = randomUUID();
    const s3 = client(S3Client);
    const LocationConstraint = region as 'eu-west-1';
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint } }));
    if (Policy) await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    return Bucket;
  };

/** The texts of those neighbours that the policy holds, in their order. */
const untouched = async ({ client }: Account, Bucket: string) => {
  const reply = await client(S3Client)
    .send(new GetBucketPolicyCommand({ Bucket }))
    .catch(() => ({ Policy: '{}' }));
  const all = Object.values(NEIGHBOURS).map((statement) => JSON.stringify(statement));
  return all
    .filter((text) => reply.Policy?.includes(text))
    .sort((a, b) => Number(reply.Policy?.indexOf(a)) - Number(reply.Policy?.indexOf(b)));
};

/** Policies with a fault, what must be left of them, and the statement that is named. */
const seeded: [name: string, policy: string, left: string | undefined, statement: string][] = [
  [
    'everyone, between neighbours of all kinds',
    policyOf([named, deny, PUBLIC, service, denyNot, notAction, vpce, org, office]),
    policyOf([named, deny, service, denyNot, notAction, vpce, org, office]),
    'World',
  ],
  [
    'two public statements side by side',
    policyOf([federated, PUBLIC, { ...PUBLIC, Sid: 'World2' }, canonical]),
    policyOf([federated, canonical]),
    'World, World2',
  ],
  [
    'everyone with an AWS account',
    policyOf([{ ...read, Principal: { AWS: '*' } }, accessPoints], { Id: 'kept', Version: '2008-10-17' }),
    policyOf([accessPoints], { Id: 'kept', Version: '2008-10-17' }),
    'number 1',
  ],
  ['a list of one', policyOf([{ ...PUBLIC, Principal: { AWS: ['*'] } }, named]), policyOf([named]), 'World'],
  [
    'everyone beside named principals, which stay',
    policyOf([{ ...PUBLIC, Principal: { AWS: [FRIEND, '*', OTHER] } }, deny]),
    policyOf([{ ...PUBLIC, Principal: { AWS: [FRIEND, OTHER] } }, deny]),
    'World',
  ],
  [
    'everyone beside a service, which stays',
    policyOf([named, { ...PUBLIC, Principal: { AWS: '*', Service: 'cloudtrail.amazonaws.com' } }]),
    policyOf([named, { ...PUBLIC, Principal: { Service: 'cloudtrail.amazonaws.com' } }]),
    'World',
  ],
  [
    'everyone but one',
    policyOf([named, { ...read, NotPrincipal: { AWS: FRIEND } }, vpce]),
    policyOf([named, vpce]),
    'number 2',
  ],
  ['a statement that stands without a list', policyOf(PUBLIC), undefined, 'World'],
  [
    'public statements only',
    policyOf([PUBLIC, { ...read, Principal: { AWS: '*' } }]),
    undefined,
    'World, number 2',
  ],
  [
    'any VPC at all',
    policyOf([{ ...PUBLIC, Condition: { StringLike: { 'aws:SourceVpc': 'vpc-*' } } }, office]),
    policyOf([office]),
    'World',
  ],
  [
    'the internet in two halves',
    policyOf([
      office,
      { ...PUBLIC, Condition: { IpAddress: { 'aws:SourceIp': ['0.0.0.0/1', '128.0.0.0/1'] } } },
    ]),
    policyOf([office]),
    'World',
  ],
  [
    'conditions that hold for requests without the key',
    policyOf([
      org,
      { ...PUBLIC, Condition: { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3' } } },
      { ...PUBLIC, Condition: { 'ForAllValues:StringEquals': { 'aws:SourceVpce': 'vpce-1a2b3c4d' } } },
      { ...PUBLIC, Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1a2b3c4d' } } },
    ]),
    policyOf([org]),
    'World, World, World',
  ],
  [
    'whoever is on Facebook',
    policyOf([{ ...PUBLIC, Principal: { Federated: 'graph.facebook.com' } }, federated]),
    policyOf([federated]),
    'World',
  ],
];

const sentence = (statement: string) =>
  `the bucket policy lets everyone in by statement ${statement}: remove it or name who may`;
const [first, ...others] = seeded.map(([name, policy, left, statement]) => ({
  name,
  given: bucket(policy),
  violation: sentence(statement),
  writes: [left === undefined ? 's3:DeleteBucketPolicy' : 's3:PutBucketPolicy'],
  after: { policy: left },
  untouched,
}));
if (!first) throw new Error('no policies');

testBot(bot, {
  violating: [
    first,
    ...others,
    {
      name: 'a public statement beside one that is public on purpose',
      given: bucket(policyOf([PUBLIC, { ...PUBLIC, Sid: 'Website' }])),
      params: { ignore: ['Website'] },
      violation: sentence('World'),
      writes: ['s3:PutBucketPolicy'],
      after: { policy: policyOf([{ ...PUBLIC, Sid: 'Website' }]) },
    },
  ],
  compliant: [
    { name: 'no policy', given: bucket() },
    {
      name: 'all kinds of statements, none of them public',
      given: bucket(policyOf(Object.values(NEIGHBOURS))),
    },
    { name: 'public on purpose', given: bucket(policyOf(PUBLIC)), params: { ignore: ['World'] } },
    {
      name: 'everyone, and a Deny that leaves only the VPC endpoint',
      given: bucket(
        policyOf([
          PUBLIC,
          {
            ...read,
            Effect: 'Deny',
            Principal: '*',
            Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } },
          },
        ]),
      ),
    },
  ],
  gone: randomUUID(),
});

test('undo puts back the text itself, also one that would be written otherwise', () => {
  const policy = ` { "Statement" : [ ${JSON.stringify(PUBLIC)} ],\n "Version":"2012-10-17", "Id":"\\u00e9" } `;
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'b' };
  const context = { target, params: bot.params.parse({}), now: { policy: undefined } };
  const undo = bot.undo({ policy }, context);
  expect(undo).toMatchObject([{ s3: { input: { Bucket: 'b', Policy: policy } } }]);
});
