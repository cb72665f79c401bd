import { enqueue } from '../../shared/worker/queue';
import { type Dispatch, groupOf } from '../../shared/worker/message';
import { asks } from '../../testing/entry';
import { type World, deadLetters, newWorld, queued } from '../../testing/world';
import { type Report, coordinate } from './coordinate';
import { coordinatorOf, fakeLambda, sendText } from './testing';

const PLENTY = () => 60_000;

let world: World;
let dispatches: { bot: string; dispatch: Dispatch }[];

beforeEach(async () => {
  world = await newWorld();
  dispatches = [];
});

function lambda(onEvent: (bot: string, dispatch: Dispatch) => void = () => undefined) {
  return fakeLambda((bot, dispatch) => {
    onEvent(bot, dispatch);
    dispatches.push({ bot, dispatch });
  }, world.environment.functionPrefix);
}

function put(...ids: string[]) {
  return enqueue(
    world.sqs,
    world.environment.queueUrl,
    ids.map((id) => asks(world, id)),
  );
}

function refusing(name: string) {
  return () => {
    throw Object.assign(new Error('made by the test'), { name });
  };
}

function addsUp({ received, dispatched, quarantined, deferred }: Report) {
  expect(dispatched + quarantined + deferred).toBe(received);
}

describe('a tick', () => {
  test('hands every message to its bot, and stops at an empty queue', async () => {
    await put(...Array.from({ length: 25 }, (_, index) => `key-${index}`));
    const report = await coordinate(coordinatorOf(world, lambda()), PLENTY, 'tick');
    expect(report).toEqual({ received: 25, dispatched: 25, quarantined: 0, declined: 0, deferred: 0 });
    const ids = dispatches.flatMap(({ dispatch }) => dispatch.deliveries.map(({ body }) => body.target.id));
    expect(ids.sort()).toEqual(Array.from({ length: 25 }, (_, index) => `key-${index}`).sort());
    // The bots take them off, not the coordinator.
    expect(await queued(world)).toEqual({ visible: 0, inFlight: 25 });
  });

  test('an empty queue: nothing happens, and it is not asked twice', async () => {
    const waits: number[] = [];
    const coordinator = coordinatorOf(world, lambda(), { onReceive: (wait) => void waits.push(wait) });
    expect(await coordinate(coordinator, PLENTY, 'tick')).toEqual({
      received: 0,
      dispatched: 0,
      quarantined: 0,
      declined: 0,
      deferred: 0,
    });
    expect(waits).toHaveLength(1);
  });

  test('the event carries what the bot needs: message, receipt, when it was sent and is visible again', async () => {
    const preview = { violation: 'it does not rotate', calls: [{ action: 'kms:Rotate', input: { a: 1 } }] };
    const asked = asks(world, 'key', { bot: 'turn', params: { days: 7 }, preview });
    await enqueue(world.sqs, world.environment.queueUrl, [asked]);
    let sent = {};
    const coordinator = coordinatorOf(world, lambda());
    const { sqs } = coordinator;
    const spying = {
      send: async (command: never) => {
        const reply = (await sqs.send(command)) as { Messages?: { Attributes: { SentTimestamp: string } }[] };
        const [message] = reply.Messages ?? [];
        if (message) sent = message;
        return reply;
      },
    };
    const before = Date.now();
    await coordinate({ ...coordinator, sqs: spying as never }, PLENTY, 'tick');
    const { MessageId, ReceiptHandle, Attributes } = sent as Record<string, never>;
    const { preview: _, ...rest } = asked;
    expect(dispatches).toEqual([
      {
        bot: 'rotate',
        dispatch: {
          deliveries: [
            {
              messageId: MessageId,
              receiptHandle: ReceiptHandle,
              sentAt: Number((Attributes as unknown as { SentTimestamp: string }).SentTimestamp),
              body: { ...rest, bot: 'rotate' },
              isFirst: true,
            },
          ],
          visibleAgainAt: expect.any(Number),
        },
      },
    ]);
    const until = dispatches[0]?.dispatch.visibleAgainAt ?? 0;
    expect(until).toBeGreaterThanOrEqual(before + 360_000);
    expect(until).toBeLessThanOrEqual(Date.now() + 360_000);
  });
});

describe('what cannot be used', () => {
  test('goes to the dead letters with the reason, is told, and stops nothing', async () => {
    await put('key-1');
    await sendText(world, 'not json');
    await sendText(world, JSON.stringify(asks(world, 'key-2', { bot: 'make_tea' })));
    await put('key-3');
    const report = await coordinate(coordinatorOf(world, lambda()), PLENTY, 'tick');
    expect(report).toEqual({ received: 4, dispatched: 2, quarantined: 2, declined: 0, deferred: 0 });
    expect(await deadLetters(world)).toMatchObject([
      { body: 'not json', reason: expect.stringMatching(/^the message is not JSON/) },
      { reason: 'there is no bot "make_tea": see npx selfheal bots' },
    ]);
    expect(world.told).toMatchObject([
      { outcome: 'dead-lettered', reason: expect.stringMatching(/not JSON/) },
      { outcome: 'dead-lettered', reason: expect.stringMatching(/make_tea/) },
    ]);
    expect(await queued(world)).toEqual({ visible: 0, inFlight: 2 });
  });

  test('nor a message in the group of another resource, which would be at work beside its own', async () => {
    const theirs = asks(world, 'key-1');
    await sendText(world, JSON.stringify(theirs), groupOf(asks(world, 'key-2')));
    await sendText(world, JSON.stringify(theirs), groupOf(theirs));
    const report = await coordinate(coordinatorOf(world, lambda()), PLENTY, 'tick');
    expect(report).toEqual({ received: 2, dispatched: 1, quarantined: 1, declined: 0, deferred: 0 });
    expect(await deadLetters(world)).toMatchObject([
      { reason: expect.stringMatching(/^the message stands in the group of another resource/) },
    ]);
  });

  test('nor one that names its resource otherwise than its API does', async () => {
    const { region, account } = world.account;
    const target = { account, region, type: 'AWS::KMS::Key', id: `arn:aws:kms:${region}:${account}:key/k` };
    const named = asks(world, 'k', { target });
    await sendText(world, JSON.stringify(named), groupOf(named));
    await coordinate(coordinatorOf(world, lambda()), PLENTY, 'tick');
    expect(await deadLetters(world)).toMatchObject([
      { reason: expect.stringMatching(/is not its own name, which is "k"$/) },
    ]);
    expect(dispatches).toEqual([]);
  });

  test('in the middle of one resource’s messages it goes, and the others go to the bot together', async () => {
    const [first, wrong, last] = [
      asks(world, 'key'),
      asks(world, 'key', { params: { days: -1 } }),
      asks(world, 'key'),
    ];
    await enqueue(world.sqs, world.environment.queueUrl, [first, wrong, last]);
    const report = await coordinate(coordinatorOf(world, lambda()), PLENTY, 'tick');
    expect(report).toEqual({ received: 3, dispatched: 2, quarantined: 1, declined: 0, deferred: 0 });
    expect(dispatches).toHaveLength(1);
    expect(dispatches[0]?.dispatch.deliveries.map(({ body }) => body)).toEqual([first, last]);
  });

  test('what cannot be told is not taken off', async () => {
    await sendText(world, 'not json');
    const tell = () => Promise.reject(new Error('no topic'));
    const report = await coordinate({ ...coordinatorOf(world, lambda()), tell }, PLENTY, 'tick');
    expect(report).toEqual({ received: 1, dispatched: 0, quarantined: 0, declined: 0, deferred: 1 });
    expect(await queued(world)).toEqual({ visible: 0, inFlight: 1 });
  });

  test('256 KB of nonsense arrive whole at the dead letters', async () => {
    const text = 'x'.repeat(256 * 1024);
    await sendText(world, text);
    const report = await coordinate(coordinatorOf(world, lambda()), PLENTY, 'tick');
    expect(report).toEqual({ received: 1, dispatched: 0, quarantined: 1, declined: 0, deferred: 0 });
    expect((await deadLetters(world))[0]?.body).toHaveLength(256 * 1024);
  });

  test('256 KB of parameters are more than a function can be handed', async () => {
    const ports = Array.from({ length: 43_000 }, () => 22_222);
    await sendText(world, JSON.stringify(asks(world, 'key', { params: { ports } })));
    const report = await coordinate(coordinatorOf(world, lambda()), PLENTY, 'tick');
    expect(report).toMatchObject({ quarantined: 1, dispatched: 0 });
    expect(await deadLetters(world)).toMatchObject([{ reason: expect.stringMatching(/larger than/) }]);
  });
});

test('256 KB of preview stay in the queue’s message, the bot gets the rest', async () => {
  const call = { action: 'kms:EnableKeyRotation', input: { text: 'x'.repeat(255 * 1024) } };
  const asked = asks(world, 'key');
  await sendText(
    world,
    JSON.stringify({ ...asked, preview: { violation: 'it is open', calls: [call] } }),
    groupOf(asked),
  );
  await coordinate(coordinatorOf(world, lambda()), PLENTY, 'tick');
  expect(dispatches[0]?.dispatch.deliveries).toMatchObject([{ body: asked }]);
  expect(JSON.stringify(dispatches).length).toBeLessThan(2000);
});

test('large messages of one resource go in several events, in order', async () => {
  const ports = Array.from({ length: 25_000 }, () => 22_222);
  const all = [1, 2, 3].map((days) => asks(world, 'key', { params: { days, ports } }));
  await enqueue(world.sqs, world.environment.queueUrl, all);
  const report = await coordinate(coordinatorOf(world, lambda()), PLENTY, 'tick');
  expect(dispatches.map(({ dispatch }) => dispatch.deliveries.map(({ body }) => body.params.days))).toEqual([
    [1],
  ]);
  expect(report).toEqual({ received: 3, dispatched: 1, quarantined: 0, declined: 0, deferred: 2 });
});

describe('when AWS fails', () => {
  test.each(['TooManyRequestsException', 'ResourceNotFoundException'])(
    '%s at a bot: handed back for later, the other bot is started',
    async (name) => {
      await enqueue(world.sqs, world.environment.queueUrl, [
        asks(world, 'key-1'),
        asks(world, 'key-1'),
        asks(world, 'key-2', { bot: 'rename' }),
      ]);
      const delays: unknown[] = [];
      const coordinator = coordinatorOf(
        world,
        lambda((bot) => bot === 'rotate' && refusing(name)()),
        { onCommand: (_name, { VisibilityTimeout }) => void delays.push(VisibilityTimeout) },
      );
      const report = await coordinate(coordinator, PLENTY, 'tick');
      expect(report).toEqual({ received: 3, dispatched: 1, quarantined: 0, declined: 0, deferred: 2 });
      expect(dispatches.map(({ bot }) => bot)).toEqual(['rename']);
      expect(delays).toEqual([30, 30]);
      expect(await queued(world)).toEqual({ visible: 0, inFlight: 3 });
      expect(await deadLetters(world)).toEqual([]);
    },
  );

  test('SQS refuses a dead letter: that message comes back, the others are handled', async () => {
    await put('key-1');
    await sendText(world, 'not json');
    await put('key-2');
    const onCommand = (name: string) => {
      if (name === 'SendMessageCommand') refusing('ServiceUnavailable')();
    };
    const report = await coordinate(coordinatorOf(world, lambda(), { onCommand }), PLENTY, 'tick');
    expect(report).toEqual({ received: 3, dispatched: 2, quarantined: 0, declined: 0, deferred: 1 });
    expect(await queued(world)).toEqual({ visible: 0, inFlight: 3 });
  });

  test('SQS refuses to take back what was deferred: what was dispatched counts as dispatched', async () => {
    await enqueue(world.sqs, world.environment.queueUrl, [
      asks(world, 'key'),
      asks(world, 'key', { bot: 'rename' }),
    ]);
    const onCommand = refusing('ServiceUnavailable');
    const report = await coordinate(coordinatorOf(world, lambda(), { onCommand }), PLENTY, 'tick');
    expect(report).toEqual({ received: 2, dispatched: 1, quarantined: 0, declined: 0, deferred: 1 });
  });

  test('SQS refuses to be read: the tick fails, after what was received is handed on', async () => {
    await put(...Array.from({ length: 15 }, (_, index) => `key-${index}`));
    const onReceive = (_wait: number, turn: number) => {
      if (turn === 3) refusing('ServiceUnavailable')();
    };
    const ticking = coordinate(coordinatorOf(world, lambda(), { onReceive }), PLENTY, 'tick');
    await expect(ticking).rejects.toThrow('made by the test');
    expect(dispatches).toHaveLength(15);
  });

  test('whatever is in the batch, the report adds up', async () => {
    await put('key-1', 'key-1', 'key-2');
    await sendText(world, '[]');
    await sendText(world, '{}', 'other');
    await enqueue(world.sqs, world.environment.queueUrl, [asks(world, 'key-1', { bot: 'rename' })]);
    let turn = 0;
    const coordinator = coordinatorOf(world, lambda(), {
      onCommand: () => {
        if (++turn === 2) refusing('ServiceUnavailable')();
      },
    });
    const report = await coordinate(coordinator, PLENTY, 'tick');
    expect(report.received).toBe(6);
    addsUp(report);
  });
});
