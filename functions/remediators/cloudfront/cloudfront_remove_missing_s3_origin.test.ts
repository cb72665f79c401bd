import { randomUUID } from 'node:crypto';
import { testBot } from '../../../testing/contract';
import { bucketWith } from '../s3/fixtures/bucket';
import { distributionWith, distributionsBut, s3Origin, webOrigin } from './fixtures/distributions';
import { bot } from './cloudfront_remove_missing_s3_origin';

testBot(bot, {
  violating: [
    {
      name: 'one bucket is missing, beside one that is there and an application',
      given: async (account) => {
        const there = await bucketWith()(account);
        return distributionWith(account, [webOrigin(), s3Origin(there), s3Origin(`site-${randomUUID()}`)]);
      },
      violation: /reads from site-[0-9a-f-]+, which anybody could make/,
      writes: ['s3:CreateBucket'],
      after: { missing: [] },
      untouched: (account, id) => distributionsBut(account, id, (config) => config),
      irreversible: /anybody’s again/,
    },
  ],
  compliant: [
    {
      name: 'all are there',
      given: async (account) => distributionWith(account, [s3Origin(await bucketWith()(account))]),
    },
  ],
  gone: 'EDFDVBD6EXAMPLE',
});
