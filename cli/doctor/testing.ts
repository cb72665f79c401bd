/** A whole installation in an account of its own on local AWS, for tests of the doctor to break one thing of. */
import {
  ConfigServiceClient,
  PutConfigRuleCommand,
  PutConfigurationRecorderCommand,
  PutDeliveryChannelCommand,
  StartConfigurationRecorderCommand,
} from '@aws-sdk/client-config-service';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
  type SimulatePrincipalPolicyCommand,
  type SimulatePrincipalPolicyCommandOutput,
} from '@aws-sdk/client-iam';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { zipSync } from 'fflate';
import { trustPolicy } from '../../deploy/accounts';
import type { Config } from '../../shared/config';
import { newAccount } from '../../testing/account';
import { namesOf } from '../place';
import type { Site } from './check';
import { REGION, newInstallation } from '../testing';

/** What every member's role asks for. */
export const EXTERNAL_ID = 'selfheal-1f2e3d';
/** The role by which the tests look into member accounts. */
export const INSIDE = 'OrganizationAccountAccessRole';

/** The service's answer to who has no right; what it said is in the AWS format. */
export function denied(action: string): Error {
  const message = `User: arn:aws:iam::111122223333:user/me is not authorized to perform: ${action} on resource: *`;
  return Object.assign(new Error(message), {
    name: 'AccessDeniedException',
    $metadata: { httpStatusCode: 400 },
  });
}

interface Sent {
  readonly constructor: { readonly name: string };
  readonly input: Record<string, unknown>;
}
interface Sender {
  send: (this: Sender, command: Sent) => Promise<unknown>;
}

/** Answers one operation of a client for the whole process, or throws; `undefined` lets local AWS answer. */
export function script(
  Class: { readonly prototype: object },
  operation: string,
  answer: (input: Record<string, unknown>) => object | undefined,
): void {
  const prototype = Class.prototype as Sender;
  const { send: before } = prototype;
  // A spy on a spy is the same spy: what it did until now is kept.
  const send = (before as Partial<jest.MockedFunction<Sender['send']>>).getMockImplementation?.() ?? before;
  jest.spyOn(prototype, 'send').mockImplementation(function (this: Sender, command) {
    const own = command.constructor.name === `${operation}Command` ? answer(command.input) : undefined;
    if (own instanceof Error) return Promise.reject(own);
    return own === undefined ? send.call(this, command) : Promise.resolve(own);
  });
}

/** What moto lacks: IAM's simulation, which here refuses the given actions and allows all others. */
export function simulate(refused: readonly string[] = []): void {
  script(IAMClient, 'SimulatePrincipalPolicy', (input): Partial<SimulatePrincipalPolicyCommandOutput> => ({
    EvaluationResults: (input as unknown as SimulatePrincipalPolicyCommand['input']).ActionNames?.map(
      (action) => ({
        EvalActionName: action,
        EvalDecision: refused.includes(action) ? 'implicitDeny' : 'allowed',
      }),
    ),
  }));
}

/** All that `serverless deploy` makes and the doctor looks at, in an account of its own, which the process then uses. */
export async function newPatient() {
  const { account } = await unnamed(newAccount);
  await enter(account);
  const installation = await newInstallation();
  const { stage, sqs } = installation;
  const names = namesOf(stage);
  await Promise.all(
    [
      names.waitingQueue,
      names.findingsQueue,
      names.notificationsQueue,
      names.undeliveredQueue,
      names.looksQueue,
    ].map((QueueName) => sqs.send(new CreateQueueCommand({ QueueName }))),
  );
  const arnOf = (service: string, name: string) => `arn:aws:${service}:${REGION}:${account}:${name}`;
  await new SNSClient({ region: REGION }).send(
    new SubscribeCommand({
      TopicArn: arnOf('sns', names.eventsTopic),
      Protocol: 'sqs',
      Endpoint: arnOf('sqs', names.notificationsQueue),
    }),
  );
  await new SSMClient({ region: REGION }).send(
    new PutParameterCommand({
      Name: '/selfheal/slack-webhook-url',
      Type: 'SecureString',
      Value: 'https://hooks.slack.com/x',
    }),
  );
  const events = new EventBridgeClient({ region: REGION });
  await events.send(new CreateEventBusCommand({ Name: names.eventBus }));
  await events.send(
    new PutRuleCommand({ Name: names.schedule, ScheduleExpression: 'rate(1 minute)', State: 'DISABLED' }),
  );
  await events.send(
    new PutTargetsCommand({
      Rule: names.schedule,
      Targets: [{ Id: 'coordinator', Arn: arnOf('lambda', `function:${names.prefix}coordinator`) }],
    }),
  );
  await deployFunctions(names.prefix);
  await record(`config-${stage}`);
  await new ConfigServiceClient({ region: REGION }).send(
    new PutConfigRuleCommand({
      ConfigRule: {
        ConfigRuleName: `${names.prefix}kms_enable_rotation`,
        Scope: { ComplianceResourceTypes: ['AWS::KMS::Key'] },
        Source: {
          Owner: 'CUSTOM_LAMBDA',
          SourceIdentifier: arnOf('lambda', `function:${names.prefix}config-rules`),
          SourceDetails: [{ EventSource: 'aws.config', MessageType: 'ConfigurationItemChangeNotification' }],
        },
      },
    }),
  );
  const config: Partial<Config> = { bots: { kms_enable_rotation: { enabled: true } } };
  return {
    ...installation,
    account,
    names,
    config,
    /** The document of `selfheal doctor --json`, by check. */
    examine: async (argv: readonly string[] = [], more: Partial<Config> = {}) => {
      const ran = await installation.run(['doctor', '--json', ...argv], { config: { ...config, ...more } });
      const { checks } = ran.json() as { checks: Row[] };
      return { exit: ran.exit, rows: Object.fromEntries(checks.map(({ id, ...row }) => [id, row])) };
    },
  };
}

/** A row of the document. */
interface Row {
  readonly id: string;
  readonly state: string;
  readonly says: string;
  readonly mend?: string;
  readonly account?: string;
}

/** What is not green. */
export function notGreen(rows: Readonly<Record<string, Pick<Row, 'state'>>>) {
  return Object.entries(rows).filter(([, { state }]) => state !== 'green');
}

/** A member account with its role as deploy/accounts.ts has it, a recorder, and a rule that forwards. */
export async function newMember({ account: home, stage, names }: Awaited<ReturnType<typeof newPatient>>) {
  const member = await unnamed(newAccount);
  await member.client(IAMClient).send(
    new CreateRoleCommand({
      RoleName: INSIDE,
      AssumeRolePolicyDocument: JSON.stringify({
        Statement: {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${home}:root` },
          Action: 'sts:AssumeRole',
        },
      }),
    }),
  );
  await member.client(IAMClient).send(
    new PutRolePolicyCommand({
      RoleName: INSIDE,
      PolicyName: 'administrator',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
      }),
    }),
  );
  const roleName = `selfheal-${stage}-remediation-kms`;
  const trust = JSON.stringify(trustPolicy({ home, stage, externalId: EXTERNAL_ID }))
    .replaceAll(/\{"Fn::Sub":("[^"]*")\}/g, '$1')
    .replaceAll('${AWS::Partition}', 'aws');
  await member
    .client(IAMClient)
    .send(new CreateRoleCommand({ RoleName: roleName, AssumeRolePolicyDocument: trust }));
  const events = member.client(EventBridgeClient);
  await events.send(
    new PutRuleCommand({
      Name: 'forward',
      EventPattern: JSON.stringify({ source: ['aws.config', 'aws.guardduty'] }),
    }),
  );
  const bus = `arn:aws:events:${REGION}:${home}:event-bus/${names.eventBus}`;
  await events.send(new PutTargetsCommand({ Rule: 'forward', Targets: [{ Id: 'home', Arn: bus }] }));
  await record(`config-${member.account}`, member.client);
  const accounts = { mode: 'multi', externalId: EXTERNAL_ID, accounts: [member.account] } as const;
  return { ...member, roleName, trust, accounts };
}

/** With the keys that local AWS asks nothing, whoever the process is. */
async function unnamed<T>(work: () => Promise<T>): Promise<T> {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
  delete process.env.AWS_SESSION_TOKEN;
  try {
    return await work();
  } finally {
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID,
      AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN && { AWS_SESSION_TOKEN }),
    });
  }
}

/** From now on the process calls from that account. Each test file has an environment of its own. */
async function enter(account: string): Promise<void> {
  const { Credentials: keys } = await new STSClient({
    region: REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  }).send(new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/operator`, RoleSessionName: 'me' }));
  process.env.AWS_ACCESS_KEY_ID = keys?.AccessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = keys?.SecretAccessKey;
  process.env.AWS_SESSION_TOKEN = keys?.SessionToken;
}

async function deployFunctions(prefix: string): Promise<void> {
  const { Role } = await new IAMClient({ region: REGION }).send(
    new CreateRoleCommand({
      RoleName: 'function',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Principal: { Service: 'lambda.amazonaws.com' },
          Action: 'sts:AssumeRole',
        },
      }),
    }),
  );
  const lambda = new LambdaClient({ region: REGION });
  const ZipFile = zipSync({ 'index.js': new Uint8Array() });
  for (const name of ['coordinator', 'config-rules', 'findings', 'notifier', 'bot-kms_enable_rotation']) {
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName: `${prefix}${name}`,
        Role: Role?.Arn,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Code: { ZipFile },
      }),
    );
  }
}

async function record(
  bucket: string,
  client: Site['client'] = (Class) => new Class({ region: REGION } as never),
) {
  await client(S3Client).send(
    new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }),
  );
  const config = client(ConfigServiceClient);
  await config.send(
    new PutConfigurationRecorderCommand({
      ConfigurationRecorder: {
        name: 'default',
        roleARN: 'arn:aws:iam::123456789012:role/config',
        recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
      },
    }),
  );
  await config.send(
    new PutDeliveryChannelCommand({ DeliveryChannel: { name: 'default', s3BucketName: bucket } }),
  );
  await config.send(new StartConfigurationRecorderCommand({ ConfigurationRecorderName: 'default' }));
}
