import { CloudWatchClient, DescribeAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeMetricFiltersCommand,
  PutMetricFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { type Account, testBot } from '../../../testing/contract';
import { trail } from '../cloudtrail/fixtures/trails';
import { FILTERS } from './lib/filters';
import { bot } from './cloudwatch_create_metric_filter';

const GROUP = 'trails';
const FILTER = 'logs:PutMetricFilter';
const ALARM = 'cloudwatch:PutMetricAlarm';
const [UNAUTHORIZED, , ROOT] = FILTERS;

/** A trail of all regions that goes to a log group, beside a filter and an alarm of somebody else's. */
const given =
  (...more: ((account: Account) => Promise<unknown>)[]) =>
  async (account: Account) => {
    const { client, account: id, region } = account;
    await client(CloudWatchLogsClient).send(new CreateLogGroupCommand({ logGroupName: GROUP }));
    await filter('theirs', '{$.eventName=RunInstances}')(account);
    await alarm('theirs', 'theirs')(account);
    const CloudWatchLogsLogGroupArn = `arn:aws:logs:${region}:${id}:log-group:${GROUP}:*`;
    await trail(account, { IsMultiRegionTrail: true, CloudWatchLogsLogGroupArn });
    for (const make of more) await make(account);
    return id;
  };

const filter =
  (filterName: string, filterPattern: string) =>
  async ({ client }: Account) =>
    client(CloudWatchLogsClient).send(
      new PutMetricFilterCommand({
        ...{ logGroupName: GROUP, filterName, filterPattern },
        metricTransformations: [{ metricName: filterName, metricNamespace: 'Own', metricValue: '1' }],
      }),
    );

const alarm =
  (AlarmName: string, MetricName: string, ...AlarmActions: string[]) =>
  async ({ client }: Account) =>
    client(CloudWatchClient).send(
      new PutMetricAlarmCommand({
        ...{ AlarmName, AlarmActions, MetricName, Namespace: 'Own', Statistic: 'Sum', Period: 300 },
        ...{ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold' },
      }),
    );

const listened = async ({ client, region }: Account) => {
  const sns = client(SNSClient);
  const Name = `CloudTrailMetricFilterAlerts${region}`;
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'them@example.com' }));
};

const others = async ({ client }: Account) => {
  const { metricFilters } = await client(CloudWatchLogsClient).send(new DescribeMetricFiltersCommand({}));
  const { MetricAlarms } = await client(CloudWatchClient).send(new DescribeAlarmsCommand({}));
  return [
    metricFilters?.filter(({ filterName }) => filterName === 'theirs'),
    MetricAlarms?.filter(({ AlarmName }) => AlarmName === 'theirs'),
  ];
};

const ROOT_LOGINS = { email: 'soc@example.com', filters: ['RootAccountLogins' as const] };
const violation = 'no alarm is raised by RootAccountLogins';
const tell = 'arn:aws:sns:eu-west-1:111122223333:theirs';

testBot(bot, {
  violating: [
    {
      name: 'two of the fifteen, and a topic for the address',
      given: given(),
      params: { email: 'soc@example.com', filters: ['RootAccountLogins', 'UnauthorizedApiCalls'] },
      violation: 'no alarm is raised by UnauthorizedApiCalls, RootAccountLogins',
      writes: ['sns:CreateTopic', 'sns:Subscribe', FILTER, FILTER, ALARM, ALARM],
      after: { rows: [{ alarm: true }, { alarm: true }] },
      untouched: others,
    },
    {
      name: 'a filter of the same sense by another name, whose alarm tells nobody',
      given: given(listened, filter('root', ROOT.pattern.replaceAll('=', ' = ')), alarm('quiet', 'root')),
      params: ROOT_LOGINS,
      violation,
      writes: [ALARM],
      after: { rows: [{ metric: { name: 'root', namespace: 'Own' }, alarm: true, ownFilter: false }] },
      untouched: others,
    },
    {
      name: 'a filter by the bot’s name that counts something else',
      given: given(listened, filter('CISBenchmark-RootAccountLogins', UNAUTHORIZED.pattern)),
      params: ROOT_LOGINS,
      violation,
      writes: [],
      held: /the filter CISBenchmark-RootAccountLogins is there already/,
    },
    {
      name: 'an alarm by the bot’s name on something else',
      given: given(listened, alarm('CISBenchmark-RootAccountLogins', 'else', tell)),
      params: ROOT_LOGINS,
      violation,
      writes: [],
      held: /the alarm CISBenchmark-RootAccountLogins is there already/,
    },
    { name: 'nobody is named', given: given(), violation: 'no alarm', writes: [], held: /whom to tell/ },
    {
      name: 'a topic without a listener',
      given: given(),
      params: { topic: tell },
      violation: 'no alarm',
      writes: [],
      held: /nobody listens to arn:aws:sns/,
    },
    {
      name: 'a trail that goes nowhere',
      given: async (account) => {
        await trail(account, { IsMultiRegionTrail: true });
        return account.account;
      },
      violation: 'no trail of all regions of the account goes to CloudWatch Logs',
      writes: [],
      held: /come first/,
    },
  ],
  compliant: [
    {
      name: 'somebody’s own filter and alarm',
      given: given(filter('root', ROOT.pattern), alarm('root', 'root', tell)),
      params: { filters: ['RootAccountLogins'] },
    },
  ],
});

test('each pattern is one that CloudWatch Logs takes: in braces, of 1024 characters at most', () => {
  for (const { pattern } of FILTERS) {
    expect(pattern).toMatch(/^\{[^{}]+\}$/);
    expect(pattern.length).toBeLessThanOrEqual(1024);
  }
});
