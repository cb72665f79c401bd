import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DisableRuleCommand, EnableRuleCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { LocalError, ROOT, startAws } from './aws';
import { startRecorder } from './config-recorder';
import { deploy } from './deploy';
import { type InvokeEvent, type LambdaHost, startLambdaHost } from './lambda-host';
import { type LocalSlack, startSlack } from './slack';
import { startTriggers, type Triggers } from './triggers';

/** How selfheal is put up on this machine. */
export interface InstallationOptions {
  /** Of local AWS; 0, the default, takes a free one. */
  port?: number;
  region?: string;
  stage?: string;
  autoResponse: boolean;
  /** 0.1 fires the coordinator's minute every six seconds. */
  scheduleScale?: number;
  /** Hands every asynchronous invoke over twice: Lambda promises at least once. */
  duplicates?: boolean;
  /** Added to the environment of `serverless deploy`. */
  env?: Record<string, string>;
  /** Where serverless.yml is; default the repository. */
  directory?: string;
  /** Where the functions' output goes; default `.selfheal/logs`. */
  logDirectory?: string;
  /** What is going on, line by line. */
  log?: (line: string) => void;
  onInvoke?: (event: InvokeEvent) => void;
}

/** A deployed selfheal on local AWS, with everything that fires its triggers. */
export interface Installation {
  endpoint: string;
  /** Local AWS's process; `undefined` when it is somebody else's. */
  pid: number | undefined;
  slack: LocalSlack;
  /** GET answers with the messages that Slack was sent. */
  slackUrl: string;
  host: LambdaHost;
  triggers: Triggers;
  region: string;
  accountId: string;
  findingsTopicArn: string;
  queueUrl: string;
  deadLetterQueueUrl: string;
  eventsTopicArn: string;
  journalTable: string;
  /** Every output of the stack. */
  outputs: Record<string, string>;
  /** Turns the coordinator's schedule on or off, as `enable_auto_response` does at deployment. */
  setAutoResponse(on: boolean): Promise<void>;
  /** Deploys again, with another environment, onto what runs. */
  redeploy(env?: Record<string, string>): Promise<void>;
  stop(): Promise<void>;
}

const WEBHOOK_PARAMETER = '/selfheal/slack-webhook-url';
const SIGNING_PARAMETER = '/selfheal/slack-signing-secret';
/** Of the stand-in alone. */
const SIGNING_SECRET = 'the-secret-of-a-slack-that-is-none';
const OUTPUTS = {
  findingsTopicArn: 'FindingsTopicArn',
  queueUrl: 'RemediationQueueUrl',
  deadLetterQueueUrl: 'DeadLetterQueueUrl',
  eventsTopicArn: 'EventsTopicArn',
  journalTable: 'JournalTable',
} as const;

/** Starts local AWS and Slack, deploys selfheal, and fires what the deployed stack declares, until `stop`. */
export async function startInstallation(options: InstallationOptions): Promise<Installation> {
  const { region = 'eu-west-1', stage = 'prod' } = options;
  const log = options.log ?? (() => undefined);
  const cleanUps: (() => Promise<void>)[] = [];
  const stop = async () => {
    // What calls local AWS ends together, whatever it waits for; the server goes last.
    const [server, ...callers] = cleanUps.splice(0);
    await Promise.allSettled(callers.map((cleanUp) => cleanUp()));
    await server?.();
  };
  // Resource types that moto skips and its tracebacks belong on record, but in nobody's way.
  const aside = openAside(options.logDirectory ?? path.join(ROOT, '.selfheal', 'logs'));
  const onError = (error: unknown) => {
    log(`local: ${String(error)}`);
  };

  try {
    const aws = await startAws({ port: options.port ?? 0, onLine: aside });
    cleanUps.push(() => aws.stop());
    const { endpoint } = aws;
    log(`local AWS at ${endpoint}`);
    const slack = await startSlack();
    cleanUps.push(() => slack.stop());
    const host = await startLambdaHost({
      endpoint,
      ...(options.logDirectory && { logDirectory: options.logDirectory }),
      ...(options.onInvoke && { onInvoke: options.onInvoke }),
      ...(options.duplicates && { duplicates: true }),
    });
    cleanUps.push(() => host.stop());
    await aws.attachLambdaHost(host.url);
    await keep(endpoint, region, WEBHOOK_PARAMETER, slack.webhookUrl);
    await keep(endpoint, region, SIGNING_PARAMETER, SIGNING_SECRET);
    slack.connect({
      signingSecret: SIGNING_SECRET,
      send: async (request) => {
        const accountId = await accountOf(endpoint, region);
        const arn = `arn:aws:lambda:${region}:${accountId}:function:selfheal-${stage}-approvals`;
        const { payload } = await host.invoke(arn, JSON.stringify({ ...request, isBase64Encoded: false }));
        return JSON.parse(payload) as { statusCode: number };
      },
    });

    const redeploy = (env: Record<string, string> = {}) =>
      telling(log, () =>
        deploy({
          endpoint,
          region,
          stage,
          env: { ...options.env, ...env },
          onLine: log,
          ...(options.directory && { directory: options.directory }),
        }),
      );
    await redeploy();
    const outputs = await outputsOf(endpoint, region, `selfheal-${stage}`);
    const accountId = await accountOf(endpoint, region);
    const setAutoResponse = (on: boolean) =>
      switchRule(endpoint, region, outputs.CoordinatorScheduleName, on);
    await setAutoResponse(options.autoResponse);

    const triggers = await startTriggers({
      endpoint,
      region,
      host,
      scheduleScale: options.scheduleScale ?? 1,
      onError,
    });
    cleanUps.push(() => triggers.stop());
    const recorder = startRecorder({
      ...{ endpoint, region, accountId, host, onError },
      ...(options.scheduleScale !== undefined && { scheduleScale: options.scheduleScale }),
    });
    cleanUps.push(() => recorder.stop());

    return {
      endpoint,
      pid: aws.pid,
      slack,
      slackUrl: slack.messagesUrl,
      host,
      triggers,
      region,
      accountId,
      ...named(outputs),
      outputs,
      setAutoResponse: async (on) => {
        await setAutoResponse(on);
        await triggers.refresh();
      },
      redeploy,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function openAside(directory: string): (line: string) => void {
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, 'aws.log');
  writeFileSync(file, '');
  return (line) => {
    appendFileSync(file, `${line}\n`);
  };
}

function settings(endpoint: string, region: string) {
  return { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
}

/** Says every few seconds that something goes on: packaging and CloudFormation are silent for half a minute. */
async function telling(log: (line: string) => void, work: () => Promise<void>): Promise<void> {
  const begun = Date.now();
  const timer = setInterval(() => {
    log(
      `  … ${Math.round((Date.now() - begun) / 1000)} s: functions are bundled, then CloudFormation makes them`,
    );
  }, 5_000);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
}

async function keep(endpoint: string, region: string, Name: string, Value: string): Promise<void> {
  await new SSMClient(settings(endpoint, region)).send(
    new PutParameterCommand({ Name, Value, Type: 'SecureString', Overwrite: true }),
  );
}

async function outputsOf(endpoint: string, region: string, stack: string): Promise<Record<string, string>> {
  const client = new CloudFormationClient(settings(endpoint, region));
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stack }));
  const outputs = Stacks?.[0]?.Outputs ?? [];
  return Object.fromEntries(
    outputs.map(({ OutputKey, OutputValue }) => [OutputKey ?? '', OutputValue ?? '']),
  );
}

async function accountOf(endpoint: string, region: string): Promise<string> {
  const { Account } = await new STSClient(settings(endpoint, region)).send(new GetCallerIdentityCommand({}));
  return Account ?? '';
}

async function switchRule(
  endpoint: string,
  region: string,
  name: string | undefined,
  on: boolean,
): Promise<void> {
  if (!name) throw new LocalError('The deployed stack has no output CoordinatorScheduleName.');
  const client = new EventBridgeClient(settings(endpoint, region));
  await client.send(on ? new EnableRuleCommand({ Name: name }) : new DisableRuleCommand({ Name: name }));
}

function named(outputs: Record<string, string>): Record<keyof typeof OUTPUTS, string> {
  const entries = Object.entries(OUTPUTS).map(([key, output]) => {
    const value = outputs[output];
    if (value === undefined) throw new LocalError(`The deployed stack has no output ${output}.`);
    return [key, value] as const;
  });
  return Object.fromEntries(entries) as Record<keyof typeof OUTPUTS, string>;
}
