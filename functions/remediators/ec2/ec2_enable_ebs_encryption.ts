import {
  DisableEbsEncryptionByDefaultCommand,
  EnableEbsEncryptionByDefaultCommand,
  GetEbsEncryptionByDefaultCommand,
} from '@aws-sdk/client-ec2';
import { EC2_REGION } from './lib/settings';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  ...EC2_REGION,
  id: 'ec2_enable_ebs_encryption',
  title: 'Turn on EBS encryption by default in a region',
  attribute: 'EBS encryption by default',
  severity: 'medium',
  risk: 'disruptive',
  permissions: {
    read: ['ec2:GetEbsEncryptionByDefault'],
    write: ['ec2:EnableEbsEncryptionByDefault'],
    undo: ['ec2:DisableEbsEncryptionByDefault'],
  },
  controls: {
    securityHub: ['EC2.7'],
    cis: { '3.0': ['2.2.1'], '5.0': ['5.1.1'], '6.0': ['6.1.1'], '7.0': ['6.1.1'] },
    config: ['EC2_EBS_ENCRYPTION_BY_DEFAULT'],
    prowler: ['ec2_ebs_default_encryption'],
  },
  docs: {
    why: 'Where encryption is left to whoever makes a volume, the next unencrypted one is a matter of time.',
    effect: [
      'New volumes and copies of snapshots in this region are encrypted with the default key that EBS has there; what exists stays as it is.',
      'What may stop working: sharing new snapshots and AMIs with other accounts while AWS manages that key; launches by roles that may not use it where it is your own; instance types of old generations.',
      'Undo turns it off; what was encrypted meanwhile stays encrypted.',
    ],
    references: ['https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html'],
  },

  inspect: async ({ ec2 }) => ({
    is: (await ec2.send(new GetEbsEncryptionByDefaultCommand({}))).EbsEncryptionByDefault ?? false,
  }),
  want: true,
  says: 'new EBS volumes are not encrypted by default',
  write: (on) => ({
    ec2: new (on ? EnableEbsEncryptionByDefaultCommand : DisableEbsEncryptionByDefaultCommand)({}),
  }),
});
