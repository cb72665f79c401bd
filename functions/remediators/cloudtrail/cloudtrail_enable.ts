import {
  CloudTrailClient,
  CreateTrailCommand,
  DeleteTrailCommand,
  GetTrailStatusCommand,
  StartLoggingCommand,
  StopLoggingCommand,
  type Trail,
  UpdateTrailCommand,
} from '@aws-sdk/client-cloudtrail';
import { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';
import { type Target, partitionOf } from '../../../shared/resources/target';
import { bucketArn } from '../s3/lib/bucket';
import { type LogBucket, openLogBucket, readLogBucket } from '../s3/lib/log-bucket';
import { findHome, isForAllRegions, isOwn, recordsManagement, selectorsOf, trailsOf } from './lib/trails';

export const bot = defineBot({
  id: 'cloudtrail_enable',
  title: 'Record all regions of an account in a trail',
  resource: 'AWS::::Account',
  severity: 'high',
  risk: 'safe',
  kind: 'posture',
  params: z.object({
    trailName: z
      .string()
      .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{1,126}[a-zA-Z0-9]$/)
      .default('allRegionTrail')
      .describe('name of a trail that the bot makes'),
    bucketName: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
      .optional()
      .describe(
        'a bucket that is there and lets CloudTrail deliver, say one of a log archive; not given: acct<account>cloudtraillogs, which the bot makes',
      ),
  }),
  from: { trailName: 'config', bucketName: 'config' },
  words: {
    order: ['trailName', 'bucketName'],
    names: { trail_name: 'trailName', bucket_name: 'bucketName' },
  },
  permissions: {
    read: [
      'cloudtrail:DescribeTrails',
      'cloudtrail:GetEventSelectors',
      'cloudtrail:GetTrailStatus',
      's3:ListBucket',
      's3:GetBucketPolicy',
      's3:GetBucketPublicAccessBlock',
      's3:GetEncryptionConfiguration',
    ],
    write: [
      'cloudtrail:CreateTrail',
      'cloudtrail:StartLogging',
      'cloudtrail:UpdateTrail',
      's3:CreateBucket',
      's3:TagResource',
      's3:PutBucketPublicAccessBlock',
      's3:PutBucketPolicy',
    ],
    undo: ['cloudtrail:DeleteTrail', 'cloudtrail:StopLogging', 'cloudtrail:UpdateTrail'],
  },
  finder: findHome(({ HasCustomEventSelectors }) => !HasCustomEventSelectors),
  clients: { cloudtrail: CloudTrailClient, s3: S3Client },

  async inspect({ cloudtrail, s3 }, { target, params: { bucketName } }): Promise<State> {
    const trails = await Promise.all(
      (await trailsOf(cloudtrail)).map((trail) => recordOf(cloudtrail, trail, target)),
    );
    if (trails.some(isEnough) || bucketName !== undefined || candidate(trails)) return { trails };
    return { trails, bucket: await readLogBucket(s3, bucketOf(target)) };
  },

  check({ trails }) {
    if (trails.some(isEnough)) return undefined;
    return trails.length > 0
      ? 'no trail that is on records the management events of all regions'
      : 'the account has no trail';
  },

  plan({ trails, bucket }, { target, params: { trailName: Name, bucketName } }) {
    const found = candidate(trails);
    if (found) {
      return [
        ...(found.all ? [] : [{ cloudtrail: update(found, true) }]),
        ...(found.logging ? [] : afterwards([{ cloudtrail: new StartLoggingCommand({ Name: found.name }) }])),
      ];
    }
    const own = bucketOf(target);
    if (trails.some((trail) => trail.own && trail.name === Name)) {
      return {
        held: `the trail ${Name} is there and records something else: let it record management events`,
      };
    }
    if (bucket?.isKms) {
      return { held: `${own.id} is encrypted with KMS: let CloudTrail use its key, and name the bucket` };
    }
    const create = new CreateTrailCommand({
      Name,
      S3BucketName: bucketName ?? own.id,
      IsMultiRegionTrail: true,
      IncludeGlobalServiceEvents: true,
      EnableLogFileValidation: true,
    });
    return [
      ...(bucketName === undefined ? openLogBucket(own, bucket, deliveryTo(own, Name), 'cloudtrail') : []),
      ...afterwards([{ cloudtrail: create }, { cloudtrail: new StartLoggingCommand({ Name }) }]),
    ];
  },

  undo(before, { now }) {
    const changed = now.trails.filter(({ own, home }) => own && home);
    return changed.flatMap((trail) => {
      const { name: Name } = trail;
      const old = before.trails.find(({ own, name }) => own && name === Name);
      return [
        ...(old ? [] : [{ cloudtrail: new DeleteTrailCommand({ Name }) }]),
        ...(old && trail.logging && !old.logging ? [{ cloudtrail: new StopLoggingCommand({ Name }) }] : []),
        ...(old && trail.all && !old.all ? [{ cloudtrail: update(old, false) }] : []),
      ];
    });
  },

  footprint: ({ trails }) => trails,
});

interface State {
  readonly trails: readonly Recorded[];
  /** The bucket of a trail that has to be made, where it is there. */
  readonly bucket?: LogBucket | undefined;
}

interface Recorded {
  readonly name: string;
  /** The account owns it. */
  readonly own: boolean;
  /** It is at home in the region of the target. */
  readonly home: boolean;
  readonly all: boolean;
  readonly global: boolean;
  readonly logging: boolean;
  /** All management events. */
  readonly management: boolean;
}

async function recordOf(client: CloudTrailClient, trail: Trail, target: Target): Promise<Recorded> {
  const { Name: name = '', TrailARN = '', IncludeGlobalServiceEvents: global = false } = trail;
  const { IsLogging: logging = false } = await client.send(new GetTrailStatusCommand({ Name: TrailARN }));
  const own = isOwn(trail, target);
  // Of an organization's trail a member may see no selectors; without custom ones all management events are recorded.
  const management =
    !trail.HasCustomEventSelectors || (own && recordsManagement(await selectorsOf(client, TrailARN)));
  const home = trail.HomeRegion === target.region;
  return { name, own, home, all: isForAllRegions(trail), global, logging, management };
}

function isEnough({ all, logging, management }: Recorded): boolean {
  return all && logging && management;
}

/** The trail that lacks least. */
function candidate(trails: readonly Recorded[]): Recorded | undefined {
  const able = trails.filter(({ own, home, management }) => own && home && management);
  return able.find(({ all }) => all) ?? able.find(({ logging }) => logging) ?? able[0];
}

function update({ name: Name, global }: Recorded, IsMultiRegionTrail: boolean): UpdateTrailCommand {
  const IncludeGlobalServiceEvents = IsMultiRegionTrail || global;
  return new UpdateTrailCommand({ Name, IsMultiRegionTrail, IncludeGlobalServiceEvents });
}

/** CloudBots' own name. */
function bucketOf({ account, region }: Target) {
  return { account, region, id: `acct${account}cloudtraillogs` };
}

/** Source: CloudTrail User Guide, S3 bucket policy. */
function deliveryTo(bucket: ReturnType<typeof bucketOf>, trail: string) {
  const { account, region } = bucket;
  const arn = bucketArn(bucket);
  return {
    Sid: 'CloudTrailOfThisAccount',
    Effect: 'Allow' as const,
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Action: ['s3:GetBucketAcl', 's3:PutObject'],
    Resource: [arn, `${arn}/AWSLogs/${account}/*`],
    Condition: {
      StringEquals: {
        'aws:SourceArn': `arn:${partitionOf(region)}:cloudtrail:${region}:${account}:trail/${trail}`,
      },
    },
  };
}
