import * as z from 'zod';
import { policyOf, putPolicy } from './lib/bucket-access';
import { policyFootprint } from '../../../shared/policy/deleted-principals';
import { closedPolicy, sayPublic } from '../../../shared/policy/public-statements';
import { BUCKET } from './lib/bucket';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...BUCKET,
  id: 's3_remove_public_statements',
  title: 'Remove public statements from the policy of an S3 bucket',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'posture',
  params: z.object({
    ignore: z.array(z.string()).default([]).describe('Sids of statements that are public on purpose'),
  }),
  from: { ignore: 'config' },
  permissions: {
    read: ['s3:GetBucketPolicy'],
    write: ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'],
    undo: ['s3:PutBucketPolicy'],
  },
  controls: {
    securityHub: ['CloudTrail.6', 'S3.2', 'S3.3'],
    conformity: ['S3-014'],
    config: ['S3_BUCKET_PUBLIC_READ_PROHIBITED', 'S3_BUCKET_PUBLIC_WRITE_PROHIBITED'],
    prowler: ['cloudtrail_logs_s3_bucket_is_not_publicly_accessible', 's3_bucket_policy_public_write_access'],
  },
  docs: {
    why: 'A statement that allows everyone opens the bucket to the internet, whatever the statements beside it say.',
    effect: [
      'Strangers lose what the statement allowed, and so does whoever relied on it without being named.',
      'All other statements stay as they are, also Deny, and a statement that names principals beside "*" keeps these.',
      'A policy that is left without statements is deleted.',
      'Public is what S3 itself calls public.',
      'Conditions on fixed callers or networks are not, nor is what a Deny of the same policy confines.',
      'Undo puts the exact policy back, which S3 refuses while block public access forbids it.',
    ],
    references: [
      'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status',
      'https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html',
    ],
  },

  inspect: async ({ s3 }, { target }) => ({ policy: await policyOf(s3, target) }),

  check: ({ policy }, { params }) => sayPublic('bucket', policy, params.ignore),

  plan: ({ policy }, { target, params }) => [{ s3: putPolicy(target, closedPolicy(policy, params.ignore)) }],

  undo: ({ policy = '' }, { target }) => [{ s3: putPolicy(target, policy) }],

  footprint: policyFootprint,
});
