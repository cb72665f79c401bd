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
  controls: { conformity: ['CT-003'] },
  docs: {
    why: 'Grants of an ACL let other accounts or everyone into a bucket, beside the policies in which people look for that.',
    effect: [
      "Other accounts and groups lose what the bucket's ACL gave them.",
      "The owner's own grants stay as they are, and so do those by which AWS delivers the access logs of S3 and CloudFront.",
      'The bucket policy and the ACLs of single objects are not touched.',
      'While ACLs are turned off, or public ones are ignored, S3 does not show them and the bucket counts as compliant.',
      'Undo puts the grants back, which S3 refuses while block public access or disabled ACLs forbid them.',
    ],
    references: [
      'https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html',
      'https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAcl.html',
    ],
  },

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
