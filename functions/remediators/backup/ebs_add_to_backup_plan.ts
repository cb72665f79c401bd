import { BackupClient } from '@aws-sdk/client-backup';
import { DescribeVolumesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { BACKUP, EFFECT, inclusionOf, permissionsWith } from './lib/selections';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'ebs_add_to_backup_plan',
  title: 'Let a backup plan include an EBS volume',
  resource: 'AWS::EC2::Volume',
  permissions: permissionsWith('ec2:DescribeVolumes'),
  controls: {
    securityHub: ['EC2.28'],
    config: ['EBS_IN_BACKUP_PLAN'],
    prowler: ['ec2_ebs_volume_protected_by_backup_plan'],
  },
  docs: {
    why: 'What no plan backs up is backed up when somebody thinks of it.',
    effect: EFFECT,
    references: ['https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html'],
  },
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
