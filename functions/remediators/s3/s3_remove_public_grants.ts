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
