import { randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  GetBucketAclCommand,
  type Grant,
  PutBucketAclCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { type Account, stepsOf, testBot } from '../../../testing/contract';
import { bucketWith, settingsBut } from './fixtures/bucket';
import { bot } from './s3_remove_public_grants';

type Permission = 'READ' | 'WRITE' | 'READ_ACP' | 'WRITE_ACP' | 'FULL_CONTROL';
const ALL: Permission[] = ['READ', 'WRITE', 'READ_ACP', 'WRITE_ACP', 'FULL_CONTROL'];

const group = (name: string, Permission: Permission): Grant => ({
  Grantee: { Type: 'Group', URI: `http://acs.amazonaws.com/groups/${name}` },
  Permission,
});
const everyone = (permission: Permission) => group('global/AllUsers', permission);
const authenticated = (permission: Permission) => group('global/AuthenticatedUsers', permission);
const user = (digit: string, Permission: Permission): Grant => ({
  Grantee: { Type: 'CanonicalUser', ID: digit.repeat(64) },
  Permission,
});
const NEIGHBOURS = [
  user('1', 'FULL_CONTROL'),
  user('2', 'READ'),
  user('2', 'READ_ACP'),
  group('s3/LogDelivery', 'WRITE'),
  group('s3/LogDelivery', 'READ_ACP'),
];

const bucket =
  (...Grants: Grant[]) =>
  async ({ client, region }: Account) => {
    const Bucket = randomUUID();
    const s3 = client(S3Client);
    const LocationConstraint = region as 'eu-west-1';
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint } }));
    if (Grants.length > 0) {
      const AccessControlPolicy = { Owner: { ID: '1'.repeat(64) }, Grants };
      await s3.send(new PutBucketAclCommand({ Bucket, AccessControlPolicy }));
    }
    return Bucket;
  };

const untouched = async ({ client }: Account, Bucket: string) => {
  const { Grants = [] } = await client(S3Client).send(new GetBucketAclCommand({ Bucket }));
  return Grants.map((grant) => JSON.stringify(grant))
    .filter((text) => !text.includes('/global/'))
    .sort();
};

const writes = ['s3:PutBucketAcl'];

testBot(bot, {
  violating: [
    {
      name: 'two grants to everyone that stand side by side, between others',
      given: bucket(...NEIGHBOURS.slice(0, 2), everyone('READ'), everyone('WRITE'), ...NEIGHBOURS.slice(2)),
      violation: "the bucket's ACL grants READ to AllUsers, WRITE to AllUsers: remove what strangers may do",
      writes,
      untouched,
    },
    {
      name: 'grants to everyone with an AWS account',
      given: bucket(authenticated('READ_ACP'), authenticated('WRITE_ACP'), ...NEIGHBOURS),
      violation: /grants READ_ACP to AuthenticatedUsers, WRITE_ACP to AuthenticatedUsers:/,
      writes,
      untouched,
    },
    {
      name: 'everything to both groups',
      given: bucket(...ALL.map(everyone), ...NEIGHBOURS, ...ALL.map(authenticated)),
      violation: /^the bucket's ACL grants (\w+ to \w+, ){9}/,
      writes,
      untouched,
    },
    {
      name: 'only the group and the permission that the parameters name',
      given: bucket(everyone('READ'), everyone('WRITE'), authenticated('WRITE'), ...NEIGHBOURS),
      params: { grantees: ['AllUsers'], permissions: ['WRITE'] },
      violation: "the bucket's ACL grants WRITE to AllUsers: remove what strangers may do",
      writes,
      untouched,
    },
    {
      name: 'only those with an AWS account, where the parameters name them',
      given: bucket(everyone('READ'), authenticated('READ'), ...NEIGHBOURS),
      params: { grantees: ['AuthenticatedUsers'] },
      violation: "the bucket's ACL grants READ to AuthenticatedUsers: remove what strangers may do",
      writes,
      after: { grants: expect.arrayContaining([everyone('READ'), ...NEIGHBOURS]) },
      untouched,
    },
    {
      name: 'full control to everyone, beside a group whose name only begins alike',
      given: bucket(everyone('FULL_CONTROL'), group('global/AllUsersOfCorp', 'READ'), ...NEIGHBOURS),
      violation: "the bucket's ACL grants FULL_CONTROL to AllUsers: remove what strangers may do",
      writes,
      after: { grants: expect.arrayContaining([group('global/AllUsersOfCorp', 'READ')]) },
      untouched,
    },
    {
      name: 'public in the policy too, which another bot is for',
      given: bucketWith({
        grants: [everyone('READ'), ...NEIGHBOURS],
        website: { IndexDocument: { Suffix: 'index.html' } },
        policy: (arn) => ({
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `${arn}/*` },
            { Effect: 'Deny', Principal: '*', NotAction: 's3:Get*', Resource: `${arn}/locked/*` },
          ],
        }),
      }),
      violation: 'READ to AllUsers',
      writes,
      untouched: settingsBut('acl'),
    },
  ],
  compliant: [
    {
      name: 'a group whose name only begins alike',
      given: bucket(...NEIGHBOURS, group('global/AllUsersOfCorp', 'READ')),
    },
    { name: 'just made: the owner only, as with ACLs turned off', given: bucket() },
    { name: 'other accounts and log delivery', given: bucket(...NEIGHBOURS) },
    {
      name: 'public, but by a permission that the parameters do not name',
      given: bucket(everyone('READ')),
      params: { permissions: ['WRITE'] },
    },
  ],
  gone: randomUUID(),
});

const context = {
  target: { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'b' },
  params: bot.params.parse({}),
};
const planned = (grants: Grant[]) =>
  stepsOf(bot.plan({ owner: 'o', grants }, context)).map(({ s3 }) => s3.input);

// moto's GetBucketAcl answers 500 for an ACL without grants, so this is shown on the plan.
test('the last grant goes too', () => {
  expect(planned([everyone('READ')])).toEqual([
    {
      Bucket: 'b',
      ExpectedBucketOwner: '123456789012',
      AccessControlPolicy: { Owner: { ID: 'o' }, Grants: [] },
    },
  ]);
});

test('for any ACL: public grants go, all others stay in their order', () => {
  const grants = fc.oneof(
    fc.constantFrom(...NEIGHBOURS),
    fc.constantFrom(...ALL.map(everyone), ...ALL.map(authenticated)),
    // A group of which AllUsers is only a part of the name.
    fc.constant(group('global/AllUsersOfCorp', 'READ')),
  );
  fc.assert(
    fc.property(fc.array(grants), (acl) => {
      const rest = acl.filter(({ Grantee }) => !/\/(AllUsers|AuthenticatedUsers)$/.test(Grantee?.URI ?? ''));
      expect(planned(acl)).toMatchObject([{ AccessControlPolicy: { Grants: rest } }]);
      expect(bot.check({ owner: 'o', grants: acl }, context) === undefined).toBe(rest.length === acl.length);
    }),
  );
});
