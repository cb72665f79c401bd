import { DeleteMessageCommand } from '@aws-sdk/client-sqs';
import type { Dispatch, Remediation } from '../../shared/worker/message';
import { enqueue } from '../../shared/worker/queue';
import { asks } from '../../testing/entry';
import { type World, newWorld, queued } from '../../testing/world';
import { coordinate } from './coordinate';
import { coordinatorOf, fakeLambda } from './testing';

let world: World;

beforeEach(async () => {
  world = await newWorld();
});

/** Bots that answer each message after a moment, and a record of what ran, and of what ran at once. */
function workers() {
  const answered: { bot: string; id: string; days: unknown }[] = [];
  const running = new Map<string, number>();
  const seen = { atOnceOnOneResource: 0, atOnce: 0, runs: 0 };
  const work = async (bot: string, { deliveries }: Dispatch) => {
    const resource = deliveries[0]?.body.target.id ?? '';
    running.set(resource, (running.get(resource) ?? 0) + 1);
    seen.runs += 1;
    seen.atOnceOnOneResource = Math.max(seen.atOnceOnOneResource, running.get(resource) ?? 0);
    seen.atOnce = Math.max(seen.atOnce, [...running.values()].filter((count) => count > 0).length);
    for (const { body, receiptHandle } of deliveries) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      // Off the record first: the delete is what lets the next run begin.
      if (receiptHandle === deliveries.at(-1)?.receiptHandle)
        running.set(resource, (running.get(resource) ?? 1) - 1);
      await world.sqs.send(
        new DeleteMessageCommand({ QueueUrl: world.environment.queueUrl, ReceiptHandle: receiptHandle }),
      );
      answered.push({ bot, id: body.target.id, days: body.params.days });
    }
  };
  const lambda = fakeLambda((bot, dispatch) => void work(bot, dispatch), world.environment.functionPrefix);
  return { answered, seen, lambda };
}

async function runUntil(lambda: ReturnType<typeof workers>['lambda'], done: () => boolean) {
  const end = Date.now() + 30_000;
  return coordinate(coordinatorOf(world, lambda), () => (done() || Date.now() > end ? 0 : 60_000));
}

function put(...remediations: Remediation[]) {
  return enqueue(world.sqs, world.environment.queueUrl, remediations);
}

test('forty messages for one resource: all answered, in order, never two runs at once', async () => {
  const days = Array.from({ length: 40 }, (_, index) => index + 1);
  await put(...days.map((day) => asks(world, 'key', { params: { days: day } })));
  const { answered, seen, lambda } = workers();
  const report = await runUntil(lambda, () => answered.length >= 40);
  expect(answered.map((each) => each.days)).toEqual(days);
  expect(seen.atOnceOnOneResource).toBe(1);
  expect(seen.runs).toBe(4);
  expect(report).toEqual({ received: 40, dispatched: 40, quarantined: 0, declined: 0, deferred: 0 });
  expect(await queued(world)).toEqual({ visible: 0, inFlight: 0 });
});

test('two bots on one resource take turns, in order; none is lost', async () => {
  const bots = ['rotate', 'rename', 'rotate', 'rename', 'rename'];
  await put(...bots.map((bot, index) => asks(world, 'key', { bot, params: { days: index + 1 } })));
  const { answered, seen, lambda } = workers();
  const report = await runUntil(lambda, () => answered.length >= 5);
  expect(answered).toEqual(bots.map((bot, index) => ({ bot, id: 'key', days: index + 1 })));
  expect(seen).toMatchObject({ atOnceOnOneResource: 1, runs: 4 });
  expect(report).toMatchObject({ dispatched: 5, quarantined: 0 });
  expect(report.dispatched + report.deferred).toBe(report.received);
  expect(await queued(world)).toEqual({ visible: 0, inFlight: 0 });
});

test('while the first bot has not answered, the second is not started', async () => {
  await put(asks(world, 'key'), asks(world, 'key', { bot: 'rename' }));
  const started: string[] = [];
  const lambda = fakeLambda((bot) => void started.push(bot), world.environment.functionPrefix);
  const coordinator = coordinatorOf(world, lambda);
  const first = await coordinate(coordinator, () => 60_000, 'tick');
  const second = await coordinate(coordinator, () => 60_000, 'tick');
  expect(started).toEqual(['rotate']);
  expect(first).toEqual({ received: 2, dispatched: 1, quarantined: 0, declined: 0, deferred: 1 });
  expect(second.received).toBe(0);
  expect(await queued(world)).toEqual({ visible: 1, inFlight: 1 });
});

test('different resources are worked on at once', async () => {
  await put(...Array.from({ length: 30 }, (_, index) => asks(world, `key-${index}`)));
  const { answered, seen, lambda } = workers();
  await runUntil(lambda, () => answered.length >= 30);
  expect(seen.atOnce).toBeGreaterThan(1);
  expect(seen.atOnceOnOneResource).toBe(1);
});

describe('the minute', () => {
  /** A clock that goes on by what each receive waits for, and by 50 ms for the call. */
  function clock(start: number) {
    const waits: number[] = [];
    let left = start;
    const onReceive = (wait: number) => {
      waits.push(wait);
      left -= wait * 1000 + 50;
    };
    return { waits, millisLeft: () => left, onReceive };
  }

  const lambda = () => fakeLambda(() => undefined, world.environment.functionPrefix);

  test('poll: long polls until shortly before its end, and no short ones', async () => {
    const { waits, millisLeft, onReceive } = clock(60_000);
    await coordinate(coordinatorOf(world, lambda(), { onReceive }), millisLeft, 'poll');
    expect(waits).toEqual([20, 20, 13]);
  });

  test('poll: what comes in meanwhile is dispatched', async () => {
    const { millisLeft, onReceive } = clock(60_000);
    const late = async (wait: number, turn: number) => {
      if (turn === 2) await put(asks(world, 'key'));
      onReceive(wait);
    };
    const report = await coordinate(coordinatorOf(world, lambda(), { onReceive: late }), millisLeft, 'poll');
    expect(report).toEqual({ received: 1, dispatched: 1, quarantined: 0, declined: 0, deferred: 0 });
  });

  test('with too little time left nothing is received', async () => {
    await put(asks(world, 'key'));
    const report = await coordinate(coordinatorOf(world, lambda()), () => 6_000, 'poll');
    expect(report.received).toBe(0);
    expect(await queued(world)).toEqual({ visible: 1, inFlight: 0 });
  });

  test('when the time runs out in the middle, the rest stays in the queue', async () => {
    await put(...Array.from({ length: 30 }, (_, index) => asks(world, `key-${index}`)));
    let left = 60_000;
    const onReceive = () => {
      left -= 30_000;
    };
    const report = await coordinate(coordinatorOf(world, lambda(), { onReceive }), () => left, 'poll');
    expect(report).toEqual({ received: 20, dispatched: 20, quarantined: 0, declined: 0, deferred: 0 });
    expect(await queued(world)).toEqual({ visible: 10, inFlight: 20 });
  });
});
