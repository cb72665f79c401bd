import { type Grant } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { aclOf, describeGrants, putAcl } from './lib/bucket-access';
import { BUCKET } from './lib/bucket';
import { defineBot } from '../../../shared/bot/bot';

const GROUPS = 'http://acs.amazonaws.com/groups/global/';

const params = z.object({
  grantees: z
    .array(z.enum(['AllUsers', 'AuthenticatedUsers']))
    .min(1)
    .default(['AllUsers', 'AuthenticatedUsers'])
    .describe('groups whose grants go; AuthenticatedUsers is everyone with an AWS account of their own'),
  permissions: z
    .array(z.enum(['READ', 'WRITE', 'READ_ACP', 'WRITE_ACP', 'FULL_CONTROL']))
    .min(1)
    .default(['READ', 'WRITE', 'READ_ACP', 'WRITE_ACP', 'FULL_CONTROL'])
    .describe('permissions that these groups may not have; each is a grant of its own, also FULL_CONTROL'),
});

export const bot = defineBot({
  ...BUCKET,
  id: 's3_remove_public_grants',
  title: 'Remove public grants from the ACL of an S3 bucket',
  severity: 'critical',
  risk: 'disruptive',
  kind: 'posture',
  params,
  from: { grantees: 'finding', permissions: 'finding' },
  permissions: { read: ['s3:GetBucketAcl'], write: ['s3:PutBucketAcl'] },
  controls: {
    securityHub: ['CloudTrail.6', 'S3.2', 'S3.3'],
    conformity: [
      'S3-001',
      'S3-002',
      'S3-003',
      'S3-004',
      'S3-005',
      'S3-006',
      'S3-007',
      'S3-008',
      'S3-009',
      'S3-010',
    ],
    config: ['S3_BUCKET_PUBLIC_READ_PROHIBITED', 'S3_BUCKET_PUBLIC_WRITE_PROHIBITED'],
    prowler: [
      'cloudtrail_logs_s3_bucket_is_not_publicly_accessible',
      's3_bucket_public_list_acl',
      's3_bucket_public_write_acl',
    ],
  },
  docs: {
    why: 'A grant to AllUsers or AuthenticatedUsers lets strangers list the bucket, write into it, or change who may.',
    effect: [
      'Strangers can no longer list the bucket, write into it or read and change its ACL.',
      'All other grants stay, also those of log delivery.',
      'The ACLs of single objects and the bucket policy are not touched.',
      'Undo puts the grants back, which S3 refuses while block public access or disabled ACLs forbid them.',
      'While public ACLs are ignored S3 does not show them, so the bucket counts as compliant.',
    ],
    references: [
      'https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html',
      'https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAcl.html',
    ],
  },

  inspect: ({ s3 }, { target }) => aclOf(s3, target),

  check({ grants }, { params }) {
    const open = grants.filter((grant) => isPublic(grant, params));
    return open.length > 0
      ? `the bucket's ACL grants ${describeGrants(open)}: remove what strangers may do`
      : undefined;
  },

  plan: ({ owner, grants }, { target, params }) => [
    { s3: putAcl(target, { owner, grants: grants.filter((grant) => !isPublic(grant, params)) }) },
  ],

  undo: (before, { target }) => [{ s3: putAcl(target, before) }],
});

type Params = z.output<typeof params>;

function isPublic({ Grantee, Permission }: Grant, { grantees, permissions }: Params): boolean {
  return (
    grantees.some((group) => Grantee?.URI === `${GROUPS}${group}`) &&
    permissions.some((permission) => permission === Permission)
  );
}
