import { newInstallation } from '../../testing';

const ACCOUNT = '123456789012';

test('stops one bot, an account and everything, says who and why, and starts them again', async () => {
  const { run, journal } = await newInstallation();
  expect((await run(['stop'])).out).toContain('Nothing is stopped.');
  const stopped = await run(['stop', '--bot', 'test_tag_bucket', '--reason', 'it is wrong', '--yes']);
  expect(stopped.exit).toBe(0);
  expect(stopped.out).toMatch(/bot test_tag_bucket is stopped by arn:.* at 20.*Z, it is wrong/);
  const target = { account: ACCOUNT, region: 'eu-west-1', type: 'AWS::S3::Bucket', id: 'b' };
  expect(await journal.standing('test_tag_bucket', target)).toEqual({
    repairs: [],
    stopped: expect.stringMatching(/^bot test_tag_bucket is stopped by/),
  });
  expect(await journal.standing('another', target)).toEqual({ repairs: [] });

  await run(['stop', '--account', ACCOUNT, '--yes']);
  await run(['stop', '--all', '--yes']);
  expect(Object.keys(((await run(['stop', '--json'])).json() as { stops: object }).stops).sort()).toEqual([
    `account/${ACCOUNT}`,
    'all',
    'bot/test_tag_bucket',
  ]);
  expect(await journal.standing('another', target)).toEqual({
    repairs: [],
    stopped: expect.stringMatching(/^everything/),
  });
  for (const scope of [['--all'], ['--account', ACCOUNT], ['--bot', 'test_tag_bucket']]) {
    expect((await run(['start', ...scope])).exit).toBe(0);
  }
  expect(await journal.standing('test_tag_bucket', target)).toEqual({ repairs: [] });
});

test.each([
  [['start'], /say what to start/],
  [['start', '--all'], /everything is not stopped/],
  [['stop', '--all', '--bot', 'test_tag_bucket', '--yes'], /one at a time/],
  [['stop', '--account', 'prod', '--yes'], /not an account/],
  [['stop', '--bot', 'test_tag_buckett', '--yes'], /did you mean test_tag_bucket/],
  [['stop', '--all'], /not confirmed/],
])('%j: one sentence, and nothing is changed', async (argv, sentence) => {
  const { run, journal } = await newInstallation();
  const { exit, err } = await run(argv);
  expect(exit).not.toBe(0);
  expect(err).toMatch(sentence);
  expect(await journal.stops()).toEqual({});
});
