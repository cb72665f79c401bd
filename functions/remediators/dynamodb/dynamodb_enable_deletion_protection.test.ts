import { table, tablesBut } from './fixtures/tables';
import { testSetting } from '../../../testing/setting';
import { bot } from './dynamodb_enable_deletion_protection';

testSetting(bot, {
  given: (account, DeletionProtectionEnabled) => table({ DeletionProtectionEnabled })(account),
  wrong: false,
  right: true,
  violation: 'can be deleted with a single call',
  writes: ['dynamodb:UpdateTable'],
  untouched: tablesBut('DeletionProtectionEnabled'),
  gone: 'no-such-table',
});

// DescribeTable: moto's tables are ACTIVE from the start.
test.each([
  ['UPDATING', 'waiting'],
  ['ARCHIVED', 'held'],
  ['INACCESSIBLE_ENCRYPTION_CREDENTIALS', 'held'],
])('a table that is %s is %s', (status, outcome) => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'orders' };
  expect(bot.plan({ is: false, status }, { target, params: {} })).toEqual({
    [outcome]: expect.stringContaining(status),
  });
});
