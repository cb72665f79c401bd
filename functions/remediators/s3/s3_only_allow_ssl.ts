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
  controls: {
    securityHub: ['S3.5'],
    cis: { '3.0': ['2.1.1'], '5.0': ['2.1.1'], '6.0': ['3.1.1'], '7.0': ['3.1.1'] },
    config: ['S3_BUCKET_SSL_REQUESTS_ONLY'],
    prowler: ['s3_bucket_secure_transport_policy'],
  },
  docs: {
    why: 'What goes over plain HTTP can be read and changed on its way.',
    effect: [
      'One Deny statement on the bucket and its objects is added to the policy.',
      'All other statements stay as they are.',
      'Clients that use http:// are refused from now on; AWS services and SDKs use TLS.',
      'A static website endpoint knows only HTTP, so for a bucket that hosts one the bot holds unless endWebsite says otherwise.',
      'S3 refuses every policy that stays public while block public access is on: the run then fails and says so.',
      'Undo puts back the exact policy, or none where there was none.',
    ],
    references: [
      'https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html',
      'https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-ssl-requests-only.html',
    ],
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
