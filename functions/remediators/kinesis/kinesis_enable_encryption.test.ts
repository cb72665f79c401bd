import { randomUUID } from 'node:crypto';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  StartStreamEncryptionCommand,
} from '@aws-sdk/client-kinesis';
import type { Account } from '../../../testing/contract';
import { testSetting } from '../../../testing/setting';
import { keyWithAlias } from '../kms/fixtures/key';
import { bot } from './kinesis_enable_encryption';

const given = async ({ client }: Account, KeyId: string) => {
  const kinesis = client(KinesisClient);
  const StreamName = randomUUID();
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  if (KeyId)
    await kinesis.send(new StartStreamEncryptionCommand({ StreamName, EncryptionType: 'KMS', KeyId }));
  return StreamName;
};
const own = { kmsKeyId: 'alias/mine' };

testSetting(bot, {
  given,
  wrong: '',
  right: 'alias/aws/kinesis',
  violation: 'the stream is encrypted with nothing: give it a key',
  writes: ['kinesis:StartStreamEncryption'],
  untouched: async ({ client }, StreamName) => {
    const { StreamDescriptionSummary } = await client(KinesisClient).send(
      new DescribeStreamSummaryCommand({ StreamName }),
    );
    return [StreamDescriptionSummary?.OpenShardCount, StreamDescriptionSummary?.RetentionPeriodHours];
  },
  gone: 'gone',
  more: {
    violating: [
      {
        name: 'the key of AWS, where one of the account is asked for',
        given: async (account) => {
          await keyWithAlias(account);
          return given(account, 'alias/aws/kinesis');
        },
        params: own,
        violation: 'with alias/aws/kinesis',
        writes: ['kinesis:StartStreamEncryption'],
        after: { is: 'alias/mine' },
      },
      {
        name: 'the key cannot encrypt',
        given: async (account) => {
          await keyWithAlias(account, { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' });
          return given(account, '');
        },
        params: own,
        violation: 'nothing',
        writes: [],
        held: /is Enabled and RSA_2048: it must be/,
      },
    ],
    compliant: [{ name: 'a key of the account’s own', given: (account) => given(account, 'alias/mine') }],
  },
});

test('a stream that changes is waited for', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 's' };
  const params = bot.params.parse({});
  expect(bot.plan({ is: '', status: 'UPDATING' }, { target, params })).toEqual({
    waiting: 'the stream is UPDATING',
  });
});
