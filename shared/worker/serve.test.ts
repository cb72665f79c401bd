import {
  CreateKeyCommand,
  EnableKeyRotationCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  TagResourceCommand,
} from '@aws-sdk/client-kms';
import { bot } from '../../functions/remediators/kms/kms_enable_rotation';
import { asks as asksAny } from '../../testing/entry';
import { type World, deadLetters, dispatchOf, newWorld, queued, receive } from '../../testing/world';
import type { Config } from '../config';
import type { Target } from '../resources/target';
import type { Remediation } from './message';
import { MAX_ATTEMPTS, type Worker, work } from './serve';

const PLENTY = () => 300_000;

async function newKey({ account }: World): Promise<string> {
  const { KeyMetadata } = await account.client(KMSClient).send(new CreateKeyCommand({}));
  return KeyMetadata?.KeyId ?? '';
}

async function rotates({ account }: World, KeyId: string): Promise<boolean> {
  const reply = await account.client(KMSClient).send(new GetKeyRotationStatusCommand({ KeyId }));
  return reply.KeyRotationEnabled ?? false;
}

const asks = (world: World, id: string, extra: Partial<Remediation> = {}) =>
  asksAny(world, id, { bot: bot.id, ...extra });

function workerOf(world: World, changes: Partial<Worker> = {}): Worker {
  const config: Config = { enable_auto_response: true, bots: { kms_enable_rotation: { enabled: true } } };
  return { ...world, config, ...changes };
}

/** KMS refuses every write. */
function denied(
  world: World,
  command = 'EnableKeyRotationCommand',
  reason = 'not allowed',
): Worker['clients'] {
  return (bot) => {
    const clients = world.clients(bot);
    for (const client of Object.values<KMSClient>(clients)) {
      client.middlewareStack.add(
        (next, { commandName }) =>
          (args) => {
            if (commandName !== command) return next(args);
            throw Object.assign(new Error(reason), { name: 'AccessDeniedException' });
          },
        { step: 'initialize' },
      );
    }
    return clients;
  };
}

describe('a bot answers its messages', () => {
  test('repairs, journals, tells, and takes the message off the queue', async () => {
    const world = await newWorld();
    const key = await newKey(world);
    const answer = await work(bot, workerOf(world), await dispatchOf(world, asks(world, key)), PLENTY);
    expect(answer).toEqual({ outcomes: ['fixed'] });
    expect(await rotates(world, key)).toBe(true);
    expect(await queued(world)).toEqual({ visible: 0, inFlight: 0 });
    const [entry, ...others] = await world.journal.list();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      bot: bot.id,
      status: 'fixed',
      before: { rotates: false },
      after: { rotates: true },
      calls: [{ action: 'kms:EnableKeyRotation', input: { KeyId: key } }],
    });
    expect(world.told).toMatchObject([
      { outcome: 'fixed', journalId: entry?.id, violation: entry?.violation },
    ]);
  });

  test('forty findings on one key: one repair, all answered', async () => {
    const world = await newWorld();
    const key = await newKey(world);
    const worker = workerOf(world);
    const outcomes: string[] = [];
    let dispatch = await dispatchOf(world, ...Array.from({ length: 40 }, () => asks(world, key)));
    while (dispatch.deliveries.length > 0) {
      outcomes.push(...(await work(bot, worker, dispatch, PLENTY)).outcomes);
      dispatch = { ...dispatch, deliveries: await receive(world) };
    }
    expect(outcomes.filter((outcome) => outcome === 'fixed')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'compliant')).toHaveLength(39);
    expect(await queued(world)).toEqual({ visible: 0, inFlight: 0 });
    expect(await world.journal.list()).toHaveLength(1);
  });

  test('that a fresh finding says otherwise is told, unless this function has put it right since', async () => {
    const world = await newWorld();
    const key = await newKey(world);
    const worker = { ...workerOf(world), mended: new Map<string, number>() };
    const finding = (id: string) => {
      const time = new Date().toISOString();
      return { finding: { source: 'securityhub', id, time, title: 'KMS.4' } };
    };
    const late = finding('late');
    await work(bot, worker, await dispatchOf(world, asks(world, key, finding('first'))), PLENTY);
    await work(bot, worker, await dispatchOf(world, asks(world, key, late)), PLENTY);
    await work(bot, worker, await dispatchOf(world, asks(world, key, finding('again'))), PLENTY);
    expect(world.told.map(({ outcome, disagreement }) => [outcome, disagreement])).toEqual([
      ['fixed', undefined],
      ['compliant', undefined],
      ['compliant', expect.stringMatching(/^the finding says "KMS.4", the bot finds nothing wrong/)],
    ]);
  });

  test('killed after the write: the next delivery ends it in the same entry, with the first state before', async () => {
    const world = await newWorld();
    const key = await newKey(world);
    const dispatch = await dispatchOf(world, asks(world, key));
    const killed = { ...world.journal, end: () => Promise.reject(new Error('killed')) };
    await expect(work(bot, workerOf(world, { journal: killed }), dispatch, PLENTY)).rejects.toThrow('killed');
    expect(await world.journal.list()).toMatchObject([{ status: 'started', before: { rotates: false } }]);
    expect(await queued(world)).toEqual({ visible: 0, inFlight: 1 });

    await work(bot, workerOf(world), dispatch, PLENTY);
    expect(await world.journal.list()).toMatchObject([
      { status: 'fixed', before: { rotates: false }, after: { rotates: true } },
    ]);
    expect(world.told).toMatchObject([{ outcome: 'fixed' }]);
    expect(await queued(world)).toEqual({ visible: 0, inFlight: 0 });
  });

  test('cut off between two writes: the entry tells of all calls, and undo knows where it stands', async () => {
    const world = await newWorld();
    const key = await newKey(world);
    // Turns rotation on, and then needs a tag too: a bot of two writes.
    const tagged: typeof bot = {
      ...bot,
      plan: () => [
        { kms: new EnableKeyRotationCommand({ KeyId: key }) },
        { kms: new TagResourceCommand({ KeyId: key, Tags: [{ TagKey: 'rotates', TagValue: 'yes' }] }) },
      ],
    };
    const dispatch = await dispatchOf(world, asks(world, key));
    const refused = workerOf(world, { clients: denied(world, 'TagResourceCommand') });
    await work(tagged, refused, dispatch, PLENTY);
    expect(await world.journal.list()).toMatchObject([
      {
        status: 'failed',
        before: { rotates: false },
        after: { rotates: true },
        calls: [{ action: 'kms:EnableKeyRotation' }],
      },
    ]);
    await work(tagged, workerOf(world), dispatch, PLENTY);
    expect(await world.journal.list()).toMatchObject([
      {
        status: 'fixed',
        before: { rotates: false },
        after: { rotates: true },
        calls: [{ action: 'kms:EnableKeyRotation' }],
      },
    ]);
  });

  test('told before taken off: when the topic refuses, the message comes back', async () => {
    const world = await newWorld();
    const dispatch = await dispatchOf(world, asks(world, await newKey(world)));
    const mute = workerOf(world, { tell: () => Promise.reject(new Error('no topic')) });
    await expect(work(bot, mute, dispatch, PLENTY)).rejects.toThrow('no topic');
    expect(await queued(world)).toEqual({ visible: 0, inFlight: 1 });
  });

  test('refused by AWS: told once, handed back with a growing delay, given up with the reason', async () => {
    const world = await newWorld();
    const key = await newKey(world);
    const dispatch = await dispatchOf(world, asks(world, key));
    const worker = workerOf(world, { clients: denied(world) });
    for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt++) {
      expect(await work(bot, worker, dispatch, PLENTY)).toEqual({ outcomes: ['failed'] });
      expect(await queued(world)).toEqual({ visible: 0, inFlight: 1 });
    }
    expect(world.told).toMatchObject([{ outcome: 'failed', attempt: 1 }]);
    await work(bot, worker, dispatch, PLENTY);
    expect(await queued(world)).toEqual({ visible: 0, inFlight: 0 });
    expect(world.told).toMatchObject([
      { outcome: 'failed' },
      { outcome: 'dead-lettered', attempt: MAX_ATTEMPTS },
    ]);
    expect(await deadLetters(world)).toMatchObject([
      { reason: 'kms:EnableKeyRotation: AccessDeniedException: not allowed' },
    ]);
    expect(await world.journal.list()).toMatchObject([{ status: 'failed', before: { rotates: false } }]);
  });

  test('the log says which call was refused and why, on one short line', async () => {
    const world = await newWorld();
    const warn = jest.spyOn(console, 'warn').mockReturnValue();
    const info = jest.spyOn(console, 'info').mockReturnValue();
    const clients = denied(world, 'EnableKeyRotationCommand', `not\nallowed ${'x'.repeat(5000)}`);
    await work(
      bot,
      workerOf(world, { clients }),
      await dispatchOf(world, asks(world, await newKey(world))),
      PLENTY,
    );
    await work(bot, workerOf(world), await dispatchOf(world, asks(world, await newKey(world))), PLENTY);
    const [[failed], [fixed]] = [warn.mock.calls.flat(), info.mock.calls.flat()] as [[string], [string]];
    jest.restoreAllMocks();
    expect(failed.length).toBeLessThan(800);
    expect(JSON.parse(failed)).toMatchObject({
      ...{ level: 'warn', message: 'answered', bot: bot.id, outcome: 'failed', attempt: 1 },
      ...{ code: 'AccessDeniedException', call: 'kms:EnableKeyRotation' },
      reason: expect.stringMatching(/^kms:EnableKeyRotation: AccessDeniedException: not\nallowed x+…$/),
    });
    expect(JSON.parse(fixed)).toMatchObject({ level: 'info', outcome: 'fixed' });
    expect(JSON.parse(fixed)).not.toHaveProperty('reason');
  });

  test('a message whose tries never end is given up too', async () => {
    const world = await newWorld();
    const key = await newKey(world);
    const dispatch = await dispatchOf(world, asks(world, key));
    const dies: Worker['clients'] = () => {
      throw new Error('out of memory');
    };
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      await expect(work(bot, workerOf(world, { clients: dies }), dispatch, PLENTY)).rejects.toThrow();
    }
    await work(bot, workerOf(world), dispatch, PLENTY);
    expect(await rotates(world, key)).toBe(false);
    expect(await deadLetters(world)).toMatchObject([{ reason: expect.stringMatching(/none of them ended/) }]);
  });

  test('what stands behind a failure in the same group is handed back untried', async () => {
    const world = await newWorld();
    const key = await newKey(world);
    const dispatch = await dispatchOf(world, asks(world, key), asks(world, key));
    expect(dispatch.deliveries).toHaveLength(2);
    const worker = workerOf(world, { clients: denied(world) });
    expect(await work(bot, worker, dispatch, PLENTY)).toEqual({ outcomes: ['failed'] });
    expect(await queued(world)).toEqual({ visible: 1, inFlight: 1 });
  });

  test('with too little time left nothing is begun', async () => {
    const world = await newWorld();
    const key = await newKey(world);
    const dispatch = await dispatchOf(world, asks(world, key));
    expect(await work(bot, workerOf(world), dispatch, () => 20_000)).toEqual({ outcomes: [] });
    expect(await rotates(world, key)).toBe(false);
    expect(await queued(world)).toEqual({ visible: 1, inFlight: 0 });
  });

  test.each<[string, Partial<Target> & { params?: Record<string, unknown> }, RegExp]>([
    ['parameters of a wrong type', { params: { periodDays: 'often' } }, /periodDays/],
    ['parameters out of range', { params: { periodDays: 1 } }, /periodDays/],
    ['another account', { account: '999999999999' }, /not this installation's account/],
    ['a region that is not named', { region: 'xx-nowhere-9' }, /region xx-nowhere-9/],
    ['a resource of another type', { type: 'AWS::S3::Bucket' }, /acts on AWS::KMS::Key/],
  ])('%s: given up at once, with the reason', async (_name, { params, ...target }, reason) => {
    const world = await newWorld();
    const asked = asks(world, await newKey(world));
    const dispatch = await dispatchOf(world, {
      ...asked,
      target: { ...asked.target, ...target },
      params: params ?? {},
    });
    await work(bot, workerOf(world), dispatch, PLENTY);
    expect(await deadLetters(world)).toMatchObject([{ reason: expect.stringMatching(reason) }]);
    expect(await queued(world)).toEqual({ visible: 0, inFlight: 0 });
    expect(world.told).toMatchObject([{ outcome: 'dead-lettered', reason: expect.stringMatching(reason) }]);
  });

  test('in mode plan it only tells', async () => {
    const world = await newWorld();
    const key = await newKey(world);
    const dispatch = await dispatchOf(world, asks(world, key));
    const config: Config = {
      enable_auto_response: true,
      bots: { kms_enable_rotation: { enabled: true, mode: 'plan' } },
    };
    expect(await work(bot, workerOf(world, { config }), dispatch, PLENTY)).toEqual({ outcomes: ['planned'] });
    expect(await rotates(world, key)).toBe(false);
    expect(world.told).toMatchObject([{ outcome: 'planned', calls: [{ action: 'kms:EnableKeyRotation' }] }]);
    expect(await world.journal.list()).toEqual([]);
  });

  test('a destructive bot only tells, unless config.ts says auto', async () => {
    const world = await newWorld();
    const key = await newKey(world);
    const destructive = { ...bot, risk: 'destructive' } as const;
    await work(destructive, workerOf(world), await dispatchOf(world, asks(world, key)), PLENTY);
    expect(await rotates(world, key)).toBe(false);
    const config: Config = {
      enable_auto_response: true,
      bots: { kms_enable_rotation: { enabled: true, mode: 'auto' } },
    };
    await work(destructive, workerOf(world, { config }), await dispatchOf(world, asks(world, key)), PLENTY);
    expect(await rotates(world, key)).toBe(true);
  });

  test('an exemption, and what a person has undone, keep it away', async () => {
    const world = await newWorld();
    const key = await newKey(world);
    const config: Config = {
      enable_auto_response: true,
      bots: { kms_enable_rotation: { enabled: true } },
      exemptions: [{ resource: key.slice(0, 8) + '*', reason: 'test key' }],
    };
    const exempt = await work(
      bot,
      workerOf(world, { config }),
      await dispatchOf(world, asks(world, key)),
      PLENTY,
    );
    expect(exempt).toEqual({ outcomes: ['exempt'] });
    const asked = asks(world, key);
    await world.journal.hold(bot.id, asked.target, 'undone by ada');
    const held = await work(bot, workerOf(world), await dispatchOf(world, asked), PLENTY);
    expect(held).toEqual({ outcomes: ['held'] });
    expect(world.told).toMatchObject([{ outcome: 'exempt' }, { outcome: 'held', reason: 'undone by ada' }]);
    expect(await rotates(world, key)).toBe(false);
    await world.journal.release(bot.id, asked.target);
    await work(bot, workerOf(world), await dispatchOf(world, asks(world, key)), PLENTY);
    expect(await rotates(world, key)).toBe(true);
  });
});
