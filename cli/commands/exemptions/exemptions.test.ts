import type { Config } from '../../../shared/config';
import { ACCOUNT, newBucket, newInstallation, tagsOf } from '../../testing';

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

test('nothing is exempt: it says so', async () => {
  const { run } = await newInstallation();
  expect(await run(['exemptions'])).toMatchObject({ exit: 0, out: 'config.ts exempts nothing.' });
});

test('each with who asked, until when, and what it hides now; nothing is changed', async () => {
  const { run } = await newInstallation();
  const [wrong, right] = await Promise.all([newBucket(), newBucket({ owner: 'team' })]);
  const common = { owner: 'web team', approver: 'head of security' } as const;
  const config = {
    bots: { test_tag_bucket: { enabled: true } },
    exemptions: [
      { ...common, resource: wrong.id, reason: 'a museum <!channel>', until: inDays(5) },
      { ...common, resource: right.id, reason: 'another' },
      { ...common, resource: `${wrong.id}*`, reason: 'a former museum', until: '2025-01-31' },
      { ...common, bot: 'sg_close_ports', reason: 'asleep' },
      { ...common, account: '999999999999', reason: 'not ours' },
    ],
    exemptionTags: [{ key: 'selfheal:exempt', setBy: ['arn:aws:iam::*:role/SecurityTeam'] }],
  } as unknown as Partial<Config>;
  const ran = await run(['exemptions', '--json'], { config });
  const { exemptions, failures } = ran.json() as {
    exemptions: { daysLeft?: number; nothing?: string; hides: unknown[] }[];
    failures: unknown[];
  };
  expect([ran.exit, failures]).toEqual([0, []]);
  const hides = {
    bot: 'test_tag_bucket',
    target: expect.objectContaining({ id: wrong.id, account: ACCOUNT }),
  };
  expect(exemptions.map(({ hides: found }) => found)).toEqual([[hides], [], [], [], []]);
  expect(exemptions[0]?.daysLeft).toBe(5);
  expect(exemptions[2]?.daysLeft).toBeLessThan(0);
  expect(exemptions.map(({ nothing }) => nothing)).toEqual([
    ...[undefined, undefined, undefined],
    'sg_close_ports is not enabled',
    'bots do not act in account 999999999999',
  ]);
  const { out } = await run(['exemptions'], { config, columns: 220 });
  expect(out).toMatch(/a museum <!channel> +web team +head of security +\S+, in 5 days +1 fault: b-/);
  expect(out).toMatch(/2025-01-31, it is over/);
  expect(out).toMatch(/5 exemptions\.\n1 tag of config\.ts may exempt/);
  expect(await tagsOf(wrong.id)).toEqual({});
});

test('--no-look asks nothing of resources', async () => {
  const { run } = await newInstallation();
  const exemptions = [{ owner: 'web team', resource: 'x', reason: 'y', until: inDays(30) }];
  const { out } = await run(['exemptions', '--no-look', '--json'], { config: { exemptions } });
  expect(JSON.parse(out)).toEqual({ exemptions: [{ ...exemptions[0], daysLeft: 30 }] });
});
