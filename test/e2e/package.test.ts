/** What npm publishes, as somebody has it who has nothing else: in an empty folder, with the packages it asks for. */
import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { templatesIn } from '../../local/package';

interface Manifest {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

const ROOT = join(__dirname, '../..');
const CONFIG = `import { defineConfig, presets } from 'selfheal';

export default defineConfig({
  enable_auto_response: false,
  bots: { securityhub_enable: presets.baseline.securityhub_enable, sg_close_ports: { enabled: true } },
  accounts: { mode: 'multi', externalId: 'known-to-both-alone', accounts: ['444455556666'] },
  slack: { webhook: { parameter: '/selfheal/slack-webhook-url' } },
});
`;
const execute = promisify(execFile);

let folder: string;
let files: readonly string[];
let manifest: Manifest;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'selfheal-user-')));
  const { stdout } = await execute(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
    {
      cwd: ROOT,
      shell: process.platform === 'win32',
    },
  );
  const packed = JSON.parse(stdout) as object;
  // A list until npm 11, by name since.
  const [{ filename, files: listed }] = Object.values(packed) as [
    { filename: string; files: { path: string }[] },
  ];
  files = listed.map(({ path }) => path);
  const installed = join(folder, 'node_modules', 'selfheal');
  mkdirSync(installed, { recursive: true });
  await execute('tar', ['-xzf', join(folder, filename), '-C', installed, '--strip-components=1']);
  manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Manifest;
  // As `npm install` would, without the registry: what is not a dependency is not there.
  for (const name of Object.keys(manifest.dependencies)) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(realpathSync(join(ROOT, 'node_modules', name)), link, 'junction');
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('it holds what runs and is deployed, and nothing else', () => {
  const strays = files.filter((path) =>
    /\.(test|typetest)\.ts$|testing|fixtures|^(test|local|bench|docs|tools(?!\/standards))\/|\.py$|\.tgz$/.test(
      path,
    ),
  );
  expect(strays).toEqual([]);
  expect(files).toEqual(expect.arrayContaining(['serverless.yml', 'cli/selfheal.mjs', 'shared/index.ts']));
});

test('the command answers without a config.ts', async () => {
  expect((await selfheal('--version')).stdout.trim()).toBe(manifest.version);
  expect((await selfheal('plan', '--help')).stdout).toMatch(/^Usage: (npx )?selfheal plan/);
  const bots = await selfheal('bots', '--json');
  expect(JSON.parse(bots.stdout)).toHaveProperty(['bots', 0, 'enabled'], false);
  expect(bots.stderr).toContain(`there is no config.ts in ${folder}`);
  await expect(selfheal('routes')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('npx selfheal init writes one'),
  });
});

test('its examples are right as they lie in the package', async () => {
  const examples = files.filter((path) => /^examples\/[\w-]+\/config\.ts$/.test(path));
  expect(examples.length).toBeGreaterThan(4);
  for (const path of examples) {
    writeFileSync(join(folder, 'config.ts'), readFileSync(join(folder, 'node_modules/selfheal', path)));
    const { stdout } = await selfheal('validate', '--json');
    expect({ path, ...(JSON.parse(stdout) as object) }).toMatchObject({ path, valid: true, faults: [] });
  }
  rmSync(join(folder, 'config.ts'));
});

test('the config.ts of the folder is read, and deployed', async () => {
  writeFileSync(join(folder, 'config.ts'), CONFIG);
  const { bots } = JSON.parse((await selfheal('bots', '--json')).stdout) as {
    bots: { id: string; enabled: boolean }[];
  };
  const enabled = bots.filter((bot) => bot.enabled).map(({ id }) => id);
  expect(enabled.sort()).toEqual(['securityhub_enable', 'sg_close_ports']);
  const member = await selfheal('member-template', '--account', '111122223333', '--region', 'eu-west-1');
  expect(JSON.parse(member.stdout)).toMatchObject({
    Parameters: { ExternalId: { Default: 'known-to-both-alone' } },
  });

  await selfheal('deploy', '--region', 'eu-west-1', '--stage', 'mine', '--package', 'out');
  const functions = templatesIn(join(folder, 'out'))
    .flatMap(({ resources }) => Object.values(resources))
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => Properties.FunctionName);
  expect(functions).toEqual(
    expect.arrayContaining([
      'selfheal-mine-coordinator',
      'selfheal-mine-bot-securityhub_enable',
      'selfheal-mine-bot-sg_close_ports',
    ]),
  );
  expect(readdirSync(join(folder, 'out'))).toContain('sg_close_ports.zip');
});

/** Runs what `npx selfheal` runs. */
function selfheal(...argv: readonly string[]) {
  const program = join(folder, 'node_modules', 'selfheal', manifest.bin.selfheal ?? '');
  const { SELFHEAL_CONFIG: _none, ...env } = process.env;
  return execute(process.execPath, [program, ...argv], { cwd: folder, env, maxBuffer: 64 << 20 });
}
