import { isDeepStrictEqual } from 'node:util';
import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  GetBucketEncryptionCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
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

/** A bucket into which AWS is to deliver logs, as far as a bot has to know it. */
export interface LogBucket {
  /** Where it lies, whatever its name says: S3 delivers logs within a region only. */
  readonly region: string;
  readonly policy?: string | undefined;
  /** Somebody has configured block public access. */
  readonly isBlocked: boolean;
  /** Its default encryption is by KMS. */
  readonly isKms: boolean;
}

/**
 * The log bucket as it stands; `undefined`: there is none. Reads `s3:ListBucket`, `s3:GetBucketPublicAccessBlock`,
 * `s3:GetEncryptionConfiguration` and `s3:GetBucketPolicy`; throws when the name is another account's.
 */
export async function readLogBucket(s3: S3Client, bucket: Bucket): Promise<LogBucket | undefined> {
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
  return { region, policy: await policyOf(s3, bucket), isBlocked, isKms };
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

/** Whatever name the other statement goes by. */
function isSame({ Sid: _one, ...statement }: Statement, { Sid: _other, ...wanted }: Statement): boolean {
  return isDeepStrictEqual(statement, wanted);
}

/** Without the header for ownership, which needs a right of its own: what S3 does anyhow has ACLs off. */
function create({ id, region }: Bucket, tag: string): CreateBucketCommand {
  return new CreateBucketCommand({
    Bucket: id,
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
