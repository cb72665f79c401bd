import { isDeepStrictEqual } from 'node:util';
import {
  type ConfigurationRecorder,
  ConfigServiceClient,
  DeleteConfigurationRecorderCommand,
  DeleteDeliveryChannelCommand,
  DescribeConfigurationRecordersCommand,
  DescribeConfigurationRecorderStatusCommand,
  DescribeDeliveryChannelsCommand,
  PutConfigurationRecorderCommand,
  PutDeliveryChannelCommand,
  type RecordingGroup,
  StartConfigurationRecorderCommand,
  StopConfigurationRecorderCommand,
} from '@aws-sdk/client-config-service';
import { CreateServiceLinkedRoleCommand, GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';
import { type Target, partitionOf } from '../../../shared/resources/target';
import { bucketArn } from '../s3/lib/bucket';
import { type LogBucket, openLogBucket, readLogBucket } from '../s3/lib/log-bucket';

const SERVICE = 'config.amazonaws.com';
const ROLE = 'AWSServiceRoleForConfig';
const PATH = `role/aws-service-role/${SERVICE}/${ROLE}`;

const params = z.object({
  bucketName: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
    .optional()
    .describe(
      'a bucket that is there and lets AWS Config deliver, say one of a log archive; not given: <account>awsconfiglogs<region>, which the bot makes',
    ),
  bucketRegion: z
    .string()
    .optional()
    .describe('where that bucket lies, as CloudBots asks; AWS Config finds it by its name'),
  globalTypesIn: z
    .string()
    .regex(/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/)
    .default('us-east-1')
    .describe('the one region in which users, roles, groups and policies of IAM are recorded'),
  allTypes: z
    .boolean()
    .default(true)
    .describe('a recorder that is there must record all types; false leaves its choice of types alone'),
  frequency: z
    .enum(['CONTINUOUS', 'DAILY'])
    .default('CONTINUOUS')
    .describe('how often a new recorder records; one that is there keeps its own'),
});

export const bot = defineBot({
  id: 'config_enable',
  title: 'Record all resources of a region with AWS Config',
  resource: 'AWS::::Region',
  severity: 'medium',
  risk: 'safe',
  kind: 'posture',
  params,
  from: {
    ...{ bucketName: 'config', bucketRegion: 'finding', globalTypesIn: 'config' },
    ...{ allTypes: 'config', frequency: 'config' },
  },
  words: {
    order: ['bucketName', 'bucketRegion', 'globalTypesIn'],
    names: {
      bucket_name: 'bucketName',
      bucket_region: 'bucketRegion',
      include_global_resource_types_region: 'globalTypesIn',
    },
  },
  permissions: {
    read: [
      'config:DescribeConfigurationRecorders',
      'config:DescribeConfigurationRecorderStatus',
      'config:DescribeDeliveryChannels',
      'iam:GetRole',
      's3:ListBucket',
      's3:GetBucketPolicy',
      's3:GetBucketPublicAccessBlock',
      's3:GetEncryptionConfiguration',
    ],
    write: [
      'config:PutConfigurationRecorder',
      'config:PutDeliveryChannel',
      'config:StartConfigurationRecorder',
      'iam:CreateServiceLinkedRole',
      'iam:PassRole',
      's3:CreateBucket',
      's3:TagResource',
      's3:PutBucketPublicAccessBlock',
      's3:PutBucketPolicy',
    ],
    undo: [
      'config:DeleteConfigurationRecorder',
      'config:DeleteDeliveryChannel',
      'config:PutConfigurationRecorder',
      'config:StopConfigurationRecorder',
      'iam:PassRole',
    ],
    only: {
      'iam:CreateServiceLinkedRole': `role/aws-service-role/${SERVICE}/*`,
      // Of a role that is not there IAM does not know the path.
      'iam:GetRole': `role/*${ROLE}`,
      'iam:PassRole': PATH,
    },
  },
  clients: { config: ConfigServiceClient, iam: IAMClient, s3: S3Client },

  async inspect({ config, iam, s3 }, { target, params: { bucketName } }): Promise<State> {
    const { ConfigurationRecorders: [recorder] = [] } = await config.send(
      new DescribeConfigurationRecordersCommand({}),
    );
    const { ConfigurationRecordersStatus: [status] = [] } = await config.send(
      new DescribeConfigurationRecorderStatusCommand({}),
    );
    const { DeliveryChannels: [channel] = [] } = await config.send(new DescribeDeliveryChannelsCommand({}));
    const found = {
      ...(recorder && { recorder: writable(recorder) }),
      recording: status?.recording ?? false,
      ...(channel?.name && { channel: channel.name }),
    };
    const hasRole =
      recorder !== undefined ||
      (await undefinedIfGone(iam.send(new GetRoleCommand({ RoleName: ROLE })), 'NoSuchEntityException')) !==
        undefined;
    if (channel || bucketName !== undefined) return { ...found, hasRole };
    return { ...found, hasRole, bucket: await readLogBucket(s3, bucketOf(target)) };
  },

  check({ recorder, recording, channel }, { params, target }) {
    if (!recorder) return 'AWS Config has no recorder in the region';
    if (!channel) return 'AWS Config has no delivery channel in the region';
    if (!recording) return `the recorder ${recorder.name} is stopped`;
    return wanted(recorder.recordingGroup, params, target)
      ? `the recorder ${recorder.name} does not record all types`
      : undefined;
  },

  plan({ recorder, recording, channel, hasRole, bucket }, { params, target }) {
    const own = bucketOf(target);
    if (bucket?.isKms) {
      return { held: `${own.id} is encrypted with KMS: let AWS Config use its key, and name the bucket` };
    }
    const recordingGroup = wanted(recorder?.recordingGroup, params, target);
    if (recorder && recordingGroup && !recorder.roleARN?.endsWith(PATH)) {
      return {
        held: `the recorder ${recorder.name} has a role of its own, which this bot may not hand over: have it record all types, or give it the service-linked role`,
      };
    }
    const ConfigurationRecorder: ConfigurationRecorder = recorder
      ? { ...recorder, ...(recordingGroup && { recordingGroup }) }
      : {
          name: 'default',
          roleARN: `arn:${partitionOf(target.region)}:iam::${target.account}:${PATH}`,
          recordingGroup,
          recordingMode: { recordingFrequency: params.frequency },
        };
    const DeliveryChannel = { name: 'default', s3BucketName: params.bucketName ?? own.id };
    return [
      ...(hasRole ? [] : [{ iam: new CreateServiceLinkedRoleCommand({ AWSServiceName: SERVICE }) }]),
      ...(channel || params.bucketName !== undefined
        ? []
        : openLogBucket(own, bucket, deliveryTo(own), 'aws-config')),
      ...afterwards([
        ...(recordingGroup
          ? [{ config: new PutConfigurationRecorderCommand({ ConfigurationRecorder }) }]
          : []),
        ...(channel ? [] : [{ config: new PutDeliveryChannelCommand({ DeliveryChannel }) }]),
        ...(recording ? [] : [{ config: startOf(ConfigurationRecorder) }]),
      ]),
    ];
  },

  undo(before, { now: { recorder, recording, channel } }) {
    const ConfigurationRecorderName = recorder?.name;
    return [
      ...(recording && !before.recording
        ? [{ config: new StopConfigurationRecorderCommand({ ConfigurationRecorderName }) }]
        : []),
      ...(before.recorder && !isDeepStrictEqual(before.recorder, recorder)
        ? [{ config: new PutConfigurationRecorderCommand({ ConfigurationRecorder: before.recorder }) }]
        : []),
      ...(channel && !before.channel
        ? [{ config: new DeleteDeliveryChannelCommand({ DeliveryChannelName: channel }) }]
        : []),
      ...(recorder && !before.recorder
        ? [{ config: new DeleteConfigurationRecorderCommand({ ConfigurationRecorderName }) }]
        : []),
    ];
  },

  footprint: ({ recorder, recording, channel }) => ({ recorder, recording, channel }),
});

interface State {
  readonly recorder?: ConfigurationRecorder;
  readonly recording: boolean;
  /** The name of the delivery channel. */
  readonly channel?: string;
  /** The service-linked role is there, or a recorder that has one. */
  readonly hasRole: boolean;
  /** The bot's own bucket, where it is needed and there. */
  readonly bucket?: LogBucket | undefined;
}

/** What can be written back: the ARN and scope of an answer are not taken. */
function writable({ name, roleARN, recordingGroup, recordingMode }: ConfigurationRecorder) {
  return { name, roleARN, recordingGroup, ...(recordingMode && { recordingMode }) };
}

/** The types that must be recorded instead; `undefined`: those that are will do. */
function wanted(
  now: RecordingGroup | undefined,
  { allTypes, globalTypesIn }: z.output<typeof params>,
  { region }: Target,
): RecordingGroup | undefined {
  const withGlobal = globalTypesIn === region || (now?.includeGlobalResourceTypes ?? false);
  if (now && (!allTypes || (now.allSupported && now.includeGlobalResourceTypes === withGlobal)))
    return undefined;
  return {
    allSupported: true,
    includeGlobalResourceTypes: withGlobal,
    recordingStrategy: { useOnly: 'ALL_SUPPORTED_RESOURCE_TYPES' },
  };
}

function startOf({ name }: ConfigurationRecorder): StartConfigurationRecorderCommand {
  return new StartConfigurationRecorderCommand({ ConfigurationRecorderName: name });
}

/** CloudBots' own name, with the region, since each region's recorder has a bucket of its own. */
function bucketOf({ account, region }: Target) {
  return { account, region, id: `${account}awsconfiglogs${region}` };
}

/** Source: AWS Config Developer Guide, permissions for the S3 bucket. */
function deliveryTo(bucket: ReturnType<typeof bucketOf>) {
  const arn = bucketArn(bucket);
  return {
    Sid: 'AWSConfigOfThisAccount',
    Effect: 'Allow' as const,
    Principal: { Service: SERVICE },
    Action: ['s3:GetBucketAcl', 's3:ListBucket', 's3:PutObject'],
    Resource: [arn, `${arn}/AWSLogs/${bucket.account}/Config/*`],
    Condition: { StringEquals: { 'aws:SourceAccount': bucket.account } },
  };
}
