import {
  type DBInstance,
  DescribeDBInstancesCommand,
  ModifyDBInstanceCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import * as z from 'zod';
import { remediate, undo } from './run';
import { atLeast, defineSetting, includes, oneOf, otherThan } from './setting';

/** A database behind a client that knows the two operations of the settings below. */
function database(db: Partial<DBInstance>) {
  const current: Partial<DBInstance> = { DBInstanceStatus: 'available', ...db };
  const writes: object[] = [];
  const send = (command: object) => {
    if (command instanceof DescribeDBInstancesCommand) {
      return Promise.resolve({ DBInstances: [structuredClone(current)] });
    }
    if (!(command instanceof ModifyDBInstanceCommand))
      throw new Error(`unknown: ${command.constructor.name}`);
    const { DBInstanceIdentifier: _id, CloudwatchLogsExportConfiguration: logs, ...rest } = command.input;
    writes.push(command.input);
    Object.assign(current, rest);
    const { EnableLogTypes = [], DisableLogTypes = [] } = logs ?? {};
    const exported = current.EnabledCloudwatchLogsExports ?? [];
    // RDS answers in an order of its own.
    current.EnabledCloudwatchLogsExports = [
      ...EnableLogTypes,
      ...exported.filter((type) => !DisableLogTypes.includes(type)),
    ];
    return Promise.resolve({});
  };
  return { aws: { rds: { send } as unknown as RDSClient }, current, writes };
}

const target = { account: '123456789012', region: 'eu-west-1', type: 'AWS::RDS::DBInstance', id: 'orders' };
const job = { target, mode: 'apply', settle: { tries: 0, delayMs: 0 } } as const;

const DATABASE = {
  title: 'Example',
  resource: 'AWS::RDS::DBInstance',
  severity: 'medium',
  risk: 'safe',
  permissions: { read: ['rds:DescribeDBInstances'], write: ['rds:ModifyDBInstance'] },
  clients: { rds: RDSClient },
} as const;

async function read({ rds }: { rds: RDSClient }, DBInstanceIdentifier: string) {
  const { DBInstances: [db] = [] } = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }));
  return db;
}

const protect = defineSetting({
  ...DATABASE,
  id: 'example_protect',
  async inspect(aws, { target: { id } }) {
    const db = await read(aws, id);
    return (
      db && {
        is: db.DeletionProtection ?? false,
        status: db.DBInstanceStatus,
        member: db.DBClusterIdentifier !== undefined,
        pending: Object.keys(db.PendingModifiedValues ?? {}).length > 0,
      }
    );
  },
  want: true,
  says: 'deletion protection is off',
  obstacle({ status, member, pending }) {
    if (member) return { notApplicable: 'its cluster has the setting' };
    if (pending) return { held: 'changes are pending' };
    return status === 'available' ? undefined : { waiting: `it is ${status}` };
  },
  write: (DeletionProtection, { target: { id } }) => ({
    rds: new ModifyDBInstanceCommand({ DBInstanceIdentifier: id, DeletionProtection }),
  }),
});

const keepBackups = defineSetting({
  ...DATABASE,
  id: 'example_backups',
  params: z.object({ days: z.int().default(7) }),
  from: { days: 'finding' },
  inspect: async (aws, { target: { id } }) => {
    const db = await read(aws, id);
    return db && { is: db.BackupRetentionPeriod ?? 0 };
  },
  want: ({ days }) => atLeast(days),
  says: ({ is }, { params: { days } }) => `backups are kept for ${is} days: keep them for ${days}`,
  write: (BackupRetentionPeriod, { target: { id } }) => ({
    rds: new ModifyDBInstanceCommand({ DBInstanceIdentifier: id, BackupRetentionPeriod }),
  }),
});

const exportLogs = defineSetting({
  ...DATABASE,
  id: 'example_logs',
  inspect: async (aws, { target: { id } }) => {
    const db = await read(aws, id);
    return db && { is: db.EnabledCloudwatchLogsExports ?? [] };
  },
  want: includes(['audit', 'error']),
  says: 'not all logs are exported',
  write: (types, { target: { id } }, { is }) => ({
    rds: new ModifyDBInstanceCommand({
      DBInstanceIdentifier: id,
      CloudwatchLogsExportConfiguration: {
        EnableLogTypes: types.filter((type) => !is.includes(type)),
        DisableLogTypes: is.filter((type) => !types.includes(type)),
      },
    }),
  }),
});

const upgrade = defineSetting({
  ...DATABASE,
  id: 'example_upgrade',
  kind: 'response',
  inspect: async (aws, { target: { id } }) => {
    const db = await read(aws, id);
    return db && { is: db.EngineVersion ?? '' };
  },
  want: oneOf(['17.2', '17.3']),
  says: ({ is }) => `${is} is out of support`,
  write: (EngineVersion, { target: { id } }) => ({
    rds: new ModifyDBInstanceCommand({ DBInstanceIdentifier: id, EngineVersion }),
  }),
  oneWay: 'RDS does not go back to an older version',
});

test('the attribute is written, and undo writes the value before', async () => {
  const { aws, current, writes } = database({ DeletionProtection: false, MultiAZ: false });
  const outcome = await remediate(protect, { ...job, aws, params: {} });
  expect(outcome).toMatchObject({
    outcome: 'fixed',
    violation: 'deletion protection is off',
    before: { is: false, status: 'available' },
    after: { is: true },
  });
  if (outcome.outcome !== 'fixed' || !outcome.after) return;
  expect(writes).toEqual([{ DBInstanceIdentifier: 'orders', DeletionProtection: true }]);
  expect(await remediate(protect, { ...job, aws, params: {} })).toMatchObject({ outcome: 'compliant' });

  const { before, after } = outcome;
  // What is not the setting may have changed in the meantime.
  current.DBInstanceStatus = 'backing-up';
  const undone = await undo(protect, { ...job, aws, params: {}, before, after });
  expect(undone).toMatchObject({ outcome: 'undone', after: { is: false } });
  expect(current).toMatchObject({ DeletionProtection: false, MultiAZ: false });
});

test('what it leaves unsaid is said for it', () => {
  expect(protect).toMatchObject({
    kind: 'posture',
    permissions: { ...DATABASE.permissions, undo: ['rds:ModifyDBInstance'] },
  });
  expect(upgrade.kind).toBe('response');
});

test('an obstacle makes it wait or hold, or the check pass', async () => {
  const run = (db: Partial<DBInstance>) => {
    const { aws, writes } = database({ DeletionProtection: false, ...db });
    return remediate(protect, { ...job, mode: 'plan', aws, params: {} }).finally(() => {
      expect(writes).toEqual([]);
    });
  };
  expect(await run({ DBInstanceStatus: 'modifying' })).toMatchObject({ reason: 'it is modifying' });
  expect(await run({ PendingModifiedValues: { MultiAZ: true } })).toMatchObject({
    outcome: 'held',
    reason: 'changes are pending',
  });
  expect(await run({ DBClusterIdentifier: 'cluster' })).toMatchObject({ outcome: 'compliant' });
  expect(await run({ DBInstanceStatus: 'modifying', DeletionProtection: true })).toMatchObject({
    outcome: 'compliant',
  });
});

test('an obstacle that waits is a plan that waits', () => {
  const state = { is: false, status: 'modifying', member: false, pending: false };
  expect(protect.plan(state, { target, params: {} })).toEqual({ waiting: 'it is modifying' });
});

test.each([
  [0, 7],
  [6, 7],
])('a number below the minimum is raised to it, and comes back: %i', async (days, raised) => {
  const { aws, current } = database({ BackupRetentionPeriod: days });
  const params = { days: 7 };
  const outcome = await remediate(keepBackups, { ...job, aws, params });
  expect(outcome).toMatchObject({
    outcome: 'fixed',
    violation: `backups are kept for ${days} days: keep them for 7`,
    before: { is: days },
    after: { is: raised },
  });
  if (outcome.outcome !== 'fixed' || !outcome.after) return;
  const { before, after } = outcome;
  expect(await undo(keepBackups, { ...job, aws, params, before, after })).toMatchObject({
    outcome: 'undone',
  });
  expect(current.BackupRetentionPeriod).toBe(days);
});

test.each([7, 35])('a number is never lowered: %i', async (days) => {
  const { aws, writes } = database({ BackupRetentionPeriod: days });
  const outcome = await remediate(keepBackups, { ...job, aws, params: { days: 7 } });
  expect(outcome).toMatchObject({ outcome: 'compliant' });
  expect(writes).toEqual([]);
});

test.each([[[]], [['error']], [['slowquery']], [['slowquery', 'error', 'general']]])(
  'a list grows by what is missing, and undo leaves exactly what was there: %j',
  async (types) => {
    const { aws, current, writes } = database({ EnabledCloudwatchLogsExports: types });
    const outcome = await remediate(exportLogs, { ...job, aws, params: {} });
    expect(outcome).toMatchObject({ outcome: 'fixed', before: { is: types } });
    if (outcome.outcome !== 'fixed' || !outcome.after) return;
    expect(new Set(current.EnabledCloudwatchLogsExports)).toEqual(new Set(['audit', 'error', ...types]));
    const added = ['audit', 'error'].filter((type) => !types.includes(type));
    expect(writes).toMatchObject([
      { CloudwatchLogsExportConfiguration: { EnableLogTypes: added, DisableLogTypes: [] } },
    ]);

    const { before, after } = outcome;
    expect(await undo(exportLogs, { ...job, aws, params: {}, before, after })).toMatchObject({
      outcome: 'undone',
    });
    expect(current.EnabledCloudwatchLogsExports).toEqual(types);
  },
);

test('a list that somebody has added to meanwhile: undo asks first, and then keeps what they added', async () => {
  const { aws, current } = database({ EnabledCloudwatchLogsExports: ['error'] });
  const outcome = await remediate(exportLogs, { ...job, aws, params: {} });
  if (outcome.outcome !== 'fixed' || !outcome.after) throw new Error(outcome.outcome);
  current.EnabledCloudwatchLogsExports?.push('general');
  const { before, after } = outcome;
  const back = { ...job, aws, params: {}, before, after };
  expect(await undo(exportLogs, back)).toMatchObject({
    outcome: 'changed',
    differences: ['is: + "general"'],
  });
  await undo(exportLogs, { ...back, force: true });
  expect(new Set(current.EnabledCloudwatchLogsExports)).toEqual(new Set(['error', 'general']));
});

test('a value that somebody has changed meanwhile is not undone', async () => {
  const { aws, current, writes } = database({ BackupRetentionPeriod: 1 });
  const outcome = await remediate(keepBackups, { ...job, aws, params: { days: 7 } });
  if (outcome.outcome !== 'fixed' || !outcome.after) throw new Error(outcome.outcome);
  current.BackupRetentionPeriod = 30;
  const { before, after } = outcome;
  const undone = await undo(keepBackups, { ...job, aws, params: { days: 7 }, before, after });
  expect(undone).toMatchObject({ outcome: 'changed', differences: ['is: 7 → 30'] });
  expect(writes).toHaveLength(1);
});

test('a value that has come back by itself is not written again', () => {
  const state = { is: false, status: 'available', member: false, pending: false };
  expect(protect.undo(state, { target, params: {}, now: state })).toEqual([]);
});

test('one of several values will do', () => {
  const context = { target, params: {} };
  expect(upgrade.check({ is: '17.3' }, context)).toBeUndefined();
  expect(upgrade.check({ is: '11.1' }, context)).toBe('11.1 is out of support');
  expect(upgrade.plan({ is: '11.1' }, context)).toMatchObject([
    { rds: { input: { EngineVersion: '17.2' } } },
  ]);
});

test('every value but one will do, and undo brings that one back', () => {
  const encrypt = defineSetting({
    ...DATABASE,
    id: 'example_encrypt',
    inspect: async (aws, { target: { id } }) => {
      const db = await read(aws, id);
      return db && { is: db.KmsKeyId ?? '' };
    },
    want: otherThan('', 'alias/aws/rds'),
    says: 'the database has no key',
    write: (MasterUserSecretKmsKeyId, { target: { id } }) => ({
      rds: new ModifyDBInstanceCommand({ DBInstanceIdentifier: id, MasterUserSecretKmsKeyId }),
    }),
  });
  const context = { target, params: {} };
  expect(encrypt.check({ is: 'alias/own' }, context)).toBeUndefined();
  expect(encrypt.check({ is: '' }, context)).toBe('the database has no key');
  expect(encrypt.plan({ is: '' }, context)).toMatchObject([
    { rds: { input: { MasterUserSecretKmsKeyId: 'alias/aws/rds' } } },
  ]);
  expect(encrypt.undo({ is: '' }, { ...context, now: { is: 'alias/aws/rds' } })).toMatchObject([
    { rds: { input: { MasterUserSecretKmsKeyId: '' } } },
  ]);
});

test('what has no way back says why, and needs no right to undo', () => {
  expect(upgrade.undo({ is: '11.1' }, { target, params: {}, now: { is: '17.2' } })).toEqual({
    irreversible: 'RDS does not go back to an older version',
  });
  expect(upgrade.permissions.undo).toEqual([]);
});

test('a record in which the value is missing is not undone', () => {
  const old = { status: 'available' } as unknown as Parameters<typeof protect.undo>[0];
  const now = { is: true, status: 'available', member: false, pending: false };
  expect(protect.undo(old, { target, params: {}, now })).toMatchObject({
    irreversible: expect.stringContaining('record'),
  });
});
