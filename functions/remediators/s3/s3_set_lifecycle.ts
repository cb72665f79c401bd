import {
  DeleteBucketLifecycleCommand,
  GetBucketLifecycleConfigurationCommand,
  type LifecycleRule,
  PutBucketLifecycleConfigurationCommand,
} from '@aws-sdk/client-s3';
import * as z from 'zod';
import { BUCKET, bucketOf } from './lib/bucket';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { type Wanted, defineSetting } from '../../../shared/bot/setting';

/** The rule that the bot adds; a bucket has each name once. */
const ID = 'selfheal-abort-incomplete-uploads';

export const bot = defineSetting({
  ...BUCKET,
  id: 's3_set_lifecycle',
  title: 'Give an S3 bucket a lifecycle rule',
  severity: 'low',
  risk: 'safe',
  params: z.object({
    abortIncompleteDays: z
      .int()
      .min(1)
      .default(7)
      .describe('days after which an unfinished upload is dropped'),
  }),
  from: { abortIncompleteDays: 'config' },
  permissions: { read: ['s3:GetLifecycleConfiguration'], write: ['s3:PutLifecycleConfiguration'] },
  controls: {
    securityHub: ['S3.13', 'S3.10'],
    config: ['S3_LIFECYCLE_POLICY_CHECK', 'S3_VERSION_LIFECYCLE_POLICY_CHECK'],
    prowler: ['s3_bucket_lifecycle_enabled'],
  },
  docs: {
    why: 'What nobody ever cleans up is paid for, and can be stolen, for ever.',
    effect: [
      'The bucket gets a rule that drops the parts of uploads that were never finished; no object is moved or deleted.',
      'A bucket with a rule that is enabled is left alone, and rules that are disabled stay so.',
      'Undo takes that rule away.',
    ],
    references: [
      'https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html',
    ],
  },

  async inspect({ s3 }, { target }): Promise<State> {
    const read = s3.send(new GetBucketLifecycleConfigurationCommand(bucketOf(target)));
    const { Rules: is = [], TransitionDefaultMinimumObjectSize: size } =
      (await undefinedIfGone(read, 'NoSuchLifecycleConfiguration')) ?? {};
    return { is, ...(size && { size }) };
  },
  want: ({ abortIncompleteDays }) => someRule(abortIncompleteDays),
  says: 'no lifecycle rule of the bucket is enabled: give it one',
  write: (Rules, { target }, { size }) => ({
    s3:
      Rules.length === 0
        ? new DeleteBucketLifecycleCommand(bucketOf(target))
        : new PutBucketLifecycleConfigurationCommand({
            ...bucketOf(target),
            LifecycleConfiguration: { Rules },
            ...(size && { TransitionDefaultMinimumObjectSize: size }),
          }),
  }),
});

interface State {
  readonly is: LifecycleRule[];
  /** The size from which objects are moved, which is one for all rules and is lost where it is not sent. */
  readonly size?: 'all_storage_classes_128K' | 'varies_by_storage_class';
}

function someRule(DaysAfterInitiation: number): Wanted<LifecycleRule[]> {
  const own: LifecycleRule = {
    ID,
    Status: 'Enabled',
    Filter: { Prefix: '' },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation },
  };
  const without = (rules: readonly LifecycleRule[]) => rules.filter((rule) => rule.ID !== ID);
  return {
    isMetBy: (is) => is.some(({ Status }) => Status === 'Enabled'),
    startingFrom: (is) => [...without(is), own],
    backTo: (before, now) => [...without(now), ...before.filter((rule) => rule.ID === ID)],
  };
}
