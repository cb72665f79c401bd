import { CloudTrailClient, DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import { CreateAliasCommand, CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { type Account, testBot } from '../../../testing/contract';
import { trail } from './fixtures/trails';
import { bot } from './cloudtrail_encrypt_log_files_using_existing_key';

const allow = (Principal: object, Action: string) => ({ Effect: 'Allow', Principal, Action, Resource: '*' });

/** A trail, and beside it a key with that statement. */
const given =
  (statement: object, { disabled = false, has = '' } = {}) =>
  async (account: Account) => {
    const kms = account.client(KMSClient);
    const root = allow({ AWS: `arn:aws:iam::${account.account}:root` }, 'kms:*');
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [root, statement] });
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Policy }));
    const TargetKeyId = KeyMetadata?.KeyId ?? '';
    await kms.send(new CreateAliasCommand({ AliasName: 'alias/trails', TargetKeyId }));
    if (disabled) await kms.send(new DisableKeyCommand({ KeyId: TargetKeyId }));
    await trail(account, { Name: 'neighbour' });
    return trail(account, has ? { KmsKeyId: has } : {});
  };

const cloudTrail = allow({ Service: 'cloudtrail.amazonaws.com' }, 'kms:GenerateDataKey*');
const params = { key: 'alias/trails' };
const violation = 'the log files of the trail are not encrypted with a KMS key';
const held = { violation, writes: [] };

testBot(bot, {
  violating: [
    {
      name: 'a key that lets CloudTrail in, by its alias',
      given: given(cloudTrail),
      params,
      violation,
      writes: ['cloudtrail:UpdateTrail'],
      after: { is: expect.stringMatching(/^arn:aws:kms:eu-west-1:\d+:key\//) as string },
      untouched: async ({ client }, id) => {
        const { trailList = [] } = await client(CloudTrailClient).send(new DescribeTrailsCommand({}));
        return trailList.map(({ KmsKeyId, ...one }) => (one.Name === id ? one : { ...one, KmsKeyId }));
      },
    },
    { name: 'no key in config.ts', given: given(cloudTrail), held: /names no key/, ...held },
    {
      name: 'no such key',
      given: given(cloudTrail),
      params: { key: 'alias/missing' },
      held: /no key alias\/missing/,
      ...held,
    },
    {
      name: 'a key that is disabled',
      given: given(cloudTrail, { disabled: true }),
      params,
      held: /is Disabled/,
      ...held,
    },
    {
      name: 'a key for another service',
      given: given(allow({ Service: 'sns.amazonaws.com' }, 'kms:*')),
      params,
      held: /does not let cloudtrail\.amazonaws\.com/,
      ...held,
    },
  ],
  compliant: [{ name: 'has another key', given: given(cloudTrail, { has: 'arn:aws:kms:x' }), params }],
  gone: 'missing',
});
