import { GetBucketWebsiteCommand } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { BUCKET, bucketArn, bucketOf } from './lib/bucket';
import { policyOf, putPolicy } from './lib/bucket-access';
import { policyFootprint, sayDeleted, writable } from '../../../shared/policy/deleted-principals';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { deniesPlainHttp, parsePolicy, withStatement } from '../../../shared/policy/policy-document';
import { defineBot } from '../../../shared/bot/bot';

/** Bytes of a bucket policy. Source: S3 User Guide, bucket policies. */
const LONGEST = 20 * 1024;

export const bot = defineBot({
  ...BUCKET,
  id: 's3_only_allow_ssl',
  aliases: ['s3_allow_ssl_only', 's3_enforce_ssl_data_encryption'],
  title: 'Refuse requests to an S3 bucket that come without TLS',
  severity: 'medium',
  risk: 'disruptive',
  kind: 'posture',
  params: z.object({
    endWebsite: z
      .boolean()
      .default(false)
      .describe('act also on a bucket that hosts a static website, whose endpoint then refuses everyone'),
  }),
  from: { endWebsite: 'config' },
  permissions: {
    read: ['s3:GetBucketPolicy', 's3:GetBucketWebsite'],
    write: ['s3:PutBucketPolicy'],
    undo: ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'],
  },

  async inspect({ s3 }, { target }) {
    const website = s3.send(new GetBucketWebsiteCommand(bucketOf(target)));
    const hostsWebsite = (await undefinedIfGone(website, 'NoSuchWebsiteConfiguration')) !== undefined;
    return { policy: await policyOf(s3, target), hostsWebsite };
  },

  check({ policy }, { target }) {
    const missing = resourcesOf(target).filter(
      (arn) => policy === undefined || !deniesPlainHttp(parsePolicy(policy), 's3:*', arn),
    );
    return missing.length > 0
      ? `the bucket policy does not deny requests without TLS to ${missing.join(' and ')}: deny them${sayDeleted(policy)}`
      : undefined;
  },

  plan({ policy, hostsWebsite }, { target, params }) {
    if (hostsWebsite && !params.endWebsite) {
      return {
        held: 'the bucket hosts a static website, whose endpoint knows only plain HTTP: serve it by CloudFront first, or set endWebsite',
      };
    }
    const wanted = withStatement(policy === undefined ? undefined : writable(parsePolicy(policy)), {
      Sid: 'DenyRequestsWithoutTLS',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: resourcesOf(target),
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
    const bytes = Buffer.byteLength(JSON.stringify(wanted));
    return bytes > LONGEST
      ? { held: `the bucket policy would be ${bytes} bytes long, and S3 takes ${LONGEST}: shorten it` }
      : [{ s3: putPolicy(target, wanted) }];
  },

  undo: ({ policy }, { target }) => [{ s3: putPolicy(target, policy ?? { Statement: [] }) }],

  footprint: policyFootprint,
});

function resourcesOf(target: { region: string; id: string }): string[] {
  const arn = bucketArn(target);
  return [arn, `${arn}/*`];
}
