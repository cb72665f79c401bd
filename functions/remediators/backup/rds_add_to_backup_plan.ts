import { BackupClient } from '@aws-sdk/client-backup';
import { BACKUP, inclusionOf, permissionsWith } from './lib/selections';
import { DB_INSTANCE, dbInstance } from '../rds/lib/rds';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'rds_add_to_backup_plan',
  title: 'Let a backup plan include a database instance',
  permissions: permissionsWith('rds:DescribeDBInstances'),
  ...BACKUP,
  ...DB_INSTANCE,
  clients: { ...DB_INSTANCE.clients, backup: BackupClient },

  async inspect({ backup, rds }, context) {
    const found = await dbInstance(rds, context.target.id);
    if (!found) return undefined;
    const tags = Object.fromEntries((found.TagList ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
    return inclusionOf(backup, context, tags);
  },
});
