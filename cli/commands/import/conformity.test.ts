import { configFaults } from '../../../deploy/check-config';
import { catalogue } from '../../../functions/remediators/catalogue';
import conformity from '../../../tools/standards/conformity.json';
import type { Config } from '../../../shared/config';
import { fromConformity } from './conformity';

const read = (table: object) =>
  fromConformity({ file: 'config.json', text: JSON.stringify(table) }, catalogue);
const on = (...ids: string[]) =>
  read(Object.fromEntries(ids.map((id) => [`AutoRemediate${id}`, { enabled: true }])));
const settings = (config: Config, id: string) => (config.bots as Record<string, unknown>)[id];

test.each(conformity.controls)('%s alone enables one bot, which says what differs', (id) => {
  const { config, moves } = on(id);
  expect(configFaults(config, catalogue)).toEqual([]);
  const [bot = '', ...others] = Object.keys(config.bots);
  expect(others).toEqual([]);
  expect(moves).toEqual([expect.objectContaining({ from: id, to: bot })]);
  expect(catalogue.find((entry) => entry.id === bot)?.controls.conformity).toContain(id);
  const { mode = 'auto' } = settings(config, bot) as { mode?: string };
  expect([mode, moves[0]?.how]).toEqual(mode === 'plan' ? ['plan', 'differs'] : ['auto', expect.any(String)]);
});

test('all rules at once are right, and off', () => {
  const { config, moves } = on(...conformity.controls);
  expect(configFaults(config, catalogue)).toEqual([]);
  expect(config.enable_auto_response).toBe(false);
  expect(moves.filter(({ how }) => how === 'left')).toEqual([]);
  const destructive = catalogue.filter(({ id, risk }) => id in config.bots && risk === 'destructive');
  for (const { id } of destructive) expect(settings(config, id)).toMatchObject({ mode: 'plan' });
  expect(destructive.length).toBeGreaterThan(0);
});

test('a bot answers the rules that are on, and no other', () => {
  expect(settings(on('EC2-002', 'EC2-006').config, 'sg_close_ports')).toEqual({
    enabled: true,
    params: { ports: [22, 5432] },
  });
  expect(settings(on('S3-001', 'S3-003').config, 's3_remove_public_grants')).toEqual({
    enabled: true,
    params: { grantees: ['AllUsers'], permissions: ['READ', 'WRITE'] },
  });
  expect(settings(on('IAM-038').config, 'iam_deactivate_old_access_key')).toEqual({
    enabled: true,
    params: { days: 90 },
  });
  const { config, moves } = on('S3-001', 'S3-008');
  expect(settings(config, 's3_remove_public_grants')).toMatchObject({ mode: 'plan' });
  expect(moves[0]?.says).toContain('It would answer S3-003, S3-006 too, which are off');
});

test('settings beside `enabled` become parameters; what has none is named', () => {
  const { config, moves } = read({
    'AutoRemediateCT-001': {
      enabled: true,
      ...{ Name: 'main', S3BucketName: 'our-trails', S3KeyPrefix: 'logs' },
      ...{ IncludeGlobalServiceEvents: true, IsMultiRegionTrail: false },
    },
    'AutoRemediateConfig-001': { enabled: true, S3BucketName: '' },
    'AutoRemediateRS-019': { enabled: true, RetentionPeriod: 14 },
    'AutoRemediateKinesis-001': { enabled: true, KmsKeyId: 'alias/ours' },
  });
  expect(settings(config, 'cloudtrail_enable')).toMatchObject({
    params: { trailName: 'main', bucketName: 'our-trails' },
  });
  expect(settings(config, 'config_enable')).not.toHaveProperty('params');
  expect(settings(config, 'redshift_set_snapshot_retention')).toEqual({
    enabled: true,
    params: { days: 14 },
  });
  expect(settings(config, 'kinesis_enable_encryption')).toEqual({
    enabled: true,
    params: { kmsKeyId: 'alias/ours' },
  });
  expect(moves.filter(({ how }) => how === 'left').map(({ from }) => from)).toEqual([
    'CT-001 S3KeyPrefix',
    'CT-001 IsMultiRegionTrail',
  ]);
});

test('only true switches on; what is no rule is named, and a wrong value leaves its bot out', () => {
  const { config, moves, notes } = read({
    'AutoRemediateKMS-002': true,
    'AutoRemediateRDS-008': false,
    'S3-012': { enabled: true },
    'AutoRemediateS3-014': { enabled: 'true' },
    'AutoRemediateS3-016': 'on',
    'AutoRemediateRds-006': { enabled: true },
    'AutoRemediateRS-019': { enabled: true, RetentionPeriod: 'long' },
    constructor: { enabled: true },
  });
  expect(Object.keys(config.bots).sort()).toEqual(['kms_enable_rotation', 's3_enable_versioning']);
  expect(moves.filter(({ how }) => how === 'left').map(({ from }) => from)).toEqual([
    'AutoRemediateS3-014',
    'AutoRemediateS3-016',
    'AutoRemediateRds-006',
    'constructor',
    'RS-019',
  ]);
  expect(notes.bots?.[0]).toBe('1 rule of config.js is off, and stays so.');
});
