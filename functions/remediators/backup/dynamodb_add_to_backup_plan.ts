import { BackupClient } from '@aws-sdk/client-backup';
import { DescribeTableCommand, DynamoDBClient, ListTagsOfResourceCommand } from '@aws-sdk/client-dynamodb';
import { BACKUP, inclusionOf, permissionsWith } from './lib/selections';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'dynamodb_add_to_backup_plan',
  title: 'Let a backup plan include a DynamoDB table',
  resource: 'AWS::DynamoDB::Table',
  permissions: permissionsWith('dynamodb:DescribeTable', 'dynamodb:ListTagsOfResource'),
  ...BACKUP,
  clients: { backup: BackupClient, dynamodb: DynamoDBClient },
  gone: ['ResourceNotFoundException'],

  async inspect({ backup, dynamodb }, context) {
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: context.target.id }));
    if (!Table || Table.TableStatus === 'DELETING') return undefined;
    const { Tags = [] } = await dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn: Table.TableArn }));
    const tags = Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
    return inclusionOf(backup, context, tags);
  },
});
