import { setTimeout as sleep } from 'node:timers/promises';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { Hours } from '../../shared/config/windows';
import { type Aside, journalId } from '../../shared/worker/journal';
import { type Dispatch } from '../../shared/worker/message';
import { enqueue, handBack } from '../../shared/worker/queue';
import { gateOf } from '../../shared/worker/windows';
import { asks } from '../../testing/entry';
import { type World, deadLetters, newWorld, queued } from '../../testing/world';
import { coordinate } from './coordinate';
import { coordinatorOf, fakeLambda } from './testing';

const PLENTY = () => 60_000;

let world: World;
let dispatched: { bot: string; deliveries: Dispatch['deliveries'] }[];
beforeEach(async () => {
  world = await newWorld();
  dispatched = [];
  jest.spyOn(console, 'info').mockReturnValue();
});

function coordinator() {
  const lambda = fakeLambda(
    (bot, { deliveries }) => dispatched.push({ bot, deliveries }),
    world.environment.functionPrefix,
  );
  return coordinatorOf(world, lambda);
}

async function later(): Promise<number> {
  const { Attributes } = await world.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: world.waitingQueueUrl, AttributeNames: ['All'] }),
  );
  return (
    Number(Attributes?.ApproximateNumberOfMessagesDelayed) + Number(Attributes?.ApproximateNumberOfMessages)
  );
}

/** Frozen from now on for so long, in milliseconds. */
function frozen(millis: number): Hours {
  const from = new Date(Date.now() - 1000).toISOString();
  return {
    freezes: [{ from, until: new Date(Date.now() + millis).toISOString(), reason: 'year-end close' }],
  };
}

const opened = () => Promise.reject(new Error('no calendar is named'));

test('outside its window a message waits, is asked nothing, costs no try, and comes back as what it was', async () => {
  await enqueue(world.sqs, world.environment.queueUrl, [asks(world, 'key')]);
  const closed = {
    ...coordinator(),
    gate: gateOf(frozen(6_000), opened),
    standing: () => Promise.reject(new Error('asked how the finding stands')),
  };
  expect(await coordinate(closed, PLENTY, 'tick')).toMatchObject({ received: 1, deferred: 1, dispatched: 0 });
  expect([await later(), await queued(world)]).toEqual([1, { visible: 0, inFlight: 0 }]);
  // Nobody is told, every quarter of an hour or at all: it is what config.ts says.
  expect(world.told).toEqual([]);

  await sleep(6_200);
  const open = { ...coordinator(), gate: closed.gate };
  expect(await coordinate(open, PLENTY, 'tick')).toMatchObject({ received: 1, dispatched: 1 });
  const [delivery] = dispatched[0]?.deliveries ?? [];
  const id = journalId('rotate', delivery?.sentAt ?? 0, delivery?.messageId ?? '');
  const delivered = await world.journal.deliver(id, delivery?.receiptHandle ?? '', Date.now() + 1000);
  expect(delivered).toEqual({ attempt: 1, asides: 0, waitedMs: 0 });
});

test('one resource is closed and another open; one bot is and the next is not', async () => {
  const hours: Hours = {
    freezes: [
      {
        from: '2020-01-01',
        until: '2100-01-01',
        reason: 'never',
        bots: ['rotate' as never],
        criticalPasses: true,
      },
    ],
  };
  await enqueue(world.sqs, world.environment.queueUrl, [
    asks(world, 'key'),
    asks(world, 'key', { bot: 'rename' }),
    asks(world, 'other', { bot: 'rename' }),
  ]);
  await coordinate({ ...coordinator(), gate: gateOf(hours, opened) }, PLENTY, 'tick');
  expect(dispatched.map(({ bot }) => bot)).toEqual(['rename', 'rename']);
  expect(await later()).toBe(1);
});

test('what is given up or named otherwise is no repair: it needs no window', async () => {
  await enqueue(world.sqs, world.environment.queueUrl, [asks(world, 'key')]);
  await coordinate(coordinator(), PLENTY, 'tick');
  const aside: Aside = { as: 'dead', reason: 'AccessDenied: no' };
  await handedBack(aside);
  await coordinate({ ...coordinator(), gate: gateOf(frozen(60_000), opened) }, PLENTY, 'tick');
  expect(await deadLetters(world)).toMatchObject([{ reason: 'AccessDenied: no' }]);
  expect(await later()).toBe(0);
});

test('what is due again waits for its window all the same', async () => {
  await enqueue(world.sqs, world.environment.queueUrl, [asks(world, 'key')]);
  await coordinate(coordinator(), PLENTY, 'tick');
  await handedBack({ as: 'retry', notBefore: Date.now() - 1 });
  await coordinate({ ...coordinator(), gate: gateOf(frozen(60_000), opened) }, PLENTY, 'tick');
  expect(dispatched).toHaveLength(1);
  expect(await later()).toBe(1);
});

async function handedBack(aside: Aside): Promise<void> {
  const [delivery] = dispatched[0]?.deliveries ?? [];
  if (!delivery) throw new Error('nothing was dispatched');
  const { body, sentAt, messageId, receiptHandle } = delivery;
  const id = journalId(body.bot, sentAt, messageId);
  await world.journal.deliver(id, receiptHandle, Date.now());
  await world.journal.setAside(id, aside);
  await handBack(world.sqs, world.environment.queueUrl, receiptHandle, 0);
}
