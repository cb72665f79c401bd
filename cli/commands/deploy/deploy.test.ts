import { run } from '../../testing';

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
