import { randomUUID } from 'node:crypto';
import { PutBucketNotificationConfigurationCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Account } from '../../../testing/contract';
import { testSetting } from '../../../testing/setting';
import { bucketWith, settingsBut } from './fixtures/bucket';
import { bot } from './s3_enable_event_notifications';

const given = async (account: Account, on: boolean) => {
  const Bucket = await bucketWith()(account);
  const NotificationConfiguration = { EventBridgeConfiguration: {} };
  if (on)
    await account
      .client(S3Client)
      .send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
  return Bucket;
};

testSetting(bot, {
  given,
  wrong: false,
  right: true,
  violation: 'nobody is notified of what happens in the bucket: turn on notifications',
  writes: ['s3:PutBucketNotification'],
  untouched: settingsBut(),
  gone: randomUUID(),
  more: {
    compliant: [
      {
        name: 'a queue is notified',
        given: async (account) => {
          const Bucket = await given(account, false);
          await account.client(SQSClient).send(new CreateQueueCommand({ QueueName: 'q' }));
          const QueueArn = `arn:aws:sqs:${account.region}:${account.account}:q`;
          const QueueConfigurations = [{ QueueArn, Events: ['s3:ObjectCreated:*' as const] }];
          const NotificationConfiguration = { QueueConfigurations };
          await account
            .client(S3Client)
            .send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
          return Bucket;
        },
      },
    ],
  },
});

test('undo keeps the topic that was added since', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'b' };
  const others = { TopicConfigurations: [{ TopicArn: 'arn:t', Events: [] }] };
  const now = { is: true, others };
  expect(bot.undo({ is: false, others: {} }, { target, params: {}, now })).toMatchObject([
    { s3: { input: { NotificationConfiguration: others } } },
  ]);
});
