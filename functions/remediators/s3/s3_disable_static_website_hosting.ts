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
