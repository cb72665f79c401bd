import { newInstallation } from '../../testing';

const ACCOUNT = '123456789012';

test('shows what was counted against what config.ts allows, and forgets it when told to', async () => {
  const { run, journal } = await newInstallation();
  expect((await run(['limits'])).out).toContain('Nothing was changed in this hour.');
  const most = { perBot: 2, perAccount: 100 };
  for (let time = 0; time < 3; time++) await journal.count('test_tag_bucket', ACCOUNT, most);
  const { exit, out } = await run(['limits'], { columns: 120 });
  expect(exit).toBe(0);
  expect(out).toMatch(/all bots +2 +100/);
  expect(out).toMatch(/test_tag_bucket +2 +\d+/);
  expect(await journal.count('test_tag_bucket', ACCOUNT, most)).toMatchObject({ isFirst: false });

  expect((await run(['limits', '--release'])).exit).not.toBe(0);
  expect(await journal.count('test_tag_bucket', ACCOUNT, most)).toBeDefined();
  expect((await run(['limits', '--release', '--yes', '--json'])).json()).toEqual({
    counts: [],
    released: [ACCOUNT],
  });
  expect(await journal.count('test_tag_bucket', ACCOUNT, most)).toBeUndefined();
});
