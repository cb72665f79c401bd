/** `npm test`: everything that must hold, in the order in which it is cheapest to learn of a fault. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const ROOT = join(__dirname, '..');
const state = (name: string) => join(ROOT, '.selfheal', name);

/** A program of node_modules/.bin with its arguments. */
type Command = readonly [program: string, ...args: string[]];
type Steps = Readonly<Record<string, Command>>;

interface Suite {
  readonly name: string;
  readonly startTime: number;
  readonly endTime: number;
}

interface Results {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly Suite[];
}

/** One after the other on one core. */
const checks: Steps = {
  'site of the docs': ['vitepress', 'build', 'docs'],
  types: ['tsc', '--noEmit', '--incremental', '--tsBuildInfoFile', state('tsc.tsbuildinfo')],
  // It runs in a browser, whose types are kept from everything else.
  'types of the page': ['tsc', '--noEmit', '-p', 'cli/report-page'],
  formatting: [
    'prettier',
    ...['--check', '--log-level', 'warn', '--cache', '--cache-strategy', 'content'],
    ...['--cache-location', state('prettier.cache'), '.'],
  ],
  'generated files are fresh': ['tsx', 'tools/generate.ts', '--check'],
  imports: ['depcruise', '--config', '.dependency-cruiser.cjs', '--output-type', 'err', ...sources()],
  'unused code': ['knip'],
  // Without a cache: what rules that know types say of a file can change while the file does not.
  lint: ['eslint', '.'],
};
const projects = ['unit', 'e2e'] as const;

void main();

async function main(): Promise<void> {
  // What deploys does so one after the other, on one core: the checks have the other one.
  const deploying: Steps = { 'end to end': jest('e2e', '--runInBand') };
  const passed = await Promise.all([inSequence(checks), inSequence(deploying)]);
  if (!passed.every(Boolean)) process.exit(1);
  // These take both.
  if (!(await inSequence({ tests: jest('unit', '--maxWorkers=2') }, 'shown'))) process.exit(1);
  const results = projects.map((project) => JSON.parse(readFileSync(resultsOf(project), 'utf8')) as Results);
  console.log(`\n${slowest(results.flatMap(({ testResults }) => testResults))}\n`);
  console.log(closingLine(results));
}

/** Runs the steps in their order; none begins after one that failed. What they print is `held` until each ends. */
async function inSequence(steps: Steps, output: 'held' | 'shown' = 'held'): Promise<boolean> {
  for (const step of Object.entries(steps)) {
    if (!(await succeeds(...step, output))) return false;
  }
  return true;
}

async function succeeds(
  name: string,
  [program, ...args]: Command,
  output: 'held' | 'shown',
): Promise<boolean> {
  const started = Date.now();
  if (output === 'shown') console.log(`\n── ${name}`);
  const child = spawn(program, args, {
    cwd: ROOT,
    stdio: [
      'inherit',
      ...(output === 'held' ? (['pipe', 'pipe'] as const) : (['inherit', 'inherit'] as const)),
    ],
    shell: process.platform === 'win32',
  });
  const said: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => said.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => said.push(chunk));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  process.stdout.write(Buffer.concat(said));
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(
    status === 0 ? `✓ ${name} (${seconds} s)` : `✗ ${name} (${seconds} s): ${[program, ...args].join(' ')}`,
  );
  return status === 0;
}

/** The tests of one project of jest.config.js, all or those that the arguments name. */
function jest(project: (typeof projects)[number], ...how: string[]): Command {
  const results = ['--json', '--outputFile', resultsOf(project)];
  return [
    'jest',
    ...['--selectProjects', project, '--passWithNoTests', ...results, ...process.argv.slice(2), ...how],
  ];
}

function resultsOf(project: string): string {
  return state(`jest-${project}.json`);
}

/** The ten suites that took longest, so that a slow one is seen when it comes. */
function slowest(suites: readonly Suite[]): string {
  const lines = suites
    .map(({ name, startTime, endTime }) => ({ name, seconds: (endTime - startTime) / 1000 }))
    .sort((one, other) => other.seconds - one.seconds)
    .slice(0, 10)
    .map(({ name, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${relative(ROOT, name)}`);
  return ['The slowest suites:', ...lines].join('\n');
}

function closingLine(results: readonly Results[]): string {
  const sum = (count: (one: Results) => number) => results.reduce((total, one) => total + count(one), 0);
  const passed = sum(({ numPassedTests }) => numPassedTests);
  const failed = sum(({ numFailedTests }) => numFailedTests);
  const skipped = sum(({ numPendingTests }) => numPendingTests);
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

function sources(): string[] {
  return ['bench', 'cli', 'config.ts', 'deploy', 'functions', 'local', 'shared', 'test', 'testing', 'tools'];
}
