import { KMSClient } from '@aws-sdk/client-kms';
import { UpdateSecretCommand } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { SECRET, readSecret } from './lib/secrets';
import { defineSetting } from '../../../shared/bot/setting';
import { KEY_NAME, encryptedWith, isAwsKey, obstacleToKey } from '../kms/lib/keys';

export const bot = defineSetting({
  id: 'secretsmanager_enable_encryption',
  title: 'Encrypt a secret with a KMS key of your own',
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
  ...SECRET,
  clients: { ...SECRET.clients, kms: KMSClient },

  async inspect({ secretsmanager, kms }, { target, params: { kmsKeyId = '' } }) {
    const { secret, place } = await readSecret(secretsmanager, target);
    const { KmsKeyId: key = '', OwningService: owner } = secret;
    // None is named where it is that of AWS.
    const state = { is: isAwsKey(key) ? '' : key, isDeleted: place.isDeleted };
    if (state.isDeleted || encryptedWith(OWN).isMetBy(state.is)) return { ...state, unfit: undefined };
    if (owner !== undefined) return { ...state, unfit: `the secret belongs to ${owner}: change it there` };
    if (place.primary !== undefined)
      return { ...state, unfit: `the secret is a replica, whose key is set by that in ${place.primary}` };
    if (kmsKeyId === '' || isAwsKey(kmsKeyId))
      return { ...state, unfit: 'name a key of yours: AUTO: secretsmanager_enable_encryption <key>' };
    return { ...state, unfit: await obstacleToKey(kms, kmsKeyId, target.region) };
  },
  want: ({ kmsKeyId }) => encryptedWith(kmsKeyId ?? OWN),
  says: 'the secret is encrypted with the key of AWS: give it one of yours',
  obstacle({ isDeleted, unfit }) {
    if (isDeleted) return { notApplicable: 'the secret waits for its deletion' };
    return unfit === undefined ? undefined : { held: unfit };
  },
  write: (key, { target: { id: SecretId } }) => ({
    secretsmanager: new UpdateSecretCommand({ SecretId, KmsKeyId: key || 'alias/aws/secretsmanager' }),
  }),
});

/** Some key of the account's own. */
const OWN = 'a key of yours';
