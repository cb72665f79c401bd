import {
  CreateDBInstanceCommand,
  CreateDBSnapshotCommand,
  DescribeDBSnapshotAttributesCommand,
  ModifyDBSnapshotAttributeCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './rds_snapshot_set_private';

const PARTNERS = ['111122223333', '444455556666'];
const writes = ['rds:ModifyDBSnapshotAttribute'];

const snapshot =
  (...ValuesToAdd: string[]) =>
  async ({ client }: Account) => {
    const rds = client(RDSClient);
    await rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: 'orders',
        DBInstanceClass: 'db.t4g.micro',
        Engine: 'postgres',
        AllocatedStorage: 20,
        MasterUsername: 'somebody',
        MasterUserPassword: 'long-enough-1',
      }),
    );
    for (const DBSnapshotIdentifier of ['neighbour', 'daily']) {
      await rds.send(new CreateDBSnapshotCommand({ DBSnapshotIdentifier, DBInstanceIdentifier: 'orders' }));
      if (ValuesToAdd.length === 0) continue;
      await rds.send(
        new ModifyDBSnapshotAttributeCommand({ DBSnapshotIdentifier, AttributeName: 'restore', ValuesToAdd }),
      );
    }
    return 'daily';
  };

const neighbour = async ({ client }: Account) => {
  const reply = await client(RDSClient).send(
    new DescribeDBSnapshotAttributesCommand({ DBSnapshotIdentifier: 'neighbour' }),
  );
  return reply.DBSnapshotAttributesResult?.DBSnapshotAttributes;
};

testBot(bot, {
  violating: [
    {
      name: 'public, and shared with partners, who keep it; beside another that is public',
      given: snapshot('all', ...PARTNERS),
      violation: 'everyone can restore the snapshot',
      writes,
      after: { is: false },
      untouched: neighbour,
    },
    { name: 'public', given: snapshot('all'), violation: 'everyone', writes, after: { is: false } },
  ],
  compliant: [
    { name: 'private', given: snapshot() },
    { name: 'shared with accounts that are named', given: snapshot(...PARTNERS) },
  ],
  gone: 'no-such-snapshot',
});
