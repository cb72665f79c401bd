import {
  DescribeKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyRotationCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
} from '@aws-sdk/client-kms';
import * as z from 'zod';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'kms_enable_rotation',
  title: 'Turn on automatic rotation of a KMS key',
  attribute: 'automatic rotation',
  resource: 'AWS::KMS::Key',
  severity: 'medium',
  risk: 'safe',
  recheck: 'daily',
  params: z.object({
    periodDays: z.int().min(90).max(2560).default(365).describe('days; a key that rotates keeps its own'),
  }),
  from: { periodDays: 'finding' },
  words: { order: ['periodDays'] },
  permissions: {
    read: ['kms:DescribeKey', 'kms:GetKeyRotationStatus'],
    write: ['kms:EnableKeyRotation'],
    undo: ['kms:DisableKeyRotation'],
  },
  controls: {
    securityHub: ['KMS.4'],
    cis: { '3.0': ['3.6'], '5.0': ['3.6'], '6.0': ['4.6'], '7.0': ['4.6'] },
    conformity: ['KMS-002'],
    config: ['CMK_BACKING_KEY_ROTATION_ENABLED'],
    prowler: ['kms_cmk_rotation_enabled'],
  },
  docs: {
    why: 'A key that never rotates protects everything written since it was made with the same material.',
    effect: [
      'KMS makes new key material on the period and keeps the old for decryption: nothing has to be encrypted again.',
      'A key that already rotates keeps its own period, and keys that cannot (AWS-managed, asymmetric, HMAC, imported, custom key store, not enabled) are left alone.',
      'A replica of a multi-Region key rotates with its primary key only: the bot holds, and says where that is.',
    ],
    references: ['https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html'],
  },
  clients: { kms: KMSClient },
  gone: ['NotFoundException'],

  async inspect({ kms }, { target: { id: KeyId } }) {
    const { KeyMetadata: key } = await kms.send(new DescribeKeyCommand({ KeyId }));
    if (!key) return undefined;
    const own = key.KeyManager === 'CUSTOMER' && key.Origin === 'AWS_KMS' && !key.CustomKeyStoreId;
    const rotatable = own && key.KeySpec === 'SYMMETRIC_DEFAULT' && key.KeyState === 'Enabled';
    if (!rotatable) return { is: false, rotatable, primary: null };
    const { KeyRotationEnabled = false } = await kms.send(new GetKeyRotationStatusCommand({ KeyId }));
    const { MultiRegionKeyType: kind, PrimaryKey } = key.MultiRegionConfiguration ?? {};
    const primary = kind === 'REPLICA' ? (PrimaryKey?.Region ?? 'another region') : null;
    return { is: KeyRotationEnabled, rotatable, primary };
  },
  want: true,
  says: 'the key does not rotate: turn on automatic rotation',
  obstacle({ rotatable, primary }) {
    if (!rotatable) return { notApplicable: 'KMS cannot rotate such a key' };
    if (primary === null) return undefined;
    return { held: `the key is a replica: turn on rotation of its primary key in ${primary}` };
  },
  write: (on, { target: { id: KeyId }, params: { periodDays } }) => ({
    kms: on
      ? new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: periodDays })
      : new DisableKeyRotationCommand({ KeyId }),
  }),
});
