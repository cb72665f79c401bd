import { randomUUID } from 'node:crypto';
import { bucketWith, group, settingsBut, user } from './fixtures/bucket';
import { testBot } from '../../../testing/contract';
import { bot } from './s3_enable_versioning';

const name = randomUUID();
const writes = ['s3:PutBucketVersioning'];
const off = 'versioning is off: turn it on';
const untouched = settingsBut('versioning');
const after = { is: true, status: 'Enabled' };
const website = { IndexDocument: { Suffix: 'index.html' } };

/** GetBucketVersioning: moto never shows MFA delete, which only the root user can turn on. */
const withMfaDelete = (Status: string) => async (account: Parameters<ReturnType<typeof bucketWith>>[0]) => {
  account.script({ GetBucketVersioning: () => ({ Status, MFADelete: 'Enabled' }) });
  return bucketWith()(account);
};

testBot(bot, {
  violating: [
    { name: 'never on', given: bucketWith(), violation: off, writes, after, untouched },
    {
      name: 'suspended',
      given: bucketWith({ versioning: 'Suspended' }),
      violation: 'versioning is suspended: turn it on',
      writes,
      after,
      untouched,
    },
    {
      name: 'with ACL, policy and block public access',
      given: bucketWith({
        grants: [user('1', 'READ'), group('s3/LogDelivery', 'WRITE')],
        block: { BlockPublicPolicy: true },
        policy: (arn) => ({
          Statement: {
            Effect: 'Allow',
            Principal: { AWS: '111122223333' },
            Action: 's3:Get*',
            Resource: arn,
          },
        }),
      }),
      violation: off,
      writes,
      after,
      untouched,
    },
    {
      name: 'with a website and encryption',
      given: bucketWith({
        website,
        encryption: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
      }),
      violation: off,
      writes,
      after,
      untouched,
    },
    {
      name: 'suspended, with the objects of others',
      given: bucketWith({ versioning: 'Suspended', ownership: 'ObjectWriter' }),
      violation: 'suspended',
      writes,
      after,
      untouched,
    },
    {
      name: 'with a policy of Deny, NotAction and a condition',
      given: bucketWith({
        policy: (arn) => ({
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Deny', Principal: '*', NotAction: 's3:Get*', Resource: `${arn}/locked/*` },
            {
              Effect: 'Allow',
              Principal: '*',
              Action: 's3:GetObject',
              Resource: `${arn}/*`,
              Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } },
            },
          ],
        }),
      }),
      violation: off,
      writes,
      after,
      untouched,
    },
    {
      name: 'public by grant, which another bot is for',
      given: bucketWith({ grants: [group('global/AllUsers', 'READ')] }),
      violation: off,
      writes,
      after,
      untouched,
    },
    {
      name: 'suspended, and only the root user may change it',
      given: withMfaDelete('Suspended'),
      violation: 'versioning is suspended',
      writes: [],
      held: /^MFA delete is on: only the root user/,
    },
  ],
  compliant: [
    { name: 'on', given: bucketWith({ versioning: 'Enabled' }) },
    { name: 'on, with replication', given: bucketWith({ versioning: 'Enabled', replicated: true }) },
    { name: 'on, with MFA delete', given: withMfaDelete('Enabled') },
  ],
  gone: name,
});
