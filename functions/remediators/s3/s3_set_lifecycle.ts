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
