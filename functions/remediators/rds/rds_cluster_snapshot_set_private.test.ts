import {
  CreateDBClusterCommand,
  CreateDBClusterSnapshotCommand,
  DescribeDBClusterSnapshotAttributesCommand,
  ModifyDBClusterSnapshotAttributeCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './rds_cluster_snapshot_set_private';

const PARTNERS = ['111122223333', '444455556666'];
const writes = ['rds:ModifyDBClusterSnapshotAttribute'];

const snapshot =
  (...ValuesToAdd: string[]) =>
  async ({ client }: Account) => {
    const rds = client(RDSClient);
    await rds.send(
      new CreateDBClusterCommand({
        DBClusterIdentifier: 'orders',
        Engine: 'aurora-postgresql',
        MasterUsername: 'somebody',
        MasterUserPassword: 'long-enough-1',
      }),
    );
    for (const DBClusterSnapshotIdentifier of ['neighbour', 'daily']) {
      await rds.send(
        new CreateDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier, DBClusterIdentifier: 'orders' }),
      );
      if (ValuesToAdd.length === 0) continue;
      await rds.send(
        new ModifyDBClusterSnapshotAttributeCommand({
          DBClusterSnapshotIdentifier,
          AttributeName: 'restore',
          ValuesToAdd,
        }),
      );
    }
    return 'daily';
  };

const neighbour = async ({ client }: Account) => {
  const reply = await client(RDSClient).send(
    new DescribeDBClusterSnapshotAttributesCommand({ DBClusterSnapshotIdentifier: 'neighbour' }),
  );
  return reply.DBClusterSnapshotAttributesResult?.DBClusterSnapshotAttributes;
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
