import { type DBInstance, RDSClient, StopDBInstanceCommand } from '@aws-sdk/client-rds';
import { instance, instancesBut, member } from './fixtures/rds';
import { stepsOf } from '../../../testing/contract';
import { testSetting } from '../../../testing/setting';
import { bot } from './rds_set_private';

testSetting(bot, {
  given: (account, PubliclyAccessible) => instance({ PubliclyAccessible })(account),
  wrong: true,
  right: false,
  violation: 'the database has a public address',
  writes: ['rds:ModifyDBInstance'],
  untouched: instancesBut('PubliclyAccessible'),
  gone: 'no-such-database',
  more: {
    violating: [
      {
        name: 'a member of an Aurora cluster',
        given: member('aurora-postgresql', { PubliclyAccessible: true }),
        after: { is: false },
      },
      {
        name: 'has been stopped',
        given: async (account) => {
          const id = await instance({ PubliclyAccessible: true })(account);
          await account.client(RDSClient).send(new StopDBInstanceCommand({ DBInstanceIdentifier: id }));
          return id;
        },
        held: /changes nothing that is stopped/,
      },
    ],
  },
});

describe('rds_set_private', () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'orders' };
  const context = { target, params: {} };
  const open = { is: true, status: 'available', clustered: false };

  // DescribeDBInstances: moto's instances are available from the start, and it has no Multi-AZ DB clusters.
  const read = (found: Partial<DBInstance>) => {
    const reply = { DBInstances: [{ PubliclyAccessible: true, DBInstanceStatus: 'available', ...found }] };
    const rds = { send: () => Promise.resolve(reply) } as unknown as RDSClient;
    return bot.inspect({ rds }, context);
  };

  test.each(['creating', 'modifying', 'backing-up', 'upgrading', 'rebooting', 'starting', 'stopping'])(
    'waits while it is %s',
    (status) => {
      expect(bot.plan({ ...open, status }, context)).toEqual({ waiting: expect.stringContaining(status) });
    },
  );

  test.each(['failed', 'incompatible-network', 'inaccessible-encryption-credentials-recoverable'])(
    'does not wait for one that is %s',
    (status) => {
      expect(bot.plan({ ...open, status }, context)).toEqual({ held: expect.stringContaining(status) });
    },
  );

  test.each(['mysql', 'postgres'])('a member of a Multi-AZ DB cluster of %s is held', async (Engine) => {
    const state = await read({ Engine, DBClusterIdentifier: 'cluster' });
    expect(state && bot.plan(state, context)).toEqual({
      held: expect.stringContaining('Multi-AZ DB cluster'),
    });
  });

  test('what is being deleted is gone', async () => {
    expect(await read({ DBInstanceStatus: 'deleting' })).toBeUndefined();
  });

  test('changes that wait for the maintenance window are not brought forward', () => {
    const inputs = stepsOf(bot.plan(open, context)).map(({ rds }) => rds.input);
    expect(inputs).toEqual([{ DBInstanceIdentifier: 'orders', PubliclyAccessible: false }]);
  });

  test('undo does not write what has become public again', () => {
    expect(bot.undo(open, { ...context, now: open })).toEqual([]);
  });
});
