/** `npm test`: everything that must hold, in the order in which it is cheapest to learn of a fault. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const RESULTS = join(ROOT, '.selfheal', 'jest.json');

const steps: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ['generated files are fresh', 'tsx', 'deploy/generate.ts', '--check'],
  ['formatting', 'prettier', '--check', '--log-level', 'warn', '.'],
  ['types', 'tsc', '--noEmit'],
  ['lint', 'eslint', '.'],
  ['imports', 'depcruise', '--config', '.dependency-cruiser.cjs', '--output-type', 'err', ...sources()],
  ['unused code', 'knip'],
  ['tests', 'jest', '--json', '--outputFile', RESULTS, ...process.argv.slice(2)],
];

for (const [name, command, ...args] of steps) {
  const started = Date.now();
  console.log(`\n── ${name}`);
  const { status } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(
    status === 0 ? `✓ ${name} (${seconds} s)` : `✗ ${name} (${seconds} s): ${[command, ...args].join(' ')}`,
  );
  if (name === 'tests') console.log(closingLine());
  if (status !== 0) process.exit(1);
}

function closingLine(): string {
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(RESULTS, 'utf8')) as {
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
  };
  return `${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`;
}

function sources(): string[] {
  return ['bench', 'cli', 'config.ts', 'deploy', 'functions', 'local', 'shared', 'test'];
}
