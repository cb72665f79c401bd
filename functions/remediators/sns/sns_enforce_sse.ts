import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { KMSClient } from '@aws-sdk/client-kms';
import { GetTopicAttributesCommand, SetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import * as z from 'zod';
import { defineSetting } from '../../../shared/bot/setting';
import { KEY_NAME, encryptedWith, obstacleToKey } from '../kms/lib/keys';
import { obstacleToSenders, sendersIn } from '../kms/lib/senders';
import { isToldByAlarms } from './lib/alarms';

export const bot = defineSetting({
  id: 'sns_enforce_sse',
  title: 'Encrypt an SNS topic',
  resource: 'AWS::SNS::Topic',
  severity: 'medium',
  risk: 'disruptive',
  params: z.object({
    kmsKeyId: z.string().regex(KEY_NAME).default('alias/aws/sns').describe('the key, by id, alias or ARN'),
    kmsRegion: z.string().optional().describe("the key's region, which must be the topic's; held otherwise"),
  }),
  from: { kmsKeyId: 'config', kmsRegion: 'finding' },
  words: { order: ['kmsKeyId', 'kmsRegion'] },
  permissions: {
    read: ['sns:GetTopicAttributes', 'cloudwatch:DescribeAlarms', 'kms:DescribeKey', 'kms:GetKeyPolicy'],
    write: ['sns:SetTopicAttributes'],
  },
  clients: { sns: SNSClient, cloudwatch: CloudWatchClient, kms: KMSClient },
  gone: ['NotFoundException'],

  async inspect({ sns, cloudwatch, kms }, { target, params: { kmsKeyId, kmsRegion } }): Promise<State> {
    const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn: target.id }));
    const is = Attributes?.KmsMasterKeyId ?? '';
    if (encryptedWith(kmsKeyId).isMetBy(is)) return { is };
    if (kmsRegion !== undefined && kmsRegion !== target.region)
      return { is, unfit: `the topic needs a key in ${target.region}, not in ${kmsRegion}` };
    const unfit = await obstacleToKey(kms, kmsKeyId, target.region);
    if (unfit !== undefined) return { is, unfit };
    const named = sendersIn(Attributes?.Policy, target.account, /^(\*|sns:(\*|p.*))$/i);
    const alarms = (await isToldByAlarms(cloudwatch, target.id)) ? ['cloudwatch.amazonaws.com'] : [];
    const lost = await obstacleToSenders(kms, kmsKeyId, [...named, ...alarms]);
    return lost === undefined ? { is } : { is, unfit: lost };
  },
  want: ({ kmsKeyId }) => encryptedWith(kmsKeyId),
  says: ({ is }) => `the topic is encrypted with ${is || 'nothing'}: give it a key`,
  obstacle: ({ unfit }) => (unfit === undefined ? undefined : { held: unfit }),
  write: (AttributeValue, { target: { id: TopicArn } }) => ({
    sns: new SetTopicAttributesCommand({ TopicArn, AttributeName: 'KmsMasterKeyId', AttributeValue }),
  }),
});

interface State {
  readonly is: string;
  /** Why the key that is asked for cannot be the topic's. */
  readonly unfit?: string;
}
