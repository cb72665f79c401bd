import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  type DBInstance,
  DescribeDBInstancesCommand,
  RDSClient,
  StopDBInstanceCommand,
} from '@aws-sdk/client-rds';
import { type Account, stepsOf, testBot } from '../../../testing/contract';
import { bot } from './rds_set_private';

const writes = ['rds:ModifyDBInstance'];
const violation = 'the database has a public address';

const instance =
  (PubliclyAccessible: boolean, more: object = {}) =>
  async ({ client }: Account) => {
    const rds = client(RDSClient);
    for (const DBInstanceIdentifier of ['orders', 'neighbour']) {
      await rds.send(
        new CreateDBInstanceCommand({
          DBInstanceIdentifier,
          DBInstanceClass: 'db.t4g.medium',
          Engine: 'postgres',
          AllocatedStorage: 20,
          MasterUsername: 'somebody',
          MasterUserPassword: 'long-enough-1',
          PubliclyAccessible,
          ...more,
        }),
      );
    }
    return 'orders';
  };

/** A member of a cluster: `engine` tells which kind. */
const member = (Engine: string) => async (account: Account) => {
  const cluster = { DBClusterIdentifier: 'cluster', Engine };
  await account.client(RDSClient).send(
    new CreateDBClusterCommand({
      ...cluster,
      MasterUsername: 'somebody',
      MasterUserPassword: 'long-enough-1',
    }),
  );
  const more = { ...cluster, AllocatedStorage: undefined, MasterUsername: undefined };
  return instance(true, { ...more, MasterUserPassword: undefined })(account);
};

/** All of the other instance, and of this one what has nothing to do with its address. */
const rest = async ({ client }: Account, id: string) => {
  const { DBInstances = [] } = await client(RDSClient).send(new DescribeDBInstancesCommand({}));
  return DBInstances.map(({ LatestRestorableTime: _now, PubliclyAccessible, ...one }) =>
    one.DBInstanceIdentifier === id ? one : { ...one, PubliclyAccessible },
  );
};

testBot(bot, {
  violating: [
    {
      name: 'public, beside another that is',
      given: instance(true),
      violation,
      writes,
      after: { is: false },
      untouched: rest,
    },
    {
      name: 'a member of an Aurora cluster',
      given: member('aurora-postgresql'),
      violation,
      writes,
      after: { is: false },
    },
    {
      name: 'has been stopped',
      given: async (account) => {
        const id = await instance(true)(account);
        await account.client(RDSClient).send(new StopDBInstanceCommand({ DBInstanceIdentifier: id }));
        return id;
      },
      violation,
      writes: [],
      held: /changes nothing that is stopped/,
    },
  ],
  compliant: [{ name: 'private', given: instance(false) }],
  gone: 'no-such-database',
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
