import { type Plan, digestOfCalls, planId } from '../../../shared/worker/plans';
import { countsOf, newBucket, newInstallation } from '../../testing';

async function newScene(changes: Partial<Plan> = {}) {
  const installation = await newInstallation();
  const target = await newBucket();
  const calls = [{ action: 's3:PutBucketTagging', input: { Bucket: target.id } }];
  const plan: Plan = {
    ...{ id: planId('test_tag_bucket', target), bot: 'test_tag_bucket', target, params: {}, calls },
    finding: { source: 'generic', id: 'one', time: '2026-11-29T10:00:00.000Z' },
    ...{
      violation: 'the owner is \u001b[31mnobody',
      digest: digestOfCalls(calls),
      mode: 'approve',
      status: 'open',
    },
    startedAt: new Date(Date.now() - 60_000).toISOString(),
    ...changes,
  };
  await installation.journal.plan(plan);
  return { ...installation, plan };
}

test('lists what waits, with how it stands, and what was decided on only with --all', async () => {
  const { run, plan, journal } = await newScene();
  const { exit, out } = await run(['pending'], { columns: 200 });
  expect(exit).toBe(0);
  expect(out).toContain(plan.id);
  expect(out).toMatch(/waits for approval/);
  expect(out).toMatch(/1 plan, 1 to be decided on/);
  expect(out).not.toContain('\u001b[31mnobody');
  await journal.decide(plan, { verdict: 'reject', by: 'alice' });
  expect((await run(['pending'])).out).toMatch(/Nothing that was planned waits/);
  expect((await run(['pending', '--all'], { columns: 200 })).out).toMatch(/rejected by alice/);
});

test('approve shows the plan, asks, and puts the repair on the queue', async () => {
  const { run, plan, journal, sqs, queueUrl } = await newScene();
  expect((await run(['approve', plan.id])).exit).toBe(3);
  expect((await journal.planned(plan.id)).decision).toBeUndefined();
  const { exit, out } = await run(['approve', plan.id, '--yes']);
  expect(exit).toBe(0);
  expect(out).toMatch(/s3:PutBucketTagging/);
  expect(out).toMatch(/approved by arn:aws:/);
  expect(await countsOf(sqs, queueUrl)).toEqual({ waiting: 1, out: 0 });
  const again = await run(['approve', plan.id, '--yes']);
  expect(again).toMatchObject({ exit: 3, err: expect.stringMatching(/it was approved by arn:aws:/) });
  expect(await countsOf(sqs, queueUrl)).toEqual({ waiting: 1, out: 0 });
});

test.each([
  [['reject'], 'reject', undefined],
  [['drop'], 'drop', undefined],
  [['snooze', '--for', '2h'], 'snooze', 2],
] as const)('%j is recorded', async ([name, ...options], verdict, hours) => {
  const { run, plan, journal, sqs, queueUrl } = await newScene();
  expect((await run([name, plan.id, '--yes', ...options])).exit).toBe(0);
  const { decision } = await journal.planned(plan.id);
  expect(decision).toMatchObject({ verdict });
  if (hours !== undefined) {
    expect(Math.round((Date.parse(decision?.until ?? '') - Date.now()) / 3_600_000)).toBe(hours);
  }
  expect(await countsOf(sqs, queueUrl)).toEqual({ waiting: 0, out: 0 });
});

test('what was only told can be approved of here; an unknown plan is one sentence', async () => {
  const { run, plan } = await newScene({ mode: 'plan' });
  expect((await run(['pending'], { columns: 200 })).out).toMatch(/told only \(mode plan\)/);
  expect((await run(['approve', plan.id, '--yes'])).exit).toBe(0);
  expect(await run(['approve', 'test_tag_bucket/pending-0'])).toMatchObject({
    exit: 2,
    err: expect.stringMatching(
      /nothing is planned under "test_tag_bucket\/pending-0": see npx selfheal pending/,
    ),
  });
});
