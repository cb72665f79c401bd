import {
  DeleteBucketOwnershipControlsCommand,
  GetBucketOwnershipControlsCommand,
  PutBucketOwnershipControlsCommand,
  type ObjectOwnership,
} from '@aws-sdk/client-s3';
import * as z from 'zod';
import { BUCKET, bucketOf } from './lib/bucket';
import { type Acl, aclOf, describeGrants, grantsToOthers, putAcl } from './lib/bucket-access';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';

export const bot = defineBot({
  ...BUCKET,
  id: 's3_enforce_bucket_owner',
  title: 'Turn off the ACLs of an S3 bucket: its owner owns every object',
  severity: 'medium',
  risk: 'disruptive',
  kind: 'posture',
  params: z.object({
    dropGrants: z
      .boolean()
      .default(false)
      .describe('act also where the ACL of the bucket grants something to others, who then lose it'),
  }),
  from: { dropGrants: 'config' },
  permissions: {
    read: ['s3:GetBucketOwnershipControls', 's3:GetBucketAcl'],
    write: ['s3:PutBucketAcl', 's3:PutBucketOwnershipControls'],
  },

  async inspect({ s3 }, { target }): Promise<State> {
    const read = s3.send(new GetBucketOwnershipControlsCommand(bucketOf(target)));
    const reply = await undefinedIfGone(read, 'OwnershipControlsNotFoundError');
    const ownership = reply?.OwnershipControls?.Rules?.[0]?.ObjectOwnership;
    return { ...(ownership && { ownership }), acl: await aclOf(s3, target) };
  },

  check: ({ ownership }) =>
    ownership === 'BucketOwnerEnforced'
      ? undefined
      : `Object Ownership is ${ownership ?? 'not set'}, so ACLs count: set it to BucketOwnerEnforced`,

  plan({ acl }, { target, params }) {
    const others = grantsToOthers(acl);
    if (others.length > 0 && !params.dropGrants) {
      return {
        held: `the ACL of the bucket grants ${describeGrants(others)}, which would be lost: grant it by the bucket policy and remove it from the ACL, or set dropGrants`,
      };
    }
    // S3 turns ACLs off only where the bucket's own says nothing but that the owner may all.
    const plain = putAcl(target, { owner: acl.owner, grants: [ownersGrant(acl)] });
    return [
      ...(isPlain(acl) ? [] : [{ s3: plain }]),
      ...afterwards([{ s3: putOwnership(target, 'BucketOwnerEnforced') }]),
    ];
  },

  undo: ({ ownership, acl }, { target }) => [
    {
      s3: ownership
        ? putOwnership(target, ownership)
        : new DeleteBucketOwnershipControlsCommand(bucketOf(target)),
    },
    ...(isPlain(acl) ? [] : [{ s3: putAcl(target, acl) }]),
  ],
});

interface State {
  readonly ownership?: ObjectOwnership;
  readonly acl: Acl;
}

function ownersGrant({ owner }: Acl) {
  return { Grantee: { Type: 'CanonicalUser', ID: owner }, Permission: 'FULL_CONTROL' } as const;
}

function isPlain(acl: Acl): boolean {
  const [only, ...more] = acl.grants;
  return more.length === 0 && only?.Grantee?.ID === acl.owner && only.Permission === 'FULL_CONTROL';
}

function putOwnership(target: { account: string; id: string }, ObjectOwnership: ObjectOwnership) {
  const OwnershipControls = { Rules: [{ ObjectOwnership }] };
  return new PutBucketOwnershipControlsCommand({ ...bucketOf(target), OwnershipControls });
}
