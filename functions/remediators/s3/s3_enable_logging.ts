import {
  GetBucketLoggingCommand,
  type LoggingEnabled,
  PutBucketLoggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { bucketArn, bucketOf, findBucket, regionOf } from './lib/bucket';
import { type LogBucket, openLogBucket, readLogBucket } from './lib/log-bucket';
import type { Statement } from '../../../shared/policy/policy-document';
import { defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';

export const bot = defineBot({
  id: 's3_enable_logging',
  title: 'Log the requests to an S3 bucket',
  resource: 'AWS::S3::Bucket',
  severity: 'low',
  risk: 'safe',
  kind: 'posture',
  permissions: {
    read: [
      's3:ListBucket',
      's3:GetBucketLogging',
      's3:GetBucketPolicy',
      's3:GetBucketPublicAccessBlock',
      's3:GetEncryptionConfiguration',
    ],
    write: [
      's3:CreateBucket',
      's3:TagResource',
      's3:PutBucketPublicAccessBlock',
      's3:PutBucketPolicy',
      's3:PutBucketLogging',
    ],
    undo: ['s3:PutBucketLogging'],
    // All but the logging itself is for the log bucket.
    elsewhere: [
      's3:ListBucket',
      's3:GetBucketPolicy',
      's3:GetBucketPublicAccessBlock',
      's3:GetEncryptionConfiguration',
      's3:CreateBucket',
      's3:TagResource',
      's3:PutBucketPublicAccessBlock',
      's3:PutBucketPolicy',
    ],
  },
  finder: findBucket,
  clients: { s3: S3Client },
  gone: ['NotFound', 'NoSuchBucket'],

  async inspect({ s3 }, { target }): Promise<State> {
    const region = await regionOf(s3, target);
    const { LoggingEnabled: logging } = await s3.send(new GetBucketLoggingCommand(bucketOf(target)));
    if (logging) return { region, logging };
    const to = logBucketOf(target, region);
    if (to.id === target.id) return { region, isLogBucket: true };
    return { region, logBucket: await readLogBucket(s3, to) };
  },

  check: ({ logging, isLogBucket }) =>
    logging !== undefined || isLogBucket
      ? undefined
      : 'requests to the bucket are not logged: turn logging on',

  plan({ region, logBucket }, { target }) {
    if (region !== target.region) {
      return {
        held: `the bucket lies in ${region}, where its log bucket has to be made: name that region, not ${target.region}`,
      };
    }
    const to = logBucketOf(target, region);
    if (logBucket && logBucket.region !== region) {
      return {
        held: `the log bucket ${to.id} lies in ${logBucket.region}, and S3 delivers logs within ${region} only: set up logging into another bucket, or delete that one`,
      };
    }
    if (logBucket?.isKms) {
      return { held: `S3 cannot deliver logs into ${to.id}, whose default encryption is by KMS` };
    }
    return [
      ...openLogBucket(to, logBucket, deliveryTo(to), 'access-logs'),
      ...afterwards([{ s3: putLogging(target, { TargetBucket: to.id, TargetPrefix: `${target.id}/` }) }]),
    ];
  },

  undo: (_before, { target }) => [{ s3: putLogging(target) }],

  footprint: ({ logging }) => ({ logging }),
});

interface State {
  /** Where the bucket lies. */
  readonly region: string;
  readonly logging?: LoggingEnabled;
  readonly isLogBucket?: boolean;
  /** The bucket that is to take the logs, where it is there. */
  readonly logBucket?: LogBucket | undefined;
}

interface Bucket {
  readonly account: string;
  readonly region: string;
  readonly id: string;
}

/** CloudBots' own name. */
function logBucketOf({ account }: { account: string }, region: string): Bucket {
  return { account, region, id: `${account}s3accesslogs${region}` };
}

/** For all buckets of the account at once: bots that mend two of them at one time then write the same policy. */
function deliveryTo(bucket: Bucket): Statement {
  return {
    Sid: 'S3ServerAccessLogsOfThisAccount',
    Effect: 'Allow',
    Principal: { Service: 'logging.s3.amazonaws.com' },
    Action: 's3:PutObject',
    Resource: `${bucketArn(bucket)}/*`,
    Condition: { StringEquals: { 'aws:SourceAccount': bucket.account } },
  };
}

function putLogging(target: Bucket, logging?: LoggingEnabled): PutBucketLoggingCommand {
  const BucketLoggingStatus = logging ? { LoggingEnabled: logging } : {};
  return new PutBucketLoggingCommand({ ...bucketOf(target), BucketLoggingStatus });
}
