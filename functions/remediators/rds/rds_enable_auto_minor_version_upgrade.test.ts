import { instance, instancesBut, member } from './fixtures/rds';
import { testSetting } from '../../../testing/setting';
import { bot } from './rds_enable_auto_minor_version_upgrade';

testSetting(bot, {
  given: (account, AutoMinorVersionUpgrade) => instance({ AutoMinorVersionUpgrade })(account),
  wrong: false,
  right: true,
  violation: 'does not upgrade its minor version',
  writes: ['rds:ModifyDBInstance'],
  untouched: instancesBut('AutoMinorVersionUpgrade'),
  gone: 'no-such-database',
  more: {
    violating: [
      {
        name: 'a member of an Aurora cluster has it for itself',
        given: member('aurora-postgresql', { AutoMinorVersionUpgrade: false }),
        after: { is: true },
      },
    ],
  },
});

describe(bot.id, () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'orders' };
  const context = { target, params: {} };
  const off = { is: false, status: 'available', engine: 'mysql', pending: [] };

  test('moto has no Multi-AZ DB clusters and no RDS Custom', () => {
    expect(bot.plan({ ...off, memberOf: 'Multi-AZ DB cluster' }, context)).toEqual({
      held: expect.stringContaining('Multi-AZ DB cluster'),
    });
    expect(bot.check({ ...off, engine: 'custom-oracle-ee' }, context)).toBeUndefined();
  });

  test('waits while RDS is busy', () => {
    expect(bot.plan({ ...off, status: 'backing-up' }, context)).toEqual({ waiting: expect.any(String) });
  });
});
