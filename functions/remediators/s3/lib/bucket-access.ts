import {
  DeleteBucketPolicyCommand,
  GetBucketAclCommand,
  GetBucketPolicyCommand,
  type Grant,
  PutBucketAclCommand,
  PutBucketPolicyCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Target } from '../../../../shared/resources/target';
import { bucketOf } from './bucket';
import { undefinedIfGone } from '../../../../shared/aws/errors';
import { writable } from '../../../../shared/policy/deleted-principals';
import {
  parsePolicy,
  type Policy,
  type Statement,
  statementsOf,
} from '../../../../shared/policy/policy-document';

type Bucket = Pick<Target, 'account' | 'id'>;

/** The ACL of a bucket; grants without display names, in a fixed order. */
export interface Acl {
  /** Canonical user id of the bucket's owner. */
  readonly owner: string;
  readonly grants: readonly Grant[];
}

/** The text of the bucket's policy; `undefined`: it has none. */
export async function policyOf(s3: S3Client, bucket: Bucket): Promise<string | undefined> {
  const read = s3.send(new GetBucketPolicyCommand(bucketOf(bucket)));
  return (await undefinedIfGone(read, 'NoSuchBucketPolicy'))?.Policy;
}

/**
 * Writes that policy, or its exact text, but for deleted users and roles, whom S3 does not take; a policy without
 * statements is deleted.
 */
export function putPolicy(
  bucket: Bucket,
  policy: Policy | string,
): PutBucketPolicyCommand | DeleteBucketPolicyCommand {
  const given = typeof policy === 'string' ? parsePolicy(policy) : policy;
  const taken = writable(given);
  const isEmpty = statementsOf(taken).length === 0;
  const Policy = typeof policy === 'string' && taken === given ? policy : JSON.stringify(taken);
  return isEmpty
    ? new DeleteBucketPolicyCommand(bucketOf(bucket))
    : new PutBucketPolicyCommand({ ...bucketOf(bucket), Policy });
}

/** The bucket's ACL, which shows the owner alone while ACLs are turned off. */
export async function aclOf(s3: S3Client, bucket: Bucket): Promise<Acl> {
  const { Owner, Grants = [] } = await s3.send(new GetBucketAclCommand(bucketOf(bucket)));
  return { owner: Owner?.ID ?? '', grants: Grants.map(plainGrant).sort(byText) };
}

/** Writes that ACL. */
export function putAcl(bucket: Bucket, { owner, grants }: Acl): PutBucketAclCommand {
  const AccessControlPolicy = { Owner: { ID: owner }, Grants: [...grants] };
  return new PutBucketAclCommand({ ...bucketOf(bucket), AccessControlPolicy });
}

/** The grants that give something to somebody else than the owner. */
export function grantsToOthers({ owner, grants }: Acl): Grant[] {
  return grants.filter(({ Grantee }) => Grantee?.ID !== owner || Grantee.Type !== 'CanonicalUser');
}

/** `READ to AllUsers, FULL_CONTROL to 79a59df900b9…` */
export function describeGrants(grants: readonly Grant[]): string {
  const name = ({ Grantee }: Grant) =>
    Grantee?.URI?.split('/').at(-1) ?? Grantee?.ID ?? Grantee?.EmailAddress ?? 'somebody';
  return grants.map((grant) => `${grant.Permission ?? 'something'} to ${name(grant)}`).join(', ');
}

/**
 * Whether AWS itself writes logs by that grant. Source: S3 User Guide, ACL overview, S3 log delivery group; CloudFront
 * Developer Guide, standard logging, awslogsdelivery (its id in China is another).
 */
export function isLogDelivery({ Grantee }: Grant): boolean {
  return (
    Grantee?.URI === 'http://acs.amazonaws.com/groups/s3/LogDelivery' ||
    Grantee?.ID === 'c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0' ||
    Grantee?.ID === 'a52cb28745c0c06e84ec548334e44bfa7fc2a85c54af20cd59e4969344b7af56'
  );
}

/** What AWS services need to deliver logs into a bucket: CloudTrail, Config, load balancers, S3 itself. */
const DELIVERY = ['s3:putobject', 's3:getbucketacl', 's3:getbucketlocation', 's3:listbucket'];

/** Whether the statement does no more than let AWS services deliver into the bucket. */
export function isDeliveryStatement({ Effect, Principal, Action }: Statement): boolean {
  if (Effect !== 'Allow' || typeof Principal !== 'object' || Action === undefined) return false;
  const services = Object.entries(Principal).every(([kind, names]) => kind === 'Service' && names !== '*');
  return services && [Action].flat().every((action) => DELIVERY.includes(action.toLowerCase()));
}

/** Without display names, which S3 gives in some regions only and does not need to be told. */
function plainGrant({ Grantee, Permission }: Grant): Grant {
  const { DisplayName: _unused, ...grantee } = Grantee ?? { Type: undefined };
  return { Grantee: grantee, Permission };
}

function byText(a: Grant, b: Grant): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
