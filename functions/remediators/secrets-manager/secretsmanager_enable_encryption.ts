import { KMSClient } from '@aws-sdk/client-kms';
import {
  DescribeSecretCommand,
  SecretsManagerClient,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { defineSetting } from '../../../shared/bot/setting';
import { KEY_NAME, encryptedWith, isAwsKey, obstacleToKey } from '../kms/lib/keys';

export const bot = defineSetting({
  id: 'secretsmanager_enable_encryption',
  title: 'Encrypt a secret with a KMS key of your own',
  resource: 'AWS::SecretsManager::Secret',
  severity: 'medium',
  risk: 'disruptive',
  params: z.object({
    kmsKeyId: z.string().regex(KEY_NAME).optional().describe('the key, by id, alias or ARN; held without'),
  }),
  from: { kmsKeyId: 'config' },
  words: { order: ['kmsKeyId'] },
  permissions: {
    read: ['secretsmanager:DescribeSecret', 'kms:DescribeKey'],
    write: ['secretsmanager:UpdateSecret', 'kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'],
  },
  clients: { secretsmanager: SecretsManagerClient, kms: KMSClient },
  gone: ['ResourceNotFoundException'],

  async inspect(
    { secretsmanager, kms },
    { target: { id: SecretId, region }, params: { kmsKeyId = '' } },
  ): Promise<State> {
    const secret = await secretsmanager.send(new DescribeSecretCommand({ SecretId }));
    const { KmsKeyId: key = '', OwningService: owner, PrimaryRegion: primary, DeletedDate } = secret;
    const is = isAwsKey(key) ? '' : key;
    if (DeletedDate) return { is, isDeleted: true };
    if (encryptedWith(OWN).isMetBy(is)) return { is };
    if (owner !== undefined) return { is, unfit: `the secret belongs to ${owner}: change it there` };
    if (primary !== undefined && primary !== region)
      return { is, unfit: `the secret is a replica, whose key is set by that in ${primary}` };
    if (kmsKeyId === '' || isAwsKey(kmsKeyId))
      return { is, unfit: 'name a key of yours: AUTO: secretsmanager_enable_encryption <key>' };
    const unfit = await obstacleToKey(kms, kmsKeyId, region);
    return { is, ...(unfit !== undefined && { unfit }) };
  },
  want: ({ kmsKeyId }) => encryptedWith(kmsKeyId ?? OWN),
  says: 'the secret is encrypted with the key of AWS: give it one of yours',
  obstacle({ isDeleted, unfit }) {
    if (isDeleted) return { notApplicable: 'the secret waits for its deletion' };
    return unfit === undefined ? undefined : { held: unfit };
  },
  write: (key, { target: { id } }) => ({
    secretsmanager: new UpdateSecretCommand({
      SecretId: id,
      KmsKeyId: key === '' ? 'alias/aws/secretsmanager' : key,
    }),
  }),
});

/** Some key of the account's own. */
const OWN = 'a key of yours';

interface State {
  /** The key; none is named where it is that of AWS. */
  readonly is: string;
  readonly isDeleted?: boolean;
  readonly unfit?: string;
}
