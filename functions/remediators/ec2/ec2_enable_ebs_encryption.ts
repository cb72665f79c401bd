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

  inspect: async ({ ec2 }) => ({
    is: (await ec2.send(new GetEbsEncryptionByDefaultCommand({}))).EbsEncryptionByDefault ?? false,
  }),
  want: true,
  says: 'new EBS volumes are not encrypted by default',
  write: (on) => ({
    ec2: new (on ? EnableEbsEncryptionByDefaultCommand : DisableEbsEncryptionByDefaultCommand)({}),
  }),
});
