import { aclOf, describeGrants, grantsToOthers, isLogDelivery, putAcl } from './lib/bucket-access';
import { BUCKET } from './lib/bucket';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...BUCKET,
  id: 's3_delete_acls',
  title: 'Remove all grants to others from the ACL of an S3 bucket',
  severity: 'high',
  risk: 'disruptive',
  kind: 'response',
  permissions: { read: ['s3:GetBucketAcl'], write: ['s3:PutBucketAcl'] },

  inspect: ({ s3 }, { target }) => aclOf(s3, target),

  check(acl) {
    const given = grantsToOthers(acl).filter((grant) => !isLogDelivery(grant));
    return given.length > 0 ? `the bucket's ACL grants ${describeGrants(given)}: remove it` : undefined;
  },

  plan(acl, { target }) {
    const others = grantsToOthers(acl);
    const grants = acl.grants.filter((grant) => !others.includes(grant) || isLogDelivery(grant));
    return [{ s3: putAcl(target, { ...acl, grants }) }];
  },

  undo: (before, { target }) => [{ s3: putAcl(target, before) }],
});
