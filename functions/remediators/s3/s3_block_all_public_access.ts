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
  controls: {
    securityHub: ['S3.8'],
    cis: { '3.0': ['2.1.4'], '5.0': ['2.1.4'], '6.0': ['3.1.4'], '7.0': ['3.1.4'] },
    config: ['S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED'],
    prowler: ['s3_bucket_level_public_access_block'],
  },
  docs: {
    why: 'Block public access overrules every ACL and policy of the bucket and its objects, those of today and those that somebody writes tomorrow.',
    effect: [
      'Whoever reads the bucket as a stranger is refused from now on: static websites served straight from S3, public downloads, public images. Put CloudFront with origin access control in front first, or exempt the bucket.',
      'While the policy is public, other accounts that it names are refused too; ACLs and policies themselves are not changed.',
      'Undo brings back the exact flags, or none where there were none.',
    ],
    references: [
      'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html',
    ],
  },

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
