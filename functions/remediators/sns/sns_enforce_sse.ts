import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { KMSClient } from '@aws-sdk/client-kms';
import * as z from 'zod';
import { defineSetting } from '../../../shared/bot/setting';
import { KEY_NAME, encryptedWith, obstacleToKey } from '../kms/lib/keys';
import { obstacleToSenders, sendersIn } from '../kms/lib/senders';
import { isToldByAlarms } from './lib/alarms';
import { TOPIC, setTopic, topicAttributes } from './lib/topic';

export const bot = defineSetting({
  id: 'sns_enforce_sse',
  title: 'Encrypt an SNS topic',
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
  ...TOPIC,
  clients: { ...TOPIC.clients, cloudwatch: CloudWatchClient, kms: KMSClient },

  async inspect({ sns, cloudwatch, kms }, { target, params: { kmsKeyId, kmsRegion } }) {
    const { KmsMasterKeyId: is = '', Policy } = await topicAttributes(sns, target.id);
    if (encryptedWith(kmsKeyId).isMetBy(is)) return { is, unfit: undefined };
    if (kmsRegion !== undefined && kmsRegion !== target.region)
      return { is, unfit: `the topic needs a key in ${target.region}, not in ${kmsRegion}` };
    const unfit = await obstacleToKey(kms, kmsKeyId, target.region);
    if (unfit !== undefined) return { is, unfit };
    const named = sendersIn(Policy, target.account, /^(\*|sns:(\*|p.*))$/i);
    const alarms = (await isToldByAlarms(cloudwatch, target.id)) ? ['cloudwatch.amazonaws.com'] : [];
    return { is, unfit: await obstacleToSenders(kms, kmsKeyId, [...named, ...alarms]) };
  },
  want: ({ kmsKeyId }) => encryptedWith(kmsKeyId),
  says: ({ is }) => `the topic is encrypted with ${is || 'nothing'}: give it a key`,
  obstacle: ({ unfit }) => (unfit === undefined ? undefined : { held: unfit }),
  write: (key, { target: { id } }) => setTopic(id, 'KmsMasterKeyId', key),
});
