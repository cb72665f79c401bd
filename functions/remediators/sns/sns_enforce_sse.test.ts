import { randomUUID } from 'node:crypto';
import { CloudWatchClient, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateTopicCommand,
  GetTopicAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import type { Account } from '../../../testing/contract';
import { FRIEND, policyText } from '../../../testing/policies';
import { testSetting } from '../../../testing/setting';
import { keyWithAlias } from '../kms/fixtures/key';
import { bot } from './sns_enforce_sse';

const given = async ({ client }: Account, KmsMasterKeyId: string) => {
  const Attributes = { DisplayName: 'kept', ...(KmsMasterKeyId && { KmsMasterKeyId }) };
  const { TopicArn = '' } = await client(SNSClient).send(
    new CreateTopicCommand({ Name: randomUUID(), Attributes }),
  );
  return TopicArn;
};
const withPolicy = (Principal: Record<string, string>) => async (account: Account) => {
  const TopicArn = await given(account, '');
  const AttributeValue = policyText([
    { Effect: 'Allow', Principal, Action: 'sns:Publish', Resource: TopicArn },
  ]);
  await account
    .client(SNSClient)
    .send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }));
  return TopicArn;
};
const alarmed =
  (name = '') =>
  async (account: Account) => {
    const TopicArn = await given(account, '');
    const alarm = { AlarmName: 'a', Namespace: 'n', MetricName: 'm', Statistic: 'Sum', Period: 60 } as const;
    await account.client(CloudWatchClient).send(
      new PutMetricAlarmCommand({
        ...alarm,
        ...{ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' },
        AlarmActions: [TopicArn + name],
      }),
    );
    return TopicArn;
  };
/** A key called alias/mine, by which that service may encrypt. */
const withKey =
  (make: (account: Account) => Promise<string>, Service?: string) => async (account: Account) => {
    await keyWithAlias(account, Service === undefined ? {} : { Service });
    return make(account);
  };

const nothing = 'the topic is encrypted with nothing: give it a key';
const writes = ['sns:SetTopicAttributes'];
const own = { kmsKeyId: 'alias/mine' };

testSetting(bot, {
  given,
  wrong: '',
  right: 'alias/aws/sns',
  violation: nothing,
  writes,
  untouched: async ({ client }, TopicArn) => {
    const { Attributes } = await client(SNSClient).send(new GetTopicAttributesCommand({ TopicArn }));
    return [Attributes?.DisplayName, Attributes?.Policy];
  },
  gone: 'arn:aws:sns:eu-west-1:111122223333:gone',
  more: {
    violating: [
      {
        name: 'a service publishes, which the key of AWS would shut out',
        given: withPolicy({ Service: 'events.amazonaws.com' }),
        ...{ violation: nothing, writes: [], held: /^events.amazonaws.com could no longer send/ },
      },
      {
        name: 'another account publishes',
        given: withPolicy({ AWS: FRIEND }),
        ...{ violation: nothing, writes: [], held: /^111122223333 could no longer send/ },
      },
      {
        name: 'an alarm publishes',
        given: alarmed(),
        ...{ violation: nothing, writes: [], held: /^cloudwatch.amazonaws.com could no longer/ },
      },
      {
        name: 'an alarm publishes to a topic with a longer name',
        given: alarmed('-2'),
        ...{ violation: nothing, writes },
      },
      {
        name: 'a service publishes that may use the key',
        given: withKey(withPolicy({ Service: 'events.amazonaws.com' }), 'events.amazonaws.com'),
        params: { ...own, kmsRegion: 'eu-west-1' },
        ...{ violation: nothing, writes, after: { is: 'alias/mine' } },
      },
      {
        name: 'a service publishes that may not use the key',
        given: withKey(withPolicy({ Service: 'events.amazonaws.com' })),
        params: own,
        ...{
          violation: nothing,
          writes: [],
          held: /^events.amazonaws.com could no longer send with the key alias\/mine/,
        },
      },
      {
        name: 'a key of another region',
        given: (account) => given(account, ''),
        params: { ...own, kmsRegion: 'us-east-1' },
        ...{ violation: nothing, writes: [], held: /needs a key in eu-west-1, not in us-east-1/ },
      },
    ],
    compliant: [{ name: 'a key of the account’s own', given: (account) => given(account, 'alias/other') }],
  },
});
