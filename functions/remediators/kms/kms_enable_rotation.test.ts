import {
  CreateKeyCommand,
  EnableKeyRotationCommand,
  KMSClient,
  ReplicateKeyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './kms_enable_rotation';

const key =
  (input: ConstructorParameters<typeof CreateKeyCommand>[0] = {}) =>
  async ({ client }: Account) => {
    const { KeyMetadata } = await client(KMSClient).send(new CreateKeyCommand(input));
    return KeyMetadata?.KeyId ?? '';
  };

testBot(bot, {
  violating: [
    {
      name: 'a symmetric key that does not rotate',
      given: key(),
      violation: 'the key does not rotate',
      writes: ['kms:EnableKeyRotation'],
      after: { is: true },
    },
    {
      name: 'a multi-Region primary key',
      given: key({ MultiRegion: true }),
      violation: 'the key does not rotate',
      writes: ['kms:EnableKeyRotation'],
    },
    {
      name: 'a replica, which rotates with its primary key only',
      given: async (account) => {
        const kms = account.client(KMSClient, 'us-east-1');
        const { KeyMetadata } = await kms.send(new CreateKeyCommand({ MultiRegion: true }));
        const KeyId = KeyMetadata?.KeyId ?? '';
        await kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: account.region }));
        return KeyId;
      },
      violation: 'the key does not rotate',
      writes: [],
      held: /replica: turn on rotation of its primary key in us-east-1/,
    },
  ],
  compliant: [
    {
      name: 'rotates already, on a period of its own',
      given: async (account) => {
        const KeyId = await key()(account);
        await account
          .client(KMSClient)
          .send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 180 }));
        return KeyId;
      },
    },
    { name: 'asymmetric keys cannot rotate', given: key({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }) },
    { name: 'imported material cannot rotate', given: key({ Origin: 'EXTERNAL' }) },
    {
      name: 'pending deletion',
      given: async (account) => {
        const KeyId = await key()(account);
        await account.client(KMSClient).send(new ScheduleKeyDeletionCommand({ KeyId }));
        return KeyId;
      },
    },
  ],
  gone: '00000000-0000-0000-0000-000000000000',
});
