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
