/** The command as a process of its own: it starts, serves the page, and ends on Ctrl-C. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { entryOf } from '../../report/fixtures/sources';
import { newInstallation } from '../../testing';

const ROOT = join(__dirname, '../../..');
const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** Starts the command, and reads what it says. */
function start(argv: readonly string[]) {
  const child = spawn(process.execPath, [join(ROOT, 'cli/selfheal.mjs'), 'dashboard', ...argv], {
    env: { ...process.env, SELFHEAL_CONFIG: join(ROOT, 'local/demo/config.ts') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  const ended = once(child, 'close') as Promise<[code: number | null, signal: string | null]>;
  return { child, said, ended };
}

test('it prints an address with a secret in it, serves the page there until Ctrl-C, and ends with 0', async () => {
  const { stage, journal } = await newInstallation();
  await journal.begin(entryOf('one', { startedAt: new Date().toISOString() }));
  const { child, said, ended } = start(['--stage', stage, '--region', 'eu-west-1']);
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const found = /^(http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\/)\n/.exec(said.out)?.[1];
      if (found !== undefined) resolve(found);
    });
    void ended.then(() => {
      reject(new Error(said.err));
    });
  });
  const page = await fetch(url);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('kms_enable_rotation/one');
  expect((await fetch(new URL('/', url))).status).toBe(404);
  // A window that is open holds a connection, and does not hold up the end.
  child.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
  expect(said).toEqual({ out: expect.stringMatching(/Ctrl-C ends it\.\n$/) as string, err: '' });
  await expect(fetch(url)).rejects.toThrow();
});

test('a port that somebody else uses is one sentence', async () => {
  const { stage } = await newInstallation();
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { said, ended } = start(['--stage', stage, '--region', 'eu-west-1', '--port', String(port)]);
  expect(await ended).toEqual([2, null]);
  expect(said).toEqual({
    out: '',
    err: `selfheal: port ${port} of this machine cannot be used: EADDRINUSE: name another with --port, or leave it out\n`,
  });
  other.close();
});
