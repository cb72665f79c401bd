import {
  GetBucketNotificationConfigurationCommand,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
} from '@aws-sdk/client-s3';
import { BUCKET, bucketOf } from './lib/bucket';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  ...BUCKET,
  id: 's3_enable_event_notifications',
  title: 'Tell EventBridge of what happens in an S3 bucket',
  attribute: 'notifications to EventBridge',
  severity: 'low',
  risk: 'safe',
  permissions: { read: ['s3:GetBucketNotification'], write: ['s3:PutBucketNotification'] },
  controls: {
    securityHub: ['S3.11'],
    config: ['S3_EVENT_NOTIFICATIONS_ENABLED'],
    prowler: ['s3_bucket_event_notifications_enabled'],
  },
  docs: {
    why: 'Without notifications nothing can react to an object that is put, deleted or opened to others.',
    effect: [
      'Events of the bucket go to the default event bus of EventBridge, where nothing happens to them until a rule of yours matches.',
      'A bucket that notifies a topic, a queue, a function or EventBridge is left alone.',
      'Undo turns EventBridge off and keeps what was added since.',
    ],
    references: ['https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html'],
  },

  async inspect({ s3 }, { target }): Promise<State> {
    const read = new GetBucketNotificationConfigurationCommand(bucketOf(target));
    const { EventBridgeConfiguration: bridge, $metadata: _unused, ...others } = await s3.send(read);
    return { is: bridge !== undefined, others };
  },
  want: true,
  says: 'nobody is notified of what happens in the bucket: turn on notifications',
  obstacle: ({ others }) =>
    Object.values(others).some((list) => Array.isArray(list) && list.length > 0)
      ? { notApplicable: 'the bucket notifies others' }
      : undefined,
  write: (on, { target }, { others }) => ({
    s3: new PutBucketNotificationConfigurationCommand({
      ...bucketOf(target),
      NotificationConfiguration: { ...others, ...(on && { EventBridgeConfiguration: {} }) },
      // What others have set is not put to the test.
      SkipDestinationValidation: true,
    }),
  }),
});

interface State {
  readonly is: boolean;
  /** Topics, queues and functions that are notified. */
  readonly others: NotificationConfiguration;
}
