import { DeleteTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { ACCOUNT, REGION, newBucket, newInstallation, run as runAnywhere, tagsOf } from '../../testing';

test('shows, asks, mends, proves, journals, tells', async () => {
  const { run, journal, told } = await newInstallation();
  const target = await newBucket({ a: 'b' });
  const ran = await run(['fix', 'test_tag_bucket', target.id, 'us'], { answer: true });
  expect(ran.exit).toBe(0);
  expect(ran.err).toMatch(/Send 1 call to b-/);
  expect(ran.out).toMatch(/fixed: 1 call sent, a re-read finds it as wanted/);
  expect(await tagsOf(target.id)).toEqual({ a: 'b', owner: 'us' });
  const [entry] = await journal.list({ target });
  expect(entry).toMatchObject({
    status: 'fixed',
    bot: 'test_tag_bucket',
    params: { owner: 'us' },
    finding: { source: 'cli', title: expect.stringMatching(/^selfheal fix by arn:aws:/) },
    before: { tags: { a: 'b' } },
    after: { tags: { a: 'b', owner: 'us' } },
  });
  expect(ran.out).toContain(`selfheal undo ${entry?.id ?? 'an id'}`);
  expect(await told()).toMatchObject([{ outcome: 'fixed', journalId: entry?.id, target }]);
});

test.each([
  ['no', { answer: false }, []],
  ['nobody to ask', {}, []],
  ['nobody to ask, in JSON', { answer: true }, ['--json']],
])('nothing is done without a yes: %s', async (_name, running, options) => {
  const { run, journal } = await newInstallation();
  const target = await newBucket();
  expect((await run(['fix', 'test_tag_bucket', target.id, ...options], running)).exit).toBe(3);
  expect(await tagsOf(target.id)).toEqual({});
  expect(await journal.list()).toEqual([]);
});

test('what is as wanted or gone is not touched', async () => {
  const { run, journal } = await newInstallation();
  const { id } = await newBucket({ owner: 'team' });
  expect((await run(['fix', 'test_tag_bucket', id, '-y'])).exit).toBe(0);
  expect((await run(['fix', 'test_tag_bucket', `${id}-gone`, '-y'])).exit).toBe(1);
  expect(await journal.list()).toEqual([]);
});

test('outside a window a person is warned, and may go on', async () => {
  const { run } = await newInstallation();
  const { id } = await newBucket();
  const freezes = [{ from: '2020-01-01', until: '2100-01-01', reason: 'year-end close' }];
  const refused = await run(['fix', 'test_tag_bucket', id], { config: { freezes } });
  expect(refused).toMatchObject({
    exit: 3,
    err: expect.stringMatching(/warning: bots would wait now.*year-end/),
  });
  const ran = await run(['fix', 'test_tag_bucket', id, '-y'], { config: { freezes } });
  expect(ran).toMatchObject({ exit: 0, err: expect.stringMatching(/warning: bots would wait now/) });
});

test('an exempt resource takes --force', async () => {
  const { run } = await newInstallation();
  const { id } = await newBucket();
  const config = {
    exemptions: [{ resource: id, owner: 'web team', approver: 'head of security', reason: 'a museum' }],
  };
  const refused = await run(['fix', 'test_tag_bucket', id, '-y'], { config });
  expect(refused).toMatchObject({ exit: 3, err: expect.stringMatching(/exempts.*a museum.*--force/) });
  const asked = await run(['fix', 'test_tag_bucket', id], { config, answer: false });
  expect(asked).toMatchObject({ exit: 3, err: expect.stringMatching(/although config.ts exempts it/) });
  expect((await run(['fix', 'test_tag_bucket', id, '-y', '--force'], { config })).exit).toBe(0);
});

test('a hold is told and released', async () => {
  const { run, journal } = await newInstallation();
  const target = await newBucket();
  await journal.hold('test_tag_bucket', target, 'undone by alice');
  const ran = await run(['fix', 'test_tag_bucket', target.id, '-y']);
  expect(ran.out).toMatch(/kept away from this resource: undone by alice/);
  expect(await journal.heldBecause('test_tag_bucket', target)).toBeUndefined();

  await journal.hold('test_tag_bucket', target, 'undone by bob');
  expect(await run(['fix', 'test_tag_bucket', target.id, '-y'])).toMatchObject({
    exit: 0,
    out: expect.stringMatching(/Released/),
  });
  expect(await journal.heldBecause('test_tag_bucket', target)).toBeUndefined();
});

test('an event that cannot be told is a warning, and the change stands', async () => {
  const { run, stage } = await newInstallation();
  const TopicArn = `arn:aws:sns:${REGION}:${ACCOUNT}:selfheal-${stage}-events`;
  await new SNSClient({ region: REGION }).send(new DeleteTopicCommand({ TopicArn }));
  const { id } = await newBucket();
  const ran = await run(['fix', 'test_tag_bucket', id, '-y', '--json']);
  expect(ran).toMatchObject({ exit: 0, err: expect.stringMatching(/warning: Slack is not told/) });
  expect(ran.json()).toMatchObject({ outcome: 'fixed', journalId: expect.any(String) });
});

test('without an installation nothing is begun', async () => {
  const { id } = await newBucket();
  const ran = await runAnywhere([
    'fix',
    'test_tag_bucket',
    id,
    '-y',
    '--stage',
    'nowhere',
    '--region',
    REGION,
  ]);
  expect(ran).toMatchObject({
    exit: 4,
    err: expect.stringMatching(/no installation of stage nowhere in eu-west-1/),
  });
  expect(await tagsOf(id)).toEqual({});
});
