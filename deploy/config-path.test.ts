import { mkdirSync, mkdtempSync, rmSync, writeFileSync, cpSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'selfheal-config-')));
const installed = join(folder, 'node_modules/selfheal/deploy/config-path.cjs');
mkdirSync(join(folder, 'node_modules/selfheal/deploy'), { recursive: true });
cpSync(join(__dirname, 'config-path.cjs'), installed);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('a clone has a config.ts for calls from anywhere, an empty SELFHEAL_CONFIG is none', () => {
  const clone = join(__dirname, 'config-path.cjs');
  expect(pathBy(clone, { SELFHEAL_CONFIG: '' })).toBe(join(__dirname, '../config.ts'));
});

test('an installed package reads the config.ts of the folder, or says that there is none', () => {
  expect(pathBy(installed)).toBe(
    `NO_CONFIG: there is no config.ts in ${folder}: npx selfheal init writes one`,
  );
  writeFileSync(join(folder, 'config.ts'), '');
  expect(pathBy(installed)).toBe(join(folder, 'config.ts'));
  writeFileSync(join(folder, 'other.ts'), '');
  expect(pathBy(installed, { SELFHEAL_CONFIG: 'other.ts' })).toBe(join(folder, 'other.ts'));
  expect(pathBy(installed, { SELFHEAL_CONFIG: 'third.ts' })).toBe(
    `undefined: there is no config file ${join(folder, 'third.ts')}: SELFHEAL_CONFIG names it`,
  );
});

/** What the module answers in that folder, or the code and the sentence of its error. */
function pathBy(module: string, env: Readonly<Record<string, string>> = {}): string {
  const script = `try { process.stdout.write(require(${JSON.stringify(module)}).configPath()); }
    catch (error) { process.stdout.write(error.code + ': ' + error.message); }`;
  const { SELFHEAL_CONFIG: _none, ...own } = process.env;
  return spawnSync(process.execPath, ['-e', script], {
    cwd: folder,
    env: { ...own, ...env },
  }).stdout.toString();
}
