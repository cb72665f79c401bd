import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const run = (argv: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    const options = { env: { ...process.env, ...env }, cwd: __dirname };
    execFile(
      process.execPath,
      [join(__dirname, 'selfheal.mjs'), ...argv],
      options,
      (error, stdout, stderr) => {
        resolve({ code: error?.code ?? 0, stdout, stderr });
      },
    );
  });

test('the launcher starts from anywhere, loads bots when they are asked for, and exits with the code', async () => {
  const [bots, plan, nowhere] = await Promise.all([
    run(['bots', '--json']),
    run(['plan', 'kms_enable_rotation', '00000000-0000-0000-0000-000000000000', '--json']),
    run(['history'], { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }),
  ]);
  expect(bots).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(bots.stdout)).toHaveProperty('bots');
  expect(plan).toMatchObject({ code: 1, stderr: '' });
  expect(JSON.parse(plan.stdout)).toMatchObject({ outcome: 'gone' });
  expect(nowhere).toMatchObject({
    code: 4,
    stdout: '',
    stderr: expect.stringMatching(/^selfheal: AWS cannot be reached at .*\n$/),
  });
});

test('what is missing is said with an example, and copied commands work', async () => {
  const [missing, help] = await Promise.all([run(['plan']), run(['undo', '--help'])]);
  expect(missing).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      /^selfheal: missing required argument 'bot': npx selfheal plan kms_enable_rotation .*, for example; see npx selfheal plan --help\n$/,
    ),
  });
  expect(help.stdout).toMatch(/^Usage: npx selfheal undo/);
  expect(help.stdout).toMatch(/^ {2}npx selfheal undo --bot kms_enable_rotation --since 2h$/m);
});

test('what asks AWS nothing loads no package: no client of AWS, and no bot, which would load its own', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'selfheal-loaded-'));
  const hook = join(folder, 'hook.cjs');
  const told =
    "process.stderr.write(Object.keys(require.cache).filter((file) => file.includes('node_modules')).join('\\n'))";
  writeFileSync(hook, `process.on('exit', () => { ${told}; });`);
  const commands = [
    ['--help'],
    ['queue', '--help'],
    ['bots'],
    ['validate'],
    ['presets'],
    ['completion', 'bash'],
  ];
  for (const argv of commands) {
    // Once before, so that what is kept is no older than its sources.
    await run(argv);
    expect({ argv, ...(await run(argv, { NODE_OPTIONS: `--require ${hook}` })) }).toMatchObject({
      ...{ argv, code: 0, stderr: '' },
    });
  }
  const { stderr } = await run(['plan', 'kms_enable_rotation', 'x'], { NODE_OPTIONS: `--require ${hook}` });
  expect(stderr).toContain('client-kms');
  expect(stderr).not.toContain('client-ec2');
  rmSync(folder, { recursive: true });
});
