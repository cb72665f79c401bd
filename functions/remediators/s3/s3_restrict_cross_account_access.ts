import * as z from 'zod';
import { policyFootprint, sayDeleted } from '../../../shared/policy/deleted-principals';
import { parsePolicy } from '../../../shared/policy/policy-document';
import type { Target } from '../../../shared/resources/target';
import { BUCKET, bucketArn } from './lib/bucket';
import { policyOf, putPolicy } from './lib/bucket-access';
import { type Restriction, denying, strangersIn } from './lib/cross-account';
import { defineBot } from '../../../shared/bot/bot';

const params = z.object({
  actions: z
    .array(z.string().regex(/^s3:\w+$/))
    .min(1)
    .default([
      's3:DeleteBucketPolicy',
      's3:PutBucketAcl',
      's3:PutBucketPolicy',
      's3:PutEncryptionConfiguration',
      's3:PutObjectAcl',
    ])
    .describe('what other accounts must not do; the default is what Security Hub asks for'),
  keep: z
    .array(z.string().regex(/^\d{12}$/))
    .default([])
    .describe('accounts that may do it all the same'),
});

export const bot = defineBot({
  ...BUCKET,
  id: 's3_restrict_cross_account_access',
  title: 'Keep other accounts from changing who may use an S3 bucket',
  severity: 'high',
  risk: 'disruptive',
  kind: 'posture',
  params,
  from: { actions: 'config', keep: 'config' },
  permissions: { read: ['s3:GetBucketPolicy'], write: ['s3:PutBucketPolicy'] },

  inspect: async ({ s3 }, { target }) => ({ policy: await policyOf(s3, target) }),

  check({ policy }, { target, params: given }) {
    const strangers =
      policy === undefined ? [] : strangersIn(parsePolicy(policy), restriction(target, given));
    if (strangers.length === 0) return undefined;
    const who = strangers.map((name) => (name === '*' ? 'everyone' : name)).join(', ');
    return `the bucket policy lets ${who} change who may use the bucket: keep it to the own account${sayDeleted(policy)}`;
  },

  plan({ policy: text = '' }, { target, params: given }) {
    const policy = parsePolicy(text);
    const limits = restriction(target, given);
    return [{ s3: putPolicy(target, denying(policy, strangersIn(policy, limits), limits)) }];
  },

  undo: ({ policy = '' }, { target }) => [{ s3: putPolicy(target, policy) }],

  footprint: policyFootprint,
});

function restriction(target: Target, { actions, keep }: z.output<typeof params>): Restriction {
  return { actions, accounts: [target.account, ...keep], bucketArn: bucketArn(target) };
}
