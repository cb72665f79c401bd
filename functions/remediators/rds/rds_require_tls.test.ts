import {
  CreateDBParameterGroupCommand,
  DescribeDBParametersCommand,
  ModifyDBInstanceCommand,
  ModifyDBParameterGroupCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { instance, instancesBut } from './fixtures/rds';
import type { Account } from '../../../testing/contract';
import { testSetting } from '../../../testing/setting';
import { bot } from './rds_require_tls';

/** `orders` with the group `of-orders`, and `neighbour` with one of its own, or with the same. */
const withGroup =
  (ParameterValue: string, { Engine = 'postgres', ParameterName = 'rds.force_ssl', shared = false } = {}) =>
  async (account: Account) => {
    const id = await instance({ Engine })(account);
    const rds = account.client(RDSClient);
    for (const name of ['neighbour', 'orders']) {
      const DBParameterGroupName = `of-${name}`;
      await rds.send(
        new CreateDBParameterGroupCommand({
          DBParameterGroupName,
          DBParameterGroupFamily: 'any',
          Description: name,
        }),
      );
      await rds.send(
        new ModifyDBParameterGroupCommand({
          DBParameterGroupName,
          Parameters: [
            { ParameterName, ParameterValue, ApplyMethod: 'immediate' },
            { ParameterName: 'work_mem', ParameterValue: '64', ApplyMethod: 'immediate' },
          ],
        }),
      );
      const group = shared ? 'of-orders' : DBParameterGroupName;
      if (!shared || name === 'orders') await use(account, [name], group);
    }
    if (shared) await use(account, ['neighbour'], 'of-orders');
    return id;
  };

const use = async ({ client }: Account, names: readonly string[], DBParameterGroupName: string) => {
  for (const DBInstanceIdentifier of names) {
    await client(RDSClient).send(new ModifyDBInstanceCommand({ DBInstanceIdentifier, DBParameterGroupName }));
  }
};

/** All instances, all parameters of the other group, and the other parameters of this one. */
const untouched = async (account: Account, id: string) => {
  const groups = ['of-neighbour', 'of-orders'].map(async (DBParameterGroupName) => {
    const { Parameters = [] } = await account
      .client(RDSClient)
      .send(new DescribeDBParametersCommand({ DBParameterGroupName }));
    return Parameters.filter(
      (one) => DBParameterGroupName === 'of-neighbour' || one.ParameterName === 'work_mem',
    );
  });
  return [await instancesBut()(account, id), ...(await Promise.all(groups))];
};

testSetting(bot, {
  given: (account, value) => withGroup(value)(account),
  wrong: '0',
  right: '1',
  violation: 'takes connections that are not encrypted',
  writes: ['rds:ModifyDBParameterGroup'],
  untouched,
  gone: 'no-such-database',
  more: {
    violating: [
      {
        name: 'another instance has the group too',
        given: withGroup('0', { shared: true }),
        held: /^neighbour have the parameter group of-orders too/,
      },
      {
        name: 'a default group',
        given: instance(),
        untouched: instancesBut(),
        held: /is a default group/,
      },
    ],
    compliant: [
      {
        name: 'MySQL, by its own word',
        given: withGroup('ON', { Engine: 'mysql', ParameterName: 'require_secure_transport' }),
      },
      { name: 'of Oracle', given: instance({ Engine: 'oracle-ee' }) },
    ],
  },
});

describe(bot.id, () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'orders' };
  const state = { is: '0', group: 'of-orders', others: ['neighbour'], name: 'rds.force_ssl' };

  test('a group that others have is changed where config.ts says so; dynamic parameters at once', () => {
    const plan = bot.plan({ ...state, apply: 'immediate' }, { target, params: { shared: true } });
    expect(plan).toMatchObject([{ rds: { input: { Parameters: [{ ApplyMethod: 'immediate' }] } } }]);
  });

  test('moto lists only parameters that were set: one that the version does not have is held', () => {
    expect(bot.plan(state, { target, params: { shared: true } })).toEqual({
      held: expect.stringContaining('no parameter rds.force_ssl'),
    });
  });
});
