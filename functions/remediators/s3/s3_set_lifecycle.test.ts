import { randomUUID } from 'node:crypto';
import {
  DeleteBucketLifecycleCommand,
  type LifecycleRule,
  PutBucketLifecycleConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Account } from '../../../testing/contract';
import { testSetting } from '../../../testing/setting';
import { bucketWith, settingsBut } from './fixtures/bucket';
import { bot } from './s3_set_lifecycle';

const given = async (account: Account, Rules: LifecycleRule[]) => {
  const Bucket = await bucketWith({ versioning: 'Enabled' })(account);
  await account
    .client(S3Client)
    .send(
      Rules.length > 0
        ? new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } })
        : new DeleteBucketLifecycleCommand({ Bucket }),
    );
  return Bucket;
};
const rule = (ID: string, Status: 'Enabled' | 'Disabled', extra: object = {}): LifecycleRule => ({
  ...{ Expiration: { Days: 7 }, Filter: { Prefix: 'tmp/' }, ID, Status },
  ...extra,
});
const own = (days: number): LifecycleRule => ({
  ID: 'selfheal-abort-incomplete-uploads',
  Status: 'Enabled',
  Filter: { Prefix: '' },
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: days },
});
const violation = 'no lifecycle rule of the bucket is enabled: give it one';
const writes = ['s3:PutLifecycleConfiguration'];
const untouched = settingsBut('lifecycle');

testSetting(bot, {
  given,
  wrong: [],
  right: [own(7)],
  ...{ violation, writes, untouched, gone: randomUUID() },
  more: {
    violating: [
      {
        name: 'rules that are disabled stay so',
        given: (account) => given(account, [rule('a', 'Disabled'), rule('b', 'Disabled')]),
        params: { abortIncompleteDays: 3 },
        ...{ violation, writes, untouched },
        after: { is: [rule('a', 'Disabled'), rule('b', 'Disabled'), own(3)] },
      },
      {
        name: 'its own rule, which somebody has disabled',
        given: (account) => given(account, [{ ...own(9), Status: 'Disabled' }]),
        ...{ violation, writes, untouched, after: { is: [own(7)] } },
      },
    ],
    compliant: [
      {
        name: 'one rule of two is enabled',
        given: (account) => given(account, [rule('a', 'Disabled'), rule('b', 'Enabled')]),
      },
    ],
  },
});

test('undo keeps rules that were added since, and what S3 would forget', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'b' };
  const size = 'varies_by_storage_class' as const;
  const now = { is: [own(7), rule('later', 'Enabled')], size };
  expect(bot.undo({ is: [] }, { target, params: { abortIncompleteDays: 7 }, now })).toEqual([
    {
      s3: expect.objectContaining({
        input: {
          ...{ Bucket: 'b', ExpectedBucketOwner: target.account },
          LifecycleConfiguration: { Rules: [rule('later', 'Enabled')] },
          TransitionDefaultMinimumObjectSize: size,
        },
      }),
    },
  ]);
});
