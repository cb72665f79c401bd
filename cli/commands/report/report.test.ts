import { mkdtemp, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ReportData } from '../../report/data';
import { entryOf } from '../../report/fixtures/sources';
import { countsOf, newBucket, newInstallation, remediationFor } from '../../testing';

const recently = () => ({
  startedAt: new Date(Date.now() - 60_000).toISOString(),
  endedAt: new Date().toISOString(),
});

test('writes one file for its owner alone, and takes nothing off the queue', async () => {
  const { run, send, journal, sqs, queueUrl } = await newInstallation();
  await journal.begin(entryOf('one', recently()));
  await send(remediationFor(await newBucket()));
  const out = path.join(await mkdtemp(path.join(tmpdir(), 'selfheal-report-')), 'report.html');
  const bots = { test_tag_bucket: { enabled: true } };
  const ran = await run(['report', '--out', out], { config: { bots } as object });
  expect(ran).toMatchObject({
    exit: 0,
    out: expect.stringMatching(/^written .*report\.html: 2 faults, \d+ KB/),
  });
  const page = await readFile(out, 'utf8');
  expect(page).toContain('kms_enable_rotation/one');
  expect(page).not.toMatch(/(src|href)="(?!data:)/);
  expect((await stat(out)).mode & 0o077).toBe(0);
  expect(await countsOf(sqs, queueUrl)).toEqual({ waiting: 1, out: 0 });
});

test('--json prints the data and writes nothing; what is older or over the limit is said', async () => {
  const { run, journal } = await newInstallation();
  await journal.begin(entryOf('old', { startedAt: '2020-01-01T00:00:00.000Z' }));
  for (const id of ['one', 'two', 'three']) await journal.begin(entryOf(id, recently()));
  const data = (await run(['report', '--json', '--limit', '2'])).json() as ReportData;
  expect(data).toMatchObject({ version: 1, totals: { fixed: 3 } });
  expect(data.items.length).toBe(2);
  expect(data.items[0]?.consoleUrl).toMatch(/^https:\/\/eu-west-1\.console\.aws\.amazon\.com\//);
  expect(data.items[0]?.words).toContainEqual(expect.objectContaining({ sign: '+' }));
  expect(data.cut).toEqual([expect.stringMatching(/the newest 2 changes are listed; 1 older/)]);
});

test('what is wrong is one sentence', async () => {
  const { run } = await newInstallation();
  expect(await run(['report', '--since', 'yesterday'])).toMatchObject({
    ...{ exit: 2, err: expect.stringMatching(/--since takes/) },
  });
  expect(await run(['report', '--out', '/no/such/folder/report.html'])).toMatchObject({
    ...{ exit: 2, err: expect.stringMatching(/cannot be written: ENOENT/) },
  });
});
