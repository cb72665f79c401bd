import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACCOUNT, newInstallation, run } from '../../testing';

const config = { bots: { kms_enable_rotation: { enabled: true } } };

function fileOfThree(): string {
  const finding = (id: string, account = ACCOUNT) => ({
    bot: 'kms_enable_rotation',
    target: { id, account },
    id,
    time: '2026-11-21T10:00:00Z',
  });
  const findings = [finding('key-1'), finding('key-2'), finding('key-3', '999999999999')];
  const path = join(mkdtempSync(join(tmpdir(), 'findings-')), 'findings.json');
  writeFileSync(path, findings.map((one) => JSON.stringify(one)).join('\n'));
  return path;
}

test('what a file asks for is shown, asked about, and put on the queue; the rest is said', async () => {
  const { stage } = await newInstallation();
  const path = fileOfThree();
  const refused = await run(['ingest', path, '--stage', stage], { config, answer: false });
  expect(refused.exit).toBe(3);
  const { exit, out, err } = await run(['ingest', path, '--stage', stage, '--yes'], { config });
  expect(exit).toBe(1);
  expect(out).toMatch(/3 messages: 2 to enqueue \(2 medium\), 0 declined, 1 unusable/);
  expect(err).toMatch(/unusable 1 × account 999999999999 is not/);
  const queue = await run(['queue', '--stage', stage, '--as-enqueued', '--json'], { config });
  expect(queue.json()).toMatchObject({
    messages: [{ target: { id: 'key-1' } }, { target: { id: 'key-2' } }],
  });
});

test('--dry-run says what would be enqueued and what is left out, and enqueues nothing', async () => {
  const { stage } = await newInstallation();
  const { exit, out, err } = await run(['ingest', fileOfThree(), '--stage', stage, '--dry-run'], { config });
  expect(exit).toBe(1);
  expect(out).toMatch(/3 messages: 2 to enqueue/);
  expect(out).not.toContain('Enqueued');
  expect(err).toMatch(/unusable 1 × account 999999999999 is not/);
  const queue = await run(['queue', '--stage', stage, '--as-enqueued', '--json'], { config });
  expect(queue.json()).toMatchObject({ messages: [] });
});
