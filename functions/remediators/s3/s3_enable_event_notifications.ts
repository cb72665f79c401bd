import {
  GetBucketNotificationConfigurationCommand,
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

  async inspect({ s3 }, { target }) {
    const read = new GetBucketNotificationConfigurationCommand(bucketOf(target));
    const { EventBridgeConfiguration: bridge, $metadata: _unused, ...others } = await s3.send(read);
    // The others are topics, queues and functions that are notified.
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
