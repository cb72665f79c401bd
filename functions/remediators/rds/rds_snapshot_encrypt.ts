import {
  CopyDBSnapshotCommand,
  type DBSnapshot,
  DeleteDBSnapshotCommand,
  DescribeDBSnapshotsCommand,
  type RDSClient,
} from '@aws-sdk/client-rds';
import * as z from 'zod';
import { DB_SNAPSHOT } from './lib/snapshots';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { defineBot } from '../../../shared/bot/bot';

/** The key that AWS manages for RDS in every account: using it takes no right. */
const KEY = 'alias/aws/rds';

export const bot = defineBot({
  id: 'rds_snapshot_encrypt',
  title: 'Put an encrypted copy in the place of a database snapshot',
  severity: 'medium',
  risk: 'destructive',
  kind: 'posture',
  passes: 2,
  params: z.object({
    deleteOriginal: z
      .boolean()
      .default(false)
      .describe('also delete the plain one, when the copy is available'),
  }),
  from: { deleteOriginal: 'config' },
  permissions: {
    read: ['rds:DescribeDBSnapshots'],
    write: ['rds:CopyDBSnapshot', 'rds:DeleteDBSnapshot'],
    undo: [],
    elsewhere: ['rds:CopyDBSnapshot', 'rds:DescribeDBSnapshots'],
  },
  ...DB_SNAPSHOT,

  async inspect({ rds }, { target: { id } }) {
    const found = await snapshot(rds, id);
    if (!found) return undefined;
    const { Encrypted: encrypted = false, SnapshotType: type = '', Status: status = '' } = found;
    const copy = encrypted
      ? undefined
      : await undefinedIfGone(snapshot(rds, copyOf(id)), ...DB_SNAPSHOT.gone);
    return { encrypted, type, status, ...(copy && { copy: stateOf(copy, found) }) };
  },

  check: ({ encrypted }) => (encrypted ? undefined : 'the snapshot is not encrypted'),

  plan({ type, status, copy }, { target: { id }, params: { deleteOriginal } }) {
    if (type !== 'manual') {
      return {
        held: `it is ${type === 'automated' ? 'an automated snapshot' : `a snapshot of ${type}`}: encrypt the database, whose snapshots are then encrypted too`,
      };
    }
    if (status !== 'available') return { waiting: `the snapshot is ${status}` };
    if (!copy) {
      return [
        {
          rds: new CopyDBSnapshotCommand({
            SourceDBSnapshotIdentifier: id,
            TargetDBSnapshotIdentifier: copyOf(id),
            KmsKeyId: KEY,
            CopyTags: true,
          }),
        },
      ];
    }
    if (!copy.isOfIt) return { held: `${copyOf(id)} is there, and is no encrypted copy of it: rename one` };
    if (copy.status !== 'available') return { waiting: `its encrypted copy is ${copy.status}` };
    return deleteOriginal
      ? [{ rds: new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: id }) }]
      : { held: `its encrypted copy ${copyOf(id)} is there: delete the plain one when nobody needs it` };
  },

  undo: () => ({ irreversible: 'a snapshot that was deleted is gone; its encrypted copy is there' }),
});

/** The name of the copy. */
function copyOf(id: string): string {
  return `${id}-encrypted`;
}

async function snapshot(rds: RDSClient, DBSnapshotIdentifier: string): Promise<DBSnapshot | undefined> {
  const { DBSnapshots = [] } = await rds.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier }));
  return DBSnapshots.find(({ Status }) => Status !== 'deleting');
}

/** Whether what bears the name of the copy is one: of the same moment of the same database, and encrypted. */
function stateOf(copy: DBSnapshot, original: DBSnapshot) {
  const same = (['DbiResourceId', 'DBInstanceIdentifier'] as const).every(
    (name) => copy[name] === original[name],
  );
  const moment = (one: DBSnapshot) => one.OriginalSnapshotCreateTime?.getTime();
  return {
    status: copy.Status ?? '',
    isOfIt: same && moment(copy) === moment(original) && (copy.Encrypted ?? false),
  };
}
