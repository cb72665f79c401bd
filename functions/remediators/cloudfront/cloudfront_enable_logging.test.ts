import type { LoggingConfig } from '@aws-sdk/client-cloudfront';
import type { Account } from '../../../testing/contract';
import { testBot } from '../../../testing/contract';
import { bucketWith } from '../s3/fixtures/bucket';
import { distributionWith, distributionsBut, webOrigin } from './fixtures/distributions';
import { bot } from './cloudfront_enable_logging';

const violation = 'requests to the distribution are not logged: turn standard logging on';
const UPDATE = 'cloudfront:UpdateDistribution';
const name = ({ account }: Account) => `${account}-cloudfront-logs`;
const untouched = (account: Account, id: string) =>
  distributionsBut(account, id, ({ Logging: _, ...rest }) => rest);
const distribution = (account: Account, Logging?: LoggingConfig) =>
  distributionWith(account, [webOrigin()], { ...(Logging && { Logging }) });
/** A distribution beside a log bucket, in the region that the target names or in another. */
const beside =
  (settings: Parameters<typeof bucketWith>[0], region?: string) =>
  async (account: Account): Promise<string> => {
    const there = { ...account, ...(region !== undefined && { region }) };
    await bucketWith({ name, ...settings })({
      ...there,
      client: (Class) => account.client(Class, there.region),
    });
    return distribution(account);
  };
const logsTo = (bucket: string) => ({
  config: { Logging: { Enabled: true, IncludeCookies: false, Bucket: `${bucket}.s3.amazonaws.com` } },
});
const ACLS = { ownership: 'BucketOwnerPreferred' } as const;

testBot(bot, {
  violating: [
    {
      name: 'no bucket yet',
      given: distribution,
      ...{ violation, untouched },
      writes: ['s3:CreateBucket', 's3:PutBucketPublicAccessBlock', UPDATE],
      after: {
        config: { Logging: { Bucket: expect.stringMatching(/^\d{12}-cloudfront-logs\.s3/) as string } },
      },
    },
    {
      name: 'beside a bucket that has ACLs and is closed to the public',
      given: beside({ ...ACLS, block: { BlockPublicAcls: true } }),
      ...{ violation, writes: [UPDATE], untouched },
    },
    {
      name: 'beside a bucket that was not closed in time',
      given: beside(ACLS),
      ...{ violation, writes: ['s3:PutBucketPublicAccessBlock', UPDATE], untouched },
    },
    {
      name: 'a bucket of config.ts',
      given: distribution,
      params: { bucket: 'archive-of-logs' },
      ...{ violation, writes: [UPDATE], after: logsTo('archive-of-logs'), untouched },
    },
    {
      name: 'the ACLs of the log bucket are off',
      given: beside({ ownership: 'BucketOwnerEnforced' }),
      ...{ violation, writes: [], held: /the ACLs of \d+-cloudfront-logs are off/ },
    },
    {
      name: 'a log bucket with KMS',
      given: beside({
        ...ACLS,
        encryption: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
      }),
      ...{ violation, writes: [], held: /encryption of \d+-cloudfront-logs is by KMS/ },
    },
    {
      name: 'a log bucket elsewhere',
      given: beside(ACLS, 'af-south-1'),
      ...{ violation, writes: [], held: /lies in af-south-1, not in eu-west-1/ },
    },
  ],
  compliant: [
    {
      name: 'logs elsewhere',
      given: (account) =>
        distribution(account, {
          ...{ Enabled: true, IncludeCookies: true },
          ...{ Bucket: 'elsewhere.s3.amazonaws.com', Prefix: '' },
        }),
    },
  ],
  gone: 'EDFDVBD6EXAMPLE',
});
