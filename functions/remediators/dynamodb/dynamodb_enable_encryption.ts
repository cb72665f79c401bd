import { UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { TABLE, notReady, tableNow } from './lib/tables';
import { defineSetting, otherThan } from '../../../shared/bot/setting';

/** Where AWS owns the key, there is none to name. */
type Key = string | null;

export const bot = defineSetting({
  id: 'dynamodb_enable_encryption',
  title: 'Encrypt a DynamoDB table with a KMS key of the account',
  attribute: 'encryption',
  severity: 'medium',
  risk: 'safe',
  permissions: { read: ['dynamodb:DescribeTable'], write: ['dynamodb:UpdateTable'] },
  ...TABLE,

  async inspect({ dynamodb }, { target: { id } }) {
    const found = await tableNow(dynamodb, id);
    if (!found) return undefined;
    const { SSEDescription: { KMSMasterKeyArn, SSEType, Status } = {}, TableStatus: status = '' } = found;
    const key: Key = SSEType === 'KMS' && Status !== 'DISABLED' ? (KMSMasterKeyArn ?? '') : null;
    return { is: key, status, changing: /^(ENABL|DISABL|UPDAT)ING$/.test(Status ?? '') };
  },
  want: otherThan<Key>(null, 'alias/aws/dynamodb'),
  says: 'the table is encrypted with a key that AWS owns, not with one of the account',
  obstacle: ({ status, changing }) =>
    changing ? { waiting: 'DynamoDB is changing its encryption' } : notReady(status),
  // Without a key of its own, KMS means aws/dynamodb.
  write: (key, { target: { id } }) => ({
    dynamodb: new UpdateTableCommand({
      TableName: id,
      SSESpecification: key === null ? { Enabled: false } : { Enabled: true, SSEType: 'KMS' },
    }),
  }),
});
