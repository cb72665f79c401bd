import { UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { TABLE, notReady, tableNow } from './lib/tables';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'dynamodb_enable_deletion_protection',
  title: 'Protect a DynamoDB table from deletion',
  severity: 'medium',
  risk: 'safe',
  permissions: { read: ['dynamodb:DescribeTable'], write: ['dynamodb:UpdateTable'] },
  controls: {
    securityHub: ['DynamoDB.6'],
    config: ['DYNAMODB_TABLE_DELETION_PROTECTION_ENABLED'],
    prowler: ['dynamodb_table_deletion_protection_enabled'],
  },
  docs: {
    why: 'One call, by mistake or by somebody who got in, deletes a table that nothing protects.',
    effect: [
      'DynamoDB refuses to delete the table until somebody turns the protection off.',
      'Undo turns it off again.',
    ],
    references: [
      'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html',
    ],
  },
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
