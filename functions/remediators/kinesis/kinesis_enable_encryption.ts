import {
  DescribeStreamSummaryCommand,
  KinesisClient,
  StartStreamEncryptionCommand,
  StopStreamEncryptionCommand,
} from '@aws-sdk/client-kinesis';
import { KMSClient } from '@aws-sdk/client-kms';
import * as z from 'zod';
import { defineSetting } from '../../../shared/bot/setting';
import { KEY_NAME, encryptedWith, obstacleToKey } from '../kms/lib/keys';

export const bot = defineSetting({
  id: 'kinesis_enable_encryption',
  title: 'Encrypt a Kinesis data stream',
  attribute: 'KMS key',
  resource: 'AWS::Kinesis::Stream',
  severity: 'medium',
  risk: 'disruptive',
  params: z.object({
    kmsKeyId: z
      .string()
      .regex(KEY_NAME)
      .default('alias/aws/kinesis')
      .describe('the key, by id, alias or ARN'),
  }),
  from: { kmsKeyId: 'config' },
  words: { order: ['kmsKeyId'] },
  permissions: {
    read: ['kinesis:DescribeStreamSummary', 'kms:DescribeKey'],
    write: ['kinesis:StartStreamEncryption'],
    undo: ['kinesis:StopStreamEncryption', 'kinesis:StartStreamEncryption'],
  },
  clients: { kinesis: KinesisClient, kms: KMSClient },
  gone: ['ResourceNotFoundException'],

  async inspect({ kinesis, kms }, { target: { id, region }, params: { kmsKeyId } }): Promise<State> {
    const read = new DescribeStreamSummaryCommand({ StreamName: id });
    const { StreamDescriptionSummary: stream } = await kinesis.send(read);
    const is = stream?.EncryptionType === 'KMS' ? (stream.KeyId ?? '') : '';
    const state = { is, status: stream?.StreamStatus ?? '' };
    if (encryptedWith(kmsKeyId).isMetBy(is)) return state;
    const unfit = await obstacleToKey(kms, kmsKeyId, region);
    return unfit === undefined ? state : { ...state, unfit };
  },
  want: ({ kmsKeyId }) => encryptedWith(kmsKeyId),
  says: ({ is }) => `the stream is encrypted with ${is || 'nothing'}: give it a key`,
  obstacle({ status, unfit }) {
    if (unfit !== undefined) return { held: unfit };
    return status === 'ACTIVE' ? undefined : { waiting: `the stream is ${status}` };
  },
  write: (key, { target: { id } }, { is }) => ({
    kinesis: key
      ? new StartStreamEncryptionCommand({ StreamName: id, EncryptionType: 'KMS', KeyId: key })
      : new StopStreamEncryptionCommand({ StreamName: id, EncryptionType: 'KMS', KeyId: is }),
  }),
});

interface State {
  readonly is: string;
  readonly status: string;
  /** Why the key that is asked for cannot be the stream's. */
  readonly unfit?: string;
}
