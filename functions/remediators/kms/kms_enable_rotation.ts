import {
  DescribeKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyRotationCommand,
  GetKeyRotationStatusCommand,
} from '@aws-sdk/client-kms';
import * as z from 'zod';
import { KEY } from './lib/keys';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  ...KEY,
  id: 'kms_enable_rotation',
  title: 'Turn on automatic rotation of a KMS key',
  attribute: 'automatic rotation',
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
