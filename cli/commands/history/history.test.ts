import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JournalEntry } from '../../../shared/worker/journal';
import { newInstallation } from '../../testing';

const target = { account: '123456789012', region: 'eu-west-1', type: 'AWS::KMS::Key', id: 'k1' };
const entryOf = (id: string, more: Partial<JournalEntry> = {}): JournalEntry => ({
  id,
  bot: 'kms_enable_rotation',
  target,
  params: { periodDays: 365 },
  finding: {
    source: 'config',
    id: randomUUID(),
    time: '2026-11-21T09:00:00Z',
    title: 'a \u001b[31mtitle\u202e',
  },
  violation: 'the key does not rotate',
  before: { rotates: false },
  after: { rotates: true },
  calls: [{ action: 'kms:EnableKeyRotation', input: { KeyId: 'k1' } }],
  status: 'fixed',
  startedAt: new Date(Date.now() - 3_600_000).toISOString(),
  endedAt: new Date().toISOString(),
  ...more,
});
const ids = (json: unknown) => (json as { changes: { id: string }[] }).changes.map(({ id }) => id);

test('lists newest first, narrowed by bot, resource and time, with how each stands', async () => {
  const { run, journal } = await newInstallation();
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  const { after: _, ...unfinished } = entryOf('x');
  await journal.begin(entryOf('oldest', { startedAt: ago(300) }));
  await journal.begin({ ...unfinished, id: 'deleted', startedAt: ago(200) });
  await journal.begin({ ...unfinished, id: 'cut', status: 'started', startedAt: ago(100) });
  await journal.begin({ ...unfinished, id: 'now', status: 'started', startedAt: ago(0) });
  await journal.begin(
    entryOf('other', { target: { ...target, id: 'k2' }, bot: 'test_tag_bucket', startedAt: ago(50) }),
  );

  const { exit, out } = await run(['history'], { columns: 120 });
  expect(exit).toBe(0);
  expect(out).toMatch(
    /now .*running\n(.*\n)*other .*fixed\n(.*\n)*cut .*interrupted\n(.*\n)*deleted .*fixed, by deletion\n(.*\n)*oldest /,
  );
  const list = async (...argv: string[]) => ids((await run(['history', ...argv, '--json'])).json());
  expect(await list('--bot', 'test_tag_bucket')).toEqual(['other']);
  expect(await list('--resource', 'k2')).toEqual(['other']);
  expect(await list('--resource', 'arn:aws:kms:eu-west-1:123456789012:key/k2')).toEqual(['other']);
  expect(await list('--resource', 'arn:aws:kms:us-east-1:123456789012:key/k2')).toEqual([]);
  expect(await list('--since', '2h')).toEqual(['now', 'other', 'cut']);
  expect(await list('--resource', 'k1', '--limit', '2')).toEqual(['now', 'cut']);
});

test('one in full, harmless in a terminal', async () => {
  const { run, journal } = await newInstallation();
  await journal.begin(entryOf('one'));
  const { exit, out } = await run(['history', 'one']);
  expect(exit).toBe(0);
  expect(out).toMatch(/found by {2}config: a title\n/);
  expect(out).toMatch(/Sent \(1 call\)\n {2}1\. kms:EnableKeyRotation\n {5}KeyId: k1/);
  expect(out).toMatch(/What changed\n {2}rotates: false → true/);
  expect(out).not.toMatch(/\p{Cf}|(?!\n)\p{Cc}/u);
  expect((await run(['history', 'one', '--json'])).json()).toMatchObject({ id: 'one', standing: 'fixed' });
});

test('what changed is said in words, in the list, in full and where it is handed on', async () => {
  const { run, journal } = await newInstallation();
  const changes = [
    { sign: '-', text: 'tcp 22 from 0.0.0.0/0' },
    { sign: ' ', text: 'tcp 443 from 0.0.0.0/0 (stays)' },
  ] as const;
  await journal.begin(entryOf('said', { changes }));
  expect((await run(['history'], { columns: 200 })).out).toMatch(
    /does not rotate +- tcp 22 from 0\.0\.0\.0\/0 /,
  );
  expect((await run(['history'], { columns: 80 })).out).toContain('- tcp 22 from 0.0.0.0/0');
  const { out } = await run(['history', 'said']);
  expect(out).toContain('In words\n  - tcp 22 from 0.0.0.0/0\n    tcp 443 from 0.0.0.0/0 (stays)');
  expect((await run(['history', '--format', 'jsonl'])).out).toContain('"text":"tcp 22 from 0.0.0.0/0"');
});

test('a change is found by the short id that the list shows; one that several end with is named in full', async () => {
  const { run, journal } = await newInstallation();
  const [first, second, third] = ['0a1b2c3d', '4e5f6a7b', '4e5f6a7b'].map(
    (end, index) => `kms_enable_rotation/2026112109300${index}-${end}`,
  );
  for (const id of [first, second, third]) await journal.begin(entryOf(id ?? ''));
  expect((await run(['history'])).out).toMatch(/^0a1b2c3d /m);
  expect((await run(['history', '0a1b2c3d', '--json'])).json()).toMatchObject({ id: first });
  const several = await run(['history', '4e5f6a7b']);
  expect(several).toMatchObject({
    exit: 2,
    err: expect.stringContaining('several changes end with 4e5f6a7b'),
  });
  expect(several.err).toContain(second);
  expect(several.err).toContain(third);
  expect(await run(['history', 'ffffffff'])).toMatchObject({
    exit: 2,
    err: expect.stringContaining('there is no change "ffffffff"'),
  });
  expect(await run(['undo', '0a1b2c3d', '--dry-run'])).toMatchObject({
    out: expect.stringContaining(first ?? ''),
  });
});

test('--out writes what --format prints, and says so; without a format, and where it cannot, it is one sentence', async () => {
  const { run, journal } = await newInstallation();
  await journal.begin(entryOf('one'));
  const folder = mkdtempSync(join(tmpdir(), 'selfheal-out-'));
  for (const format of ['csv', 'jsonl', 'ocsf', 'sarif']) {
    const file = join(folder, `changes.${format}`);
    const printed = await run(['history', '--format', format]);
    const written = await run(['history', '--format', format, '--out', file]);
    expect(written).toMatchObject({ exit: 0, err: `1 row written to ${file}` });
    expect(readFileSync(file, 'utf8').trimEnd()).toBe(printed.out);
  }
  expect(await run(['history', '--out', join(folder, 'x')])).toMatchObject({
    exit: 2,
    err: expect.stringContaining('--out goes with --format'),
  });
  expect(await run(['history', '--format', 'csv', '--out', join(folder, 'no', 'such')])).toMatchObject({
    exit: 2,
    err: expect.stringMatching(/^selfheal: .*such cannot be written: ENOENT$/),
  });
  rmSync(folder, { recursive: true });
});

test('nothing, and no such change', async () => {
  const { run } = await newInstallation();
  expect(await run(['history'])).toMatchObject({ exit: 0, out: expect.stringMatching(/No changes/) });
  expect((await run(['history', '--json'])).json()).toEqual({ changes: [] });
  expect(await run(['history', 'x'])).toMatchObject({ exit: 2, err: expect.stringMatching(/no change "x"/) });
  expect((await run(['history', '--limit', '0'])).exit).toBe(2);
});
