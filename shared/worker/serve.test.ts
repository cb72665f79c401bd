import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateKeyCommand,
  EnableKeyRotationCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  TagResourceCommand,
} from '@aws-sdk/client-kms';
import { bot } from '../../functions/remediators/kms/kms_enable_rotation';
import { asks as asksAny } from '../../testing/entry';
import {
  type World,
  asidesOf,
  dispatchOf,
  newWorld,
  queued,
  receive,
  redelivered,
} from '../../testing/world';
import type { Config } from '../config';
import type { Target } from '../resources/target';
import type { Remediation } from './message';
import { journal } from './journal';
import { MAX_ATTEMPTS, MAX_WAIT_MS, type Worker, work } from './serve';

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
      before: { is: false },
      after: { is: true },
      calls: [{ action: 'kms:EnableKeyRotation', input: { KeyId: key } }],
    });
    expect(world.told).toMatchObject([
      { outcome: 'fixed', journalId: entry?.id, violation: entry?.violation },
    ]);
  });

  test('a repair calls DynamoDB three times, limits and stops included; a finding that is stale, twice', async () => {
    const world = await newWorld();
    const key = await newKey(world);
    const client = world.account.client(DynamoDBClient);
    const called: string[] = [];
    client.middlewareStack.add(
      (next, { commandName = '' }) =>
        (args) => {
          called.push(commandName.replace(/Command$/, ''));
          return next(args);
        },
      { step: 'initialize' },
    );
    const worker = workerOf(world, { journal: journal(world.environment.journalTable, client) });
    await work(bot, worker, await dispatchOf(world, asks(world, key)), PLENTY);
    // Holds and stops; the try, the limit and the entry; its end.
    expect(called).toEqual(['BatchGetItem', 'TransactWriteItems', 'UpdateItem']);
    called.length = 0;
    await work(bot, worker, await dispatchOf(world, asks(world, key)), PLENTY);
    expect(called).toEqual(['BatchGetItem', 'UpdateItem']);
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
    expect(await world.journal.list()).toMatchObject([{ status: 'started', before: { is: false } }]);
    expect(await queued(world)).toEqual({ visible: 0, inFlight: 1 });

    await work(bot, workerOf(world), await redelivered(world, dispatch), PLENTY);
    expect(await world.journal.list()).toMatchObject([
      { status: 'fixed', before: { is: false }, after: { is: true } },
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
        before: { is: false },
        after: { is: true },
        calls: [{ action: 'kms:EnableKeyRotation' }],
      },
    ]);
    await work(tagged, workerOf(world), await redelivered(world, dispatch), PLENTY);
    expect(await world.journal.list()).toMatchObject([
      {
        status: 'fixed',
        before: { is: false },
        after: { is: true },
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
    let dispatch = await dispatchOf(world, asks(world, key));
    const worker = workerOf(world, { clients: denied(world) });
    const delays: number[] = [];
    for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt++) {
      expect(await work(bot, worker, dispatch, PLENTY)).toEqual({ outcomes: ['failed'] });
      expect(await queued(world)).toEqual({ visible: 1, inFlight: 0 });
      const [aside] = await asidesOf(world, dispatch);
      delays.push(aside?.as === 'retry' ? Math.round((aside.notBefore - Date.now()) / 10_000) : 0);
      dispatch = await redelivered(world, dispatch);
    }
    expect(delays).toEqual([2, 6, 18, 54]);
    expect(world.told).toMatchObject([{ outcome: 'failed', attempt: 1 }]);
    await work(bot, worker, dispatch, PLENTY);
    expect(world.told).toMatchObject([
      { outcome: 'failed' },
      { outcome: 'dead-lettered', attempt: MAX_ATTEMPTS },
    ]);
    expect(await asidesOf(world, dispatch)).toEqual([
      { as: 'dead', reason: 'kms:EnableKeyRotation: AccessDeniedException: not allowed' },
    ]);
    expect(await world.journal.list()).toMatchObject([{ status: 'failed', before: { is: false } }]);
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
    const [failed] = warn.mock.calls.flat() as [string];
    // Beside the metrics of both.
    const [fixed = ''] = (info.mock.calls.flat() as string[]).filter((line) => !line.startsWith('{"_aws"'));
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
    let dispatch = await dispatchOf(world, asks(world, key));
    const dies: Worker['clients'] = () => {
      throw new Error('out of memory');
    };
    // Of the first, which died before anything was on record, nothing is known.
    for (let attempt = 0; attempt <= MAX_ATTEMPTS; attempt++) {
      await expect(work(bot, workerOf(world, { clients: dies }), dispatch, PLENTY)).rejects.toThrow();
      dispatch = await redelivered(world, dispatch);
    }
    await work(bot, workerOf(world), dispatch, PLENTY);
    expect(await rotates(world, key)).toBe(false);
    expect(await asidesOf(world, dispatch)).toMatchObject([
      { as: 'dead', reason: expect.stringMatching(/none of them ended/) },
    ]);
  });

  test('what stands behind a failure in the same group is handed back untried', async () => {
    const world = await newWorld();
    const key = await newKey(world);
    const dispatch = await dispatchOf(world, asks(world, key), asks(world, key));
    expect(dispatch.deliveries).toHaveLength(2);
    const worker = workerOf(world, { clients: denied(world) });
    expect(await work(bot, worker, dispatch, PLENTY)).toEqual({ outcomes: ['failed'] });
    expect(await queued(world)).toEqual({ visible: 2, inFlight: 0 });
    expect(await asidesOf(world, dispatch)).toMatchObject([{ as: 'retry' }, undefined]);
  });

  test('one dispatch handed over twice: the second run leaves the message to the first', async () => {
    const world = await newWorld();
    const key = await newKey(world);
    const dispatch = await dispatchOf(world, asks(world, key));
    // The second begins when the first is about to write: whichever is first on record does it.
    let second: Promise<unknown> | undefined;
    const first = workerOf(world, {
      journal: {
        ...world.journal,
        enter: async (...change) => {
          second = work(bot, workerOf(world), dispatch, PLENTY);
          expect(await second).toEqual({ outcomes: ['fixed'] });
          return world.journal.enter(...change);
        },
      },
    });
    expect(await work(bot, first, dispatch, PLENTY)).toEqual({ outcomes: [] });
    expect(second).toBeDefined();
    expect(await queued(world)).toEqual({ visible: 0, inFlight: 0 });
    expect(world.told).toMatchObject([{ outcome: 'fixed', attempt: 1 }]);
  });

  test('one dispatch handed over twice at the same time: one run, one change, one entry', async () => {
    const world = await newWorld();
    const keys = [await newKey(world), await newKey(world), await newKey(world)];
    const dispatches = [];
    for (const key of keys) dispatches.push(await dispatchOf(world, asks(world, key)));
    const writes: string[] = [];
    const clients: Worker['clients'] = (of) => {
      const made = world.clients(of);
      for (const client of Object.values<KMSClient>(made)) {
        client.middlewareStack.add(
          (next, { commandName = '' }) =>
            (args) => {
              if (commandName.startsWith('Enable')) writes.push(commandName);
              return next(args);
            },
          { step: 'initialize' },
        );
      }
      return made;
    };
    const runs = [...dispatches, ...dispatches].map((dispatch) =>
      work(bot, workerOf(world, { clients }), dispatch, PLENTY),
    );
    expect((await Promise.all(runs)).flatMap(({ outcomes }) => outcomes)).toEqual(keys.map(() => 'fixed'));
    expect(writes).toHaveLength(keys.length);
    expect((await world.journal.list()).map(({ target: { id }, status }) => [id, status]).sort()).toEqual(
      keys.map((key) => [key, 'fixed']).sort(),
    );
    expect(await queued(world)).toEqual({ visible: 0, inFlight: 0 });
  });

  test('a dispatch handed over a second time after a later one was: nothing is run', async () => {
    const world = await newWorld();
    const key = await newKey(world);
    const first = await dispatchOf(world, asks(world, key));
    expect(await work(bot, workerOf(world, { clients: denied(world) }), first, PLENTY)).toEqual({
      outcomes: ['failed'],
    });
    const second = await redelivered(world, first);
    let late: Promise<unknown> | undefined;
    const worker = workerOf(world, {
      journal: {
        ...world.journal,
        enter: async (...change) => {
          late = work(bot, workerOf(world), first, PLENTY);
          expect(await late).toEqual({ outcomes: [] });
          return world.journal.enter(...change);
        },
      },
    });
    expect(await work(bot, worker, second, PLENTY)).toEqual({ outcomes: ['fixed'] });
    expect(late).toBeDefined();
    expect(await world.journal.list()).toHaveLength(1);
    expect(world.told.map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  test('what is too large for an entry is kept without its calls, and the message is done', async () => {
    const world = await newWorld();
    const key = await newKey(world);
    const text = 'x'.repeat(150_000);
    const large: typeof bot = {
      ...bot,
      inspect: async (aws, context) => {
        const state = await bot.inspect(aws, context);
        return state && { ...state, text };
      },
      plan: (state, context) => {
        const steps = bot.plan(state, context);
        return Array.isArray(steps) ? steps.map(withTags) : steps;
      },
    };
    const withTags = ({ kms }: { kms: { input: object } }) => {
      Object.assign(kms.input, { text });
      return { kms } as never;
    };
    expect(await work(large, workerOf(world), await dispatchOf(world, asks(world, key)), PLENTY)).toEqual({
      outcomes: ['fixed'],
    });
    expect(await world.journal.list()).toMatchObject([
      {
        status: 'fixed',
        calls: [],
        before: { text },
        reason: expect.stringMatching(/too many for an entry/),
      },
    ]);
  });

  test('a plan that waits: no try is counted, it is told once, and given up after a day', async () => {
    const world = await newWorld();
    const key = await newKey(world);
    const busy: typeof bot = { ...bot, plan: () => ({ waiting: 'a copy is being made' }) };
    let dispatch = await dispatchOf(world, asks(world, key));
    const delays: number[] = [];
    for (let look = 0; look <= MAX_ATTEMPTS + 1; look++) {
      expect(await work(busy, workerOf(world), dispatch, PLENTY)).toEqual({ outcomes: ['waiting'] });
      const [aside] = await asidesOf(world, dispatch);
      delays.push(aside?.as === 'wait' ? Math.round((aside.notBefore - Date.now()) / 10_000) : 0);
      dispatch = await redelivered(world, dispatch);
    }
    expect(delays).toEqual([3, 6, 12, 24, 48, 90, 90]);
    expect(world.told).toMatchObject([{ outcome: 'waiting', reason: 'a copy is being made' }]);
    const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + MAX_WAIT_MS + 60_000);
    // A weekend outside of its window is no day of waiting for AWS.
    const freezes = [{ from: '2020-01-01', until: '2020-01-02', reason: 'over' }];
    const windowed = workerOf(world, { config: { ...workerOf(world).config, freezes } });
    expect(await work(busy, windowed, dispatch, PLENTY)).toEqual({ outcomes: ['waiting'] });
    dispatch = await redelivered(world, dispatch);
    await work(busy, workerOf(world), dispatch, PLENTY).finally(() => {
      now.mockRestore();
    });
    expect(await asidesOf(world, dispatch)).toMatchObject([
      { as: 'dead', reason: 'WaitedTooLong: after 24 hours of waiting: a copy is being made' },
    ]);
  });

  test('at a limit nothing is changed, nothing counts as a try, and one message says so', async () => {
    const world = await newWorld();
    const config: Config = {
      enable_auto_response: true,
      bots: { kms_enable_rotation: { enabled: true, limit: 1 } },
    };
    const [first, ...others] = await Promise.all([1, 2, 3].map(() => newKey(world)));
    const worker = workerOf(world, { config });
    await work(bot, worker, await dispatchOf(world, asks(world, first ?? '')), PLENTY);
    for (const key of others) {
      const dispatch = await dispatchOf(world, asks(world, key));
      expect(await work(bot, worker, dispatch, PLENTY)).toEqual({ outcomes: ['waiting'] });
      expect(await asidesOf(world, dispatch)).toMatchObject([{ as: 'wait', forAll: true }]);
      expect(await rotates(world, key)).toBe(false);
      await receive(world);
    }
    expect(world.told).toMatchObject([
      { outcome: 'fixed' },
      { outcome: 'waiting', reason: expect.stringMatching(/1 changes an hour by kms_enable_rotation/) },
    ]);
    expect(await world.journal.list()).toHaveLength(1);
    const account = world.account.account;
    expect((await world.journal.counts([account])).get(account)).toEqual({
      all: 1,
      'bot/kms_enable_rotation': 1,
    });

    await world.journal.releaseLimits(account);
    const freed = await dispatchOf(world, asks(world, await newKey(world)));
    expect(await work(bot, worker, freed, PLENTY)).toEqual({ outcomes: ['fixed'] });
  });

  // Moto's conditional writes are not atomic, DynamoDB's are: one after the other here.
  test('limits of a bot and of the account, and the first to reach one is the only one', async () => {
    const world = await newWorld();
    const account = world.account.account;
    const times = async (bot: string, perBot: number) => {
      const reached = [];
      for (let time = 0; time < 12; time++) {
        reached.push(await world.journal.count(bot, account, { perBot, perAccount: 9 }));
      }
      return reached;
    };
    const counted = await times('some_bot', 5);
    expect(counted.filter((reached) => reached === undefined)).toHaveLength(5);
    expect(counted.filter((reached) => reached?.isFirst)).toHaveLength(1);
    const others = await times('other_bot', 50);
    expect(others.filter((reached) => reached === undefined)).toHaveLength(4);
  });

  test.each(['all', 'bot/kms_enable_rotation', 'account'])(
    'stopped (%s): nothing is changed until it is started again, also in the middle of a run',
    async (scope) => {
      const world = await newWorld();
      const key = await newKey(world);
      const stop = scope === 'account' ? `account/${world.account.account}` : scope;
      await world.journal.stop(stop, 'ann, at night');
      await world.journal.stop('bot/another', 'ann');
      let dispatch = await dispatchOf(world, asks(world, key));
      expect(await work(bot, workerOf(world), dispatch, PLENTY)).toEqual({ outcomes: ['waiting'] });
      expect(await rotates(world, key)).toBe(false);
      expect(world.told).toEqual([]);
      expect(await asidesOf(world, dispatch)).toMatchObject([{ as: 'wait', forAll: true }]);
      await world.journal.stop(stop, undefined);

      const tagged: typeof bot = {
        ...bot,
        plan: () => [
          { kms: new EnableKeyRotationCommand({ KeyId: key }) },
          { kms: new TagResourceCommand({ KeyId: key, Tags: [{ TagKey: 'rotates', TagValue: 'yes' }] }) },
        ],
      };
      const clients: Worker['clients'] = (wanted) => {
        const made = world.clients(wanted);
        for (const client of Object.values<KMSClient>(made)) {
          client.middlewareStack.add(
            (next, { commandName }) =>
              async (args) => {
                const reply = await next(args);
                if (commandName !== 'EnableKeyRotationCommand') return reply;
                await world.journal.stop(stop, 'ann, at night');
                await new Promise((resolve) => setTimeout(resolve, 1_100));
                return reply;
              },
            { step: 'initialize' },
          );
        }
        return made;
      };
      dispatch = await redelivered(world, dispatch);
      expect(await work(tagged, workerOf(world, { clients }), dispatch, PLENTY)).toEqual({
        outcomes: ['waiting'],
      });
      expect(await world.journal.list()).toMatchObject([
        {
          status: 'waiting',
          reason: expect.stringMatching(/ann/),
          calls: [{ action: 'kms:EnableKeyRotation' }],
        },
      ]);
    },
  );

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
    expect(await asidesOf(world, dispatch)).toMatchObject([
      { as: 'dead', reason: expect.stringMatching(reason) },
    ]);
    expect(await queued(world)).toEqual({ visible: 1, inFlight: 0 });
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
      exemptions: [{ resource: key.slice(0, 8) + '*', owner: 'web team', reason: 'test key' }],
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
