import {
  DeleteBucketWebsiteCommand,
  GetBucketWebsiteCommand,
  PutBucketWebsiteCommand,
  type WebsiteConfiguration,
} from '@aws-sdk/client-s3';
import { BUCKET, bucketOf } from './lib/bucket';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  ...BUCKET,
  id: 's3_disable_static_website_hosting',
  aliases: ['s3_disable_website_static_hosting'],
  title: 'Turn off static website hosting of an S3 bucket',
  attribute: 'website',
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
      'The website endpoint of the bucket answers 404 from now on, to browsers and to a CloudFront distribution that has it as its origin, and its redirects end.',
      'Objects, bucket policy, ACL and block public access are not changed: what is public stays public at the address of the bucket.',
      'Undo brings back the exact documents, redirects and routing rules.',
    ],
    references: ['https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html'],
  },

  async inspect({ s3 }, { target }): Promise<{ is: WebsiteConfiguration | null }> {
    const read = s3.send(new GetBucketWebsiteCommand(bucketOf(target)));
    const reply = await undefinedIfGone(read, 'NoSuchWebsiteConfiguration');
    if (!reply) return { is: null };
    const { $metadata: _unused, ...website } = reply;
    return { is: website };
  },
  want: null,
  says: 'the bucket serves a static website: turn it off',
  write: (website, { target }) => ({
    s3: website
      ? new PutBucketWebsiteCommand({ ...bucketOf(target), WebsiteConfiguration: website })
      : new DeleteBucketWebsiteCommand(bucketOf(target)),
  }),
});
