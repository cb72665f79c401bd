import { DynamoDBClient, UpdateContinuousBackupsCommand } from '@aws-sdk/client-dynamodb';
import { table, tablesBut } from './fixtures/tables';
import { testSetting } from '../../../testing/setting';
import { bot } from './dynamodb_enable_point_in_time_recovery';

testSetting(bot, {
  given: async (account, on) => {
    const TableName = await table()(account);
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: on };
    await account
      .client(DynamoDBClient)
      .send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
    return TableName;
  },
  wrong: false,
  right: true,
  violation: 'cannot be restored',
  writes: ['dynamodb:UpdateContinuousBackups'],
  untouched: tablesBut(),
  gone: 'no-such-table',
});
