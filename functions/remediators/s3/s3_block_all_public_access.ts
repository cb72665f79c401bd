import {
  DeletePublicAccessBlockCommand,
  GetPublicAccessBlockCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { bucketOf, findBucket } from './lib/bucket';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { ALL_BLOCKED, blockOf, whatIsOpen } from './lib/public-access-block';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 's3_block_all_public_access',
  aliases: ['s3_block_public_all_access'],
  title: 'Block all public access to an S3 bucket',
  resource: 'AWS::S3::Bucket',
  severity: 'high',
  risk: 'disruptive',
  kind: 'posture',
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
      'Whoever reads the bucket as a stranger is refused from now on: static websites served straight from S3, public downloads, public images.',
      'Put CloudFront with origin access control in front first, or exempt the bucket.',
      'While the policy is public, other accounts that it names are refused too.',
      'ACLs and policies themselves are not changed.',
      'Undo brings back the exact flags, or none where there were none.',
    ],
    references: [
      'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html',
      'https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html',
    ],
  },
  finder: findBucket,
  clients: { s3: S3Client },
  gone: ['NoSuchBucket'],

  inspect: ({ s3 }, { target }) =>
    undefinedIfGone(
      s3.send(new GetPublicAccessBlockCommand(bucketOf(target))),
      'NoSuchPublicAccessBlockConfiguration',
    ).then(blockOf),

  check: whatIsOpen,

  plan: (_state, { target }) => [{ s3: put(target, ALL_BLOCKED) }],

  undo: ({ configured, flags }, { target }) => [
    { s3: configured ? put(target, flags) : new DeletePublicAccessBlockCommand(bucketOf(target)) },
  ],
});

function put(target: { account: string; id: string }, PublicAccessBlockConfiguration: typeof ALL_BLOCKED) {
  return new PutPublicAccessBlockCommand({ ...bucketOf(target), PublicAccessBlockConfiguration });
}
