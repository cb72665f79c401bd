import { PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import {
  PutPublicAccessBlockCommand,
  type PublicAccessBlockConfiguration,
  S3ControlClient,
} from '@aws-sdk/client-s3-control';
import { type Account, testBot } from '../../../testing/contract';
import { bucketWith, settingsBut } from './fixtures/bucket';
import { bot } from './s3_block_account_public_access';

const ALL = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};
const OFF = Object.fromEntries(Object.keys(ALL).map((name) => [name, false]));
const NAME = (account: string) => `site-of-${account}`;

/** An account with a public bucket that has its own switches, or none. */
const account =
  (PublicAccessBlockConfiguration?: PublicAccessBlockConfiguration, own?: PublicAccessBlockConfiguration) =>
  async (at: Account) => {
    const Bucket = await bucketWith({ name: () => NAME(at.account), ...(own && { block: own }) })(at);
    const open = {
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${Bucket}/*`,
    };
    await at
      .client(S3Client)
      .send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Statement: open }) }));
    if (PublicAccessBlockConfiguration) {
      await at
        .client(S3ControlClient)
        .send(new PutPublicAccessBlockCommand({ AccountId: at.account, PublicAccessBlockConfiguration }));
    }
    return at.account;
  };

const untouched = async (at: Account, id: string) => settingsBut()(at, NAME(id));
const after = { is: ALL };
const writes = ['s3:PutAccountPublicAccessBlock'];

testBot(bot, {
  violating: [
    {
      name: 'nothing configured',
      given: account(),
      violation:
        'public access is not blocked: turn on BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets',
      writes,
      after,
      untouched,
    },
    {
      name: 'configured, and all off',
      given: account(OFF),
      violation: /on BlockPublicAcls, /,
      writes,
      after,
      untouched,
    },
    ...Object.keys(ALL).map((flag) => ({
      name: `all but ${flag}`,
      given: account({ ...ALL, [flag]: false }),
      violation: `turn on ${flag}`,
      writes,
      after,
      untouched,
    })),
    {
      name: 'only what is there already',
      given: account({ ...OFF, BlockPublicAcls: true, IgnorePublicAcls: true }),
      violation: /turn on BlockPublicPolicy, RestrictPublicBuckets$/,
      writes,
      after,
      untouched,
    },
    {
      name: 'a bucket that is blocked by itself',
      given: account(undefined, ALL),
      violation: 'not blocked',
      writes,
      after,
      untouched,
    },
    {
      name: 'a bucket that is blocked in part',
      given: account(OFF, { BlockPublicAcls: true }),
      violation: 'not blocked',
      writes,
      after,
      untouched,
    },
    {
      name: 'off, and a bucket without switches',
      given: account({ ...OFF, RestrictPublicBuckets: true }),
      violation: /BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy$/,
      writes,
      after,
      untouched,
    },
  ],
  compliant: [{ name: 'all four on', given: account(ALL) }],
});
