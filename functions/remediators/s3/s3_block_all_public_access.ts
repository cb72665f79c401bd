import {
  DeletePublicAccessBlockCommand,
  GetPublicAccessBlockCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { BUCKET, bucketOf } from './lib/bucket';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { ALL_BLOCKED, blockOf, whatIsOpen } from './lib/public-access-block';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  ...BUCKET,
  id: 's3_block_all_public_access',
  aliases: ['s3_block_public_all_access'],
  title: 'Block all public access to an S3 bucket',
  severity: 'high',
  risk: 'disruptive',
  permissions: { read: ['s3:GetBucketPublicAccessBlock'], write: ['s3:PutBucketPublicAccessBlock'] },

  async inspect({ s3 }, { target }) {
    const read = s3.send(new GetPublicAccessBlockCommand(bucketOf(target)));
    return { is: blockOf(await undefinedIfGone(read, 'NoSuchPublicAccessBlockConfiguration')) };
  },
  want: ALL_BLOCKED,
  says: (state) => whatIsOpen(state),
  write: (block, { target }) => ({
    s3: block
      ? new PutPublicAccessBlockCommand({ ...bucketOf(target), PublicAccessBlockConfiguration: block })
      : new DeletePublicAccessBlockCommand(bucketOf(target)),
  }),
});
