import {
  CreateReplicationInstanceCommand,
  DatabaseMigrationServiceClient,
  DescribeReplicationInstancesCommand,
} from '@aws-sdk/client-database-migration-service';
import type { Account } from '../../../testing/contract';
import { testSetting } from '../../../testing/setting';
import { bot } from './dms_enable_auto_minor_version_upgrade';

/** All of the other instance, and of this one what has nothing to do with upgrades. */
const untouched = async ({ client }: Account, id: string) => {
  const { ReplicationInstances = [] } = await client(DatabaseMigrationServiceClient).send(
    new DescribeReplicationInstancesCommand({}),
  );
  return ReplicationInstances.map(({ AutoMinorVersionUpgrade, ...one }) =>
    one.ReplicationInstanceArn === id ? one : { ...one, AutoMinorVersionUpgrade },
  );
};

testSetting(bot, {
  given: async ({ client }, AutoMinorVersionUpgrade) => {
    let arn = '';
    for (const ReplicationInstanceIdentifier of ['neighbour', 'move']) {
      const { ReplicationInstance } = await client(DatabaseMigrationServiceClient).send(
        new CreateReplicationInstanceCommand({
          ReplicationInstanceIdentifier,
          ReplicationInstanceClass: 'dms.t3.micro',
          AutoMinorVersionUpgrade,
        }),
      );
      arn = ReplicationInstance?.ReplicationInstanceArn ?? '';
    }
    // moto's instances become available when they are looked at.
    await client(DatabaseMigrationServiceClient).send(new DescribeReplicationInstancesCommand({}));
    return arn;
  },
  wrong: false,
  right: true,
  violation: 'does not upgrade its minor version',
  writes: ['dms:ModifyReplicationInstance'],
  untouched,
});

test.each([
  ['modifying', 'waiting'],
  ['failed', 'held'],
])('an instance that is %s is %s', (status, outcome) => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'arn' };
  expect(bot.plan({ is: false, status }, { target, params: {} })).toEqual({
    [outcome]: expect.stringContaining(status),
  });
});
