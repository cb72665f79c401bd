import { instance, instancesBut, member } from './fixtures/rds';
import { testSetting } from '../../../testing/setting';
import { bot } from './rds_enable_multi_az';

testSetting(bot, {
  given: (account, MultiAZ) => instance({ MultiAZ })(account),
  wrong: false,
  right: true,
  violation: 'no standby',
  writes: ['rds:ModifyDBInstance'],
  untouched: instancesBut('MultiAZ', 'SecondaryAvailabilityZone'),
  gone: 'no-such-database',
  more: { compliant: [{ name: 'a member of a cluster', given: member('aurora-postgresql') }] },
});

// DescribeDBInstances: moto changes at once, and nothing is ever pending.
describe(bot.id, () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'orders' };
  const context = { target, params: {} };
  const single = { is: false, status: 'available', engine: 'postgres', pending: [] };

  test('brings no other change forward', () => {
    const state = { ...single, pending: ['DBInstanceClass', 'MultiAZ'] };
    expect(bot.plan(state, context)).toEqual({ held: expect.stringMatching(/: DBInstanceClass$/) });
  });

  test('waits for the standby', () => {
    const waiting = { waiting: expect.any(String) };
    expect(bot.plan({ ...single, pending: ['MultiAZ'] }, context)).toEqual(waiting);
    expect(bot.plan({ ...single, status: 'modifying' }, context)).toEqual(waiting);
  });
});
