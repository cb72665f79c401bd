import { newBucket, newInstallation, run } from './testing';

test('with --json an error stands once on a terminal, and on both streams of a pipe', async () => {
  const terminal = await run(['bots', 'no_such_bot', '--json'], { isTerminal: true });
  expect(terminal).toMatchObject({ exit: 2, err: '' });
  expect(terminal.json()).toMatchObject({ error: expect.stringContaining('there is no bot') });
  expect((await run(['bots', 'no_such_bot', '--json'])).err).toContain('there is no bot');
});

test('--dry-run is taken where people type it, and changes nothing', async () => {
  const { run: within, journal } = await newInstallation();
  const { id } = await newBucket();
  const config = { bots: { test_tag_bucket: { enabled: true } } as never };
  const dry = await within(['fix', 'test_tag_bucket', id, '--dry-run'], { config });
  expect(dry).toMatchObject({ exit: 0, out: expect.stringContaining('s3:PutBucketTagging') });
  expect(await journal.list({})).toEqual([]);
  await within(['fix', 'test_tag_bucket', id, '--yes'], { config });
  const [entry] = await journal.list({});
  const undo = await within(['undo', entry?.id ?? '', '--dry-run'], { config });
  expect(undo).toMatchObject({ exit: 0, out: expect.stringContaining('Nothing was changed: a dry run.') });
  expect(await journal.heldBecause('test_tag_bucket', entry?.target as never)).toBeUndefined();
});
