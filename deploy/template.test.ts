import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { catalogue } from '../functions/remediators/catalogue';
import { cfnLint } from '../local/cfn-lint';
import allEnabled from '../test/config.all';
import { MOST_RESOURCES } from './limits';
import { hasRule } from './rules';
import { botSuffix, pascal } from './template';
import { type Package, type TemplateResource, packageStack } from '../local/package';

const FUNCTIONS = [
  ...['coordinator', 'config-rules', 'findings', 'notifier', 'security-hub'],
  ...catalogue.map(({ id }) => botSuffix(id)),
];

let made: Package;
beforeAll(async () => {
  made = await packageStack('test/config.all.ts');
}, 600_000);

type Found<T> = TemplateResource & { readonly name: string; readonly Properties: T };

function all<T>(type: string): Found<T>[] {
  return Object.entries(made.resources)
    .filter(([, { Type }]) => Type === type)
    .map(([name, resource]) => ({ name, ...resource }) as never);
}

function properties(name: string): Readonly<Record<string, unknown>> {
  return made.resources[name]?.Properties ?? {};
}

test(`CloudFormation takes it: resources with all ${catalogue.length} bots enabled`, () => {
  for (const { path, resources } of made.templates) {
    const { length } = Object.keys(resources);
    expect([path, length, length <= MOST_RESOURCES]).toEqual([path, length, true]);
  }
  // What one more bot costs: function, role, log group and invoke config beside those of its service, a rule in the root.
  const ofOneBot = /^(KmsUnderscoreenableUnderscorerotation|KmsEnableRotation)/;
  const costs = made.templates.map(({ resources }) =>
    Object.keys(resources).filter((name) => ofOneBot.test(name)),
  );
  expect(costs.map(({ length }) => length).filter((length) => length > 0)).toEqual([1, 4]);
});

test('there is a nested stack for each service, and the coordinator goes by the new ones once they are there', () => {
  const stacks = all<{ TemplateURL: { 'Fn::Sub': unknown[] }; Parameters: object }>(
    'AWS::CloudFormation::Stack',
  );
  expect(stacks.map(({ name }) => name).sort()).toEqual(
    [...new Set(catalogue.map(({ service }) => `${pascal(service.replaceAll('-', '_'))}Bots`))].sort(),
  );
  for (const { name, Properties } of stacks) {
    expect(Properties.TemplateURL['Fn::Sub'][0]).toMatch(new RegExp(`/nested-${name}\\.json$`));
  }
  expect(made.resources.CoordinatorLambdaFunction?.DependsOn).toEqual(
    expect.arrayContaining(stacks.map(({ name }) => name)),
  );
});

test('cfn-lint finds nothing', async () => {
  const paths = made.templates.map(({ path }) => path);
  await expect(cfnLint(...paths)).resolves.toEqual({ stdout: '', stderr: '' });
}, 300_000);

test('the schedule is off', () => {
  const rules = all<{ Name?: string; State?: string; ScheduleExpression?: string }>('AWS::Events::Rule');
  const scheduled = rules.filter(({ Properties }) => Properties.ScheduleExpression !== undefined);
  const [coordinator, ...others] = scheduled.map(({ Properties }) => Properties);
  expect(coordinator).toMatchObject({
    ...{ Name: 'selfheal-prod-coordinator', ScheduleExpression: 'rate(1 minute)', State: 'DISABLED' },
  });
  // What only looks and enqueues goes on.
  expect(others).toMatchObject([{ Targets: [{ Arn: { 'Fn::Sub': '${LooksQueue.Arn}' } }] }]);
});

describe('queues', () => {
  test('each is encrypted, keeps for two weeks, and lets nobody in without TLS', () => {
    const queues = all<{ SqsManagedSseEnabled?: boolean; MessageRetentionPeriod?: number }>(
      'AWS::SQS::Queue',
    );
    expect(queues.map(({ name }) => name).sort()).toEqual([
      'DeadLetterQueue',
      'FailedRunsQueue',
      'FindingsQueue',
      'LooksQueue',
      'NotificationsQueue',
      'RemediationQueue',
      'SecurityHubQueue',
      'UndeliveredQueue',
      'WaitingQueue',
    ]);
    const policies = all<{ Queues: { Ref: string }[] }>('AWS::SQS::QueuePolicy');
    for (const { name, Properties } of queues) {
      // What failed to start is for its alarm alone; the messages themselves come back on their own queue.
      const MessageRetentionPeriod = name === 'FailedRunsQueue' ? 86_400 : 1_209_600;
      expect(Properties).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod });
      const own = policies.filter((policy) => policy.Properties.Queues.some(({ Ref }) => Ref === name));
      expect(JSON.stringify(own)).toContain('"Bool":{"aws:SecureTransport":"false"}');
    }
  });

  test.each(['RemediationQueue', 'DeadLetterQueue'])('%s is FIFO in high-throughput mode', (name) => {
    expect(properties(name)).toMatchObject({
      FifoQueue: true,
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
    });
  });

  test('people who read the remediation queue do not send it to the dead letters', () => {
    expect(properties('RemediationQueue')).toMatchObject({
      RedrivePolicy: {
        maxReceiveCount: 1000,
        deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLetterQueue', 'Arn'] },
      },
      VisibilityTimeout: 360,
    });
  });

  test('what fits the remediation queue fits the dead letters with its reason', () => {
    const size = (name: string) => properties(name).MaximumMessageSize as number;
    expect(size('DeadLetterQueue')).toBeGreaterThanOrEqual(size('RemediationQueue') + 4096);
  });

  test('what nobody can take or tell raises an alarm', () => {
    const every = all<Record<string, unknown>>('AWS::CloudWatch::Alarm');
    expect(every.find(({ name }) => name === 'LimitedAlarm')?.Properties).toMatchObject({
      ...{ Namespace: 'selfheal/prod', MetricName: 'Limited', AlarmActions: [{ Ref: 'EventsTopic' }] },
      Dimensions: [{ Name: 'source', Value: 'limits' }],
    });
    const alarms = every.filter(
      ({ Properties }) => Properties.MetricName === 'ApproximateNumberOfMessagesVisible',
    );
    const watched = alarms.map(({ Properties: { Dimensions } }) => Dimensions);
    expect(watched).toEqual(
      ['DeadLetterQueue', 'UndeliveredQueue'].map((queue) => [
        { Name: 'QueueName', Value: { 'Fn::GetAtt': [queue, 'QueueName'] } },
      ]),
    );
    for (const { Properties } of alarms) {
      expect(Properties).toMatchObject({
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 0,
        AlarmActions: [{ Ref: 'EventsTopic' }],
      });
    }
  });

  test('bots that cannot start or are throttled raise one alarm, however many they are', () => {
    expect(properties('FailedRunsAlarm')).toMatchObject({
      ...{ Namespace: 'AWS/SQS', MetricName: 'NumberOfMessagesSent', Statistic: 'Sum', Threshold: 0 },
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['FailedRunsQueue', 'QueueName'] } }],
      ...{ Period: 300, EvaluationPeriods: 3, DatapointsToAlarm: 2, AlarmActions: [{ Ref: 'EventsTopic' }] },
    });
    const told = all<{ MaximumRetryAttempts?: number; DestinationConfig: { OnFailure?: object } }>(
      'AWS::Lambda::EventInvokeConfig',
    ).filter(({ Properties }) => Properties.DestinationConfig.OnFailure !== undefined);
    // The bots, in their nested stacks, and the function of the rules.
    expect(told).toHaveLength(catalogue.length + 1);
    const ofBots = told.filter(({ Properties }) => Properties.MaximumRetryAttempts === 0);
    expect(ofBots).toHaveLength(catalogue.length);
    for (const { Properties } of ofBots) {
      expect(Properties.DestinationConfig).toEqual({
        OnFailure: { Destination: { Ref: 'FailedRunsQueueArn' } },
      });
    }
  });

  test('an evaluation that Lambda gives up is tried from the queue of looks', () => {
    expect(properties('ConfigDashrulesLambdaEvConf').DestinationConfig).toEqual({
      OnFailure: { Destination: { 'Fn::GetAtt': ['LooksQueue', 'Arn'] } },
    });
  });

  test('a coordinator that fails raises an alarm', () => {
    expect(properties('CoordinatorAlarm')).toMatchObject({
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: 'selfheal-prod-coordinator' }],
      AlarmActions: [{ Ref: 'EventsTopic' }],
    });
    expect(properties('CoordinatorLambdaFunction')).toMatchObject({
      FunctionName: 'selfheal-prod-coordinator',
    });
  });
});

test('of what the bots did, Security Hub’s queue is sent what came from there and changed something', () => {
  expect(properties('SecurityHubSubscription')).toMatchObject({
    TopicArn: { Ref: 'EventsTopic' },
    RawMessageDelivery: true,
    FilterPolicyScope: 'MessageBody',
    FilterPolicy: {
      outcome: [{ 'anything-but': ['declined'] }],
      finding: { securityHub: { region: [{ exists: true }] } },
    },
  });
  expect(properties('SecurityHubQueue')).toMatchObject({
    RedrivePolicy: { deadLetterTargetArn: { 'Fn::Sub': '${UndeliveredQueue.Arn}' }, maxReceiveCount: 20 },
  });
});

test('events are encrypted with a key of our own, which rotates', () => {
  expect(properties('EventsTopic')).toMatchObject({ KmsMasterKeyId: { Ref: 'TopicsKey' } });
  expect(properties('TopicsKey')).toMatchObject({ EnableKeyRotation: true });
});

test('the journal outlives the stack, blocks no next one, and can be brought back to any second', () => {
  expect(made.resources.JournalTable?.Properties).not.toHaveProperty('TableName');
  expect(made.resources.JournalTable).toMatchObject({
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    },
  });
});

/**
 * What held messages, findings or history in the flat stack, by the name that its template gave: another logical id or
 * another name would be another queue, empty.
 */
const STATEFUL = {
  RemediationQueue: { QueueName: 'selfheal-prod-remediation.fifo', FifoQueue: true },
  DeadLetterQueue: { QueueName: 'selfheal-prod-dead-letter.fifo', FifoQueue: true },
  FindingsQueue: { QueueName: 'selfheal-prod-findings' },
  NotificationsQueue: { QueueName: 'selfheal-prod-notifications' },
  UndeliveredQueue: { QueueName: 'selfheal-prod-undelivered' },
  LooksQueue: { QueueName: 'selfheal-prod-looks' },
  SecurityHubQueue: { QueueName: 'selfheal-prod-security-hub' },
  FindingsTopic: { TopicName: 'selfheal-prod-findings' },
  EventsTopic: { TopicName: 'selfheal-prod-events' },
  MembersBus: { Name: 'selfheal-prod' },
  JournalTable: { KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] },
} as const;

describe('an update from the flat stack, which had all in one template', () => {
  const root = () => made.templates[0]?.resources ?? {};
  const nested = () => made.templates.slice(1).flatMap(({ resources }) => Object.values(resources));

  test.each(Object.entries(STATEFUL))('%s stays where it is, under its name', (name, properties) => {
    expect(root()[name]?.Properties).toMatchObject(properties);
  });

  test('no other resource of the template that holds something moves', () => {
    const kinds = [
      'SQS::Queue',
      'SNS::Topic',
      'DynamoDB::Table',
      'Config::ConfigRule',
      'S3::Bucket',
      'KMS::Key',
    ];
    const moved = nested().filter(({ Type }) => kinds.some((kind) => Type === `AWS::${kind}`));
    expect(moved).toEqual([]);
    for (const [name, { Type, DeletionPolicy }] of Object.entries(root())) {
      if (Type === 'AWS::DynamoDB::Table')
        expect([name, DeletionPolicy]).toEqual([name, 'RetainExceptOnCreate']);
    }
  });

  test('what moves has a name that the flat stack, which is there until the end, has not taken', () => {
    const names = nested().flatMap(({ Properties }) =>
      Object.entries(Properties).flatMap(([key, value]) =>
        key.endsWith('Name') && typeof value === 'string' ? [value] : [],
      ),
    );
    expect(names.length).toBeGreaterThanOrEqual(2 * catalogue.length);
    // There a function was called selfheal-prod-<bot>, and no id has a hyphen.
    for (const name of names) expect(name).toMatch(/^(\/aws\/lambda\/)?selfheal-prod-bot-\w+$/);
  });
});

describe('functions', () => {
  interface Lambda {
    readonly FunctionName: string;
    readonly Description: string;
    readonly TracingConfig?: { readonly Mode: string };
    readonly Environment: { readonly Variables: Record<string, unknown> };
    readonly Role: { readonly 'Fn::Sub': string };
    readonly Timeout: number;
  }
  const lambdas = () => all<Lambda>('AWS::Lambda::Function');

  test('one for each bot, and five', () => {
    const names = lambdas().map(({ Properties }) => Properties.FunctionName);
    expect(names.sort()).toEqual(FUNCTIONS.map((name) => `selfheal-prod-${name}`).sort());
  });

  test('each is traced, has a role of its own, and a log group that forgets', () => {
    const groups = all<{ LogGroupName: string; RetentionInDays?: number }>('AWS::Logs::LogGroup');
    for (const { Properties } of lambdas()) {
      expect(Properties.TracingConfig).toEqual({ Mode: 'Active' });
      const group = groups.find(
        (each) => each.Properties.LogGroupName === `/aws/lambda/${Properties.FunctionName}`,
      );
      expect(group?.Properties.RetentionInDays).toBe(90);
    }
    const roles = lambdas().map(({ Properties }) => Properties.Role['Fn::Sub']);
    expect(new Set(roles).size).toBe(roles.length);
    for (const role of roles) {
      expect(made.resources[role.replace(/^\$\{|\.Arn\}$/g, '')]?.Type).toBe('AWS::IAM::Role');
    }
  });

  test('SQS is the only one that retries: bots and coordinator have no asynchronous retries', () => {
    // Evaluations of AWS Config are tried again, by Lambda and then from the queue of looks.
    const configs = all<Record<string, unknown>>('AWS::Lambda::EventInvokeConfig').filter(
      ({ name }) => name !== 'ConfigDashrulesLambdaEvConf',
    );
    const settled = configs.map(
      ({ Properties: { FunctionName, MaximumRetryAttempts, MaximumEventAgeInSeconds } }) => {
        expect([MaximumRetryAttempts, MaximumEventAgeInSeconds]).toEqual([0, 60]);
        const { Ref } = FunctionName as { Ref: string };
        return (properties(Ref) as unknown as Lambda).FunctionName;
      },
    );
    const wanted = ['coordinator', ...catalogue.map(({ id }) => botSuffix(id))].map(
      (name) => `selfheal-prod-${name}`,
    );
    expect(settled.sort()).toEqual(wanted.sort());
  });

  test('a bot ends before its message is visible again', () => {
    const bots = lambdas().filter(({ Properties }) =>
      Properties.FunctionName.startsWith('selfheal-prod-bot-'),
    );
    expect(bots).toHaveLength(catalogue.length);
    for (const { Properties } of bots) {
      expect(Properties.Timeout + 60).toBeLessThanOrEqual(
        properties('RemediationQueue').VisibilityTimeout as number,
      );
    }
  });

  test('the environment holds names, and no secret', () => {
    for (const { Properties } of lambdas()) {
      const isFindings = Properties.FunctionName.endsWith('-findings');
      const looks = Properties.FunctionName.endsWith('-config-rules');
      const waits = Properties.FunctionName.endsWith('-coordinator');
      expect(Object.keys(Properties.Environment.Variables).sort()).toEqual([
        'NODE_OPTIONS',
        'SELFHEAL_ACCOUNT_ID',
        'SELFHEAL_DEAD_LETTER_QUEUE_URL',
        'SELFHEAL_EVENTS_TOPIC_ARN',
        ...(isFindings ? ['SELFHEAL_FINDINGS_TOPIC_ARN'] : []),
        'SELFHEAL_FUNCTION_PREFIX',
        'SELFHEAL_JOURNAL_TABLE',
        ...(looks || isFindings ? ['SELFHEAL_LOOKS_QUEUE_URL'] : []),
        'SELFHEAL_QUEUE_URL',
        'SELFHEAL_STAGE',
        ...(waits ? ['SELFHEAL_WAITING_QUEUE_URL'] : []),
      ]);
    }
    expect(JSON.stringify(made.resources)).not.toMatch(/hooks\.slack|xox[abp]-|AKIA|resolve:/);
  });

  test.each(catalogue.map(({ id }) => id))('%s is one small file', (id) => {
    const zip = join(made.directory, `${id}.zip`);
    expect(statSync(zip).size).toBeLessThanOrEqual(340 * 1024);
    expect(Object.keys(unzipSync(readFileSync(zip)))).toEqual([`functions/remediators/handlers/${id}.js`]);
  });

  test('changes, findings and news come from their queues, and only those that failed come back', () => {
    const sources = all<Record<string, unknown>>('AWS::Lambda::EventSourceMapping');
    expect(sources.map(({ Properties: { EventSourceArn } }) => EventSourceArn)).toEqual([
      { 'Fn::GetAtt': ['LooksQueue', 'Arn'] },
      { 'Fn::GetAtt': ['FindingsQueue', 'Arn'] },
      { 'Fn::GetAtt': ['NotificationsQueue', 'Arn'] },
      { 'Fn::GetAtt': ['SecurityHubQueue', 'Arn'] },
    ]);
    for (const { Properties } of sources) {
      expect(Properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
    }
  });
});

test('only the topics that findings may come over may write into their queue', () => {
  const { Statement } = properties('FindingsQueuePolicy').PolicyDocument as {
    Statement: { Sid: string; Condition: unknown }[];
  };
  const { findings } = allEnabled;
  expect(findings?.topics).toHaveLength(1);
  expect(Statement.find(({ Sid }) => Sid === 'FindingsTopics')?.Condition).toEqual({
    ArnEquals: { 'aws:SourceArn': [{ Ref: 'FindingsTopic' }, ...(findings?.topics ?? [])] },
  });
});

test('AWS Config rules: one for each bot that it records something for, and two that AWS itself evaluates', () => {
  const rules = all<{ ConfigRuleName: string; Source: { Owner: string } }>('AWS::Config::ConfigRule');
  const names = (owner: string) =>
    rules
      .filter(({ Properties }) => Properties.Source.Owner === owner)
      .map(({ Properties }) => Properties.ConfigRuleName);
  expect(names('CUSTOM_LAMBDA').sort()).toEqual(
    catalogue
      .filter(hasRule)
      .map(({ id }) => `selfheal-prod-${id}`)
      .sort(),
  );
  expect(names('AWS')).toEqual(['selfheal-prod-cloudtrail-enabled', 'selfheal-prod-iam-password-policy']);
});
