import { run } from '../../testing';

const rotation = { kms_enable_rotation: { enabled: true, params: { periodDays: 180 } } } as const;

test('what a config would deploy, and how', async () => {
  const ran = await run(['validate'], {
    config: {
      bots: { ...rotation, s3_delete_bucket: { enabled: true } },
      managedRules: { cloudTrailEnabled: true },
    },
  });
  expect(ran).toMatchObject({ exit: 0, err: '' });
  expect(ran.out).toMatch(/kms_enable_rotation +repairs +safe +AWS Config, a scan, findings +periodDays=180/);
  expect(ran.out).toMatch(/s3_delete_bucket +only tells +destructive +findings/);
  expect(ran.out).toMatch(/bots +2 of \d+: 1 repair, 1 only tell/);
  expect(ran.out).toMatch(/in AWS +6 functions/);
  expect(ran.out).toContain('config.ts is right.');
});

test('what rollout keeps bots from is said beside what they do by themselves', async () => {
  const rollout = [{ regions: ['eu-central-1'], mode: 'approve' }, { mode: 'plan' }] as const;
  const { out } = await run(['validate'], {
    config: { bots: rotation, enable_auto_response: true, rollout },
    columns: 200,
  });
  expect(out).toMatch(/auto response +on: what is found is repaired, as far as rollout lets it/);
  expect(out).toMatch(
    /rollout +regions=\[?"?eu-central-1"?\]?: ask first; everywhere: only tell what they would do/,
  );
});

const source = `import { defineConfig } from 'selfheal';
export default defineConfig({
  enable_auto_response: false,
  // kms_enable_rotaton: { enabled: true } was tried.
  bots: {
    kms_enable_rotaton: { enabled: true },
  },
  exemptions: [{ resource: 'x', until: 'soon', owner: 'web', reason: 'https://example.com' }],
});`;

test.each(['validate', 'check', 'config'])(
  '%s: what is wrong, the line, and what was meant',
  async (command) => {
    const config = {
      bots: { kms_enable_rotaton: { enabled: true } } as never,
      exemptions: [{ resource: 'x', until: 'soon', owner: 'web', reason: 'https://example.com' }],
    };
    const ran = await run([command], { config, source, columns: 200 });
    expect(ran.exit).toBe(2);
    expect(ran.out).toBe(
      [
        'config.ts:6 wrong bots.kms_enable_rotaton: there is no bot "kms_enable_rotaton": did you mean kms_enable_rotation?',
        'config.ts:8 wrong exemptions[0].until: takes a date such as 2027-01-31, not "soon"',
        '',
        'config.ts cannot be deployed.',
      ].join('\n'),
    );
    const json = await run([command, '--json'], { config, source });
    expect(json.json()).toMatchObject({
      valid: false,
      faults: [{ at: 'bots.kms_enable_rotaton', line: 6 }, {}],
    });
  },
);

test('what can be deployed and is hardly meant is a warning', async () => {
  const soon = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  const ran = await run(['validate'], {
    config: {
      bots: rotation,
      exemptions: [
        { resource: 'a', until: '2025-01-31', owner: 'web', reason: 'a test' },
        { resource: 'b', until: soon, owner: 'web', reason: 'a test' },
        { bot: 'sg_close_ports', approver: 'us', owner: 'web', reason: 'a test' },
      ],
    },
    columns: 200,
  });
  expect(ran.exit).toBe(0);
  expect(ran.err.split('\n')).toEqual([
    expect.stringMatching(/exemptions\[0\]\.until: the exemption ended on 2025-01-31, and exempts nothing/),
    expect.stringMatching(/exemptions\[1\]\.until: the exemption ends on .*, in [23] days/),
    expect.stringMatching(/exemptions\[2\]\.bot: sg_close_ports is not enabled/),
  ]);
});

test('every command that goes by config.ts refuses a wrong one; what can do without it warns', async () => {
  const config = { bots: { kms_enable_rotaton: { enabled: true } } as never };
  const sentence =
    'config.ts is wrong: bots.kms_enable_rotaton: there is no bot "kms_enable_rotaton": did you mean kms_enable_rotation?: see npx selfheal validate';
  for (const argv of [['queue'], ['routes'], ['scan'], ['limits'], ['plan', 'kms_enable_rotation', 'x']]) {
    const ran = await run([...argv, '--region', 'eu-west-1'], { config });
    expect({ argv, exit: ran.exit, err: ran.err }).toEqual({ argv, exit: 2, err: `selfheal: ${sentence}` });
  }
  const bots = await run(['bots'], { config });
  expect(bots).toMatchObject({ exit: 0, err: `warning: ${sentence}: all bots are shown as not enabled` });
});
