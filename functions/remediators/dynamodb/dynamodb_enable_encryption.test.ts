import { table, tablesBut } from './fixtures/tables';
import { testBot } from '../../../testing/contract';
import { bot } from './dynamodb_enable_encryption';

const KMSMasterKeyId = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

testBot(bot, {
  violating: [
    {
      name: 'with a key that AWS owns',
      given: table(),
      violation: 'a key that AWS owns',
      writes: ['dynamodb:UpdateTable'],
      before: { is: null },
      after: { is: expect.stringContaining(':key/') },
      untouched: tablesBut('SSEDescription'),
    },
  ],
  compliant: [
    {
      name: 'with the AWS-managed key',
      given: table({ SSESpecification: { Enabled: true, SSEType: 'KMS' } }),
    },
    {
      name: 'with a key of its own',
      given: table({ SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId } }),
    },
  ],
  gone: 'no-such-table',
});

test('waits while DynamoDB is changing it', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'orders' };
  const state = { is: null, status: 'ACTIVE', changing: true };
  expect(bot.plan(state, { target, params: {} })).toEqual({ waiting: expect.any(String) });
});
