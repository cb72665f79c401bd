import { randomUUID } from 'node:crypto';
import { CreateAliasCommand, CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { Account } from '../../../testing/contract';
import { testSetting } from '../../../testing/setting';
import { keyWithAlias } from '../kms/fixtures/key';
import { bot } from './secretsmanager_enable_encryption';

const given = async (account: Account, KmsKeyId: string) => {
  const kms = account.client(KMSClient);
  await keyWithAlias(account);
  const off = await kms.send(new CreateKeyCommand({}));
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/off', TargetKeyId: off.KeyMetadata?.KeyId }));
  await kms.send(new DisableKeyCommand({ KeyId: off.KeyMetadata?.KeyId }));
  const create = (extra: object) =>
    account
      .client(SecretsManagerClient)
      .send(
        new CreateSecretCommand({ Name: randomUUID(), SecretString: 'kept', Description: 'kept', ...extra }),
      );
  await create({});
  const { ARN = '' } = await create(KmsKeyId ? { KmsKeyId } : {});
  return ARN;
};
const params = { kmsKeyId: 'alias/mine' };
const violation = 'the secret is encrypted with the key of AWS: give it one of yours';
const held = (reason: RegExp, kmsKeyId: string) => ({
  name: `the key is ${kmsKeyId}`,
  given: (account: Account) => given(account, ''),
  params: { kmsKeyId },
  ...{ violation, writes: [], held: reason },
});

/** moto has no secrets of services. */
const owned = (secret: object) => (account: Account) => {
  account.script({ DescribeSecret: () => ({ ARN: ID, ...secret }) });
  return Promise.resolve(ID);
};
const ID = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:gone-AbCdEf';

testSetting(bot, {
  given,
  wrong: '',
  right: 'alias/mine',
  params,
  violation,
  writes: ['secretsmanager:UpdateSecret'],
  untouched: async ({ client }, SecretId) => {
    const { SecretString, VersionId } = await client(SecretsManagerClient).send(
      new GetSecretValueCommand({ SecretId }),
    );
    const { SecretList = [] } = await client(SecretsManagerClient).send(new ListSecretsCommand({}));
    const others = SecretList.filter(({ ARN }) => ARN !== SecretId);
    return [SecretString, VersionId, others.map(({ KmsKeyId, Description }) => [KmsKeyId, Description])];
  },
  gone: ID,
  more: {
    violating: [
      held(/^there is no key alias\/none/, 'alias/none'),
      held(/is Disabled/, 'alias/off'),
      held(/^name a key of yours/, 'alias/aws/secretsmanager'),
      held(
        /is not in eu-west-1/,
        'arn:aws:kms:us-east-1:111122223333:key/0d990263-018e-4e65-a703-eff731de951e',
      ),
      {
        name: 'no key is named',
        given: (account) => given(account, ''),
        ...{ params: {}, violation, writes: [], held: /^name a key/ },
      },
      {
        name: 'a secret of RDS',
        given: owned({ OwningService: 'rds' }),
        ...{ params, violation, writes: [], held: /^the secret belongs to rds/ },
      },
      {
        name: 'a replica',
        given: owned({ PrimaryRegion: 'us-east-1' }),
        ...{ params, violation, writes: [], held: /^the secret is a replica/ },
      },
    ],
    compliant: [
      { name: 'another key of the account’s own', given: (account) => given(account, 'alias/other'), params },
      {
        name: 'waits for its deletion',
        given: async (account) => {
          const SecretId = await given(account, '');
          await account.client(SecretsManagerClient).send(new DeleteSecretCommand({ SecretId }));
          return SecretId;
        },
        params,
      },
    ],
  },
});
