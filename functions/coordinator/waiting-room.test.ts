import { setTimeout as sleep } from 'node:timers/promises';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { type Dispatch, groupOf } from '../../shared/worker/message';
import { type Aside, journalId } from '../../shared/worker/journal';
import { enqueue, handBack, letWait, takeOff } from '../../shared/worker/queue';
import { asks } from '../../testing/entry';
import { type World, deadLetters, newWorld, queued } from '../../testing/world';
import { brake } from './brake';
import { coordinate } from './coordinate';
import { coordinatorOf, fakeLambda } from './testing';
import { waitingRoom } from './waiting-room';

const PLENTY = () => 60_000;

let world: World;
beforeEach(async () => {
  world = await newWorld();
});

interface Ran {
  readonly bot: string;
  readonly deliveries: Dispatch['deliveries'];
}

/** Bots as they answer: what `ends` gives is noted and handed back, the rest is taken off. */
function bots(ends: (bot: string, run: number) => Aside | undefined) {
  const ran: Ran[] = [];
  const pending: Promise<void>[] = [];
  const lambda = fakeLambda((bot, { deliveries }) => {
    ran.push({ bot, deliveries });
    const run = ran.filter((one) => one.bot === bot).length;
    pending.push(answer(bot, run, deliveries));
  }, world.environment.functionPrefix);
  const answer = async (bot: string, run: number, deliveries: Dispatch['deliveries']) => {
    for (const { body, sentAt, messageId, receiptHandle } of deliveries) {
      const aside = ends(bot, run);
      if (!aside) {
        await takeOff(world.sqs, world.environment.queueUrl, receiptHandle);
        continue;
      }
      await world.journal.deliver(journalId(body.bot, sentAt, messageId), receiptHandle, Date.now());
      await world.journal.setAside(journalId(body.bot, sentAt, messageId), aside);
      await handBack(world.sqs, world.environment.queueUrl, receiptHandle, 0);
    }
  };
  return { ran, lambda, idle: () => Promise.all(pending) };
}

async function waiting(): Promise<{ now: number; later: number }> {
  const { Attributes } = await world.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: world.waitingQueueUrl, AttributeNames: ['All'] }),
  );
  return {
    now: Number(Attributes?.ApproximateNumberOfMessages),
    later: Number(Attributes?.ApproximateNumberOfMessagesDelayed),
  };
}

function retryIn(seconds: number): Aside {
  return { as: 'retry', notBefore: Date.now() + seconds * 1000 };
}

test('a repair that fails holds up nobody: the other bot for the same resource is next', async () => {
  const { ran, lambda, idle } = bots((bot) => (bot === 'rotate' ? retryIn(540) : undefined));
  await enqueue(world.sqs, world.environment.queueUrl, [
    asks(world, 'key'),
    asks(world, 'key', { bot: 'rename' }),
    asks(world, 'key', { bot: 'rename', params: { days: 7 } }),
  ]);
  const coordinator = coordinatorOf(world, lambda);
  for (let tick = 0; tick < 3; tick++) {
    await coordinate(coordinator, PLENTY, 'tick');
    await idle();
  }
  expect(ran.map(({ bot }) => bot)).toEqual(['rotate', 'rename']);
  expect(ran[1]?.deliveries.map(({ body }) => body.params)).toEqual([{}, { days: 7 }]);
  expect(await queued(world)).toEqual({ visible: 0, inFlight: 0 });
  expect(await waiting()).toEqual({ now: 0, later: 1 });
});

test('what has waited comes back as the message it was, at the end of its line', async () => {
  const { ran, lambda, idle } = bots((bot, run) => (bot === 'rotate' && run === 1 ? retryIn(2) : undefined));
  await enqueue(world.sqs, world.environment.queueUrl, [asks(world, 'key')]);
  const tick = async () => {
    await coordinate(coordinatorOf(world, lambda), PLENTY, 'tick');
    await idle();
  };
  await tick();
  await tick();
  expect(await waiting()).toEqual({ now: 0, later: 1 });
  await sleep(2_200);
  await tick();
  expect(ran).toHaveLength(2);
  const [first, second] = ran.map(({ deliveries }) => deliveries[0]);
  expect(second).toMatchObject({ messageId: first?.messageId, sentAt: first?.sentAt, body: first?.body });
  expect(second?.receiptHandle).not.toBe(first?.receiptHandle);
  expect(await waiting()).toEqual({ now: 0, later: 0 });
  expect(await queued(world)).toEqual({ visible: 0, inFlight: 0 });
});

test('a move that is cut off is done once', async () => {
  const asked = asks(world, 'key');
  const body = JSON.stringify(asked);
  await letWait(world.sqs, world.waitingQueueUrl, { body, seconds: 0, messageId: 'm-1', sentAt: 5 });
  const { lambda } = bots(() => undefined);
  const coordinator = coordinatorOf(world, lambda);
  const { Messages: [message] = [] } = await world.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: world.waitingQueueUrl, VisibilityTimeout: 0 }),
  );
  // Put back, and cut off before it was taken out of the waiting room.
  await world.sqs.send(
    new SendMessageCommand({
      QueueUrl: world.environment.queueUrl,
      MessageBody: body,
      MessageGroupId: groupOf(asked),
      MessageDeduplicationId: `back-${message?.MessageId ?? ''}`,
    }),
  );
  await coordinator.waiting.moveBack();
  expect(await queued(world)).toEqual({ visible: 1, inFlight: 0 });
  expect(await waiting()).toEqual({ now: 0, later: 0 });
});

test('what a bot gives up goes to the dead letters with its reason; the next of the line is handed on', async () => {
  const { ran, lambda, idle } = bots((bot) =>
    bot === 'rotate' ? { as: 'dead', reason: 'AccessDenied: no' } : undefined,
  );
  await enqueue(world.sqs, world.environment.queueUrl, [
    asks(world, 'key'),
    asks(world, 'key', { bot: 'rename' }),
  ]);
  const coordinator = coordinatorOf(world, lambda);
  for (let tick = 0; tick < 2; tick++) {
    await coordinate(coordinator, PLENTY, 'tick');
    await idle();
  }
  expect(ran.map(({ bot }) => bot)).toEqual(['rotate', 'rename']);
  expect(await deadLetters(world)).toMatchObject([{ reason: 'AccessDenied: no' }]);
  expect(await queued(world)).toEqual({ visible: 0, inFlight: 0 });
});

test('what goes by another name is put into the line of that name', async () => {
  const { ran, lambda, idle } = bots((_bot, run) => {
    const target = { ...asks(world, 'key').target, id: 'canonical' };
    return run === 1 ? { as: 'moved', target } : undefined;
  });
  await enqueue(world.sqs, world.environment.queueUrl, [asks(world, 'alias')]);
  const coordinator = coordinatorOf(world, lambda);
  for (let tick = 0; tick < 2; tick++) {
    await coordinate(coordinator, PLENTY, 'tick');
    await idle();
  }
  expect(ran.map(({ deliveries }) => deliveries[0]?.body.target.id)).toEqual(['alias', 'canonical']);
  expect(await queued(world)).toEqual({ visible: 0, inFlight: 0 });
});

test('at a limit the other messages for that bot and account wait without asking the bot', async () => {
  const { ran, lambda, idle } = bots((bot) =>
    bot === 'rotate' ? { as: 'wait', notBefore: Date.now() + 300_000, forAll: true } : undefined,
  );
  const coordinator = coordinatorOf(world, lambda);
  const put = (id: string, bot: string) =>
    enqueue(world.sqs, world.environment.queueUrl, [asks(world, id, { bot })]);
  await put('key-0', 'rotate');
  await coordinate(coordinator, PLENTY, 'tick');
  await idle();
  await coordinate(coordinator, PLENTY, 'tick');
  for (let key = 1; key <= 5; key++) await put(`key-${key}`, 'rotate');
  await put('key-1', 'rename');
  await coordinate(coordinator, PLENTY, 'tick');
  await coordinate(coordinator, PLENTY, 'tick');
  await idle();
  expect(ran.filter(({ bot }) => bot === 'rename')).toHaveLength(1);
  expect(ran.filter(({ bot }) => bot === 'rotate')).toHaveLength(1);
  expect(await waiting()).toEqual({ now: 0, later: 6 });
  expect(await queued(world)).toEqual({ visible: 0, inFlight: 0 });
});

test('a waiting room that cannot be read keeps nothing else from being done', async () => {
  const { ran, lambda, idle } = bots(() => undefined);
  await enqueue(world.sqs, world.environment.queueUrl, [asks(world, 'key')]);
  const away = `${world.waitingQueueUrl}-that-is-not-there`;
  const error = jest.spyOn(console, 'error').mockReturnValueOnce();
  const coordinator = {
    ...coordinatorOf(world, lambda),
    waiting: waitingRoom(world.sqs, world.environment, away),
  };
  await coordinate(coordinator, PLENTY, 'tick');
  await idle();
  expect(ran).toHaveLength(1);
  expect(error.mock.calls.join()).toContain('could not be moved back');
});

test('while everything is stopped nothing is received', async () => {
  const { ran, lambda } = bots(() => undefined);
  await world.journal.stop('all', 'ann');
  await enqueue(world.sqs, world.environment.queueUrl, [asks(world, 'key')]);
  expect((await coordinate(coordinatorOf(world, lambda), PLENTY)).received).toBe(0);
  expect(ran).toEqual([]);
  await world.journal.stop('all', undefined);
  expect((await coordinate(coordinatorOf(world, lambda), PLENTY, 'tick')).dispatched).toBe(1);
});

describe('the brake', () => {
  const concurrency = (ConcurrentExecutions: number) =>
    ({ send: () => Promise.resolve({ AccountLimit: { ConcurrentExecutions } }) }) as never;

  test('no more is in work than the share of the account allows', async () => {
    const { ran } = bots(() => undefined);
    await enqueue(
      world.sqs,
      world.environment.queueUrl,
      Array.from({ length: 30 }, (_, index) => asks(world, `key-${index}`)),
    );
    const stuck = fakeLambda(
      (bot, { deliveries }) => void ran.push({ bot, deliveries }),
      world.environment.functionPrefix,
    );
    const { queueUrl } = world.environment;
    const coordinator = {
      ...coordinatorOf(world, stuck),
      brake: brake({ sqs: world.sqs, lambda: concurrency(120), queueUrl }, 0.1),
    };
    expect(await coordinate(coordinator, PLENTY, 'tick')).toMatchObject({ received: 12, dispatched: 12 });
    expect(await queued(world)).toEqual({ visible: 18, inFlight: 12 });
  });

  test('Lambda cannot be asked, or no more: one at a time, and it is asked again', async () => {
    const { queueUrl } = world.environment;
    let asked = 0;
    const send = () => {
      asked += 1;
      return asked === 1
        ? Promise.reject(new Error('AccessDenied'))
        : Promise.resolve({ AccountLimit: { ConcurrentExecutions: 1000 } });
    };
    jest.spyOn(console, 'error').mockReturnValueOnce();
    const { room, took } = brake({ sqs: world.sqs, lambda: { send } as never, queueUrl });
    expect(await room()).toBe(1);
    took(1, 0);
    expect(await room()).toBe(1);
    took(1, 0);
    const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 61_000);
    const later = await room().finally(() => {
      now.mockRestore();
    });
    expect([later, asked]).toEqual([10, 2]);
  });

  test.each([
    ['a tenth of a new account', undefined, 10, 1],
    ['a number', 7, 1000, 7],
    ['the default', undefined, 1000, 10],
  ])('%s', async (_name, share, account, room) => {
    const { queueUrl } = world.environment;
    const { room: free } = brake({ sqs: world.sqs, lambda: concurrency(account), queueUrl }, share);
    expect(await free()).toBe(room);
  });
});
