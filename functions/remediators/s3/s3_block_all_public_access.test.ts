import { randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  GetBucketPolicyCommand,
  PutBucketPolicyCommand,
  PutPublicAccessBlockCommand,
  type PublicAccessBlockConfiguration,
  S3Client,
} from '@aws-sdk/client-s3';
import { type Account, testBot } from '../../../shared/bot/testing';
import { bot } from './s3_block_all_public_access';

const ALL = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

const bucket =
  (PublicAccessBlockConfiguration?: PublicAccessBlockConfiguration) =>
  async ({ client, region }: Account) => {
    const Bucket = randomUUID();
    const s3 = client(S3Client);
    const LocationConstraint = region as 'eu-west-1';
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint } }));
    if (PublicAccessBlockConfiguration) {
      await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
    }
    const Policy = JSON.stringify({
      Statement: [
        { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` },
      ],
    });
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    return Bucket;
  };

const policy = async ({ client }: Account, Bucket: string) =>
  (await client(S3Client).send(new GetBucketPolicyCommand({ Bucket }))).Policy;

const blocked = { configured: true, flags: ALL };
const writes = ['s3:PutBucketPublicAccessBlock'];

testBot(bot, {
  violating: [
    {
      name: 'nothing configured',
      given: bucket(),
      violation:
        'public access is not blocked: turn on BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets',
      writes,
      after: blocked,
      untouched: policy,
    },
    {
      name: 'one flag of four is off',
      given: bucket({ ...ALL, RestrictPublicBuckets: false }),
      violation: /turn on RestrictPublicBuckets$/,
      writes,
      after: blocked,
      untouched: policy,
    },
    {
      name: 'configured, and all flags are off',
      given: bucket({ BlockPublicAcls: false }),
      violation: /turn on BlockPublicAcls, /,
      writes,
      after: blocked,
    },
  ],
  compliant: [{ name: 'all four flags are on', given: bucket(ALL) }],
  gone: randomUUID(),
});
