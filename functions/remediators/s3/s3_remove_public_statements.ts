import { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { policyOf, putPolicy } from '../../../shared/aws/bucket-access';
import {
  parsePolicy,
  publicStatements,
  type Statement,
  statementsOf,
  withoutPublic,
} from '../../../shared/aws/policy-document';
import { defineBot } from '../../../shared/bot/bot';
import { serve } from '../../../shared/bot/serve';

export const bot = defineBot({
  id: 's3_remove_public_statements',
  title: 'Remove public statements from the policy of an S3 bucket',
  resource: 'AWS::S3::Bucket',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'posture',
  params: z.object({
    ignore: z
      .array(z.string())
      .default([])
      .describe('Sids of statements that are public on purpose, such as those of a website'),
  }),
  permissions: {
    read: ['s3:GetBucketPolicy'],
    write: ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'],
    undo: ['s3:PutBucketPolicy'],
  },
  controls: {
    securityHub: ['S3.2', 'S3.3'],
    conformity: ['S3-014'],
    config: ['S3_BUCKET_PUBLIC_READ_PROHIBITED', 'S3_BUCKET_PUBLIC_WRITE_PROHIBITED'],
    prowler: ['s3_bucket_policy_public_write_access'],
  },
  docs: {
    why: 'A statement that allows everyone opens the bucket to the internet, whatever the statements beside it say.',
    effect:
      'Strangers lose what the statement allowed, and so does whoever relied on it without being named; all other statements stay as they are, also Deny, and a statement that names principals beside "*" keeps these. A policy that is left without statements is deleted. Public is what S3 itself calls public; conditions on fixed callers or networks are not, nor is what a Deny of the same policy confines. Undo puts the exact policy back, which S3 refuses while block public access forbids it.',
    references: [
      'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status',
      'https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html',
    ],
  },
  clients: { s3: S3Client },
  gone: ['NoSuchBucket'],

  inspect: async ({ s3 }, { target }) => ({ policy: await policyOf(s3, target) }),

  check(state, { params }) {
    const { statements, faults } = judge(state, params);
    const names = faults.map((one) => one.Sid ?? `number ${statements.indexOf(one) + 1}`).join(', ');
    return faults.length > 0
      ? `the bucket policy lets everyone in by statement ${names}: remove it or name who may`
      : undefined;
  },

  plan(state, { target, params }) {
    const { rest } = judge(state, params);
    return rest ? [{ s3: putPolicy(target, rest) }] : [];
  },

  undo: ({ policy = '' }, { target }) => [{ s3: putPolicy(target, policy) }],
});

export const handler = serve(bot);

interface Judgement {
  readonly statements: readonly Statement[];
  readonly faults: readonly Statement[];
  readonly rest?: ReturnType<typeof withoutPublic>;
}

function judge(
  { policy: text }: { readonly policy: string | undefined },
  { ignore }: { readonly ignore: readonly string[] },
): Judgement {
  if (text === undefined) return { statements: [], faults: [] };
  const policy = parsePolicy(text);
  const faults = publicStatements(policy).filter(({ Sid }) => Sid === undefined || !ignore.includes(Sid));
  return { statements: statementsOf(policy), faults, rest: withoutPublic(policy, faults) };
}
