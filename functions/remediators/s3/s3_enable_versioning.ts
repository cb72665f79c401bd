import { GetBucketVersioningCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { bucketOf, findBucket } from './lib/bucket';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 's3_enable_versioning',
  title: 'Keep the old versions of the objects in an S3 bucket',
  resource: 'AWS::S3::Bucket',
  severity: 'low',
  risk: 'safe',
  kind: 'posture',
  permissions: { read: ['s3:GetBucketVersioning'], write: ['s3:PutBucketVersioning'] },
  controls: {
    securityHub: ['S3.14'],
    conformity: ['S3-012'],
    config: ['S3_BUCKET_VERSIONING_ENABLED'],
    prowler: ['s3_bucket_object_versioning'],
  },
  docs: {
    why: 'What is overwritten or deleted, by mistake or by somebody who holds it to ransom, can be brought back only while its old versions are kept.',
    effect:
      'Objects that are overwritten or deleted from now on stay as old versions, and are paid for until a lifecycle rule for noncurrent versions ends them: where a rule of the bucket expires objects, add one. MFA delete and lifecycle rules are not changed. A bucket with MFA delete is left as it is: only its root user can change versioning, so the bot holds and says so. Undo suspends versioning, as S3 knows no way back to a bucket that never had it; versions that were made stay.',
    references: [
      'https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html',
      'https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html',
    ],
  },
  finder: findBucket,
  clients: { s3: S3Client },
  gone: ['NoSuchBucket'],

  async inspect({ s3 }, { target }) {
    const { Status, MFADelete } = await s3.send(new GetBucketVersioningCommand(bucketOf(target)));
    return { status: Status ?? 'Off', mfaDelete: MFADelete === 'Enabled' };
  },

  check: ({ status }) =>
    status === 'Enabled' ? undefined : `versioning is ${status.toLowerCase()}: turn it on`,

  plan: ({ mfaDelete }, { target }) =>
    mfaDelete
      ? { held: 'MFA delete is on: only the root user, with the MFA device, can turn versioning on' }
      : [{ s3: put(target, 'Enabled') }],

  undo: (_before, { target }) => [{ s3: put(target, 'Suspended') }],

  footprint: ({ status }) => ({ kept: status === 'Enabled' }),
});

function put(target: { account: string; id: string }, Status: 'Enabled' | 'Suspended') {
  return new PutBucketVersioningCommand({ ...bucketOf(target), VersioningConfiguration: { Status } });
}
