import {
  ConfigServiceClient,
  DescribeConfigurationRecordersCommand,
  DescribeDeliveryChannelsCommand,
  PutConfigurationRecorderCommand,
  PutDeliveryChannelCommand,
  type RecordingGroup,
  StartConfigurationRecorderCommand,
} from '@aws-sdk/client-config-service';
import { CreateBucketCommand, PutBucketEncryptionCommand, S3Client } from '@aws-sdk/client-s3';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './config_enable';

const ROLE = 'iam:CreateServiceLinkedRole';
const BUCKET = ['s3:CreateBucket', 's3:PutBucketPublicAccessBlock', 's3:PutBucketPolicy'];
const RECORDER = 'config:PutConfigurationRecorder';
const CHANNEL = 'config:PutDeliveryChannel';
const START = 'config:StartConfigurationRecorder';

const empty = ({ region }: Account) => Promise.resolve(region);

interface Recorder {
  readonly group?: RecordingGroup;
  readonly channel?: boolean;
  readonly started?: boolean;
  readonly role?: string;
}

const LINKED = 'aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig';
const FEW = { allSupported: false, resourceTypes: ['AWS::S3::Bucket' as const] };

/** A recorder of somebody's own. */
const recorder =
  ({ group = { allSupported: true }, channel = true, started = true, role = 'theirs' }: Recorder) =>
  async ({ client, region, account }: Account) => {
    const config = client(ConfigServiceClient);
    const ConfigurationRecorder = {
      name: 'theirs',
      roleARN: `arn:aws:iam::${account}:role/${role}`,
      recordingGroup: group,
    };
    await config.send(new PutConfigurationRecorderCommand({ ConfigurationRecorder }));
    const DeliveryChannel = { name: 'theirs', s3BucketName: 'theirs' };
    if (channel) await config.send(new PutDeliveryChannelCommand({ DeliveryChannel }));
    if (started)
      await config.send(new StartConfigurationRecorderCommand({ ConfigurationRecorderName: 'theirs' }));
    return region;
  };

/** The bucket by the bot's name. */
const bucket = async ({ account, region, client }: Account) => {
  const s3 = client(S3Client);
  const Bucket = `${account}awsconfiglogs${region}`;
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  return { s3, Bucket };
};

/** Another region, and where the recorder that is there delivers. */
const others = async ({ client }: Account) => [
  (await client(ConfigServiceClient, 'us-east-1').send(new DescribeConfigurationRecordersCommand({})))
    .ConfigurationRecorders,
  (await client(ConfigServiceClient).send(new DescribeDeliveryChannelsCommand({}))).DeliveryChannels?.filter(
    ({ name }) => name === 'theirs',
  ),
];

testBot(bot, {
  violating: [
    {
      name: 'a region where nobody has set up anything',
      given: empty,
      violation: 'AWS Config has no recorder in the region',
      writes: [ROLE, ...BUCKET, RECORDER, CHANNEL, START],
      after: { recorder: { recordingGroup: { allSupported: true } }, recording: true, channel: 'default' },
      untouched: others,
    },
    {
      name: 'into a bucket of a log archive, which is not looked at',
      given: empty,
      params: { bucketName: 'log-archive', globalTypesIn: 'eu-west-1', frequency: 'DAILY' },
      violation: 'AWS Config has no recorder',
      writes: [ROLE, RECORDER, CHANNEL, START],
      after: { recorder: { recordingGroup: { includeGlobalResourceTypes: true } } },
    },
    {
      name: 'a recorder that is stopped: only started, with its own role and bucket',
      given: recorder({ started: false }),
      violation: 'the recorder theirs is stopped',
      writes: [START],
      after: { recorder: { name: 'theirs' }, recording: true, channel: 'theirs' },
      untouched: others,
    },
    {
      name: 'a recorder of a few types',
      given: recorder({ group: FEW, role: LINKED }),
      violation: 'the recorder theirs does not record all types',
      writes: [RECORDER],
      after: { recorder: { name: 'theirs', recordingGroup: { allSupported: true, resourceTypes: [] } } },
      untouched: others,
    },
    {
      name: 'a recorder of a few types with a role of its own',
      given: recorder({ group: FEW }),
      violation: 'does not record all types',
      writes: [],
      held: /has a role of its own/,
    },
    {
      name: 'a recorder without a channel, and a bucket that nobody has closed',
      given: async (account) => {
        await bucket(account);
        return recorder({ channel: false, started: false })(account);
      },
      violation: 'AWS Config has no delivery channel',
      writes: [...BUCKET.slice(1), CHANNEL, START],
      untouched: others,
    },
    {
      name: 'the bucket is there and encrypted with KMS',
      given: async (account) => {
        const { s3, Bucket } = await bucket(account);
        const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const } }];
        const ServerSideEncryptionConfiguration = { Rules };
        await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }));
        return account.region;
      },
      violation: 'no recorder',
      writes: [],
      held: /encrypted with KMS/,
    },
  ],
  compliant: [
    { name: 'everything is recorded', given: recorder({}) },
    {
      name: 'a few types, which is left alone',
      given: recorder({ group: FEW }),
      params: { allTypes: false },
    },
  ],
});
