import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  DescribeAlarmsForMetricCommand,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  DeleteMetricFilterCommand,
  type MetricFilter,
  PutMetricFilterCommand,
  paginateDescribeMetricFilters,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateTopicCommand,
  ListSubscriptionsByTopicCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import * as z from 'zod';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';
import { type Target, partitionOf } from '../../../shared/resources/target';
import { findHome, isForAllRegions, isOwn, logGroupIn, trailsOf } from '../cloudtrail/lib/trails';
import { FILTERS, type Filter, type FilterName } from './lib/filters';

const NAMESPACE = 'CISBenchmark';
const NAMES = FILTERS.map(({ name }) => name) as [FilterName, ...FilterName[]];

const params = z.object({
  email: z
    .email()
    .optional()
    .describe(
      'who is notified of alarms where no topic is given: the bot creates one and asks that address to confirm',
    ),
  filters: z
    .array(z.enum(NAMES))
    .default([...NAMES])
    .describe('which of the fifteen of CIS there must be'),
  topic: z
    .string()
    .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/)
    .optional()
    .describe('the ARN of the topic that alarms tell, in the region of the trail'),
});

export const bot = defineBot({
  id: 'cloudwatch_create_metric_filter',
  title: 'Raise the alarms of CIS about what a trail records',
  resource: 'AWS::::Account',
  severity: 'low',
  risk: 'safe',
  kind: 'posture',
  params,
  from: { email: 'config', filters: 'finding', topic: 'config' },
  words: { order: ['email', 'filters'] },
  permissions: {
    read: [
      'cloudtrail:DescribeTrails',
      'cloudwatch:DescribeAlarms',
      'cloudwatch:DescribeAlarmsForMetric',
      'logs:DescribeMetricFilters',
      'sns:ListSubscriptionsByTopic',
    ],
    write: ['cloudwatch:PutMetricAlarm', 'logs:PutMetricFilter', 'sns:CreateTopic', 'sns:Subscribe'],
    undo: ['cloudwatch:DeleteAlarms', 'logs:DeleteMetricFilter'],
  },
  byControl: Object.fromEntries(
    FILTERS.flatMap((filter) => {
      const asked = { filters: [filter.name] };
      return [[filter.prowler, asked], ...('control' in filter ? [[filter.control, asked]] : [])];
    }) as [string, { filters: FilterName[] }][],
  ),
  finder: findHome(({ CloudWatchLogsLogGroupArn }) => Boolean(CloudWatchLogsLogGroupArn)),
  clients: {
    cloudtrail: CloudTrailClient,
    cloudwatch: CloudWatchClient,
    logs: CloudWatchLogsClient,
    sns: SNSClient,
  },

  async inspect({ cloudtrail, cloudwatch, logs, sns }, { target, params: given }): Promise<State> {
    const trails = await trailsOf(cloudtrail);
    const sent = trails
      .filter((trail) => isForAllRegions(trail) && isOwn(trail, target) && trail.HomeRegion === target.region)
      .flatMap(({ CloudWatchLogsLogGroupArn: arn }) => (arn ? [logGroupIn(arn)] : []));
    const [group] = sent;
    if (group === undefined) return { rows: [], listens: false };
    const filters: MetricFilter[] = [];
    for await (const page of paginateDescribeMetricFilters({ client: logs }, { logGroupName: group }))
      filters.push(...(page.metricFilters ?? []));
    const rows: Row[] = [];
    for (const filter of asked(given)) {
      const same = filters.filter(({ filterPattern }) => plain(filterPattern) === plain(filter.pattern));
      rows.push(await rowOf(cloudwatch, filter, filters, same));
    }
    if (rows.every(({ alarm }) => alarm)) return { group, rows, listens: true };
    const TopicArn = topicFor(given, target);
    if (TopicArn === undefined) return { group, rows, listens: false };
    const subscriptions = sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    const found = await undefinedIfGone(subscriptions, 'NotFoundException', 'NotFound');
    return { group, rows, listens: (found?.Subscriptions ?? []).length > 0 };
  },

  check({ group, rows }) {
    if (group === undefined) return 'no trail of all regions of the account goes to CloudWatch Logs';
    const left = rows.filter(({ alarm }) => !alarm).map(({ name }) => name);
    return left.length > 0 ? `no alarm is raised by ${left.join(', ')}` : undefined;
  },

  plan({ group, rows, listens }, { target, params: given }) {
    if (group === undefined) {
      return { held: 'cloudtrail_enable and cloudtrail_send_to_cloudwatch come first' };
    }
    const topic = topicFor(given, target);
    if (topic === undefined) return { held: 'config.ts does not say whom to tell: give topic, or email' };
    if (!listens && given.topic !== undefined) {
      return { held: `nobody listens to ${topic}: subscribe to it, or name another topic` };
    }
    const left = rows.filter(({ alarm }) => !alarm);
    const taken = left.find((row) => row.taken !== undefined);
    if (taken)
      return {
        held: `${taken.taken} ${own(taken.name)} is there already and is another: rename or delete it`,
      };
    const subscribe = { TopicArn: topic, Protocol: 'email', Endpoint: given.email };
    return [
      ...(listens
        ? []
        : [
            { sns: new CreateTopicCommand({ Name: topicName(target) }) },
            ...afterwards([{ sns: new SubscribeCommand(subscribe) }]),
          ]),
      ...left
        .filter(({ metric }) => metric === undefined)
        .map(({ name }) => ({ logs: filterFor(name, group) })),
      ...afterwards(left.map((row) => ({ cloudwatch: alarmFor(row, topic) }))),
    ];
  },

  undo(before, { now: { group, rows } }) {
    const old = (name: string) => before.rows.find((row) => row.name === name);
    const alarms = rows.filter(({ name, ownAlarm }) => ownAlarm && !old(name)?.ownAlarm);
    const filters = rows.filter(({ name, ownFilter }) => ownFilter && !old(name)?.ownFilter);
    return [
      ...(alarms.length > 0
        ? [{ cloudwatch: new DeleteAlarmsCommand({ AlarmNames: alarms.map(({ name }) => own(name)) }) }]
        : []),
      ...filters.map(({ name }) => ({
        logs: new DeleteMetricFilterCommand({ logGroupName: group, filterName: own(name) }),
      })),
    ];
  },

  footprint: ({ group, rows }) => ({ group, rows }),
});

interface State {
  /** The log group that the trail goes to. */
  readonly group?: string;
  readonly rows: readonly Row[];
  /** Somebody hears what the topic is told. */
  readonly listens: boolean;
}

/** How it stands with one of the fifteen. */
interface Row {
  readonly name: FilterName;
  /** The metric that a filter of this pattern writes. */
  readonly metric?: { readonly name: string; readonly namespace: string };
  /** An alarm on it tells a topic. */
  readonly alarm: boolean;
  /** Those by the bot's own names are there. */
  readonly ownFilter: boolean;
  readonly ownAlarm: boolean;
  /** What has the bot's name and is something else. */
  readonly taken?: 'the filter' | 'the alarm';
}

function asked({ filters }: z.output<typeof params>): readonly (Filter & { readonly name: FilterName })[] {
  return FILTERS.filter(({ name }) => filters.includes(name));
}

async function rowOf(
  cloudwatch: CloudWatchClient,
  { name }: { readonly name: FilterName },
  filters: readonly MetricFilter[],
  same: readonly MetricFilter[],
): Promise<Row> {
  const named = filters.find(({ filterName }) => filterName === own(name));
  const base = { name, ownFilter: named !== undefined };
  let metric: Row['metric'];
  for (const { metricTransformations: [to] = [] } of same) {
    if (!to?.metricName || !to.metricNamespace) continue;
    const { metricName: MetricName, metricNamespace: Namespace } = to;
    const { MetricAlarms = [] } = await cloudwatch.send(
      new DescribeAlarmsForMetricCommand({ MetricName, Namespace }),
    );
    const isTold = MetricAlarms.some(
      ({ ActionsEnabled, AlarmActions = [] }) =>
        ActionsEnabled !== false && AlarmActions.some((action) => action.split(':')[2] === 'sns'),
    );
    metric ??= { name: MetricName, namespace: Namespace };
    const ownAlarm = MetricAlarms.some(({ AlarmName }) => AlarmName === own(name));
    if (isTold) return { ...base, metric: { name: MetricName, namespace: Namespace }, alarm: true, ownAlarm };
  }
  const alarms = new DescribeAlarmsCommand({ AlarmNames: [own(name)] });
  const ownAlarm = ((await cloudwatch.send(alarms)).MetricAlarms ?? []).length > 0;
  const isOther = named && !same.includes(named);
  const taken = isOther ? ('the filter' as const) : ownAlarm ? ('the alarm' as const) : undefined;
  return { ...base, ...(metric && { metric }), alarm: false, ownAlarm, ...(taken && { taken }) };
}

/** The bot's name for a filter and its alarm. */
function own(name: string): string {
  return `${NAMESPACE}-${name}`;
}

/** A pattern without what does not change its sense. */
function plain(pattern = ''): string {
  return pattern.replace(/["\s]/g, '');
}

function topicName({ region }: Target): string {
  return `CloudTrailMetricFilterAlerts${region}`;
}

/** The topic that alarms tell; `undefined`: nobody is named. */
function topicFor({ topic, email }: z.output<typeof params>, target: Target): string | undefined {
  if (topic !== undefined || email === undefined) return topic;
  const { account, region } = target;
  return `arn:${partitionOf(region)}:sns:${region}:${account}:${topicName(target)}`;
}

function filterFor(name: FilterName, logGroupName: string): PutMetricFilterCommand {
  return new PutMetricFilterCommand({
    logGroupName,
    filterName: own(name),
    filterPattern: FILTERS.find((filter) => filter.name === name)?.pattern,
    metricTransformations: [{ metricName: name, metricNamespace: NAMESPACE, metricValue: '1' }],
  });
}

function alarmFor({ name, metric }: Row, topic: string): PutMetricAlarmCommand {
  return new PutMetricAlarmCommand({
    AlarmName: own(name),
    AlarmDescription: 'selfheal: an event that CIS asks to be told of',
    AlarmActions: [topic],
    ...{ MetricName: metric?.name ?? name, Namespace: metric?.namespace ?? NAMESPACE },
    ...{ Statistic: 'Sum', Period: 300, EvaluationPeriods: 1, TreatMissingData: 'notBreaching' },
    ...{ Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold' },
  });
}
