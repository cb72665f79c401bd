import { cluster, clustersBut } from './fixtures/rds';
import { testSetting } from '../../../testing/setting';
import { bot } from './rds_cluster_enable_iam_authentication';

testSetting(bot, {
  given: (account, on) => cluster({ EnableIAMDatabaseAuthentication: on })(account),
  wrong: false,
  right: true,
  violation: /takes passwords only|nobody signed/,
  writes: ['rds:ModifyDBCluster'],
  untouched: clustersBut('IAMDatabaseAuthenticationEnabled'),
  gone: 'no-such-cluster',
  more: { violating: [{ name: 'of Neptune', given: cluster({ Engine: 'neptune' }), after: { is: true } }] },
});

test('brings no other change forward, and leaves DocumentDB alone', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'orders' };
  const state = { is: false, status: 'available', engine: 'aurora-mysql', pending: ['EngineVersion'] };
  const context = { target, params: {} };
  expect(bot.plan(state, context)).toEqual({ held: expect.stringMatching(/: EngineVersion$/) });
  expect(bot.check({ ...state, engine: 'docdb' }, context)).toBeUndefined();
});
