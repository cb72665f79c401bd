import { randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  HeadBucketCommand,
  PutBucketAclCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type Account, testBot } from '../../../testing/contract';
import { FRIEND, policyText } from '../../../testing/policies';
import { OWNER, bucketWith, group, user } from './fixtures/bucket';
import { bot } from './s3_delete_bucket';

/** Beside a neighbour that is empty, too. */
const empty = async ({ client, account }: Account) => {
  const make = async (Bucket: string) =>
    client(S3Client).send(
      new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
    );
  await make(`neighbour-of-${account}`);
  const Bucket = randomUUID();
  await make(Bucket);
  return Bucket;
};
const withPolicy = (Principal: Record<string, string>) => async (account: Account) => {
  const Bucket = await empty(account);
  const Resource = `arn:aws:s3:::${Bucket}/*`;
  const Policy = policyText([{ Effect: 'Allow', Principal, Action: 's3:PutObject', Resource }]);
  await account.client(S3Client).send(new PutBucketPolicyCommand({ Bucket, Policy }));
  return Bucket;
};
const violation = 'the bucket, which is empty, is to be deleted';
const writes = ['s3:DeleteBucket'];
const irreversible = /may be taken by somebody else/;
const untouched = ({ client, account }: Account) =>
  client(S3Client)
    .send(new HeadBucketCommand({ Bucket: `neighbour-of-${account}` }))
    .then(({ BucketRegion }) => BucketRegion);

testBot(bot, {
  violating: [
    { name: 'empty', given: empty, violation, writes, irreversible, untouched },
    {
      name: 'empty, and open to another account',
      given: withPolicy({ AWS: FRIEND }),
      ...{ violation, writes, irreversible },
    },
    {
      name: 'with an object',
      given: bucketWith(),
      ...{ violation: 'which is not empty', writes: [], held: /^objects or old versions/ },
    },
    {
      name: 'of an object only the delete marker and the old version are left',
      given: async (account) => {
        const [s3, Bucket] = [account.client(S3Client), await empty(account)];
        const VersioningConfiguration = { Status: 'Enabled' as const };
        await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
        await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'b' }));
        await s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
        return Bucket;
      },
      ...{ violation: 'which is not empty', writes: [], held: /^objects or old versions/ },
    },
    {
      name: 'CloudTrail may deliver into it',
      given: withPolicy({ Service: 'cloudtrail.amazonaws.com' }),
      ...{ violation, writes: [], held: /^AWS services may deliver logs/ },
    },
    {
      name: 'S3 may deliver its own logs by a grant',
      given: async (account) => {
        const Bucket = await empty(account);
        const Grants = [user(OWNER, 'FULL_CONTROL'), group('s3/LogDelivery', 'WRITE')];
        const AccessControlPolicy = { Owner: { ID: OWNER }, Grants };
        await account.client(S3Client).send(new PutBucketAclCommand({ Bucket, AccessControlPolicy }));
        return Bucket;
      },
      ...{ violation, writes: [], held: /^AWS services may deliver logs/ },
    },
  ],
  compliant: 'only when gone',
  gone: randomUUID(),
});
