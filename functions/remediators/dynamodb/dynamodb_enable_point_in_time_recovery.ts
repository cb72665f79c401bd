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
  permissions: { read: ['dynamodb:DescribeContinuousBackups'], write: ['dynamodb:UpdateContinuousBackups'] },
  ...TABLE,

  async inspect({ dynamodb }, { target: { id } }) {
    const read = new DescribeContinuousBackupsCommand({ TableName: id });
    const { ContinuousBackupsDescription: found } = await dynamodb.send(read);
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
