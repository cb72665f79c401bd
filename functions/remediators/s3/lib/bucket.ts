import { HeadBucketCommand, type S3Client } from '@aws-sdk/client-s3';
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
  const { BucketRegion = '' } = await s3.send(new HeadBucketCommand(bucketOf(target)));
  return BucketRegion;
}
