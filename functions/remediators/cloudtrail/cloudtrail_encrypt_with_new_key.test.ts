import { CloudTrailClient, DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import { CreateAliasCommand, CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { type Account, testBot } from '../../../testing/contract';
import { trail } from './fixtures/trails';
import { bot } from './cloudtrail_encrypt_with_new_key';

const ALIAS = 'alias/selfheal-cloudtrail';
const UPDATE = 'cloudtrail:UpdateTrail';
const violation = 'the log files of the trail are not encrypted with a KMS key';

const given =
  (key?: { readonly named: boolean; readonly disabled?: boolean }, KmsKeyId?: string) =>
  async (account: Account) => {
    const kms = account.client(KMSClient);
    await kms.send(new CreateKeyCommand({ Description: 'somebody’s' }));
    if (key) {
      const Tags = [{ TagKey: 'selfheal', TagValue: 'cloudtrail' }];
      const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Tags }));
      const TargetKeyId = KeyMetadata?.KeyId ?? '';
      if (key.named) await kms.send(new CreateAliasCommand({ AliasName: ALIAS, TargetKeyId }));
      if (key.disabled) await kms.send(new DisableKeyCommand({ KeyId: TargetKeyId }));
    }
    await trail(account, { Name: 'neighbour' });
    return trail(account, { KmsKeyId });
  };

const untouched = async ({ client }: Account) => {
  const { trailList = [] } = await client(CloudTrailClient).send(new DescribeTrailsCommand({}));
  return trailList.filter(({ Name }) => Name === 'neighbour');
};

testBot(bot, {
  violating: [
    {
      name: 'the first trail of a region',
      given: given(),
      violation,
      writes: ['kms:CreateKey', 'kms:EnableKeyRotation', 'kms:CreateAlias', UPDATE],
      after: { has: expect.stringMatching(/:key\//) as string },
      untouched,
    },
    {
      name: 'the next one, which gets the same key',
      given: given({ named: true }),
      violation,
      writes: [UPDATE],
      untouched,
    },
    {
      name: 'the key is disabled',
      given: given({ named: true, disabled: true }),
      violation,
      writes: [],
      held: /is Disabled/,
    },
  ],
  compliant: [{ name: 'a trail that has a key', given: given(undefined, 'arn:aws:kms:theirs') }],
  gone: 'missing',
});
