/** `npm test`: everything that must hold, in the order in which it is cheapest to learn of a fault. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const RESULTS = (name: string) => join(ROOT, '.selfheal', `jest-${name}.json`);

const steps: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ['generated files are fresh', 'tsx', 'tools/generate.ts', '--check'],
  ['formatting', 'prettier', '--check', '--log-level', 'warn', '.'],
  ['types', 'tsc', '--noEmit'],
  ['lint', 'eslint', '.'],
  ['imports', 'depcruise', '--config', '.dependency-cruiser.cjs', '--output-type', 'err', ...sources()],
  ['unused code', 'knip'],
  // Tests wait for local AWS half of their time, so two run at once.
  ['tests', ...jest('unit'), '--maxWorkers=2'],
  ['end to end', ...jest('e2e'), '--runInBand'],
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
  if (status !== 0) process.exit(1);
}
console.log(closingLine());

/** The tests of one project of jest.config.js, all or those that the arguments name. */
function jest(project: string): [string, ...string[]] {
  const results = ['--json', '--outputFile', RESULTS(project)];
  return ['jest', '--selectProjects', project, '--passWithNoTests', ...results, ...process.argv.slice(2)];
}

function closingLine(): string {
  const results = ['unit', 'e2e'].map(
    (project) => JSON.parse(readFileSync(RESULTS(project), 'utf8')) as Record<string, number>,
  );
  const sum = (name: string) => results.reduce((total, result) => total + (result[name] ?? 0), 0);
  return `${sum('numPassedTests')} passed, ${sum('numFailedTests')} failed, ${sum('numPendingTests')} skipped`;
}

function sources(): string[] {
  return ['bench', 'cli', 'config.ts', 'deploy', 'functions', 'local', 'shared', 'test', 'testing', 'tools'];
}
