import type { Config } from '../../../shared/config';
import { run } from '../../testing';

const config = { bots: { test_tag_bucket: { enabled: true, params: { owner: 'ops' } } } } as Partial<Config>;

test('the catalogue, with what config.ts enables', async () => {
  const { exit, out } = await run(['bots'], { config, columns: 180 });
  expect(exit).toBe(0);
  expect(out).toMatch(/kms_enable_rotation .*KMS Key +medium +safe +-/);
  expect(out).toMatch(/test_tag_bucket .*S3 Bucket +low +safe +auto/);
  const { bots } = (await run(['bots', '--json'], { config })).json() as { bots: object[] };
  expect(bots).toContainEqual(
    expect.objectContaining({ id: 'test_tag_bucket', enabled: true, mode: 'auto' }),
  );
});

test.each([
  [['s3'], /^s3_\w+$/],
  [['KMS', '--severity', 'medium+'], /^kms_/],
  [['owner'], /./],
  [['--enabled'], /^test_tag_bucket$/],
])('%j: those that have to do with it', async (argv, id) => {
  const { bots } = (await run(['bots', ...argv, '--json'], { config })).json() as { bots: { id: string }[] };
  const all = (await run(['bots', '--json'], { config })).json() as { bots: unknown[] };
  expect(bots.length).toBeGreaterThan(0);
  expect(bots.length).toBeLessThan(all.bots.length / 2);
  const named = bots.filter((bot) => !bot.id.startsWith('test_') || argv.includes('--enabled'));
  for (const bot of named) expect(bot.id).toMatch(id);
});

test('a word that no bot has: the one that was probably meant', async () => {
  expect(await run(['bots', 'kms_enable_rotaton'], { config })).toMatchObject({
    exit: 2,
    err: expect.stringMatching(/did you mean kms_enable_rotation/) as string,
  });
});

test('one bot in full', async () => {
  const { exit, out } = await run(['bots', 'test_tag_bucket'], { config });
  expect(exit).toBe(0);
  expect(out).toMatch(/owner \(string, default "team", in config.ts "ops", word 1\)/);
  expect(out).toMatch(/write s3:PutBucketTagging/);
});

test('help names the exit codes, and every command has examples', async () => {
  expect((await run([])).out).toMatch(/Exit codes:\n {2}0/);
  for (const command of ['bots', 'queue', 'plan', 'fix', 'history', 'undo']) {
    const { exit, out, err } = await run([command, '--help']);
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toMatch(/Examples:\n {2}npx selfheal/);
  }
  expect((await run(['--version'])).out).toMatch(/^\d+\.\d+\.\d+$/);
});
