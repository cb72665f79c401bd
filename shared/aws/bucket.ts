import type { Target } from '../target';

/**
 * What names a bucket in every call of S3. Names are shared by all accounts: a bucket that was deleted may be somebody
 * else's by now, and S3 refuses the call when its owner is another.
 */
export function bucketOf({ account, id }: Pick<Target, 'account' | 'id'>) {
  return { Bucket: id, ExpectedBucketOwner: account };
}
