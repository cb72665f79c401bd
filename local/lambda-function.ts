import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  GetFunctionCommand,
  GetFunctionEventInvokeConfigCommand,
  LambdaClient,
  type FunctionConfiguration,
} from '@aws-sdk/client-lambda';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { unzipSync } from 'fflate';
import { localEnvironment } from './loopback';

/** A deployed function, ready to be run. */
export interface LambdaFunction {
  name: string;
  /** Changes with the code, the environment, the role, and every other setting. */
  revision: string;
  directory: string;
  handler: string;
  /** Seconds. */
  timeout: number;
  environment: Record<string, string>;
  context: Record<string, unknown>;
  /** When its credentials are about to end, in epoch milliseconds. */
  freshUntil: number;
  /** Retries of an asynchronous invoke. */
  retries: number;
  /** The ARN of the queue that gets an event whose last attempt has failed. */
  onFailure: string | undefined;
  reservedConcurrency: number | undefined;
}

/** What is needed to read functions from local AWS. */
export interface FunctionSource {
  endpoint: string;
  /** Where code is unpacked. */
  codeDirectory: string;
  lambda: (region: string) => LambdaClient;
  sts: (region: string) => STSClient;
  sqs: (region: string) => SQSClient;
}

/** Reads from one local AWS, with one client for each region. */
export function functionSource(endpoint: string, codeDirectory: string): FunctionSource {
  const settings = (region: string) => ({
    endpoint,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  return {
    endpoint,
    codeDirectory,
    lambda: remembered((region) => new LambdaClient(settings(region))),
    sts: remembered((region) => new STSClient(settings(region))),
    sqs: remembered((region) => new SQSClient({ ...settings(region), useQueueUrlAsEndpoint: false })),
  };
}

function remembered<T>(make: (region: string) => T): (region: string) => T {
  const made = new Map<string, T>();
  return (region) => {
    const value = made.get(region) ?? make(region);
    made.set(region, value);
    return value;
  };
}

/** Thrown for a name that is not deployed; the host answers 404 for it. */
export class FunctionNotFound extends Error {
  override name = 'ResourceNotFoundException';
}

const BEFORE_EXPIRY_MS = 5 * 60_000;
/** Of an asynchronous invoke, unless the function says otherwise. Source: Lambda, asynchronous invocation. */
const RETRIES = 2;

/** Reads a function as it is deployed now: settings, code, and credentials of its own role. */
export async function loadFunction(source: FunctionSource, arn: string): Promise<LambdaFunction> {
  const region = arn.split(':')[3] ?? '';
  const client = source.lambda(region);
  const { Configuration: configuration, Concurrency } = await describe(client, arn);
  const credentials = await assume(source.sts(region), configuration.Role ?? '');
  return {
    name: configuration.FunctionName ?? '',
    revision: revisionOf(configuration),
    directory: await unpack(source, arn, configuration.CodeSha256 ?? ''),
    handler: configuration.Handler ?? '',
    timeout: configuration.Timeout ?? 3,
    environment: environmentOf(source.endpoint, region, configuration, credentials.environment),
    context: contextOf(configuration, arn),
    freshUntil: credentials.expires - BEFORE_EXPIRY_MS,
    ...(await asynchronousOf(client, arn)),
    reservedConcurrency: Concurrency?.ReservedConcurrentExecutions,
  };
}

/** Tells a function's destination of an asynchronous invoke that has failed, in the words of Lambda's record. */
export async function tellFailure(
  source: FunctionSource,
  { onFailure, context }: LambdaFunction,
  payload: string,
  {
    functionError,
    payload: answer,
  }: { readonly functionError?: string | undefined; readonly payload: string },
  approximateInvokeCount: number,
): Promise<void> {
  if (onFailure === undefined) return;
  const [region = '', account = '', name = ''] = onFailure.split(':').slice(3);
  const record = {
    version: '1.0',
    timestamp: new Date().toISOString(),
    requestContext: {
      requestId: randomUUID(),
      functionArn: context.invokedFunctionArn,
      condition: 'RetriesExhausted',
      approximateInvokeCount,
    },
    requestPayload: JSON.parse(payload) as unknown,
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError },
    responsePayload: JSON.parse(answer) as unknown,
  };
  const QueueUrl = `https://sqs.invalid/${account}/${name}`;
  await source.sqs(region).send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(record) }));
}

/** Only whether the function changed since: cheaper than {@link loadFunction}. */
export async function currentRevision(source: FunctionSource, arn: string): Promise<string> {
  const client = source.lambda(arn.split(':')[3] ?? '');
  return revisionOf((await describe(client, arn)).Configuration);
}

async function describe(client: LambdaClient, arn: string) {
  const name = arn.split(':').slice(0, 7).join(':');
  const answer = await client.send(new GetFunctionCommand({ FunctionName: name })).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') {
      throw new FunctionNotFound(`Function not found: ${name}`);
    }
    throw error;
  });
  return { ...answer, Configuration: answer.Configuration ?? {} };
}

function revisionOf(configuration: FunctionConfiguration): string {
  const { CodeSha256, Environment, Handler, MemorySize, Role, Runtime, Timeout } = configuration;
  const parts = [CodeSha256, Environment, Handler, MemorySize, Role, Runtime, Timeout];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

async function unpack(source: FunctionSource, arn: string, sha: string): Promise<string> {
  const directory = path.join(
    source.codeDirectory,
    createHash('sha256').update(sha).digest('hex').slice(0, 16),
  );
  if (existsSync(directory)) return directory;
  const answer = await fetch(`${source.endpoint}/selfheal/code?function=${encodeURIComponent(arn)}`);
  if (!answer.ok) throw new FunctionNotFound(`No code of ${arn} in local AWS`);
  const unfinished = `${directory}.${Math.random().toString(36).slice(2)}`;
  for (const [name, content] of Object.entries(unzipSync(new Uint8Array(await answer.arrayBuffer())))) {
    if (name.endsWith('/')) continue;
    const file = path.join(unfinished, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  // Another environment may have unpacked the same code meanwhile; either copy will do.
  await rename(unfinished, directory).catch(() => rm(unfinished, { recursive: true, force: true }));
  return directory;
}

async function assume(client: STSClient, role: string) {
  const { Credentials } = await client.send(
    new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'selfheal-local' }),
  );
  return {
    expires: Credentials?.Expiration?.getTime() ?? 0,
    environment: {
      AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId ?? '',
      AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey ?? '',
      AWS_SESSION_TOKEN: Credentials?.SessionToken ?? '',
    },
  };
}

/** Like Lambda's, the environment holds nothing of this machine but the path. */
function environmentOf(
  endpoint: string,
  region: string,
  configuration: FunctionConfiguration,
  credentials: Record<string, string>,
): Record<string, string> {
  const name = configuration.FunctionName ?? '';
  return {
    ...configuration.Environment?.Variables,
    ...localEnvironment(endpoint, region, { PATH: process.env.PATH, SystemRoot: process.env.SystemRoot }),
    ...credentials,
    AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.Runtime ?? ''}`,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.MemorySize ?? 128),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    _HANDLER: configuration.Handler ?? '',
    TZ: ':UTC',
  };
}

function contextOf(configuration: FunctionConfiguration, arn: string): Record<string, unknown> {
  return {
    functionName: configuration.FunctionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: arn,
    memoryLimitInMB: String(configuration.MemorySize ?? 128),
    logGroupName: `/aws/lambda/${configuration.FunctionName ?? ''}`,
    logStreamName: 'local',
  };
}

/** What is to be done about asynchronous invokes. */
async function asynchronousOf(
  client: LambdaClient,
  arn: string,
): Promise<Pick<LambdaFunction, 'retries' | 'onFailure'>> {
  const FunctionName = arn.split(':').slice(0, 7).join(':');
  const settings = await client
    .send(new GetFunctionEventInvokeConfigCommand({ FunctionName }))
    .catch(() => undefined);
  return {
    retries: settings?.MaximumRetryAttempts ?? RETRIES,
    onFailure: settings?.DestinationConfig?.OnFailure?.Destination,
  };
}
