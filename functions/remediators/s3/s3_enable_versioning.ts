import { GetBucketVersioningCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { BUCKET, bucketOf } from './lib/bucket';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  ...BUCKET,
  id: 's3_enable_versioning',
  title: 'Keep the old versions of the objects in an S3 bucket',
  severity: 'low',
  risk: 'safe',
  permissions: { read: ['s3:GetBucketVersioning'], write: ['s3:PutBucketVersioning'] },
  controls: {
    securityHub: ['S3.14'],
    conformity: ['S3-012'],
    config: ['S3_BUCKET_VERSIONING_ENABLED'],
    prowler: ['s3_bucket_object_versioning'],
  },
  docs: {
    why: 'What is overwritten or deleted, by mistake or by somebody who holds it to ransom, can be brought back only while its old versions are kept.',
    effect: [
      'Objects that are overwritten or deleted from now on stay as old versions, and are paid for until a lifecycle rule for noncurrent versions ends them: where a rule of the bucket expires objects, add one.',
      'A bucket with MFA delete, which only its root user can change, is held.',
      'Undo suspends versioning, as S3 knows no way back to a bucket that never had it; versions that were made stay.',
    ],
    references: ['https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html'],
  },

  async inspect({ s3 }, { target }) {
    const { Status = 'Off', MFADelete } = await s3.send(new GetBucketVersioningCommand(bucketOf(target)));
    return { is: Status === 'Enabled', status: Status, mfaDelete: MFADelete === 'Enabled' };
  },
  want: true,
  says: ({ status }) => `versioning is ${status.toLowerCase()}: turn it on`,
  obstacle: ({ mfaDelete }) =>
    mfaDelete
      ? { held: 'MFA delete is on: only the root user, with the MFA device, can turn versioning on' }
      : undefined,
  // S3 knows no way back to a bucket that never had it.
  write: (on, { target }) => ({
    s3: new PutBucketVersioningCommand({
      ...bucketOf(target),
      VersioningConfiguration: { Status: on ? 'Enabled' : 'Suspended' },
    }),
  }),
});
