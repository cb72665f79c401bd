import { randomUUID } from 'node:crypto';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateTopicCommand,
  GetTopicAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './sns_enable_delivery_logging';

const MINE = 'arn:aws:iam::123456789012:role/mine';
const topic =
  (set: Record<string, string> = {}) =>
  async ({ client }: Account) => {
    const sns = client(SNSClient);
    const Attributes = { DisplayName: 'kept' };
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: randomUUID(), Attributes }));
    for (const [AttributeName, AttributeValue] of Object.entries(set))
      await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue }));
    return TopicArn;
  };
/** Of what is set for one protocol nothing changes. */
const untouched = async ({ client }: Account, TopicArn: string) => {
  const { Attributes = {} } = await client(SNSClient).send(new GetTopicAttributesCommand({ TopicArn }));
  const { DisplayName, Policy, FirehoseSuccessFeedbackRoleArn, FirehoseFailureFeedbackRoleArn } = Attributes;
  return [DisplayName, Policy, FirehoseSuccessFeedbackRoleArn, FirehoseFailureFeedbackRoleArn];
};
const set = 'sns:SetTopicAttributes';
const made = expect.stringMatching(/^arn:aws:iam::\d+:role\/selfheal-sns-delivery-logs$/) as string;
const firehose = { FirehoseSuccessFeedbackRoleArn: MINE, FirehoseFailureFeedbackRoleArn: MINE };

testBot(bot, {
  violating: [
    {
      name: 'two protocols, of which one is logged by another role',
      given: topic({ ...firehose, FirehoseSuccessFeedbackSampleRate: '7' }),
      params: { protocols: ['firehose', 'sqs'], sampleRate: 50 },
      violation: 'deliveries by sqs are not logged',
      writes: ['iam:CreateRole', 'iam:PutRolePolicy', set, set, set],
      after: {
        set: {
          ...firehose,
          FirehoseSuccessFeedbackSampleRate: '7',
          SQSSuccessFeedbackSampleRate: '50',
          SQSSuccessFeedbackRoleArn: made,
          SQSFailureFeedbackRoleArn: made,
        },
      },
      untouched,
    },
    {
      name: 'failures alone are logged',
      given: topic({ LambdaFailureFeedbackRoleArn: MINE }),
      params: { protocols: ['lambda'] },
      violation: 'deliveries by lambda are not logged',
      writes: ['iam:CreateRole', 'iam:PutRolePolicy', set, set],
      after: { set: { LambdaFailureFeedbackRoleArn: MINE, LambdaSuccessFeedbackRoleArn: made } },
      untouched,
    },
    {
      name: 'a role of that name is somebody else’s',
      given: async (account) => {
        const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [] });
        const RoleName = 'selfheal-sns-delivery-logs';
        await account.client(IAMClient).send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
        return topic()(account);
      },
      violation: 'deliveries by application, firehose, http, lambda, sqs are not logged',
      writes: [],
      held: /has not the permissions boundary/,
    },
  ],
  compliant: [
    { name: 'logged by another role', given: topic(firehose), params: { protocols: ['firehose'] } },
  ],
  gone: 'arn:aws:sns:eu-west-1:111122223333:gone',
});
