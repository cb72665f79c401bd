import { KMSClient } from '@aws-sdk/client-kms';
import { GetQueueAttributesCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { QUEUE } from './lib/queue';
import { type Wanted, defineSetting, otherThan } from '../../../shared/bot/setting';
import { KEY_NAME, encryptedWith, obstacleToKey } from '../kms/lib/keys';
import { obstacleToSenders, sendersIn } from '../kms/lib/senders';

/** Encryption with keys of SQS itself, beside the names of keys of KMS. */
const SQS = 'SSE-SQS';

const params = z.object({
  type: z
    .enum(['sqs', 'kms'])
    .optional()
    .describe('sqs: keys of SQS itself (SSE-SQS), the default where no key is named; kms: the key'),
  kmsKeyId: z.string().regex(KEY_NAME).optional().describe('the key for kms, by id, alias or ARN'),
  kmsRegion: z.string().optional().describe("the key's region, which must be the queue's; held otherwise"),
});

export const bot = defineSetting({
  id: 'sqs_enforce_sse',
  title: 'Encrypt an SQS queue',
  attribute: 'encryption',
  severity: 'medium',
  risk: 'disruptive',
  params,
  from: { type: 'finding', kmsKeyId: 'config', kmsRegion: 'finding' },
  words: { order: ['type', 'kmsKeyId', 'kmsRegion'] },
  permissions: {
    read: ['sqs:GetQueueAttributes', 'kms:DescribeKey', 'kms:GetKeyPolicy'],
    write: ['sqs:SetQueueAttributes'],
  },
  ...QUEUE,
  clients: { ...QUEUE.clients, kms: KMSClient },

  async inspect({ sqs, kms }, { target, params: given }): Promise<State> {
    const AttributeNames = ['KmsMasterKeyId', 'SqsManagedSseEnabled', 'Policy'] as const;
    const read = new GetQueueAttributesCommand({ QueueUrl: target.id, AttributeNames: [...AttributeNames] });
    const { Attributes: found = {} } = await sqs.send(read);
    const byItself = found.SqsManagedSseEnabled === 'true' ? SQS : '';
    const is = isKey(found.KmsMasterKeyId ?? '') ? (found.KmsMasterKeyId ?? '') : byItself;
    if (wanted(given).isMetBy(is) || !isByKey(given)) return { is };
    const { kmsKeyId, kmsRegion = target.region } = given;
    if (kmsKeyId === undefined) return { is, unfit: 'kms needs a key: AUTO: sqs_enforce_sse kms <key>' };
    if (kmsRegion !== target.region)
      return { is, unfit: `the queue needs a key in ${target.region}, not in ${kmsRegion}` };
    const senders = sendersIn(found.Policy, target.account, /^(\*|sqs:(\*|s.*))$/i);
    const unfit =
      (await obstacleToKey(kms, kmsKeyId, target.region)) ??
      (await obstacleToSenders(kms, kmsKeyId, senders));
    return unfit === undefined ? { is } : { is, unfit };
  },
  want: wanted,
  says: ({ is }) => `the queue is encrypted with ${is || 'nothing'}: turn on server-side encryption`,
  obstacle: ({ unfit }) => (unfit === undefined ? undefined : { held: unfit }),
  write: (value, { target: { id: QueueUrl } }, { is }) => ({
    sqs: new SetQueueAttributesCommand({
      QueueUrl,
      Attributes: {
        ...((isKey(value) || isKey(is)) && { KmsMasterKeyId: isKey(value) ? value : '' }),
        ...((value === SQS || is === SQS) && { SqsManagedSseEnabled: String(value === SQS) }),
      },
    }),
  }),
});

type Params = z.output<typeof params>;

interface State {
  /** The key, {@link SQS}, or nothing. */
  readonly is: string;
  /** Why the key that is asked for cannot be the queue's. */
  readonly unfit?: string;
}

function isByKey({ type, kmsKeyId }: Params): boolean {
  return (type ?? (kmsKeyId === undefined ? 'sqs' : 'kms')) === 'kms';
}

function isKey(value: string): boolean {
  return value !== '' && value !== SQS;
}

function wanted(given: Params): Wanted<string> {
  const { kmsKeyId = '' } = given;
  const byKey = encryptedWith(kmsKeyId);
  return isByKey(given) ? { ...byKey, isMetBy: (is) => isKey(is) && byKey.isMetBy(is) } : otherThan('', SQS);
}
