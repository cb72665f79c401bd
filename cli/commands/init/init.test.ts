import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { checkConfig } from '../../../deploy/check-config';
import { bots } from '../../../functions/remediators';
import { catalogue } from '../../../functions/remediators/catalogue';
import type { Config } from '../../../shared/config';
import { presets } from '../../../shared/presets/presets';
import { loadBot } from '../../../shared/worker/load';
import { loadCompiled } from '../../compiled.cjs';
import { configInItsOwnFolder } from '../../testing-config';
import { run } from '../../testing';
import { FEW } from './source';

const { file } = configInItsOwnFolder();

/** What stands in the file, as commands and packaging load it, judged. */
async function written(): Promise<Config> {
  const { default: config } = loadCompiled(file, false) as { default: Config };
  await checkConfig(config, catalogue, (id) => loadBot(bots, id));
  return config;
}
const few = Object.fromEntries(FEW.map((id) => [id, { enabled: true }]));

test('--yes writes the defaults: a few safe bots, which only tell', async () => {
  const ran = await run(['init', '--yes']);
  expect(ran).toMatchObject({ exit: 0, err: '', out: expect.stringContaining('npx selfheal deploy') });
  expect(await written()).toEqual({
    enable_auto_response: false,
    rollout: [{ mode: 'plan' }],
    bots: few,
    accounts: { mode: 'single' },
    slack: { webhook: { parameter: '/selfheal/slack-webhook-url' } },
  });
  const risks = catalogue.filter(({ id }) => id in few).map(({ kind, risk }) => `${kind} ${risk}`);
  expect([...new Set(risks)]).toEqual(['posture safe']);
});

test.each(Object.keys(presets))('%s, of flags alone', async (preset) => {
  const argv = ['--members', 'o-a1b2c3d4e5,444455556666', '--external-id', 'known-to-both'];
  const more = ['--events', 'securityhub, guardduty', '--slack-parameter', '/own/url', '--mode', 'auto'];
  const ran = await run(['init', ...argv, '--bots', `${preset},kms_enable_rotation`, ...more, '--json']);
  expect(ran).toMatchObject({ exit: 0, err: '' });
  const config = await written();
  expect(config).toEqual({
    enable_auto_response: false,
    bots: { ...presets[preset as keyof typeof presets], kms_enable_rotation: { enabled: true } },
    findings: { events: ['securityhub', 'guardduty'] },
    accounts: {
      mode: 'multi',
      externalId: 'known-to-both',
      organization: 'o-a1b2c3d4e5',
      accounts: ['444455556666'],
    },
    slack: { webhook: { parameter: '/own/url' } },
  });
  expect(ran.json()).toEqual({ file, config });
});

test('a person is asked, again after a wrong answer, and before it is written', async () => {
  const answers = ['444455556666', 'kms_enable_rotaton', 'kms_enable_rotation', '', '', 'off', 'approve'];
  const refused = await run(['init'], { answers, answer: false });
  expect(refused.exit).toBe(3);
  expect(() => readFileSync(file)).toThrow('ENOENT');
  const ran = await run(['init'], { answers, answer: true });
  expect(ran.exit).toBe(0);
  expect(ran.err).toContain('did you mean kms_enable_rotation?');
  expect(ran.err).toContain('--mode takes plan, approve, auto, not "off"');
  expect(ran.err).toContain(`Write ${file}?`);
  const config = await written();
  expect(config).toMatchObject({ bots: { kms_enable_rotation: {} }, rollout: [{ mode: 'approve' }] });
  expect(config.accounts).toMatchObject({ externalId: expect.stringMatching(/^selfheal-[0-9a-f]{24}$/) });
});

test('where nobody can be asked, it says which answers are missing', async () => {
  const ran = await run(['init', '--bots', 'few', '--mode', 'plan']);
  expect(ran).toMatchObject({ exit: 2, out: '' });
  expect(ran.err).toBe(
    'selfheal: nothing was written: nobody can be asked; pass --yes for the defaults, or say --members, --events, --slack-parameter',
  );
});

test('a config.ts that is there stays, unless --force is given', async () => {
  writeFileSync(file, 'mine');
  const ran = await run(['init', '--yes']);
  expect(ran).toMatchObject({ exit: 3, err: expect.stringContaining('--force overwrites it') });
  expect(readFileSync(file, 'utf8')).toBe('mine');
  expect(await run(['init', '--yes', '--force'])).toMatchObject({ exit: 0 });
  expect((await written()).bots).toEqual(few);
});

test.each([
  "'; process.exit()",
  '"});process.exit();//',
  '`${process.exit()}`',
  '\\\n*/ process.exit()\u2028',
])('what is typed stays a string: %j', async (hostile) => {
  const ran = await run(['init', '--yes', '--slack-parameter', hostile]);
  expect(ran.exit).toBe(0);
  expect((await written()).slack).toEqual({ webhook: { parameter: hostile } });
  rmSync(file);
  for (const flag of ['--members', '--bots', '--events', '--mode']) {
    const refused = await run(['init', '--yes', flag, hostile]);
    expect([flag, refused.exit]).toEqual([flag, 2]);
  }
  const refused = await run(['init', '--yes', '--members', 'o-a1b2c3d4e5', '--external-id', hostile]);
  expect(refused).toMatchObject({ exit: 2, err: expect.stringContaining('ExternalId') });
  expect(await run(['init', '--yes', '--bots', '__proto__'])).toMatchObject({ exit: 2 });
  expect(() => readFileSync(file)).toThrow('ENOENT');
});
