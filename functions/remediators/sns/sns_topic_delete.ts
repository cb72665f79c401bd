import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DeleteTopicCommand, paginateListSubscriptionsByTopic } from '@aws-sdk/client-sns';
import * as z from 'zod';
import { isToldByAlarms } from './lib/alarms';
import { TOPIC, topicAttributes } from './lib/topic';
import { defineBot } from '../../../shared/bot/bot';
import { some } from '../../../shared/text';

export const bot = defineBot({
  id: 'sns_topic_delete',
  title: 'Delete an SNS topic',
  severity: 'low',
  risk: 'destructive',
  kind: 'response',
  params: z.object({
    evenIfUsed: z.boolean().default(false).describe('also a topic with subscribers, or that alarms tell'),
  }),
  from: { evenIfUsed: 'config' },
  permissions: {
    read: ['sns:GetTopicAttributes', 'sns:ListSubscriptionsByTopic', 'cloudwatch:DescribeAlarms'],
    write: ['sns:DeleteTopic'],
    undo: [],
  },
  ...TOPIC,
  clients: { ...TOPIC.clients, cloudwatch: CloudWatchClient },

  async inspect({ sns: client, cloudwatch }, { target: { id: TopicArn } }) {
    // A topic that is not there has no subscriptions either.
    const { Policy: policy } = await topicAttributes(client, TopicArn);
    const users: string[] = [];
    for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client }, { TopicArn }))
      users.push(...Subscriptions.map(({ Protocol, Endpoint }) => `${Protocol ?? ''} ${Endpoint ?? ''}`));
    if (await isToldByAlarms(cloudwatch, TopicArn)) users.push('alarms of CloudWatch');
    return { users, policy };
  },

  check: () => 'the topic is to be deleted',

  plan({ users }, { target: { id: TopicArn }, params }) {
    if (users.length > 0 && !params.evenIfUsed) return { held: `the topic is used by ${some(users)}` };
    return [{ sns: new DeleteTopicCommand({ TopicArn }) }];
  },

  undo: () => ({ irreversible: 'subscribers of a topic made anew would have to confirm' }),
});
