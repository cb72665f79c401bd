import { BackupClient } from '@aws-sdk/client-backup';
import { DescribeVolumesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { BACKUP, inclusionOf, permissionsWith } from './lib/selections';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'ebs_add_to_backup_plan',
  title: 'Let a backup plan include an EBS volume',
  resource: 'AWS::EC2::Volume',
  permissions: permissionsWith('ec2:DescribeVolumes'),
  ...BACKUP,
  clients: { backup: BackupClient, ec2: EC2Client },
  gone: ['InvalidVolume.NotFound'],

  async inspect({ backup, ec2 }, context) {
    const { Volumes: [found] = [] } = await ec2.send(
      new DescribeVolumesCommand({ VolumeIds: [context.target.id] }),
    );
    if (!found || found.State === 'deleting') return undefined;
    const tags = Object.fromEntries((found.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
    return inclusionOf(backup, context, tags);
  },
});
