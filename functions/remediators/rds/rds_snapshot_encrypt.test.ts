import {
  CopyDBSnapshotCommand,
  CreateDBSnapshotCommand,
  DescribeDBSnapshotsCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { instance } from './fixtures/rds';
import { stepsOf, testBot } from '../../../testing/contract';
import type { Account } from '../../../testing/account';
import { bot } from './rds_snapshot_encrypt';

const Tags = [{ Key: 'team', Value: 'shop' }];

/** A plain snapshot `before`, and `neighbour` just like it. */
const plain = async (account: Account) => {
  const DBInstanceIdentifier = await instance()(account);
  const rds = account.client(RDSClient);
  for (const DBSnapshotIdentifier of ['neighbour', 'before']) {
    await rds.send(new CreateDBSnapshotCommand({ DBInstanceIdentifier, DBSnapshotIdentifier, Tags }));
  }
  return 'before';
};

const copy = async (account: Account, TargetDBSnapshotIdentifier: string, KmsKeyId?: string) => {
  const of = { SourceDBSnapshotIdentifier: await plain(account), TargetDBSnapshotIdentifier };
  await account.client(RDSClient).send(new CopyDBSnapshotCommand({ ...of, ...(KmsKeyId && { KmsKeyId }) }));
  return 'before';
};

const neighbour = async ({ client }: Account) => {
  const of = { DBSnapshotIdentifier: 'neighbour' };
  return (await client(RDSClient).send(new DescribeDBSnapshotsCommand(of))).DBSnapshots;
};

const violation = 'the snapshot is not encrypted';

testBot(bot, {
  violating: [
    {
      name: 'the copy takes its place',
      given: plain,
      params: { deleteOriginal: true },
      violation,
      writes: ['rds:CopyDBSnapshot', 'rds:DeleteDBSnapshot'],
      untouched: neighbour,
      irreversible: /its encrypted copy is there/,
    },
    {
      name: 'the copy is there, and deleting is not asked for',
      given: (account) => copy(account, 'before-encrypted', 'alias/aws/rds'),
      violation,
      writes: [],
      held: /its encrypted copy before-encrypted is there: delete the plain one/,
    },
    {
      name: 'something else bears the name of the copy',
      given: (account) => copy(account, 'before-encrypted'),
      params: { deleteOriginal: true },
      violation,
      writes: [],
      held: /is no encrypted copy of it/,
    },
  ],
  compliant: [
    {
      name: 'encrypted',
      given: async (account) => {
        await copy(account, 'sealed', 'alias/aws/rds');
        return 'sealed';
      },
    },
  ],
  gone: 'no-such-snapshot',
});

describe(bot.id, () => {
  const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'before' };
  const context = { target, params: { deleteOriginal: true } };
  const state = { encrypted: false, type: 'manual', status: 'available' };

  test('the copy has the tags, and a key that needs no rights', () => {
    expect(stepsOf(bot.plan(state, context)).map(({ rds }) => rds.input)).toEqual([
      {
        SourceDBSnapshotIdentifier: 'before',
        TargetDBSnapshotIdentifier: 'before-encrypted',
        KmsKeyId: 'alias/aws/rds',
        CopyTags: true,
      },
    ]);
  });

  // DescribeDBSnapshots: moto's snapshots are available from the start, and all are manual.
  test.each(['automated', 'awsbackup'])('an %s snapshot is held', (type) => {
    expect(bot.plan({ ...state, type }, context)).toEqual({
      held: expect.stringContaining('encrypt the database'),
    });
  });

  test('nothing is deleted before the copy is available', () => {
    const copying = { ...state, copy: { status: 'creating', isOfIt: true } };
    expect(bot.plan(copying, context)).toEqual({ waiting: expect.stringContaining('creating') });
    expect(bot.plan({ ...state, status: 'creating' }, context)).toEqual({ waiting: expect.any(String) });
  });
});
