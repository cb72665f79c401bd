import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { type Bot, defineBot } from './bot';
import { remediate } from './run';

/** A bot of which only the functions given here matter; `ready` is what it reads. */
function botThat(
  inspect: () => Promise<{ ready: boolean } | undefined>,
): Bot<{ sqs: typeof SQSClient }, z.ZodObject, { ready: boolean }> {
  return defineBot({
    id: 'test_wait',
    title: 'Wait',
    resource: 'AWS::SQS::Queue',
    severity: 'low',
    risk: 'safe',
    kind: 'response',
    params: z.object({}),
    permissions: { read: [], write: [], undo: [] },
    clients: { sqs: SQSClient },
    gone: ['QueueDoesNotExist'],
    inspect,
    check: () => 'it is not as it should be',
    plan: ({ ready }) =>
      ready
        ? [{ sqs: new GetQueueAttributesCommand({ QueueUrl: 'q' }) }]
        : { waiting: 'a copy is being made' },
    undo: () => [],
  });
}

const sqs = { send: () => Promise.resolve({}) } as unknown as SQSClient;
const job = {
  aws: { sqs },
  target: { account: '123456789012', region: 'eu-west-1', type: 'AWS::SQS::Queue', id: 'q' },
  params: {},
  settle: { tries: 0, delayMs: 0 },
};

test('a plan that waits writes nothing, and the message comes back', async () => {
  const outcome = await remediate(
    botThat(() => Promise.resolve({ ready: false })),
    { ...job, mode: 'apply' },
  );
  expect(outcome).toMatchObject({ outcome: 'waiting', reason: 'a copy is being made', calls: [] });
});

test('a preview says what a plan waits for', async () => {
  const outcome = await remediate(
    botThat(() => Promise.resolve({ ready: false })),
    { ...job, mode: 'plan' },
  );
  expect(outcome).toMatchObject({ outcome: 'waiting', reason: 'a copy is being made' });
});

test('what has been done is kept when the next pass has to wait', async () => {
  let reads = 0;
  const outcome = await remediate(
    botThat(() => Promise.resolve({ ready: reads++ === 0 })),
    { ...job, mode: 'apply' },
  );
  expect(outcome).toMatchObject({
    outcome: 'waiting',
    reason: 'a copy is being made',
    before: { ready: true },
    calls: [{ action: 'sqs:GetQueueAttributes' }],
  });
});

test('an error that the bot names as its sign of absence is no failure; any other is one', async () => {
  const refusing = (name: string) => botThat(() => Promise.reject(Object.assign(new Error(name), { name })));
  const absent = await remediate(refusing('QueueDoesNotExist'), { ...job, mode: 'apply' });
  expect(absent).toEqual({ outcome: 'gone' });
  const denied = await remediate(refusing('AccessDenied'), { ...job, mode: 'apply' });
  expect(denied).toMatchObject({ outcome: 'failed', error: { code: 'AccessDenied' } });
});
