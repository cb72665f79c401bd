import { CloudFrontClient, type LoggingConfig } from '@aws-sdk/client-cloudfront';
import { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { DISTRIBUTION, type Read, readDistribution, updateDistribution } from './lib/distribution';
import { type AclBucket, makeAclBucket, readAclBucket } from '../s3/lib/log-bucket';
import { defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';

/** The rights on ACLs could open any bucket to the world: they go to log buckets alone. */
const LOG_BUCKETS = ['${Account}-cloudfront-logs', '${params.bucket}'];

export const bot = defineBot({
  ...DISTRIBUTION,
  id: 'cloudfront_enable_logging',
  title: 'Log the requests to a distribution',
  severity: 'medium',
  risk: 'safe',
  kind: 'posture',
  params: z.object({
    bucket: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]+$/)
      .optional()
      .describe('a bucket with ACLs that is to take the logs; without it, one is made in the account'),
  }),
  from: { bucket: 'config' },
  permissions: {
    read: [
      'cloudfront:GetDistributionConfig',
      's3:GetBucketOwnershipControls',
      's3:GetBucketPublicAccessBlock',
      's3:GetEncryptionConfiguration',
      's3:ListBucket',
    ],
    write: [
      'cloudfront:UpdateDistribution',
      's3:CreateBucket',
      's3:GetBucketAcl',
      's3:PutBucketAcl',
      's3:PutBucketOwnershipControls',
      's3:PutBucketPublicAccessBlock',
      's3:TagResource',
    ],
    undo: ['cloudfront:UpdateDistribution'],
    only: {
      's3:CreateBucket': LOG_BUCKETS,
      's3:GetBucketAcl': LOG_BUCKETS,
      's3:PutBucketAcl': LOG_BUCKETS,
      's3:PutBucketOwnershipControls': LOG_BUCKETS,
      's3:PutBucketPublicAccessBlock': LOG_BUCKETS,
    },
  },
  clients: { cloudfront: CloudFrontClient, s3: S3Client },

  async inspect({ cloudfront, s3 }, { target, params }): Promise<State | undefined> {
    const read = await readDistribution(cloudfront, target.id);
    if (!read || read.config.Logging?.Enabled || params.bucket !== undefined) return read;
    const logBucket = await readAclBucket(s3, logBucketOf(target));
    return { ...read, ...(logBucket && { logBucket }) };
  },

  check: ({ config: { Logging } }) =>
    Logging?.Enabled ? undefined : 'requests to the distribution are not logged: turn standard logging on',

  plan({ logBucket, ...read }, { target, params }) {
    const own = logBucketOf(target);
    const obstacle = logBucket && obstacleIn(logBucket, own);
    if (obstacle !== undefined) return { held: obstacle };
    const turnOn = updateDistribution(target.id, read, {
      Logging: {
        Enabled: true,
        IncludeCookies: false,
        Bucket: `${params.bucket ?? own.id}.s3.amazonaws.com`,
        Prefix: `${target.id}/`,
      },
    });
    if (params.bucket !== undefined) return [turnOn];
    return [...makeAclBucket(own, logBucket, 'access-logs'), ...afterwards([turnOn])];
  },

  undo: ({ config }, { target, now }) => [
    updateDistribution(target.id, now, { Logging: config.Logging ?? OFF }),
  ],

  // Of logs that are off, it does not matter where they would go.
  footprint: ({ config: { Logging } }) => ({ logging: Logging?.Enabled ? Logging : undefined }),
});

interface State extends Read {
  /** The bucket that is to take the logs, where it is there. */
  readonly logBucket?: AclBucket;
}

const OFF: LoggingConfig = { Enabled: false, IncludeCookies: false, Bucket: '', Prefix: '' };

type Bucket = ReturnType<typeof logBucketOf>;

/** For all distributions of the account; it lies where CloudFront does. */
function logBucketOf({ account, region }: { readonly account: string; readonly region: string }) {
  return { account, region, id: `${account}-cloudfront-logs` };
}

function obstacleIn({ region, isKms, hasNoAcls }: AclBucket, own: Bucket): string | undefined {
  const instead = 'let another take the logs, by the parameter bucket in config.ts';
  if (region !== own.region)
    return `the log bucket ${own.id} lies in ${region}, not in ${own.region}: ${instead}`;
  if (hasNoAcls)
    return `the ACLs of ${own.id} are off, and CloudFront delivers by ACL: turn them on, or ${instead}`;
  return isKms
    ? `the default encryption of ${own.id} is by KMS, whose key may keep CloudFront out: ${instead}`
    : undefined;
}
