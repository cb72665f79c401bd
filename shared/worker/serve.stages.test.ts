import {
  CreateKeyCommand,
  DisableKeyRotationCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  TagResourceCommand,
} from '@aws-sdk/client-kms';
import { bot } from '../../functions/remediators/kms/kms_enable_rotation';
import { asks } from '../../testing/entry';
import { type World, dispatchOf, newWorld, queued } from '../../testing/world';
import type { Config } from '../config';
import type { Target } from '../resources/target';
import { type Plan, planId, standingOf } from './plans';
import { type Worker, work } from './serve';

const PLENTY = () => 300_000;

async function newKey({ account }: World): Promise<string> {
  const { KeyMetadata } = await account.client(KMSClient).send(new CreateKeyCommand({}));
  return KeyMetadata?.KeyId ?? '';
}

async function rotates({ account }: World, KeyId: string): Promise<boolean> {
  const reply = await account.client(KMSClient).send(new GetKeyRotationStatusCommand({ KeyId }));
  return reply.KeyRotationEnabled ?? false;
}

function workerOf(world: World, changes: Partial<Config> = {}): Worker {
  const config: Config = {
    enable_auto_response: true,
    bots: { kms_enable_rotation: { enabled: true } },
    ...changes,
  };
  return { ...world, config };
}

let count = 0;
/** A finding of its own asks for the key. */
async function ask(world: World, key: string, worker: Worker) {
  const finding = { source: 'generic', id: `finding-${++count}`, time: new Date().toISOString() };
  const dispatch = await dispatchOf(world, asks(world, key, { bot: bot.id, finding }));
  const { outcomes } = await work(bot, worker, dispatch, PLENTY);
  return outcomes[0];
}

function targetOf({ environment }: World, id: string): Target {
  const { accountId: account, region } = environment;
  return { account, region, type: 'AWS::KMS::Key', id };
}

async function planOf(world: World, key: string): Promise<Plan> {
  const { plan } = await world.journal.planned(planId(bot.id, targetOf(world, key)));
  if (!plan) throw new Error('nothing was planned');
  return plan;
}

const APPROVE: Partial<Config> = { rollout: [{ mode: 'approve' }] };

describe('a repair that a person has to approve', () => {
  test('is planned and kept, told once, and done when somebody has approved of it', async () => {
    const world = await newWorld();
    const key = await newKey(world);
    const worker = workerOf(world, APPROVE);
    expect(await ask(world, key, worker)).toBe('planned');
    expect(await ask(world, key, worker)).toBe('planned');
    expect(await rotates(world, key)).toBe(false);
    expect(await queued(world)).toEqual({ visible: 0, inFlight: 0 });
    const plan = await planOf(world, key);
    expect(plan).toMatchObject({
      mode: 'approve',
      status: 'open',
      calls: [{ action: 'kms:EnableKeyRotation' }],
      decideBy: expect.any(String),
    });
    expect(world.told.map(({ outcome, isRepeated, plan: told }) => [outcome, isRepeated, told?.id])).toEqual([
      ['planned', false, plan.id],
      ['planned', true, plan.id],
    ]);
    expect(await world.journal.plans()).toEqual([{ plan }]);
    expect(await world.journal.list()).toEqual([]);
    expect(await world.journal.list({ bot: bot.id })).toEqual([]);

    expect(await world.journal.decide(plan, { verdict: 'approve', by: 'alice' })).toBeUndefined();
    expect(await ask(world, key, worker)).toBe('fixed');
    expect(await rotates(world, key)).toBe(true);
    expect(world.told.at(-1)).toMatchObject({ outcome: 'fixed', approvedBy: 'alice' });
    expect(await world.journal.list()).toMatchObject([{ status: 'fixed', approvedBy: 'alice' }]);
    expect(await world.journal.plans()).toEqual([]);
  });

  test('what was approved is what is done: a plan that has changed is asked about again', async () => {
    const world = await newWorld();
    const key = await newKey(world);
    await ask(world, key, workerOf(world, APPROVE));
    const plan = await planOf(world, key);
    await world.journal.decide(plan, { verdict: 'approve', by: 'alice' });
    const changed = workerOf(world, {
      ...APPROVE,
      bots: { kms_enable_rotation: { enabled: true, params: { periodDays: 90 } } },
    });
    expect(await ask(world, key, changed)).toBe('planned');
    expect(await rotates(world, key)).toBe(false);
    const now = await planOf(world, key);
    expect(now.digest).not.toBe(plan.digest);
    const { decision } = await world.journal.planned(now.id);
    expect(standingOf(now, decision)).toBe('open');
    expect(await world.journal.decide(now, { verdict: 'approve', by: 'bob' })).toBeUndefined();
  });

  test('an approval is used once: the same fault is asked about again', async () => {
    const world = await newWorld();
    const key = await newKey(world);
    const worker = workerOf(world, APPROVE);
    await ask(world, key, worker);
    await world.journal.decide(await planOf(world, key), { verdict: 'approve', by: 'alice' });
    expect(await ask(world, key, worker)).toBe('fixed');
    await world.account.client(KMSClient).send(new DisableKeyRotationCommand({ KeyId: key }));
    expect(await ask(world, key, worker)).toBe('planned');
    expect(world.told.at(-1)).toMatchObject({ outcome: 'planned', isRepeated: false });
  });

  test.each([
    ['reject', undefined, true],
    ['snooze', '2999-01-01T00:00:00.000Z', true],
    ['snooze', '2020-01-01T00:00:00.000Z', false],
    ['approve', '2020-01-01T00:00:00.000Z', false],
    ['drop', undefined, false],
    ['expire', undefined, false],
  ] as const)(
    '%s until %s: nothing is done, and whether it is quiet: %s',
    async (verdict, until, isQuiet) => {
      const world = await newWorld();
      const key = await newKey(world);
      const worker = workerOf(world, APPROVE);
      await ask(world, key, worker);
      const plan = await planOf(world, key);
      await world.journal.decide(plan, { verdict, by: 'alice', ...(until && { until }) });
      expect(await ask(world, key, worker)).toBe('planned');
      expect(world.told.at(-1)).toMatchObject({ outcome: 'planned', isRepeated: isQuiet });
      expect(await rotates(world, key)).toBe(false);
    },
  );

  test('is decided on once: the second is told who was first; a snooze may be answered', async () => {
    const world = await newWorld();
    const key = await newKey(world);
    await ask(world, key, workerOf(world, APPROVE));
    const plan = await planOf(world, key);
    const until = '2999-01-01T00:00:00.000Z';
    expect(await world.journal.decide(plan, { verdict: 'snooze', by: 'carol', until })).toBeUndefined();
    expect(await world.journal.decide(plan, { verdict: 'reject', by: 'alice' })).toBeUndefined();
    expect(await world.journal.decide(plan, { verdict: 'approve', by: 'bob' })).toEqual({
      refused: expect.stringMatching(/^it was rejected by alice at 20/),
    });
  });

  test('whose fault is gone by whatever way is off the list', async () => {
    const world = await newWorld();
    const key = await newKey(world);
    await ask(world, key, workerOf(world, APPROVE));
    expect(await ask(world, key, workerOf(world))).toBe('fixed');
    expect(await world.journal.plans()).toHaveLength(1);
    expect(await ask(world, key, workerOf(world, APPROVE))).toBe('compliant');
    expect(await world.journal.plans()).toEqual([]);
  });
});

describe('how far a bot may go', () => {
  test('off: nothing is looked at, and the message is answered', async () => {
    const world = await newWorld();
    const key = await newKey(world);
    const worker = workerOf(world, { rollout: [{ accounts: [world.environment.accountId], mode: 'off' }] });
    expect(await ask(world, key, worker)).toBe('exempt');
    expect(world.told).toMatchObject([{ outcome: 'exempt', reason: 'mode off, by rollout[0] of config.ts' }]);
  });

  test('by a tag of the resource', async () => {
    const world = await newWorld();
    const [prod, other] = [await newKey(world), await newKey(world)];
    const Tags = [{ TagKey: 'env', TagValue: 'prod' }];
    await world.account.client(KMSClient).send(new TagResourceCommand({ KeyId: prod, Tags }));
    const worker = workerOf(world, { rollout: [{ tag: { key: 'env', value: 'prod' }, mode: 'plan' }] });
    expect(await ask(world, prod, worker)).toBe('planned');
    expect(await ask(world, other, worker)).toBe('fixed');
  });
});

describe('whose it is', () => {
  const owned = async (ownedBy: 'hold' | 'tell' | 'ignore') => {
    const world = await newWorld();
    const key = await newKey(world);
    const Tags = [{ TagKey: 'tfstate', TagValue: 'prod/network' }];
    await world.account.client(KMSClient).send(new TagResourceCommand({ KeyId: key, Tags }));
    const outcome = await ask(world, key, workerOf(world, { ownership: { ownedBy } }));
    return { outcome, told: world.told.at(-1), entries: await world.journal.list() };
  };

  test('what a stack owns is held where config.ts says so', async () => {
    const { outcome, told } = await owned('hold');
    expect(outcome).toBe('held');
    expect(told).toMatchObject({
      ownedBy: 'the Terraform state prod/network',
      reason: expect.stringMatching(/^it belongs to the Terraform state prod\/network/),
    });
  });

  test('or repaired, and said in event and journal', async () => {
    const { outcome, told, entries } = await owned('tell');
    expect(outcome).toBe('fixed');
    expect(told).toMatchObject({ ownedBy: 'the Terraform state prod/network' });
    expect(entries).toMatchObject([{ ownedBy: 'the Terraform state prod/network' }]);
  });

  test('or not looked up', async () => {
    const { outcome, told } = await owned('ignore');
    expect(outcome).toBe('fixed');
    expect(told).not.toHaveProperty('ownedBy');
  });
});

test('no war: a fault that was repaired three times in a day is held with its history', async () => {
  const world = await newWorld();
  const key = await newKey(world);
  const worker = workerOf(world);
  const outcomes = [];
  for (let time = 0; time < 4; time++) {
    outcomes.push(await ask(world, key, worker));
    await world.account.client(KMSClient).send(new DisableKeyRotationCommand({ KeyId: key }));
  }
  expect(outcomes).toEqual(['fixed', 'fixed', 'fixed', 'held']);
  expect(world.told.at(-1)?.reason).toMatch(
    /^it was repaired 3 times in 24 hours and came back each time: (\S+ \(kms_enable_rotation\/[\d-]+\w+\)(, )?){3}\./,
  );
  expect(await ask(world, key, workerOf(world, { repeats: false }))).toBe('fixed');
  const other = await newKey(world);
  expect(await ask(world, other, worker)).toBe('fixed');
});
