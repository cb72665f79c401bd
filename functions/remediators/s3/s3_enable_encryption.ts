import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  DeleteBucketEncryptionCommand,
  GetBucketEncryptionCommand,
  PutBucketEncryptionCommand,
  S3Client,
  type ServerSideEncryptionRule,
} from '@aws-sdk/client-s3';
import * as z from 'zod';
import { bucketOf, findBucket, regionOf } from './lib/bucket';
import { aclOf, isLogDelivery, policyOf } from './lib/bucket-access';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { KEY_NAME, isAwsKey } from '../kms/lib/keys';
import { type Clients, type Context, defineBot } from '../../../shared/bot/bot';

const params = z.object({
  type: z
    .enum(['s3', 'kms', 'S3', 'KMS'])
    .default('s3')
    .describe('s3: keys of S3 itself (SSE-S3); kms: a key of yours (SSE-KMS)'),
  key: z
    .string()
    .regex(KEY_NAME, 'the id, alias or ARN of a KMS key')
    .optional()
    .describe("the KMS key, by id, alias or ARN, in the bucket's region; kms needs one"),
});

const clients = { s3: S3Client, kms: KMSClient };

export const bot = defineBot({
  id: 's3_enable_encryption',
  title: 'Encrypt what is put into an S3 bucket by default',
  resource: 'AWS::S3::Bucket',
  severity: 'medium',
  risk: 'disruptive',
  kind: 'posture',
  params,
  from: { type: 'finding', key: 'config' },
  words: { order: ['type', 'key'] },
  permissions: {
    read: [
      's3:GetEncryptionConfiguration',
      's3:ListBucket',
      's3:GetBucketPolicy',
      's3:GetBucketAcl',
      'kms:DescribeKey',
    ],
    write: ['s3:PutEncryptionConfiguration'],
  },
  byControl: {
    'S3.17': { type: 'kms' },
    S3_DEFAULT_ENCRYPTION_KMS: { type: 'kms' },
    s3_bucket_kms_encryption: { type: 'kms' },
  },
  finder: findBucket,
  clients,
  gone: ['NoSuchBucket'],

  async inspect(aws, context): Promise<State> {
    const read = aws.s3.send(new GetBucketEncryptionCommand(bucketOf(context.target)));
    const reply = await undefinedIfGone(read, 'ServerSideEncryptionConfigurationNotFoundError');
    const rule = reply?.ServerSideEncryptionConfiguration?.Rules?.[0];
    const isEnough = wantsKms(context.params) ? hasOwnKey(rule) : algorithmOf(rule) !== undefined;
    const judged = isEnough || !wantsKms(context.params) ? {} : await judgeKey(aws, context);
    return { ...(rule && { rule }), isEnough, ...judged };
  },

  check({ rule, isEnough }, { params }) {
    if (isEnough) return undefined;
    const wanted = wantsKms(params) ? 'a KMS key of yours' : 'keys of S3';
    return `objects are encrypted by default with ${algorithmOf(rule) ?? 'nothing'}: use ${wanted}`;
  },

  plan({ rule, obstacle, arn = '' }, { target, params }) {
    if (obstacle !== undefined) return { held: obstacle };
    if (!wantsKms(params)) {
      return [
        { s3: put(target, { ...rule, ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }) },
      ];
    }
    const algorithm = algorithmOf(rule);
    const SSEAlgorithm = algorithm === 'aws:kms:dsse' ? algorithm : 'aws:kms';
    // Without bucket keys, each object is a call to KMS that costs; DSSE knows none.
    const BucketKeyEnabled = algorithm?.startsWith('aws:kms') ? rule?.BucketKeyEnabled : true;
    const byDefault = { SSEAlgorithm, KMSMasterKeyID: arn } as const;
    return [
      { s3: put(target, { ...rule, BucketKeyEnabled, ApplyServerSideEncryptionByDefault: byDefault }) },
    ];
  },

  undo: ({ rule }, { target }) => [
    { s3: rule ? put(target, rule) : new DeleteBucketEncryptionCommand(bucketOf(target)) },
  ],

  footprint: ({ rule }) => ({ rule }),
});

interface State {
  readonly rule?: ServerSideEncryptionRule;
  /** Nothing weaker than what is asked for. */
  readonly isEnough: boolean;
  /** Why the key cannot be the bucket's. */
  readonly obstacle?: string;
  /** The key: S3 would look for an alias in the account of whoever writes an object. */
  readonly arn?: string;
}

type Params = z.output<typeof params>;

function wantsKms({ type }: Params): boolean {
  return type.toLowerCase() === 'kms';
}

function algorithmOf(rule: ServerSideEncryptionRule | undefined) {
  return rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm;
}

/** Without a key, or with the alias of AWS, it is the key that AWS manages. */
function hasOwnKey(rule: ServerSideEncryptionRule | undefined): boolean {
  const key = rule?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID;
  const isKms = algorithmOf(rule)?.startsWith('aws:kms') ?? false;
  return isKms && key !== undefined && !/(^|:)alias\/aws\//.test(key);
}

async function judgeKey(
  { s3, kms }: Clients<typeof clients>,
  { target, params: { key } }: Context<Params>,
): Promise<Pick<State, 'obstacle' | 'arn'>> {
  if (key === undefined) return { obstacle: 'kms needs a key: name it' };
  if (isAwsKey(key)) return { obstacle: `${key} is a key of AWS: name one of yours` };
  const region = await regionOf(s3, target);
  const [, , , of = region] = key.split(':');
  if (of !== region) return { obstacle: `the bucket lies in ${region}, the key ${key} does not` };
  const policy = await policyOf(s3, target);
  const { grants } = await aclOf(s3, target);
  if (policy?.includes('logging.s3.amazonaws.com') || grants.some(isLogDelivery)) {
    return {
      obstacle: 'access logs are delivered into the bucket, which AWS cannot do with KMS as its default',
    };
  }
  const described = await undefinedIfGone(
    kms.send(new DescribeKeyCommand({ KeyId: key })),
    'NotFoundException',
  );
  const found = described?.KeyMetadata;
  if (!found) return { obstacle: `there is no key ${key}` };
  const isFit = found.KeyState === 'Enabled' && found.KeySpec === 'SYMMETRIC_DEFAULT';
  if (isFit) return { arn: found.Arn ?? key };
  const is = `${found.KeyState ?? 'unknown'} and ${found.KeySpec ?? 'unknown'}`;
  return { obstacle: `the key ${key} is ${is}: S3 needs one that is Enabled and SYMMETRIC_DEFAULT` };
}

function put(target: { account: string; id: string }, rule: ServerSideEncryptionRule) {
  const ServerSideEncryptionConfiguration = { Rules: [rule] };
  return new PutBucketEncryptionCommand({ ...bucketOf(target), ServerSideEncryptionConfiguration });
}
