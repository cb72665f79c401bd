import { policyOf, putPolicy } from './lib/bucket-access';
import { policyFootprint } from '../../../shared/policy/deleted-principals';
import { IGNORING, closedPolicy, sayPublic } from '../../../shared/policy/public-statements';
import { BUCKET } from './lib/bucket';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...BUCKET,
  id: 's3_remove_public_statements',
  title: 'Remove public statements from the policy of an S3 bucket',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'posture',
  ...IGNORING,
  permissions: {
    read: ['s3:GetBucketPolicy'],
    write: ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'],
    undo: ['s3:PutBucketPolicy'],
  },

  inspect: async ({ s3 }, { target }) => ({ policy: await policyOf(s3, target) }),

  check: ({ policy }, { params }) => sayPublic('bucket', policy, params.ignore),

  plan: ({ policy }, { target, params }) => [{ s3: putPolicy(target, closedPolicy(policy, params.ignore)) }],

  undo: ({ policy = '' }, { target }) => [{ s3: putPolicy(target, policy) }],

  footprint: policyFootprint,
});
