import {
  CreateKeyCommand,
  DisableKeyCommand,
  GetKeyPolicyCommand,
  KMSClient,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './kms_cmk_enable_key';

type Change = (kms: KMSClient, KeyId: string) => Promise<unknown>;
const disable: Change = (kms, KeyId) => kms.send(new DisableKeyCommand({ KeyId }));
const schedule: Change = (kms, KeyId) =>
  kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 12 }));

const key =
  (change?: Change) =>
  async ({ client }: Account) => {
    const kms = client(KMSClient);
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const KeyId = KeyMetadata?.KeyId ?? '';
    await change?.(kms, KeyId);
    return KeyId;
  };
const aws = (state: object) => (account: Account) => {
  // moto makes no keys of AWS, and none that wait for their material.
  account.script({ DescribeKey: () => ({ KeyMetadata: { KeyId: 'k', ...state } }) });
  return Promise.resolve('k');
};
const untouched = ({ client }: Account, KeyId: string) =>
  client(KMSClient)
    .send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }))
    .then(({ Policy }) => Policy);

testBot(bot, {
  violating: [
    {
      name: 'scheduled for deletion',
      given: key(schedule),
      violation: 'KMS is to delete the key in 12 days',
      writes: ['kms:CancelKeyDeletion', 'kms:EnableKey'],
      after: { state: 'Enabled' },
    },
    {
      name: 'disabled',
      given: key(disable),
      violation: 'the key is disabled',
      writes: ['kms:EnableKey'],
      after: { state: 'Enabled' },
      untouched,
    },
  ],
  compliant: [
    { name: 'enabled', given: key() },
    { name: 'a key of AWS', given: aws({ KeyManager: 'AWS', KeyState: 'PendingDeletion' }) },
    { name: 'without material', given: aws({ KeyManager: 'CUSTOMER', KeyState: 'PendingImport' }) },
  ],
  gone: '00000000-0000-0000-0000-000000000000',
});

test.each([
  [1, 7],
  [12, 12],
  [40, 30],
])('with %i days left, undo schedules the deletion in %i', (daysLeft, PendingWindowInDays) => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'k' };
  const before = { state: 'PendingDeletion', daysLeft };
  expect(bot.undo(before, { target, params: {}, now: { state: 'Enabled' } })).toEqual([
    { kms: expect.objectContaining({ input: { KeyId: 'k', PendingWindowInDays } }) },
  ]);
});
