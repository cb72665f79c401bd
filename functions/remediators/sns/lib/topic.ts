import { GetTopicAttributesCommand, SNSClient, SetTopicAttributesCommand } from '@aws-sdk/client-sns';

/** What all bots on topics share. */
export const TOPIC = {
  resource: 'AWS::SNS::Topic',
  clients: { sns: SNSClient },
  gone: ['NotFoundException'],
} as const;

/** The attributes of a topic by their names. Reads `sns:GetTopicAttributes`. */
export async function topicAttributes(sns: SNSClient, TopicArn: string): Promise<Record<string, string>> {
  const { Attributes = {} } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
  return Attributes;
}

/** Sets that attribute. */
export function setTopic(TopicArn: string, AttributeName: string, AttributeValue: string | undefined) {
  return { sns: new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue }) };
}
