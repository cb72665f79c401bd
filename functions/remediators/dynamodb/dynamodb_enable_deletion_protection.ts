import { UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { TABLE, notReady, tableNow } from './lib/tables';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'dynamodb_enable_deletion_protection',
  title: 'Protect a DynamoDB table from deletion',
  severity: 'medium',
  risk: 'safe',
  permissions: { read: ['dynamodb:DescribeTable'], write: ['dynamodb:UpdateTable'] },
  ...TABLE,

  async inspect({ dynamodb }, { target: { id } }) {
    const found = await tableNow(dynamodb, id);
    return found && { is: found.DeletionProtectionEnabled ?? false, status: found.TableStatus ?? '' };
  },
  want: true,
  says: 'the table can be deleted with a single call',
  obstacle: ({ status }) => notReady(status),
  write: (DeletionProtectionEnabled, { target: { id } }) => ({
    dynamodb: new UpdateTableCommand({ TableName: id, DeletionProtectionEnabled }),
  }),
});
