import type { Config } from '../../../shared/config';
import { presets } from '../../../shared/presets/presets';
import { run } from '../../testing';

const contact = { name: 'SOC', title: 'Team', email: 'soc@example.com', phone: '+49 30 1' };
const config: Partial<Config> = {
  bots: { ...presets.baseline, account_set_security_contact: { enabled: true, params: contact } },
};

test('all presets, with what they enable, cost and lack', async () => {
  const { exit, out } = await run(['presets'], { columns: 140 });
  expect(exit).toBe(0);
  expect(out).toMatch(/baseline +what an account should have .* 16 +7 +2 +2/);
  expect(out).toMatch(/cis-5\.0 +CIS AWS Foundations Benchmark 5\.0/);
});

test('one, with what config.ts gives already', async () => {
  const { exit, out } = await run(['presets', 'baseline'], { config, columns: 160 });
  expect(exit).toBe(0);
  expect(out).toMatch(/account_set_security_contact .* safe +auto +- +- +yes/);
  expect(out).toMatch(/cloudwatch_create_metric_filter .* alarms +topic or email +yes/);
  expect(out).toContain('16 bots. No bot yet for inspector_enable, emr_block_public_access.');
  const page = (await run(['presets', 'cis-5.0', '--json'], { config })).json();
  expect(page).toMatchObject({
    preset: 'cis-5.0',
    bots: expect.arrayContaining([
      expect.objectContaining({ bot: 'sg_close_ports', mode: 'plan', enabled: false }),
      expect.objectContaining({ bot: 'kms_enable_rotation', mode: 'auto' }),
    ]),
  });
});

test('one that is not there', async () => {
  const { exit, err } = await run(['presets', 'basline']);
  expect(exit).not.toBe(0);
  expect(err).toContain('did you mean baseline?');
});
