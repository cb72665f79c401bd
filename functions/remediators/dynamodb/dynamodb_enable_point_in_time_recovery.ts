import { DescribeContinuousBackupsCommand, UpdateContinuousBackupsCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { TABLE } from './lib/tables';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'dynamodb_enable_point_in_time_recovery',
  title: 'Keep a DynamoDB table restorable to any second',
  severity: 'medium',
  risk: 'safe',
  params: z.object({
    days: z.int().min(1).max(35).default(35).describe('days; a table that is restorable keeps its own'),
  }),
  from: { days: 'finding' },
  words: { order: ['days'] },
  permissions: {
    read: ['dynamodb:DescribeContinuousBackups'],
    write: ['dynamodb:UpdateContinuousBackups'],
  },
  controls: {
    securityHub: ['DynamoDB.2'],
    config: ['DYNAMODB_PITR_ENABLED'],
    prowler: ['dynamodb_tables_pitr_enabled'],
  },
  docs: {
    why: 'Items that are overwritten or deleted, by mistake or by somebody who holds them to ransom, can be brought back only from a backup.',
    effect: [
      'From now on the table can be restored, into a new one, as it was at any second of the last days; that costs money by the size of the table.',
      'The table itself is not changed.',
      'Undo ends it, and what could be restored until then no longer can.',
    ],
    references: [
      'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html',
    ],
  },
  ...TABLE,

  async inspect({ dynamodb }, { target: { id } }) {
    const { ContinuousBackupsDescription: found } = await dynamodb.send(
      new DescribeContinuousBackupsCommand({ TableName: id }),
    );
    return { is: found?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED' };
  },
  want: true,
  says: 'the table cannot be restored to a point in time',
  write: (on, { target: { id }, params: { days } }) => ({
    dynamodb: new UpdateContinuousBackupsCommand({
      TableName: id,
      PointInTimeRecoverySpecification: {
        PointInTimeRecoveryEnabled: on,
        ...(on && { RecoveryPeriodInDays: days }),
      },
    }),
  }),
});
