import { run } from '../../testing';

const config = {
  bots: { kms_enable_rotation: { enabled: true } },
  accounts: { mode: 'multi', externalId: 'selfheal-1', accounts: ['444455556666'] },
} as const;

test('the template and nothing else is on stdout, with --json or without', async () => {
  const { exit, out, err, json } = await run(['member-template', '--stage', 'test'], { config });
  expect({ exit, err }).toEqual({ exit: 0, err: '' });
  expect(json()).toMatchObject({
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'selfheal test: what a member account holds',
    Parameters: { ExternalId: { Default: 'selfheal-1' } },
    Resources: { KmsRemediationRole: {}, ForwardChanges: {} },
  });
  const { HomeAccount, HomeRegion, GlobalRegion } = (json() as { Parameters: Record<string, object> })
    .Parameters;
  for (const open of [HomeAccount, HomeRegion, GlobalRegion]) expect(open).not.toHaveProperty('Default');
  expect((await run(['member-template', '--stage', 'test', '--json'], { config })).out).toBe(out);
});

test('the installation’s account and region, where they are given', async () => {
  const place = ['--account', '111122223333', '--region', 'eu-west-1'];
  expect((await run(['member-template', ...place], { config })).json()).toMatchObject({
    Parameters: {
      HomeAccount: { Default: '111122223333' },
      HomeRegion: { Default: 'eu-west-1' },
      GlobalRegion: { Default: 'eu-west-1' },
    },
  });
});

test('--terraform: a module of the same', async () => {
  const { exit, err, json } = await run(['member-template', '--terraform'], { config });
  expect({ exit, err }).toEqual({ exit: 0, err: '' });
  expect(json()).toMatchObject({
    variable: { external_id: { default: 'selfheal-1' }, make_role: { type: 'bool' } },
    resource: { aws_iam_role: { remediation: { max_session_duration: 3600 } } },
  });
});

test.each([undefined, { mode: 'single' } as const])(
  'accounts: %j: one sentence, exit 2',
  async (accounts) => {
    const { exit, out, err } = await run(['member-template'], { config: { ...(accounts && { accounts }) } });
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).toMatch(/^selfheal: config\.ts names no member accounts: write accounts: /);
  },
);

test('an account is twelve digits', async () => {
  const { exit, err } = await run(['member-template', '--account', '1'], { config });
  expect(exit).toBe(2);
  expect(err).toMatch(/An account is twelve digits/);
});
