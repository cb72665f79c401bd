import { cluster, clustersBut } from './fixtures/rds';
import { testSetting } from '../../../testing/setting';
import { bot } from './rds_cluster_enable_auto_minor_version_upgrade';

testSetting(bot, {
  given: (account, on) => cluster({ AutoMinorVersionUpgrade: on ?? undefined })(account),
  wrong: false,
  right: true,
  violation: 'does not upgrade its minor version',
  writes: ['rds:ModifyDBCluster'],
  untouched: clustersBut('AutoMinorVersionUpgrade'),
  gone: 'no-such-cluster',
  more: {
    compliant: [
      { name: 'of Neptune', given: cluster({ Engine: 'neptune', AutoMinorVersionUpgrade: false }) },
    ],
  },
});

test('moto says it of all clusters: where RDS says nothing, the instances have it', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'orders' };
  const state = { is: null, status: 'available', engine: 'aurora-mysql', pending: [] };
  expect(bot.check(state, { target, params: {} })).toBeUndefined();
});
