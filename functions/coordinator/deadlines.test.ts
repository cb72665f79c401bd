import { newWorld, queued } from '../../testing/world';
import { type Plan, digestOfCalls, planId } from '../../shared/worker/plans';
import { endOverdue } from './deadlines';

const CALLS = [{ action: 'kms:EnableKeyRotation', input: { KeyId: 'k' } }];

async function newScene() {
  const world = await newWorld();
  const { accountId: account, region } = world.environment;
  const planOf = (id: string, decideBy?: number): Plan => {
    const target = { account, region, type: 'AWS::KMS::Key', id };
    return {
      ...{ id: planId('kms_enable_rotation', target), bot: 'kms_enable_rotation', target, params: {} },
      finding: { source: 'generic', id, time: '2026-11-29T10:00:00.000Z' },
      ...{ violation: 'the key does not rotate', calls: CALLS, digest: digestOfCalls(CALLS) },
      ...{ mode: 'approve', status: 'open', startedAt: new Date(Date.now() - 3_600_000).toISOString() },
      ...(decideBy !== undefined && { decideBy: new Date(Date.now() + decideBy).toISOString() }),
    };
  };
  const plans = [
    planOf('late', -1000),
    planOf('early', 3_600_000),
    planOf('told'),
    planOf('rejected', -1000),
  ];
  for (const plan of plans) await world.journal.plan(plan);
  const [late, , , rejected] = plans as [Plan, Plan, Plan, Plan];
  await world.journal.decide(rejected, { verdict: 'reject', by: 'alice' });
  const decider = {
    journal: world.journal,
    sqs: world.sqs,
    queueUrl: world.environment.queueUrl,
    tell: world.tell,
  };
  return { world, decider, late };
}

test('what nobody decides on in time expires, once', async () => {
  const { world, decider, late } = await newScene();
  await endOverdue(decider, {});
  await endOverdue(decider, {});
  expect(world.told.map(({ outcome, target }) => [outcome, target?.id])).toEqual([['expired', 'late']]);
  expect((await world.journal.planned(late.id)).decision).toMatchObject({ verdict: 'expire' });
  expect(await queued(world)).toEqual({ visible: 0, inFlight: 0 });
});

test('or is done, where config.ts says so', async () => {
  const { world, decider } = await newScene();
  await endOverdue(decider, { approvals: { onDeadline: 'run' } });
  expect(world.told).toMatchObject([
    { outcome: 'approved', reason: expect.stringMatching(/^approved by the deadline/) },
  ]);
  expect(await queued(world)).toEqual({ visible: 1, inFlight: 0 });
});
