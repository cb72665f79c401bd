import { execFile, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { LocalError, ROOT } from '../local/aws';
import { localEnvironment } from '../local/loopback';
import { REGION } from './aws';
import { type Row, median } from './table';

const ROUNDS = 9;
const KILOBYTES = 300;
const LOAD_MS = 100;
const DIRECTORY = path.join(ROOT, '.selfheal', 'bench');
/** Loads a function as Lambda's runtime does, and tells how long that took. */
const LOADER = `
  const started = performance.now();
  require(process.argv[1]);
  process.stdout.write(String(performance.now() - started), () => process.exit());
`;
/** Nobody listens there: packaging and loading have nothing to ask of AWS. */
const NOWHERE = 'http://127.0.0.1:9';

interface Packaged {
  readonly name: string;
  readonly kilobytes: number;
  readonly file: string;
  /** Not one of the core's functions, which may weigh more. */
  readonly isBot: boolean;
}

/** Size and load time of every packaged function, beside what a bot's should be at most. */
export async function measureBots(say: (line: string) => void): Promise<Row[]> {
  rmSync(DIRECTORY, { recursive: true, force: true });
  say('serverless package …');
  await packageAll();
  const functions = unpackAll();
  const times = new Map<string, number[]>(functions.map(({ name }) => [name, []]));
  for (let round = 1; round <= ROUNDS; round += 1) {
    say(`loading ${functions.length} functions, round ${round} of ${ROUNDS}`);
    for (const { name, file } of functions) times.get(name)?.push(await loadTime(file));
  }
  return functions.flatMap((each) => rowsOf(each, times.get(each.name) ?? []));
}

function rowsOf({ name, kilobytes, isBot }: Packaged, times: readonly number[]): Row[] {
  const load = median(times);
  return [
    {
      what: `${name}, zip`,
      value: kilobytes,
      unit: 'KB',
      beside: 'what a bot may weigh',
      besideValue: KILOBYTES,
      ratio: kilobytes / KILOBYTES,
      ...(isBot && { goal: { atMost: 1 } }),
    },
    {
      what: `${name}, load`,
      value: load,
      unit: 'ms',
      each: times,
      beside: 'what loading may take',
      besideValue: LOAD_MS,
      ratio: load / LOAD_MS,
      goal: { atMost: 1 },
    },
  ];
}

async function packageAll(): Promise<void> {
  const manifest = createRequire(__filename).resolve('serverless/package.json');
  const serverless = path.join(path.dirname(manifest), 'bin', 'serverless.js');
  const child = spawn(
    process.execPath,
    [serverless, 'package', '--region', REGION, '--package', packageDirectory()],
    {
      cwd: ROOT,
      env: {
        ...localEnvironment(NOWHERE, REGION),
        SELFHEAL_CONFIG: 'local/demo/config.ts',
        SLS_TELEMETRY_DISABLED: '1',
        SLS_NOTIFICATIONS_MODE: 'off',
        SLS_GEO_LOCATION: 'none',
        CI: '1',
        FORCE_COLOR: '0',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const endOnExit = () => child.kill('SIGKILL');
  process.once('exit', endOnExit);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  const code = await new Promise((resolve) => child.once('close', resolve));
  process.off('exit', endOnExit);
  if (code !== 0) throw new LocalError(`\`serverless package\` failed:\n${said.slice(-2_000)}`);
}

function packageDirectory(): string {
  return path.join(DIRECTORY, 'package');
}

function unpackAll(): Packaged[] {
  const zips = readdirSync(packageDirectory()).filter((name) => name.endsWith('.zip'));
  return zips
    .map((zip) => unpack(zip))
    .sort((one, other) => Number(one.isBot) - Number(other.isBot) || one.name.localeCompare(other.name));
}

function unpack(zip: string): Packaged {
  const name = path.basename(zip, '.zip');
  const packed = readFileSync(path.join(packageDirectory(), zip));
  const [entry, ...others] = Object.entries(unzipSync(packed));
  if (!entry || others.length > 0) throw new LocalError(`${zip} is more than one file: which one to load?`);
  const [inZip, content] = entry;
  const file = path.join(DIRECTORY, name, inZip);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return { name, kilobytes: packed.length / 1024, file, isBot: inZip.startsWith('functions/remediators/') };
}

async function loadTime(file: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', LOADER, file], {
    cwd: path.dirname(file),
    env: localEnvironment(NOWHERE, REGION, { NODE_OPTIONS: '--enable-source-maps' }),
    timeout: 30_000,
  });
  return Number(stdout);
}
