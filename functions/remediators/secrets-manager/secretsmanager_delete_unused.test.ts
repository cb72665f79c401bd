import {
  CreateSecretCommand,
  DeleteSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './secretsmanager_delete_unused';

const ago = (days: number) => new Date(Date.now() - days * 86_400_000);
const create = async ({ client }: Account, Name: string) =>
  (await client(SecretsManagerClient).send(new CreateSecretCommand({ Name, SecretString: 'kept' }))).ARN ??
  '';

/** A secret as Secrets Manager describes it: moto makes every secret now, and keeps no date of access. */
const secret = (description: object) => async (account: Account) => {
  const id = await create(account, 'db');
  await create(account, 'other');
  let DeletedDate: Date | undefined;
  account.script({
    DescribeSecret: () => ({ ARN: id, ...description, ...(DeletedDate && { DeletedDate }) }),
    DeleteSecret: ({ SecretId, RecoveryWindowInDays: days }) => {
      if (SecretId !== id || typeof days !== 'number') throw new Error('not asked for');
      DeletedDate = new Date();
      return {};
    },
    RestoreSecret: () => {
      DeletedDate = undefined;
      return {};
    },
  });
  return id;
};
const old = { CreatedDate: ago(400), LastChangedDate: ago(300) };
const writes = ['secretsmanager:DeleteSecret'];

testBot(bot, {
  violating: [
    {
      name: 'read long ago',
      given: secret({ ...old, LastAccessedDate: ago(91) }),
      violation: 'nobody has read or changed the secret for 91 days',
      writes,
      after: { deleted: true },
    },
    {
      name: 'never read, and fewer days asked for',
      given: secret({ CreatedDate: ago(60) }),
      params: { days: 60, recoveryDays: 7 },
      violation: 'nobody has read or changed the secret for 60 days',
      writes,
    },
    ...(
      [
        ['a secret of a service', { OwningService: 'rds' }, /belongs to rds/],
        ['a replica', { PrimaryRegion: 'us-east-1' }, /replica of the one in us-east-1/],
        ['a secret with replicas', { ReplicationStatus: [{ Region: 'us-east-1' }] }, /replicas in us-east-1/],
      ] as const
    ).map(([name, more, held]) => ({
      ...{ name, given: secret({ ...old, ...more }), held, writes: [] },
      violation: 'nobody has read or changed the secret for 300 days',
    })),
  ],
  compliant: [
    { name: 'read lately', given: secret({ ...old, LastAccessedDate: ago(89) }) },
    { name: 'changed lately', given: secret({ CreatedDate: ago(400), LastChangedDate: ago(1) }) },
    {
      name: 'made today, on AWS as it is',
      given: async (account) => create(account, 'db'),
      params: { days: 1 },
    },
    {
      name: 'deleted already, on AWS as it is',
      given: async (account) => {
        const SecretId = await create(account, 'db');
        await account.client(SecretsManagerClient).send(new DeleteSecretCommand({ SecretId }));
        return SecretId;
      },
    },
  ],
  gone: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:gone-AbCdEf',
});
