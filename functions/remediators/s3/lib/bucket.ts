import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { Finder } from '../../../../shared/bot/bot';
import { type Target, partitionOf } from '../../../../shared/resources/target';

/**
 * What names a bucket in every call of S3. Names are shared by all accounts: a bucket that was deleted may be somebody
 * else's by now, and S3 refuses the call when its owner is another.
 */
export function bucketOf({ account, id }: Pick<Target, 'account' | 'id'>) {
  return { Bucket: id, ExpectedBucketOwner: account };
}

/** The ARN of the bucket; that of its objects has `/*` behind it. */
export function bucketArn({ region, id }: Pick<Target, 'region' | 'id'>): string {
  return `arn:${partitionOf(region)}:s3:::${id}`;
}

/** Where the bucket lies, which is not always where its finding was heard. Throws `NotFound` where there is none. */
export async function regionOf(s3: S3Client, target: Pick<Target, 'account' | 'id'>): Promise<string> {
  const { BucketRegion } = await s3.send(new HeadBucketCommand(bucketOf(target)));
  if (BucketRegion === undefined) throw new Error(`S3 does not say where ${target.id} lies`);
  return BucketRegion;
}

/**
 * Every region finds a bucket by its name, so that a finding may name any. S3 tells a bucket's own region also to those
 * who may not read it. Source: S3 API, HeadBucket.
 */
export const findBucket: Finder<{ s3: typeof S3Client }> = {
  actions: [],
  async find({ s3 }, target) {
    const region = await s3.send(new HeadBucketCommand(bucketOf(target))).then(
      ({ BucketRegion }) => {
        if (BucketRegion === undefined) throw new Error(`S3 does not say where ${target.id} lies`);
        return BucketRegion;
      },
      (error: unknown) => {
        if (isNotFound(error)) return undefined;
        const told = headersOf(error)['x-amz-bucket-region'];
        if (told === undefined) throw error;
        return told;
      },
    );
    return region === undefined ? undefined : { ...target, region };
  },
};

/** What bots on buckets share. */
export const BUCKET = {
  resource: 'AWS::S3::Bucket',
  finder: findBucket,
  clients: { s3: S3Client },
  gone: ['NoSuchBucket'],
} as const;

function isNotFound(error: unknown): boolean {
  return error instanceof Error && /^(NotFound|NoSuchBucket)$/.test(error.name);
}

function headersOf(error: unknown): Readonly<Record<string, string>> {
  const { $response } = error as { $response?: { headers?: Record<string, string> } };
  return $response?.headers ?? {};
}
