import { randomUUID } from 'node:crypto';
import { CloudWatchClient, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { CreateTopicCommand, ListTopicsCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './sns_topic_delete';

/** Beside a neighbour, which is subscribed to; this one by so many. */
const topic =
  (subscribers = 0) =>
  async ({ client, account }: Account) => {
    const sns = client(SNSClient);
    const make = async (Name: string) => (await sns.send(new CreateTopicCommand({ Name }))).TopicArn ?? '';
    const subscribe = (TopicArn: string, name: string) =>
      sns.send(
        new SubscribeCommand({
          TopicArn,
          Protocol: 'sqs',
          Endpoint: `arn:aws:sqs:eu-west-1:${account}:${name}`,
        }),
      );
    await subscribe(await make('neighbour'), 'q');
    const TopicArn = await make(randomUUID());
    for (let n = 0; n < subscribers; n++) await subscribe(TopicArn, `q${n}`);
    return TopicArn;
  };
const violation = 'the topic is to be deleted';
const deleted = { violation, writes: ['sns:DeleteTopic'], irreversible: /would have to confirm/ };

testBot(bot, {
  violating: [
    {
      name: 'nobody uses it',
      given: topic(),
      ...deleted,
      untouched: async ({ client }, id) => {
        const { Topics = [] } = await client(SNSClient).send(new ListTopicsCommand({}));
        return Topics.filter(({ TopicArn }) => TopicArn !== id);
      },
    },
    {
      name: 'subscribed to, and all the same',
      given: topic(1),
      params: { evenIfUsed: true },
      ...deleted,
    },
    {
      name: 'subscribed to',
      given: topic(7),
      ...{ violation, writes: [], held: /^the topic is used by sqs arn:\S+q0, .*q4 and 2 more$/ },
    },
    {
      name: 'an alarm tells it',
      given: async (account) => {
        const TopicArn = await topic()(account);
        const alarm = { AlarmName: 'a', Namespace: 'n', MetricName: 'm', Statistic: 'Sum', Period: 60 };
        await account.client(CloudWatchClient).send(
          new PutMetricAlarmCommand({
            ...(alarm as PutMetricAlarmCommand['input']),
            ...{ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' },
            AlarmActions: [TopicArn],
          }),
        );
        return TopicArn;
      },
      ...{ violation, writes: [], held: /^the topic is used by alarms of CloudWatch$/ },
    },
  ],
  compliant: 'only when gone',
  gone: 'arn:aws:sns:eu-west-1:111122223333:gone',
});
