import { instance, instancesBut } from './fixtures/rds';
import { testSetting } from '../../../testing/setting';
import { bot } from './rds_enable_iam_authentication';

testSetting(bot, {
  given: (account, on) => instance({ EnableIAMDatabaseAuthentication: on })(account),
  wrong: false,
  right: true,
  violation: 'takes passwords only',
  writes: ['rds:ModifyDBInstance'],
  untouched: instancesBut('IAMDatabaseAuthenticationEnabled'),
  gone: 'no-such-database',
  more: { compliant: [{ name: 'of Oracle', given: instance({ Engine: 'oracle-ee' }) }] },
});

test('brings no other change forward', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'orders' };
  const state = { is: false, status: 'available', engine: 'mysql', pending: ['EngineVersion'] };
  expect(bot.plan(state, { target, params: {} })).toEqual({
    held: expect.stringMatching(/: EngineVersion$/),
  });
});
