import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  HeadBucketCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { DISTRIBUTION, readDistribution } from './lib/distribution';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'cloudfront_remove_missing_s3_origin',
  title: 'Claim the bucket that a distribution reads from and that nobody has',
  severity: 'high',
  risk: 'safe',
  kind: 'posture',
  recheck: 'daily',
  permissions: {
    read: ['cloudfront:GetDistributionConfig', 's3:ListBucket'],
    write: ['s3:CreateBucket', 's3:TagResource'],
    undo: [],
  },
  ...DISTRIBUTION,
  clients: { cloudfront: CloudFrontClient, s3: S3Client },

  async inspect({ cloudfront, s3 }, { target: { id } }) {
    const read = await readDistribution(cloudfront, id);
    if (!read) return undefined;
    const buckets = (read.config.Origins?.Items ?? []).flatMap(({ DomainName = '', S3OriginConfig }) =>
      S3OriginConfig ? bucketIn(DomainName) : [],
    );
    const missing: string[] = [];
    for (const bucket of new Set(buckets)) if (!(await exists(s3, bucket))) missing.push(bucket);
    return { missing };
  },

  check: ({ missing }) =>
    missing.length > 0
      ? `the distribution reads from ${missing.join(', ')}, which anybody could make: claim the name`
      : undefined,

  plan: ({ missing }, { target: { region } }) =>
    missing.map((Bucket) => ({
      s3: new CreateBucketCommand({
        Bucket,
        CreateBucketConfiguration: {
          ...(region !== 'us-east-1' && { LocationConstraint: region as BucketLocationConstraint }),
          Tags: [{ Key: 'selfheal', Value: 'claimed' }],
        },
      }),
    })),

  undo: () => ({ irreversible: 'without the bucket, its name would be anybody’s again' }),
});

/** The bucket that an origin's domain names. Source: S3 User Guide, virtual hosting of buckets. */
function bucketIn(domain: string): string[] {
  const [, bucket] = /^(.+?)\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?$/.exec(domain) ?? [];
  return bucket === undefined ? [] : [bucket];
}

/** A bucket of somebody else's is there too: S3 tells its region to everyone. Source: S3 API, HeadBucket. */
async function exists(s3: S3Client, Bucket: string): Promise<boolean> {
  try {
    await s3.send(new HeadBucketCommand({ Bucket }));
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'NotFound') return false;
    const { $response } = error as { $response?: { headers?: Record<string, string> } };
    if ($response?.headers?.['x-amz-bucket-region'] !== undefined) return true;
    throw error;
  }
}
