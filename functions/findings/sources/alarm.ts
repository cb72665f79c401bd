import * as z from 'zod';
import { partitionOf } from '../../../shared/resources/target';
import { resourceOf } from '../../../shared/resources/arn';
import { type ResourceType, typeMeasured } from '../../../shared/resources/types';
import { type Located, routedEach } from '../each';
import { list, misshapen, text, timeOf } from '../shapes';
import type { Intake, Reading, Source } from '../source';

const pairs = list(z.object({ name: z.string(), value: z.string() }));

/** What an alarm says over SNS. Source: CloudWatch User Guide, notifying users on alarm changes. */
const notificationSchema = z.object({
  AlarmName: z.string().min(1),
  AlarmArn: z.string(),
  AlarmDescription: text,
  NewStateValue: z.string(),
  StateChangeTime: text,
  Trigger: z
    .object({
      Namespace: text,
      Dimensions: pairs,
      Metrics: list(
        z.object({
          AccountId: text,
          MetricStat: z.object({ Metric: z.object({ Namespace: text, Dimensions: pairs }) }).nullish(),
        }),
      ),
    })
    .nullish(),
});

/** What it says on EventBridge. Source: CloudWatch User Guide, alarm events and EventBridge. */
const eventSchema = z.object({
  account: z.string(),
  region: z.string(),
  time: text,
  detail: z.object({
    alarmName: z.string().min(1),
    state: z.object({ value: z.string(), timestamp: text, actionsSuppressedBy: text }),
    configuration: z
      .object({
        description: text,
        metrics: list(
          z.object({
            accountId: text,
            metricStat: z
              .object({
                metric: z.object({
                  namespace: text,
                  dimensions: z.record(z.string(), z.string()).nullish(),
                }),
              })
              .nullish(),
          }),
        ),
      })
      .nullish(),
  }),
});

/** A metric that an alarm watches, by what it is measured on. */
interface Metric {
  readonly namespace?: string | undefined;
  readonly account?: string | undefined;
  readonly dimensions: readonly (readonly [name: string, value: string])[];
}

/** An alarm, whichever way it came. */
interface Alarm {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly description?: string | undefined;
  readonly state: string;
  readonly suppressedBy?: string | undefined;
  readonly time?: string | undefined;
  readonly metrics: readonly Metric[];
}

/** CloudWatch alarms, over SNS or EventBridge. Routed by the alarm's name; only ALARM asks for a repair. */
export const alarm: Source = {
  name: 'alarm',

  accepts: (message) => isNotification(message) || isEvent(message),

  read(message, intake): Reading[] {
    if (isNotification(message)) {
      const parsed = notificationSchema.safeParse(message);
      if (!parsed.success) return misshapen('a CloudWatch alarm', parsed.error);
      const read = notified(parsed.data);
      return read
        ? readAlarm(read, intake)
        : [{ unusable: 'not a CloudWatch alarm: AlarmArn is not the ARN of an alarm' }];
    }
    const kind = 'detail-type' in message ? message['detail-type'] : undefined;
    if (kind !== 'CloudWatch Alarm State Change') {
      const said = typeof kind === 'string' ? kind : 'nothing';
      return [{ declined: `CloudWatch says ${said}, which is no state of an alarm` }];
    }
    const parsed = eventSchema.safeParse(message);
    return parsed.success
      ? readAlarm(heard(parsed.data), intake)
      : misshapen('a CloudWatch alarm', parsed.error);
  },

  speaksOverSns: true,

  eventPattern: {
    source: ['aws.cloudwatch'],
    'detail-type': ['CloudWatch Alarm State Change'],
    detail: { state: { value: ['ALARM'] } },
  },
};

function isNotification(message: object): boolean {
  return 'AlarmName' in message && 'NewStateValue' in message;
}

function isEvent(message: object): boolean {
  return 'source' in message && message.source === 'aws.cloudwatch';
}

/** `Region` of a notification is a name for people; account and region stand in the alarm's ARN. */
function notified(said: z.infer<typeof notificationSchema>): Alarm | undefined {
  const match = /^arn:aws[a-z-]*:cloudwatch:([a-z0-9-]+):(\d{12}):alarm:/.exec(said.AlarmArn);
  if (!match) return undefined;
  const [, region = '', account = ''] = match;
  const single = { namespace: said.Trigger?.Namespace, dimensions: said.Trigger?.Dimensions ?? [] };
  const several = (said.Trigger?.Metrics ?? []).map(({ AccountId, MetricStat }) => ({
    account: AccountId,
    namespace: MetricStat?.Metric.Namespace,
    dimensions: MetricStat?.Metric.Dimensions ?? [],
  }));
  return {
    ...{ name: said.AlarmName, account, region, state: said.NewStateValue },
    ...{ description: said.AlarmDescription, time: said.StateChangeTime },
    metrics: [single, ...several].map((metric) => ({
      ...metric,
      dimensions: metric.dimensions.map(({ name, value }) => [name, value] as const),
    })),
  };
}

function heard({ account, region, time, detail }: z.infer<typeof eventSchema>): Alarm {
  const { alarmName: name, state, configuration } = detail;
  return {
    ...{ name, account, region, state: state.value, suppressedBy: state.actionsSuppressedBy },
    ...{ description: configuration?.description, time: state.timestamp ?? time },
    metrics: (configuration?.metrics ?? []).map(({ accountId, metricStat }) => ({
      account: accountId,
      namespace: metricStat?.metric.namespace,
      dimensions: Object.entries(metricStat?.metric.dimensions ?? {}),
    })),
  };
}

function readAlarm(said: Alarm, intake: Intake): Reading[] {
  const { name, account, region, state, suppressedBy, description, time, metrics } = said;
  if (state !== 'ALARM') {
    return [{ declined: `the alarm is in state ${state.slice(0, 64)}; only ALARM asks for a repair` }];
  }
  if (suppressedBy !== undefined) return [{ declined: `the alarm is suppressed by ${suppressedBy}` }];
  const subject = {
    // An alarm is the same whether SNS or EventBridge tells of it.
    ...({ source: 'alarm', id: `${region}/${account}/${name}`, account, region, keys: [name] } as const),
    title: description ?? name,
    time: timeOf(time) ?? intake.sentAt,
  };
  const resources = metrics.flatMap((metric) => measured(metric, region, metric.account ?? account));
  return routedEach(subject, resources, intake);
}

function measured({ namespace = '', account, dimensions }: Metric, region: string, owner: string): Located[] {
  return dimensions.flatMap(([name, value]) => {
    const row = typeMeasured(namespace, name);
    // Amazon Connect has instances too.
    if (!row || (row.type === INSTANCE && !value.startsWith('i-'))) return [];
    const id = idMeasured(row, value, region, owner);
    return id === undefined || id === '' ? [] : [{ type: row.type, id, account }];
  });
}

const INSTANCE = 'AWS::EC2::Instance';

/** What has more than its name for an id is found by the ARN that it would have. */
function idMeasured(row: ResourceType, name: string, region: string, account: string): string | undefined {
  if (row.id !== 'arn' && row.id !== 'url') return name;
  const [form = ''] = [row.arn ?? []].flat();
  const arn = form
    .replace('region', region)
    .replace('account', account)
    .replace('@', () => name);
  return resourceOf(`arn:${partitionOf(region)}:${arn}`)?.id;
}
