import {
  DeleteBucketWebsiteCommand,
  GetBucketWebsiteCommand,
  PutBucketWebsiteCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { bucketOf, findBucket } from './lib/bucket';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 's3_disable_static_website_hosting',
  aliases: ['s3_disable_website_static_hosting'],
  title: 'Turn off static website hosting of an S3 bucket',
  resource: 'AWS::S3::Bucket',
  severity: 'medium',
  risk: 'disruptive',
  kind: 'response',
  permissions: {
    read: ['s3:GetBucketWebsite'],
    write: ['s3:DeleteBucketWebsite'],
    undo: ['s3:PutBucketWebsite'],
  },
  docs: {
    why: 'A website endpoint speaks plain HTTP only, and what it serves is open to everyone.',
    effect: [
      'The website endpoint of the bucket answers 404 from now on, to browsers and to a CloudFront distribution that has it as its origin.',
      'Its redirects end too.',
      'Objects, bucket policy, ACL and block public access are not changed: what is public stays public at the address of the bucket.',
      'Undo brings back the exact documents, redirects and routing rules.',
    ],
    references: [
      'https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html',
      'https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketWebsite.html',
    ],
  },
  finder: findBucket,
  clients: { s3: S3Client },
  gone: ['NoSuchBucket'],

  async inspect({ s3 }, { target }) {
    const read = s3.send(new GetBucketWebsiteCommand(bucketOf(target)));
    const reply = await undefinedIfGone(read, 'NoSuchWebsiteConfiguration');
    if (!reply) return {};
    const { $metadata: _unused, ...website } = reply;
    return { website };
  },

  check: ({ website }) => website && 'the bucket serves a static website: turn it off',

  plan: (_state, { target }) => [{ s3: new DeleteBucketWebsiteCommand(bucketOf(target)) }],

  undo: ({ website }, { target }) => [
    { s3: new PutBucketWebsiteCommand({ ...bucketOf(target), WebsiteConfiguration: website }) },
  ],
});
