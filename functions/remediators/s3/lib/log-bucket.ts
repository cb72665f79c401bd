import { isDeepStrictEqual } from 'node:util';
import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  GetBucketEncryptionCommand,
  GetBucketOwnershipControlsCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  type ObjectOwnership,
  PutPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Target } from '../../../../shared/resources/target';
import { bucketOf } from './bucket';
import { policyOf, putPolicy } from './bucket-access';
import { undefinedIfGone } from '../../../../shared/aws/errors';
import {
  parsePolicy,
  type Statement,
  statementsOf,
  withStatement,
} from '../../../../shared/policy/policy-document';
import { ALL_BLOCKED } from './public-access-block';
import { afterwards } from '../../../../shared/bot/steps';

type Bucket = Pick<Target, 'account' | 'region' | 'id'>;

/** A bucket into which AWS is to deliver logs, as far as all bots have to know it. */
interface Plain {
  /** Where it lies, whatever its name says: S3 delivers logs within a region only. */
  readonly region: string;
  /** Somebody has configured block public access. */
  readonly isBlocked: boolean;
  /** Its default encryption is by KMS. */
  readonly isKms: boolean;
}

/** A bucket into which a policy lets AWS deliver. */
export interface LogBucket extends Plain {
  readonly policy?: string | undefined;
}

/** A bucket into which an ACL lets AWS deliver. */
export interface AclBucket extends Plain {
  /** Its ACLs count for nothing. */
  readonly hasNoAcls: boolean;
}

/**
 * The log bucket as it stands; `undefined`: there is none. Reads `s3:ListBucket`, `s3:GetBucketPublicAccessBlock`,
 * `s3:GetEncryptionConfiguration` and `s3:GetBucketPolicy`; throws when the name is another account's.
 */
export async function readLogBucket(s3: S3Client, bucket: Bucket): Promise<LogBucket | undefined> {
  const found = await readPlain(s3, bucket);
  return found && { ...found, policy: await policyOf(s3, bucket) };
}

/** As {@link readLogBucket}, with `s3:GetBucketOwnershipControls` in place of `s3:GetBucketPolicy`. */
export async function readAclBucket(s3: S3Client, bucket: Bucket): Promise<AclBucket | undefined> {
  const found = await readPlain(s3, bucket);
  if (!found) return undefined;
  const read = s3.send(new GetBucketOwnershipControlsCommand(bucketOf(bucket)));
  const reply = await undefinedIfGone(read, 'OwnershipControlsNotFoundError');
  const ownership = reply?.OwnershipControls?.Rules?.[0]?.ObjectOwnership;
  // Without the setting, a bucket is one of those from before it, whose ACLs count.
  return { ...found, hasNoAcls: ownership === 'BucketOwnerEnforced' };
}

async function readPlain(s3: S3Client, bucket: Bucket): Promise<Plain | undefined> {
  const name = bucketOf(bucket);
  const head = await undefinedIfGone(s3.send(new HeadBucketCommand(name)), 'NotFound');
  if (!head) return undefined;
  const { BucketRegion: region = bucket.region } = head;
  const block = s3.send(new GetPublicAccessBlockCommand(name));
  const isBlocked = (await undefinedIfGone(block, 'NoSuchPublicAccessBlockConfiguration')) !== undefined;
  const read = s3.send(new GetBucketEncryptionCommand(name));
  const encryption = await undefinedIfGone(read, 'ServerSideEncryptionConfigurationNotFoundError');
  const rules = encryption?.ServerSideEncryptionConfiguration?.Rules ?? [];
  const isKms = rules.some((rule) =>
    rule.ApplyServerSideEncryptionByDefault?.SSEAlgorithm?.startsWith('aws:kms'),
  );
  return { region, isBlocked, isKms };
}

/**
 * The writes after which AWS may deliver into the bucket by that statement: where it is missing, it is made in its
 * region with block public access, without ACLs and with the tag; its policy keeps all other statements. Writes by
 * `s3:CreateBucket`, `s3:TagResource`, `s3:PutBucketPublicAccessBlock` and `s3:PutBucketPolicy`.
 */
export function openLogBucket(
  bucket: Bucket,
  found: LogBucket | undefined,
  delivery: Statement,
  tag: string,
) {
  const policy = found?.policy === undefined ? undefined : parsePolicy(found.policy);
  const mayDeliver = policy && statementsOf(policy).some((one) => isSame(one, delivery));
  return [
    ...(found ? [] : [{ s3: create(bucket, tag) }]),
    // Whoever was stopped between making the bucket and closing it left one without either.
    ...(found && (found.isBlocked || policy) ? [] : afterwards([{ s3: block(bucket) }])),
    ...(mayDeliver ? [] : afterwards([{ s3: putPolicy(bucket, withStatement(policy, delivery)) }])),
  ];
}

/**
 * The writes that make a missing bucket into which AWS may deliver by its ACL, in its region, with block public access
 * and the tag: what AWS is granted is not public. Writes by `s3:CreateBucket`, `s3:TagResource`,
 * `s3:PutBucketOwnershipControls` and `s3:PutBucketPublicAccessBlock`.
 */
export function makeAclBucket(bucket: Bucket, found: AclBucket | undefined, tag: string) {
  return [
    ...(found ? [] : [{ s3: create(bucket, tag, 'BucketOwnerPreferred') }]),
    ...(found?.isBlocked ? [] : afterwards([{ s3: block(bucket) }])),
  ];
}

/** Whatever name the other statement goes by. */
function isSame({ Sid: _one, ...statement }: Statement, { Sid: _other, ...wanted }: Statement): boolean {
  return isDeepStrictEqual(statement, wanted);
}

/** Without the header for ownership, which needs a right of its own: what S3 does anyhow has ACLs off. */
function create({ id, region }: Bucket, tag: string, ownership?: ObjectOwnership): CreateBucketCommand {
  return new CreateBucketCommand({
    Bucket: id,
    ...(ownership && { ObjectOwnership: ownership }),
    CreateBucketConfiguration: {
      // The first region is the one that S3 does not want to be told.
      ...(region !== 'us-east-1' && { LocationConstraint: region as BucketLocationConstraint }),
      Tags: [{ Key: 'selfheal', Value: tag }],
    },
  });
}

function block(bucket: Bucket): PutPublicAccessBlockCommand {
  const PublicAccessBlockConfiguration = ALL_BLOCKED;
  return new PutPublicAccessBlockCommand({ ...bucketOf(bucket), PublicAccessBlockConfiguration });
}
