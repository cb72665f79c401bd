import { inspect } from 'node:util';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  EC2Client,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { type Risk, type Step, defineBot } from './bot';
import type { Call } from './outcome';
import { remediate } from './run';
import { sealed } from './sealed';
import { afterwards, failureIn } from './steps';

type Steps = readonly Step<{ readonly ec2: typeof EC2Client }>[];

const target = { account: '123456789012', region: 'eu-west-1', type: 'AWS::EC2::Instance', id: 'i-1' };

function move(NetworkInterfaceId: string) {
  return { ec2: new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Groups: ['sg-q'] }) };
}

function mark(id: string) {
  return { ec2: new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'a', Value: 'b' }] }) };
}

/** An EC2 that answers with what is given for the text that an input holds, and counts what it carried out. */
function ec2That(answers: Readonly<Record<string, object>>) {
  const done: Call[] = [];
  const send = (command: { input: object; constructor: { name: string } }) => {
    const text = JSON.stringify(command.input);
    const [, answer] = Object.entries(answers).find(([part]) => text.includes(part)) ?? [];
    if (answer instanceof Error) return Promise.reject(answer);
    done.push({ action: command.constructor.name, input: command.input });
    return Promise.resolve(answer ?? {});
  };
  return { ec2: { send } as unknown as EC2Client, done };
}

function error(name: string, message = 'made by the test'): Error {
  return Object.assign(new Error(message), { name });
}

/** Runs a plan once; the fault is gone when as many calls were carried out as the plan has. */
async function run(steps: Steps, answers: Readonly<Record<string, object>>, risk: Risk = 'safe') {
  const { ec2, done } = ec2That(answers);
  const bot = defineBot({
    ...{ id: 'test', title: 'Test', resource: 'AWS::EC2::Instance', severity: 'low', risk, kind: 'response' },
    permissions: { read: [], write: [] },
    params: z.object({}),
    clients: { ec2: EC2Client },
    inspect: () => Promise.resolve({ done: done.length }),
    check: (state) => (state.done < steps.length ? 'it can be reached' : undefined),
    plan: () => steps,
    undo: () => [],
  });
  const settle = { tries: 0, delayMs: 0 };
  return { outcome: await remediate(bot, { aws: { ec2 }, target, params: {}, mode: 'apply', settle }), done };
}

const THREE = ['eni-1', 'eni-2', 'eni-3'].map(move);

describe('steps of a plan', () => {
  test.each(['eni-1', 'eni-2', 'eni-3'])('%s of three is refused: the two others are done', async (eni) => {
    const { outcome, done } = await run(THREE, { [eni]: error('InternalError') });
    const others = ['eni-1', 'eni-2', 'eni-3'].filter((one) => one !== eni);
    expect(done.map(({ input }) => (input as { NetworkInterfaceId: string }).NetworkInterfaceId)).toEqual(
      others,
    );
    expect(outcome).toMatchObject({
      outcome: 'failed',
      error: { code: 'InternalError', call: 'ec2:ModifyNetworkInterfaceAttribute' },
      left: [{ input: { NetworkInterfaceId: eni } }],
      before: { done: 0 },
      after: { done: 2 },
    });
    expect(outcome).toHaveProperty('calls.length', 2);
  });

  test('what AWS refuses for good is held, with what to do and what is left', async () => {
    const { outcome } = await run(THREE, {
      'eni-1': error('OperationNotPermitted', 'managed'),
      'eni-3': error('AddressLimitExceeded'),
    });
    expect(outcome).toMatchObject({ outcome: 'held', calls: [{ input: { NetworkInterfaceId: 'eni-2' } }] });
    const { reason } = outcome as { reason: string };
    expect(reason).toMatch(
      /another service manages it: .*; a quota is used up: .*OperationNotPermitted: managed/,
    );
    expect(reason).toMatch(/left undone: .*eni-1.*, .*eni-3/);
    expect(reason).not.toMatch(/eni-2/);
  });

  test('one of two refusals may be better later: it is tried again, and says why', async () => {
    const { outcome } = await run(THREE, {
      'eni-1': error('UnsupportedOperation'),
      'eni-2': error('Timeout'),
    });
    expect(outcome).toMatchObject({ outcome: 'failed', error: { code: 'Timeout' } });
  });

  test('what stands on a refused step is not sent, and what is independent before it is', async () => {
    const steps = [...['eni-1', 'eni-2'].map(move), ...afterwards(['eni-3', 'eni-4'].map(mark))];
    const { outcome, done } = await run(steps, { 'eni-1': error('InternalError') });
    expect(done.map(({ action }) => action)).toEqual(['ModifyNetworkInterfaceAttributeCommand']);
    expect(outcome).toMatchObject({
      outcome: 'failed',
      left: [
        { action: 'ec2:ModifyNetworkInterfaceAttribute', error: { code: 'InternalError' } },
        { action: 'ec2:CreateTags', input: { Resources: ['eni-3'] } },
        { action: 'ec2:CreateTags', input: { Resources: ['eni-4'] } },
      ],
    });
  });

  test('within a stage they are independent again', async () => {
    const steps = [move('eni-1'), ...afterwards(['eni-2', 'eni-3'].map(mark))];
    const { done } = await run(steps, { 'eni-2': error('InternalError') });
    expect(done).toMatchObject([
      { input: { NetworkInterfaceId: 'eni-1' } },
      { input: { Resources: ['eni-3'] } },
    ]);
  });

  test('of a destructive bot every step stands on all before it', async () => {
    const { outcome, done } = await run(THREE, { 'eni-2': error('InternalError') }, 'destructive');
    expect(done).toHaveLength(1);
    expect(outcome).toMatchObject({
      outcome: 'failed',
      left: [{}, { input: { NetworkInterfaceId: 'eni-3' } }],
    });
  });

  test.each([
    'Throttling',
    'RequestLimitExceeded',
    'TooManyRequestsException',
    'SlowDown',
    'ThrottlingException',
  ])('%s: no failure, nothing else is sent, and what was sent is told', async (name) => {
    const { outcome, done } = await run(THREE, { 'eni-2': error(name) });
    expect(done).toHaveLength(1);
    expect(outcome).toMatchObject({ outcome: 'waiting', error: { code: name }, calls: [{}] });
  });

  test.each(['ConcurrentModificationException', 'OperationAborted', 'InvalidDBInstanceState'])(
    '%s: another change is under way, and is waited for',
    async (name) => {
      expect((await run(THREE, { 'eni-2': error(name) })).outcome).toMatchObject({ outcome: 'waiting' });
    },
  );

  test('a session that is not to be had refuses all: nothing else is tried', async () => {
    const refused = Object.assign(error('AccessDenied'), { call: 'sts:AssumeRole' });
    const { outcome, done } = await run(THREE, { 'eni-1': refused });
    expect(done).toEqual([]);
    expect(outcome).toMatchObject({ outcome: 'failed', error: { call: 'sts:AssumeRole' } });
  });

  test.each<[string, string, string]>([
    ['AccessDenied', 'not authorized … with an explicit deny in a service control policy', 'held'],
    [
      'UnauthorizedOperation',
      'You are not authorized … with an explicit deny in a service control policy',
      'held',
    ],
    ['AccessDenied', 'not authorized … because no identity-based policy allows it', 'failed'],
    ['LimitExceededException', 'Cannot exceed quota for PoliciesPerRole: 10', 'held'],
    ['LimitExceeded', 'Cannot exceed quota', 'held'],
    ['ServiceQuotaExceededException', 'quota', 'held'],
    ['RulesPerSecurityGroupLimitExceeded', 'quota', 'held'],
    ['MalformedPolicy', 'Invalid principal in policy', 'held'],
    ['MalformedPolicyDocumentException', 'Invalid principal in policy', 'held'],
    ['UnsupportedOperation', 'not for spot instances', 'held'],
    ['InternalFailure', 'try again', 'failed'],
  ])('%s (%s): %s', async (name, message, ends) => {
    const { outcome } = await run([move('eni-1')], { 'eni-1': error(name, message) });
    expect(outcome.outcome).toBe(ends);
    if (ends === 'held') expect(outcome).toMatchObject({ reason: expect.stringContaining(message) });
  });

  test('a helper that somebody made meanwhile is there; rules of which one is there are not', async () => {
    const make = { ec2: new CreateSecurityGroupCommand({ GroupName: 'quarantine', Description: 'x' }) };
    const made = await run([make, move('eni-1')], { quarantine: error('InvalidGroup.Duplicate') });
    expect(made.done).toHaveLength(1);
    expect(made.outcome).toMatchObject({ outcome: 'unverified' });
    const admit = { ec2: new AuthorizeSecurityGroupIngressCommand({ GroupId: 'sg-1' }) };
    const refused = await run([admit, ...afterwards([move('eni-1')])], {
      'sg-1': error('InvalidPermission.Duplicate'),
    });
    expect(refused.outcome).toMatchObject({ outcome: 'failed' });
    expect(refused.done).toEqual([]);
  });
});

describe('answers of HTTP 200', () => {
  test.each<[string, object, { code: string; message: RegExp } | undefined]>([
    [
      'CreateFlowLogs',
      {
        FlowLogIds: [],
        Unsuccessful: [
          { ResourceId: 'vpc-1', Error: { Code: '400', Message: 'Access Denied for LogDestination' } },
        ],
      },
      { code: '400', message: /Access Denied for LogDestination/ },
    ],
    [
      'PutTargets',
      { FailedEntryCount: 2, FailedEntries: [{ ErrorCode: 'Concurrent', ErrorMessage: 'busy' }, {}] },
      { code: 'Concurrent', message: /busy \(and 1 more\)/ },
    ],
    [
      'BatchWriteItem',
      { UnprocessedItems: { table: [{}] } },
      { code: 'NotDone', message: /UnprocessedItems/ },
    ],
    [
      'DeleteObjects',
      { Errors: [{ Key: 'k', Code: 'AccessDenied', Message: 'denied' }] },
      { code: 'AccessDenied', message: /denied/ },
    ],
    ['Revoke', { Return: false }, { code: 'NotDone', message: /Return: false/ }],
    [
      'nothing failed',
      { Unsuccessful: [], UnprocessedItems: {}, FailedEntryCount: 0, Return: true },
      undefined,
    ],
    ['no answer', {}, undefined],
  ])('%s', (_name, answer, failure) => {
    expect(failureIn(answer)).toEqual(
      failure && { code: failure.code, message: expect.stringMatching(failure.message) as string },
    );
  });

  test('fail the run with the reason of AWS', async () => {
    const Unsuccessful = [{ Error: { Code: 'LogDestinationNotFound', Message: 'no such bucket' } }];
    const { outcome } = await run([move('eni-1')], { 'eni-1': { Unsuccessful } });
    expect(outcome).toMatchObject({
      outcome: 'failed',
      error: { code: 'LogDestinationNotFound', message: 'Unsuccessful: no such bucket' },
    });
  });
});

describe('a sealed value', () => {
  const SECRET = 'hunter2-hunter2';

  test('reaches AWS, and neither plan, journal, preview, log nor a comparison', async () => {
    const step = mark(sealed(SECRET));
    const { outcome, done } = await run([step], {});
    expect(done).toMatchObject([{ input: { Resources: [SECRET] } }]);
    expect(outcome).toMatchObject({ outcome: 'fixed' });
    const told = [JSON.stringify(outcome), inspect(outcome, { depth: 9 }), inspect(step, { depth: 9 })];
    for (const text of [...told, `the ${sealed(SECRET)}`]) expect(text).not.toContain(SECRET);
    expect(JSON.stringify(outcome)).toContain('(sealed)');
    expect(Object.values(step.ec2.input.Resources?.[0] ?? {})).toEqual([]);
  });

  test('is covered in what AWS says of it', async () => {
    const { outcome } = await run([mark(sealed(SECRET))], {
      [SECRET]: error('Invalid', `${SECRET} is too long`),
    });
    expect(outcome).toMatchObject({ outcome: 'failed', error: { message: '(sealed) is too long' } });
  });
});
