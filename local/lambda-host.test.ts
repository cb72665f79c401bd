import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigServiceClient, PutConfigRuleCommand } from '@aws-sdk/client-config-service';
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { zipSync } from 'fflate';
import { type LocalAws, startAws } from './aws';
import { startRecorder } from './config-recorder';
import { type InvokeEvent, type LambdaHost, startLambdaHost } from './lambda-host';
import { startTriggers, type Triggers } from './triggers';

const SOURCE = `
exports.handler = async (event, context) => {
  console.log('got', JSON.stringify(event));
  if (event.throw) throw new RangeError(event.throw);
  if (event.exit) process.exit(7);
  if (event.wait) await new Promise((resolve) => setTimeout(resolve, event.wait));
  if (event.Records) {
    const bad = event.Records.filter(({ body }) => body === 'bad');
    return { batchItemFailures: bad.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  }
  const { AWS_SESSION_TOKEN, AWS_ENDPOINT_URL, COLOUR, HOME } = process.env;
  return { COLOUR, HOME, endpoint: AWS_ENDPOINT_URL, token: Boolean(AWS_SESSION_TOKEN), pid: process.pid,
    name: context.functionName, left: context.getRemainingTimeInMillis() };
};
exports.callback = (event, context, callback) => { setTimeout(() => callback(null, { back: event }), 5); };`;

let aws: LocalAws;
let host: LambdaHost;
let triggers: Triggers;
let lambda: LambdaClient;
let sqs: SQSClient;
let role: string;
const invokes: InvokeEvent[] = [];
const logDirectory = mkdtempSync(path.join(os.tmpdir(), 'selfheal-logs-'));

beforeAll(async () => {
  aws = await startAws();
  const { endpoint } = aws;
  lambda = new LambdaClient(settings());
  sqs = new SQSClient({ ...settings(), useQueueUrlAsEndpoint: false });
  host = await startLambdaHost({
    endpoint,
    logDirectory,
    retryDelaysMs: [10, 10],
    onInvoke,
  });
  await aws.attachLambdaHost(host.url);
  triggers = await startTriggers({ endpoint, region: 'eu-west-1', host });
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [] });
  const create = new CreateRoleCommand({ RoleName: 'runner', AssumeRolePolicyDocument });
  role = (await new IAMClient(settings()).send(create)).Role?.Arn ?? '';
});

afterAll(async () => {
  await triggers.stop();
  await host.stop();
  await aws.stop();
  lambda.destroy();
  sqs.destroy();
  rmSync(logDirectory, { recursive: true, force: true });
});

test('a function runs with its own environment and role, and nothing of this machine', async () => {
  const name = await deployed('plain');
  const { value } = await invoke(name, {});

  expect(value).toMatchObject({ COLOUR: 'green', endpoint: aws.endpoint, token: true, name });
  expect(value).not.toHaveProperty('HOME');
  // What a function prints comes on a pipe of its own, and may come after the answer.
  const log = () => readFileSync(path.join(logDirectory, `${name}.log`), 'utf8');
  await until(() => log() !== '');
  expect(log()).toBe('got {}\n');
});

test('a second invoke finds the environment warm; new code is noticed', async () => {
  const name = await deployed('warm');
  const first = await invoke(name, {});
  expect((await invoke(name, {})).value).toMatchObject({ pid: first.value.pid });

  const ZipFile = zip(`exports.handler = async () => ({ version: 2 });`);
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile }));
  await sleep(1_100);
  expect((await invoke(name, {})).value).toEqual({ version: 2 });
});

test('a handler that answers by callback', async () => {
  const name = await deployed('callback', 'index.callback');
  expect((await invoke(name, { a: 1 })).value).toEqual({ back: { a: 1 } });
});

test('what fails has the shapes of the Lambda API, and the function runs again afterwards', async () => {
  const name = await deployed('failing');

  expect(await invoke(name, { throw: 'no' })).toMatchObject({
    error: 'Unhandled',
    value: { errorType: 'RangeError', errorMessage: 'no', trace: expect.arrayContaining(['RangeError: no']) },
  });
  expect(await invoke(name, { exit: true })).toMatchObject({ value: { errorType: 'Runtime.ExitError' } });
  expect(await invoke(name, { wait: 9_000 })).toMatchObject({
    error: 'Unhandled',
    value: { errorMessage: expect.stringMatching(/Task timed out after 1\.00 seconds/) },
  });
  expect((await invoke(name, {})).error).toBeUndefined();
});

test('an asynchronous invoke is taken on at once and tried three times', async () => {
  const name = await deployed('async');
  const started = Date.now();
  const Payload = JSON.stringify({ wait: 300, throw: 'no' });
  const { StatusCode } = await lambda.send(
    new InvokeCommand({ FunctionName: name, InvocationType: 'Event', Payload: Buffer.from(Payload) }),
  );
  expect(StatusCode).toBe(202);
  expect(Date.now() - started).toBeLessThan(300);

  await until(() => invokes.filter(({ functionName }) => functionName === name).length === 3);
});

test('of an asynchronous invoke that fails to the end its destination hears, with all that it was', async () => {
  const name = await deployed('lost');
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'failures' }));
  const Destination = 'arn:aws:sqs:eu-west-1:123456789012:failures';
  await lambda.send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName: name,
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnFailure: { Destination } },
    }),
  );
  const payload = JSON.stringify({ throw: 'no' });
  await host.invoke(`arn:aws:lambda:eu-west-1:123456789012:function:${name}`, payload, 'Event');
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  expect(Messages.map(({ Body = '' }) => JSON.parse(Body) as unknown)).toMatchObject([
    {
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 2 },
      requestPayload: { throw: 'no' },
      responsePayload: { errorMessage: 'no' },
    },
  ]);
});

test('a host may hand every asynchronous invoke over twice at the same time', async () => {
  const name = await deployed('twice');
  const twice = await startLambdaHost({ endpoint: aws.endpoint, logDirectory, duplicates: true, onInvoke });
  await twice.invoke(`arn:aws:lambda:eu-west-1:123456789012:function:${name}`, '{"wait":100}', 'Event');
  await twice.stop();
  const runs = invokes.filter(({ functionName }) => functionName === name);
  expect(new Set(runs.map(({ result }) => (JSON.parse(result.payload) as { pid: number }).pid)).size).toBe(2);
});

test('AWS Config asks a rule by the clock as soon as it is there, and again when its time has come', async () => {
  const config = new ConfigServiceClient({ ...settings(), maxAttempts: 1 });
  const SourceIdentifier = `arn:aws:lambda:eu-west-1:123456789012:function:${await deployed('asked')}`;
  await config.send(
    new PutConfigRuleCommand({
      ConfigRule: {
        ConfigRuleName: 'daily',
        Scope: { ComplianceResourceTypes: ['AWS::KMS::Key'] },
        InputParameters: '{"bot":"kms_enable_rotation"}',
        Source: {
          ...{ Owner: 'CUSTOM_LAMBDA', SourceIdentifier },
          SourceDetails: [
            { EventSource: 'aws.config', MessageType: 'ConfigurationItemChangeNotification' },
            {
              ...{ EventSource: 'aws.config', MessageType: 'ScheduledNotification' },
              MaximumExecutionFrequency: 'TwentyFour_Hours',
            },
          ],
        },
      },
    }),
  );
  config.destroy();
  const asked: string[] = [];
  const recorder = startRecorder({
    ...{ endpoint: aws.endpoint, region: 'eu-west-1', accountId: '123456789012', intervalMs: 20 },
    // A day is half a second.
    scheduleScale: 0.5 / 86_400,
    host: {
      invoke: (arn, payload) => {
        const { invokingEvent } = JSON.parse(payload) as { invokingEvent: string };
        asked.push((JSON.parse(invokingEvent) as { messageType: string }).messageType);
        return Promise.resolve({ payload: arn });
      },
    },
  });
  await until(() => asked.length === 3);
  await recorder.stop();
  expect(asked).toEqual(Array(3).fill('ScheduledNotification'));
});

test('no more than four environments of a function, and nothing is lost behind them', async () => {
  const name = await deployed('busy');
  await Promise.all(Array.from({ length: 4 }, () => invoke(name, { wait: 50 })));
  const answers = await Promise.all(Array.from({ length: 12 }, () => invoke(name, { wait: 20 })));

  expect(new Set(answers.map(({ value }) => value.pid)).size).toBeLessThanOrEqual(4);
});

test('of a batch the good messages are deleted and the bad one comes back', async () => {
  const name = await deployed('batch');
  const Attributes = { VisibilityTimeout: '1' };
  const { QueueUrl: url } = await sqs.send(new CreateQueueCommand({ QueueName: 'batch', Attributes }));
  await lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: name,
      EventSourceArn: 'arn:aws:sqs:eu-west-1:123456789012:batch',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    }),
  );
  await triggers.refresh();
  const Entries = ['good', 'bad', 'fine'].map((MessageBody, index) => ({ Id: `${index}`, MessageBody }));
  await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));

  const bodiesSeen = () =>
    invokes
      .filter(({ functionName }) => functionName === name)
      .flatMap(({ payload }) => (JSON.parse(payload) as { Records: { body: string }[] }).Records)
      .map(({ body }) => body);
  await until(() => bodiesSeen().filter((body) => body === 'bad').length === 2);
  expect(
    bodiesSeen()
      .filter((body) => body !== 'bad')
      .sort(),
  ).toEqual(['fine', 'good']);

  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const left = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...names] }));
  expect(names.reduce((sum, each) => sum + Number(left.Attributes?.[each]), 0)).toBe(1);
});

function onInvoke(event: InvokeEvent): void {
  invokes.push(event);
}

function settings() {
  return {
    endpoint: aws.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
}

function zip(source: string): Uint8Array {
  return zipSync({ 'index.js': Buffer.from(source) });
}

async function deployed(name: string, Handler = 'index.handler'): Promise<string> {
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: 'nodejs22.x',
      Role: role,
      Handler,
      Timeout: 1,
      Environment: { Variables: { COLOUR: 'green' } },
      Code: { ZipFile: zip(SOURCE) },
    }),
  );
  return name;
}

async function invoke(name: string, event: unknown) {
  const command = new InvokeCommand({ FunctionName: name, Payload: Buffer.from(JSON.stringify(event)) });
  const answer = await lambda.send(command);
  const value = JSON.parse(answer.Payload?.transformToString() ?? 'null') as Record<string, unknown>;
  return { error: answer.FunctionError, value };
}

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error('waited ten seconds in vain');
    await sleep(20);
  }
}
