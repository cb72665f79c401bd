import type { JournalEntry } from '../../../shared/worker/journal';
import type { Target } from '../../../shared/resources/target';
import { newBucket, newInstallation, setTags, tagsOf } from '../../testing';

type Installation = Awaited<ReturnType<typeof newInstallation>>;

const fixed = async ({ run }: Installation, target: Target, bot = 'test_tag_bucket', ...words: string[]) => {
  const ran = await run(['fix', bot, target.id, ...words, '--yes', '--json']);
  return (ran.json() as { journalId: string }).journalId;
};

const entryOf = (id: string, target: Target, more: Partial<JournalEntry> = {}): JournalEntry => ({
  id: `${more.bot ?? 'test_tag_bucket'}/${id}`,
  bot: 'test_tag_bucket',
  target,
  params: { owner: 'team' },
  finding: { source: 'generic', id: 'f', time: '2026-11-21T09:00:00Z' },
  violation: 'the owner is nobody',
  before: { tags: {} },
  calls: [{ action: 's3:PutBucketTagging', input: {} }],
  status: 'started',
  startedAt: new Date(Date.now() - 600_000).toISOString(),
  ...more,
});

test('brings the state back, marks the change, keeps the bot away, tells', async () => {
  const installation = await newInstallation();
  const { run, journal, told } = installation;
  const target = await newBucket({ a: 'b' });
  const id = await fixed(installation, target);
  const refused = await run(['undo', id], { answer: false });
  expect(refused).toMatchObject({ exit: 3, out: expect.stringMatching(/1\. s3:PutBucketTagging/) });
  expect(await journal.heldBecause('test_tag_bucket', target)).toBeUndefined();

  const ran = await run(['undo', id], { answer: true });
  expect(ran).toMatchObject({ exit: 0, out: expect.stringMatching(/undone .* proven by a re-read/) });
  expect(await tagsOf(target.id)).toEqual({ a: 'b' });
  expect(await journal.entry(id)).toMatchObject({ status: 'undone', undoneAt: expect.any(String) });
  expect(await journal.heldBecause('test_tag_bucket', target)).toMatch(
    /^undone by arn:aws:.* on \d{4}-\d\d-\d\d; npx selfheal fix releases it$/,
  );
  expect((await told()).map(({ outcome }) => outcome)).toContain('undone');

  const again = await run(['undo', id, '--yes']);
  expect(again).toMatchObject({ exit: 0, out: expect.stringMatching(/undone already at/) });
});

test('a resource that has changed since is left alone, and what changed is said; --force goes over it', async () => {
  const installation = await newInstallation();
  const { run, journal } = installation;
  const target = await newBucket({ a: 'b' });
  const id = await fixed(installation, target);
  await setTags(target.id, { a: 'c', owner: 'team' });

  const refused = await run(['undo', id, '--yes']);
  expect(refused.exit).toBe(3);
  expect(refused.out).toMatch(/changed since.*--force/);
  expect(refused.out).toMatch(/tags\.a: "b" → "c"/);
  expect(await tagsOf(target.id)).toEqual({ a: 'c', owner: 'team' });
  expect(await journal.heldBecause('test_tag_bucket', target)).toBeUndefined();
  const json = await run(['undo', id, '--yes', '--json']);
  expect(json.json()).toMatchObject({
    changes: [{ outcome: 'changed', differences: ['tags.a: "b" → "c"'] }],
  });

  const forced = await run(['undo', id, '--yes', '--force']);
  expect(forced).toMatchObject({ exit: 0, out: expect.stringMatching(/--force goes over it:\n +tags\.a/) });
  expect(await tagsOf(target.id)).toEqual({ a: 'b' });
});

test('an interrupted change takes --force; one that is running is left alone', async () => {
  const { run, journal } = await newInstallation();
  const [cut, running] = await Promise.all([newBucket({ owner: 'team' }), newBucket({ owner: 'team' })]);
  await journal.begin(entryOf('cut', cut));
  await journal.begin(entryOf('running', running, { startedAt: new Date().toISOString() }));
  const interrupted = await run(['undo', 'test_tag_bucket/cut', '--yes']);
  expect(interrupted).toMatchObject({ exit: 3, out: expect.stringMatching(/interrupted or failed/) });
  expect(await run(['undo', 'test_tag_bucket/running', '--yes'])).toMatchObject({
    exit: 3,
    out: expect.stringMatching(/being worked on right now/),
  });
  expect((await run(['undo', 'test_tag_bucket/cut', '--yes', '--force'])).exit).toBe(0);
  expect(await tagsOf(cut.id)).toEqual({});
});

test('what is back already is only put on record', async () => {
  const { run, journal } = await newInstallation();
  const target = await newBucket();
  await journal.begin(entryOf('cut', target));
  const ran = await run(['undo', 'test_tag_bucket/cut', '--yes', '--json']);
  expect(ran.json()).toMatchObject({ changes: [{ outcome: 'undone', calls: [] }] });
  expect(await journal.entry('test_tag_bucket/cut')).toMatchObject({ status: 'undone' });
});

test('irreversible, gone, and unknown are told plainly', async () => {
  const installation = await newInstallation();
  const { run, journal } = installation;
  const target = await newBucket();
  const id = await fixed(installation, target, 'test_burn_bridges');
  expect(await run(['undo', id, '--yes'])).toMatchObject({
    exit: 3,
    out: expect.stringMatching(/there is no way back: what is said is said/),
  });
  await journal.begin(entryOf('gone', { ...target, id: `${target.id}-gone` }));
  await journal.begin(entryOf('orphan', target, { bot: 'of_old' }));
  for (const [change, sentence] of [
    ['test_tag_bucket/gone', /resource is gone/],
    ['of_old/orphan', /no bot of_old any more/],
  ] as const) {
    const ran = await run(['undo', change, '--yes']);
    expect(ran).toMatchObject({ exit: 1, out: expect.stringMatching(sentence) });
  }
  expect(await run(['undo', 'none'])).toMatchObject({
    exit: 2,
    err: expect.stringMatching(/no change "none"/),
  });
});

test('all since, newest first, also where changes stand on one another', async () => {
  const installation = await newInstallation();
  const { run } = installation;
  const [twice, once] = await Promise.all([newBucket(), newBucket({ a: 'b' })]);
  await fixed(installation, twice, 'test_tag_bucket', 'one');
  await fixed(installation, once);
  await fixed(installation, twice, 'test_tag_bucket', 'two');
  const ran = await run(['undo', '--bot', 'test_tag_bucket', '--since', '1h', '--yes', '--json']);
  expect(ran.exit).toBe(0);
  expect(ran.json()).toMatchObject({
    changes: [{ outcome: 'undone' }, { outcome: 'undone' }, { outcome: 'undone' }],
  });
  expect(await tagsOf(twice.id)).toEqual({});
  expect(await tagsOf(once.id)).toEqual({ a: 'b' });
});

test('what cannot be undone does not stop the others, and the exit code says so', async () => {
  const installation = await newInstallation();
  const { run } = installation;
  const [touched, other] = await Promise.all([newBucket(), newBucket()]);
  await fixed(installation, other);
  await fixed(installation, touched);
  await setTags(touched.id, { x: 'y' });
  const ran = await run(['undo', '--since', '1h', '--yes']);
  expect(ran.exit).toBe(3);
  expect(await tagsOf(other.id)).toEqual({});
  expect(await tagsOf(touched.id)).toEqual({ x: 'y' });
});

test('a run is all that one finding caused', async () => {
  const { run, journal } = await newInstallation();
  const [one, two, other] = await Promise.all([1, 2, 3].map(() => newBucket({ owner: 'team' })));
  if (!one || !two || !other) throw new Error('no buckets');
  const after = { tags: { owner: 'team' } };
  const again = { source: 'generic', id: 'f', time: '2026-11-21T10:00:00Z' };
  await journal.begin(entryOf('one', one, { status: 'fixed', after }));
  await journal.begin(entryOf('two', two, { status: 'fixed', after }));
  await journal.begin(entryOf('other', other, { status: 'fixed', after, finding: again }));
  const ran = await run(['undo', '--run', 'test_tag_bucket/one', '--yes', '--json']);
  expect((ran.json() as { changes: { id: string }[] }).changes.map(({ id }) => id).sort()).toEqual([
    'test_tag_bucket/one',
    'test_tag_bucket/two',
  ]);
  expect(await tagsOf(other.id)).toEqual({ owner: 'team' });
});

test('an entry that another bot has written is no ground to undo anything', async () => {
  const { run, journal } = await newInstallation();
  const target = await newBucket({ owner: 'team' });
  // With the role of the least bot: what it may write begins with its own name.
  await journal.begin({
    ...entryOf('forged', target, { status: 'fixed' }),
    id: 'kms_enable_rotation/forged',
  });
  await journal.begin(entryOf('far', { ...target, account: '999999999999' }, { status: 'fixed' }));
  await journal.begin(entryOf('odd', target, { status: 'fixed', params: { owner: 7 } }));
  for (const [id, sentence] of [
    ['kms_enable_rotation/forged', /not written by test_tag_bucket/],
    ['test_tag_bucket/far', /not to be touched: account 999999999999 is not this installation/],
    ['test_tag_bucket/odd', /parameters as recorded are not the bot/],
  ] as const) {
    expect(await run(['undo', id, '--yes', '--force'])).toMatchObject({
      exit: 3,
      out: expect.stringMatching(sentence),
    });
  }
  expect(await tagsOf(target.id)).toEqual({ owner: 'team' });
});

test.each([
  [[]],
  [['--bot', 'test_tag_bucket']],
  [['x', '--since', '1h']],
  [['--since', 'soon']],
  [['--bot', 'y', '--since', '1h']],
])('undo %j is refused', async (argv) => {
  const { run } = await newInstallation();
  expect((await run(['undo', ...argv, '--yes'])).exit).toBe(2);
});
