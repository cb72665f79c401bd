import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../testing';

const ROOT = join(__dirname, '../../..');

test('nothing is deployed without a config file', async () => {
  const before = process.env.SELFHEAL_CONFIG;
  process.env.SELFHEAL_CONFIG = 'not-there.ts';
  try {
    const { exit, err } = await run(['deploy', '--region', 'eu-west-1']);
    expect({ exit, err }).toEqual({
      exit: 2,
      err: expect.stringMatching(
        /^selfheal: there is no config file .*not-there\.ts: SELFHEAL_CONFIG names it$/,
      ),
    });
  } finally {
    if (before === undefined) delete process.env.SELFHEAL_CONFIG;
    else process.env.SELFHEAL_CONFIG = before;
  }
});

test('an installation is not taken down without a yes', async () => {
  const remove = ['remove', '--region', 'eu-west-1'];
  expect(await run(remove)).toMatchObject({ exit: 3, err: expect.stringContaining('--yes') });
  expect(await run(remove, { answer: false })).toMatchObject({
    exit: 3,
    err: expect.stringContaining('Take the installation of stage prod in eu-west-1 down?'),
  });
});

describe('a broken config.ts is one sentence, and no stack trace', () => {
  const folder = mkdtempSync(join(tmpdir(), 'selfheal-broken-'));
  const wrong =
    'export default { enable_auto_response: false, bots: { kms_enable_rotaton: { enabled: true } } };\n';
  const started = (program: string, source: string, argv: readonly string[]) => {
    writeFileSync(join(folder, 'broken.ts'), source);
    const env = { ...process.env, SELFHEAL_CONFIG: 'broken.ts', SLS_TELEMETRY_DISABLED: '1' };
    if (program.includes('serverless')) env.SELFHEAL_CONFIG = join(folder, 'broken.ts');
    const cwd = program.includes('serverless') ? ROOT : folder;
    return spawnSync(process.execPath, [join(ROOT, program), ...argv], { cwd, env, encoding: 'utf8' });
  };

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test.each([
    [
      'a bot that there is not',
      wrong,
      /config\.ts is wrong: bots\.kms_enable_rotaton: .* did you mean kms_enable_rotation\?: see npx selfheal validate/,
    ],
    [
      'no end',
      'export default {\n  bots: {\n',
      /config\.ts cannot be read: broken\.ts:3: Expected identifier but found end of file/,
    ],
    [
      'no export',
      'export const config = {};\n',
      /config\.ts exports no config: it ends with `export default defineConfig/,
    ],
    [
      'an import of nothing',
      "import './nowhere';\n",
      /config\.ts cannot be read: broken\.ts:1: Could not resolve "\.\/nowhere"/,
    ],
    ['an error of its own', "throw new Error('no accounts');\n", /config\.ts cannot be read: no accounts/],
  ])('of selfheal deploy: %s', (_what, source, sentence) => {
    const { status, stdout, stderr } = started('cli/selfheal.mjs', source, [
      'deploy',
      '--region',
      'eu-west-1',
    ]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^selfheal: ${sentence.source}[^\\n]*\\n$`));
  });

  test('of serverless package, which is started without selfheal too', () => {
    const { status, stdout, stderr } = started('node_modules/serverless/bin/serverless.js', wrong, [
      'package',
      '--region',
      'eu-west-1',
    ]);
    const said = `${stdout}${stderr}`;
    expect(status).toBe(1);
    expect(said).toContain('config.ts is wrong: bots.kms_enable_rotaton: there is no bot');
    expect(said).not.toMatch(/^\s+at /m);
  });
});
