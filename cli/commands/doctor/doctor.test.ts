import { CloudFormationClient, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import {
  ConfigServiceClient,
  DeleteConfigRuleCommand,
  DeleteConfigurationRecorderCommand,
  PutConfigurationRecorderCommand,
  StopConfigurationRecorderCommand,
} from '@aws-sdk/client-config-service';
import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteEventBusCommand,
  EnableRuleCommand,
  EventBridgeClient,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { DeleteFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateTopicCommand,
  ListSubscriptionsCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { DeleteQueueCommand, GetQueueUrlCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { DeleteParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { configMetadata } from '../../../deploy/config-metadata';
import type { Accounts } from '../../../shared/accounts';
import type { Config } from '../../../shared/config';
import {
  EXTERNAL_ID,
  INSIDE,
  denied,
  newMember,
  newPatient,
  notGreen,
  script,
  simulate,
} from '../../doctor/testing';
import { REGION, run } from '../../testing';

type Patient = Awaited<ReturnType<typeof newPatient>>;

afterEach(() => {
  jest.restoreAllMocks();
});

test('an installation with a member that is as it should be is green all over', async () => {
  const patient = await newPatient();
  const member = await newMember(patient);
  simulate();
  const { exit, rows } = await patient.examine(['--assume-role', INSIDE], {
    accounts: member.accounts,
    findings: { events: ['guardduty'] },
  });
  expect(notGreen(rows)).toEqual([]);
  expect(Object.keys(rows)).toHaveLength(27);
  expect(exit).toBe(0);
});

describe('one thing is broken at home', () => {
  const client = <T>(Class: new (config: never) => T) => new Class({ region: REGION } as never);
  const deploy = ({ stage }: Patient) => `npx selfheal deploy --stage ${stage} --region ${REGION}`;
  const withoutQueue =
    (name: 'remediationQueue' | 'findingsQueue' | 'notificationsQueue' | 'undeliveredQueue') =>
    async ({ sqs, names }: Patient) => {
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: names[name] }));
      await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    };
  const cases: Record<
    string,
    [id: string, says: RegExp, (patient: Patient) => Promise<unknown>, mend?: RegExp]
  > = {
    'the stack': [
      'stack',
      /there is no stack/,
      ({ names }) => client(CloudFormationClient).send(new DeleteStackCommand({ StackName: names.stack })),
    ],
    'the remediation queue': ['remediation-queue', /there is no queue/, withoutQueue('remediationQueue')],
    'the findings queue': ['findings-queue', /there is no queue/, withoutQueue('findingsQueue')],
    'the notifications queue': [
      'notifications-queue',
      /there is no queue/,
      withoutQueue('notificationsQueue'),
    ],
    'the undelivered queue': ['undelivered-queue', /there is no queue/, withoutQueue('undeliveredQueue')],
    'a subscription that delivers raw': [
      'findings-subscriptions',
      /delivers raw: nobody knows who published/,
      async ({ names }) => {
        const sns = client(SNSClient);
        const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'scanner' }));
        await sns.send(
          new SubscribeCommand({
            ...{ TopicArn, Protocol: 'sqs', Attributes: { RawMessageDelivery: 'true' } },
            Endpoint: `arn:aws:sqs:${TopicArn.split(':').slice(3, 5).join(':')}:${names.findingsQueue}`,
          }),
        );
      },
      /turn raw message delivery off/,
    ],
    'a dead letter': [
      'dead-letter-queue',
      /1 messages could not be used/,
      ({ sqs, deadLetterUrl: QueueUrl }) =>
        sqs.send(
          new SendMessageCommand({
            QueueUrl,
            MessageBody: '{',
            MessageGroupId: 'a',
            MessageDeduplicationId: 'a',
          }),
        ),
      /^npx selfheal queue --dead --stage/,
    ],
    'the schedule, on although config.ts says off': [
      'schedule',
      /is on, but config.ts says off/,
      ({ names }) => client(EventBridgeClient).send(new EnableRuleCommand({ Name: names.schedule })),
      /^npx selfheal off --stage/,
    ],
    "the schedule's target": [
      'schedule',
      /does not start the coordinator/,
      ({ names }) =>
        client(EventBridgeClient).send(
          new RemoveTargetsCommand({ Rule: names.schedule, Ids: ['coordinator'] }),
        ),
    ],
    'a function': [
      'functions',
      /not deployed: kms_enable_rotation/,
      ({ names }) =>
        client(LambdaClient).send(
          new DeleteFunctionCommand({ FunctionName: `${names.botPrefix}kms_enable_rotation` }),
        ),
    ],
    'the journal': [
      'journal',
      /there is no table/,
      ({ journalTable }) => client(DynamoDBClient).send(new DeleteTableCommand({ TableName: journalTable })),
    ],
    "the notifier's subscription": [
      'events-topic',
      /does not reach/,
      async ({ names }) => {
        const sns = client(SNSClient);
        const { Subscriptions = [] } = await sns.send(new ListSubscriptionsCommand({}));
        const own = Subscriptions.find(({ Endpoint }) => Endpoint?.endsWith(names.notificationsQueue));
        await sns.send(new UnsubscribeCommand({ SubscriptionArn: own?.SubscriptionArn }));
      },
    ],
    'the webhook': [
      'webhook',
      /there is no parameter .*: Slack hears nothing/,
      () => client(SSMClient).send(new DeleteParameterCommand({ Name: '/selfheal/slack-webhook-url' })),
      /^aws ssm put-parameter/,
    ],
    'the recorder, stopped': [
      'config-recorder',
      /is stopped/,
      () =>
        client(ConfigServiceClient).send(
          new StopConfigurationRecorderCommand({ ConfigurationRecorderName: 'default' }),
        ),
      /^aws configservice start-configuration-recorder/,
    ],
    'the recorder, gone': [
      'config-recorder',
      /is not set up in eu-west-1/,
      () =>
        client(ConfigServiceClient).send(
          new DeleteConfigurationRecorderCommand({ ConfigurationRecorderName: 'default' }),
        ),
      /^set it up/,
    ],
    'what is recorded': [
      'config-recorder',
      /does not record AWS::KMS::Key/,
      () =>
        client(ConfigServiceClient).send(
          new PutConfigurationRecorderCommand({
            ConfigurationRecorder: {
              name: 'default',
              roleARN: 'arn:aws:iam::123456789012:role/config',
              recordingGroup: {
                allSupported: false,
                includeGlobalResourceTypes: false,
                resourceTypes: ['AWS::S3::Bucket'],
              },
            },
          }),
        ),
      /put-configuration-recorder/,
    ],
    'a rule': [
      'config-rules',
      /not there: kms_enable_rotation/,
      ({ names }) =>
        client(ConfigServiceClient).send(
          new DeleteConfigRuleCommand({ ConfigRuleName: `${names.prefix}kms_enable_rotation` }),
        ),
    ],
  };

  test.each(Object.entries(cases))('%s', async (_what, [id, says, breakIt, mend]) => {
    const patient = await newPatient();
    await breakIt(patient);
    const { exit, rows } = await patient.examine();
    // The stack says where the journal is.
    expect(notGreen(rows).map(([red]) => red)).toEqual(id === 'stack' ? ['stack', 'journal'] : [id]);
    expect(rows[id]).toMatchObject({ state: 'red', says: expect.stringMatching(says) as string });
    if (mend) expect(rows[id]?.mend).toMatch(mend);
    else expect(rows[id]?.mend).toBe(deploy(patient));
    expect(exit).toBe(1);
  });

  test('the schedule, off although config.ts says on', async () => {
    const patient = await newPatient();
    const { rows } = await patient.examine([], { enable_auto_response: true });
    expect(rows.schedule).toMatchObject({
      state: 'red',
      says: 'auto response is off, but config.ts says on',
    });
  });

  test('the bus and the queue of members', async () => {
    const patient = await newPatient();
    const accounts: Accounts = { mode: 'multi', externalId: EXTERNAL_ID, accounts: [] };
    const { sqs, names } = patient;
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: names.looksQueue }));
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    await client(EventBridgeClient).send(new DeleteEventBusCommand({ Name: names.eventBus }));
    const { rows } = await patient.examine([], { accounts });
    expect(rows['event-bus']).toMatchObject({ state: 'red', mend: deploy(patient) });
    expect(rows['looks-queue']).toMatchObject({ state: 'red', mend: deploy(patient) });
  });
});

describe('what may not be looked at is unknown, not green and not red', () => {
  test('at home', async () => {
    const patient = await newPatient();
    script(LambdaClient, 'ListFunctions', () => denied('lambda:ListFunctions'));
    script(SSMClient, 'DescribeParameters', () => denied('ssm:DescribeParameters'));
    const { exit, rows } = await patient.examine();
    expect(notGreen(rows)).toMatchObject([
      ['functions', { state: 'unknown', says: 'AWS denies lambda:ListFunctions to who runs this' }],
      ['webhook', { state: 'unknown', mend: 'allow ssm:DescribeParameters, and run it again' }],
    ]);
    expect(exit).toBe(0);
  });
});

describe('credentials and region', () => {
  test('without credentials the rest is skipped, and said to be', async () => {
    const ran = await run(['doctor', '--json', '--region', REGION, '--profile', 'nobody']);
    expect(ran.json()).toMatchObject({
      checks: [
        { id: 'credentials', state: 'red', mend: 'aws sso login --profile nobody' },
        { id: 'region', state: 'green' },
        { id: 'everything else', state: 'skipped' },
      ],
    });
    expect(ran.exit).toBe(4);
  });

  test('a region that is none', async () => {
    const ran = await run(['doctor', '--json', '--region', 'europe']);
    expect(ran.json()).toMatchObject({
      checks: [{ id: 'region', state: 'red' }, { state: 'skipped' }],
    });
    expect(ran.exit).toBe(4);
  });
});

test('the table says in words what is red and what mends it, and obeys nothing that AWS answers', async () => {
  const patient = await newPatient();
  script(ConfigServiceClient, 'DescribeConfigurationRecorders', () => ({
    ConfigurationRecorders: [{ name: 'red\u001b[32m\u202egreen' }],
  }));
  const { out, exit } = await patient.run(['doctor'], { config: patient.config, columns: 140 });
  expect(out).toMatch(/^config-recorder +red +the recorder redgreen is stopped/m);
  expect(out).toMatch(/^schedule +green +auto response is off/m);
  expect(out).toContain('\n17 green, 1 red.');
  expect(exit).toBe(1);
});

describe('config.ts here and what is deployed', () => {
  const deployedWith = (config: Partial<Config>) => {
    const TemplateBody = JSON.stringify({
      Metadata: configMetadata({
        enable_auto_response: false,
        bots: { kms_enable_rotation: { enabled: true } },
        ...config,
      }),
    });
    script(CloudFormationClient, 'GetTemplate', () => ({ TemplateBody }));
  };

  test('the same is green', async () => {
    const patient = await newPatient();
    deployedWith({});
    const { rows } = await patient.examine();
    expect(rows.config).toEqual(
      expect.objectContaining({ state: 'green', says: 'config.ts is right, and is what is deployed' }),
    );
  });

  test('a stale checkout is told to be one; the rest is judged by what is deployed, and no cure deploys it blindly', async () => {
    const patient = await newPatient();
    deployedWith({});
    await new LambdaClient({ region: REGION }).send(
      new DeleteFunctionCommand({ FunctionName: `${patient.names.botPrefix}kms_enable_rotation` }),
    );
    const { rows, exit } = await patient.examine([], { bots: { s3_enable_versioning: { enabled: true } } });
    expect(rows.config).toMatchObject({
      state: 'red',
      says: expect.stringMatching(
        /kms_enable_rotation is enabled there only, s3_enable_versioning is enabled here only/,
      ),
      mend: expect.stringMatching(
        /^git pull, if this checkout is old; npx selfheal deploy .*, if the change is yours$/,
      ),
    });
    expect(rows.functions).toMatchObject({
      says: 'not deployed: kms_enable_rotation',
      mend: expect.stringMatching(
        /^with the config.ts that was deployed, which the one here is not: npx selfheal deploy/,
      ),
    });
    expect(exit).toBe(1);
  });
});
