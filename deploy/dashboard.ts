import type { CatalogueEntry } from '../shared/catalogue';
import { type Config, hears } from '../shared/config';
import {
  ANSWERS,
  COUNTS,
  type CountName,
  OUTCOMES,
  SECONDS_TO_PROOF,
  namespaceOf,
} from '../shared/worker/metric-names';
import { mostMetrics } from '../shared/worker/metrics';
import { type Resource, STAGE, sub } from './template';

/** A widget without its place. */
interface Widget {
  readonly type: 'metric' | 'text' | 'alarm';
  readonly width: number;
  readonly height: number;
  readonly properties: object;
}

const NAMESPACE = namespaceOf(STAGE);
/** The grid of a dashboard is so many columns wide. */
const COLUMNS = 24;
const HOUR = 3600;

/** Colours of answers: green for what is well, red for what a person must look at. */
const COLOURS: Readonly<Record<(typeof ANSWERS)[number], string>> = {
  fixed: '#2ca02c',
  planned: '#1f77b4',
  held: '#ff7f0e',
  compliant: '#98df8a',
  gone: '#c7c7c7',
  exempt: '#9467bd',
  failed: '#ff9896',
  unverified: '#ffbb78',
  'dead-lettered': '#d62728',
};

/**
 * The dashboard `selfheal-<stage>`: what became of findings, how soon, what waits, and what is wrong. None where config.ts
 * says `dashboard: false`.
 */
export function dashboard(config: Config, catalogue: readonly CatalogueEntry[]): Record<string, Resource> {
  if (config.dashboard === false) return {};
  return {
    Dashboard: {
      Type: 'AWS::CloudWatch::Dashboard',
      Properties: {
        DashboardName: `selfheal-${STAGE}`,
        DashboardBody: sub(JSON.stringify({ start: '-P7D', widgets: placed(widgetsOf(config, catalogue)) })),
      },
    },
  };
}

function widgetsOf(config: Config, catalogue: readonly CatalogueEntry[]): Widget[] {
  const others = config.accounts?.mode === 'multi';
  return [
    {
      type: 'text',
      width: 16,
      height: 6,
      properties: { markdown: words(config, catalogue), background: 'transparent' },
    },
    { type: 'alarm', width: 8, height: 6, properties: { title: 'Alarms', alarms: alarmsOf(config) } },
    graph('What became of messages', 16, {
      stacked: true,
      metrics: ANSWERS.map((outcome) => [
        ...[NAMESPACE, OUTCOMES, 'outcome', outcome],
        { stat: 'Sum', label: outcome, color: COLOURS[outcome] },
      ]),
    }),
    graph('Seconds from finding to proof', 8, {
      metrics: [
        [NAMESPACE, SECONDS_TO_PROOF, { stat: 'p50', label: 'median' }],
        [NAMESPACE, SECONDS_TO_PROOF, { stat: 'p95', label: '95th percentile' }],
      ],
    }),
    graph('Fixed, by bot', 12, found(['bot', 'outcome'], OUTCOMES, 'outcome="fixed"')),
    graph(
      'Held or given up, by bot',
      12,
      found(['bot', 'outcome'], OUTCOMES, '(outcome="held" OR outcome="dead-lettered")'),
    ),
    graph('Answers, by source of the finding', others ? 12 : 24, found(['source', 'outcome'], OUTCOMES)),
    ...(others ? [graph('Answers, by account', 12, found(['account', 'outcome'], OUTCOMES))] : []),
    graph('Age of the oldest message, in seconds', 12, {
      metrics: [
        'Remediation',
        'Findings',
        'Notifications',
        ...(config.findings?.updateSecurityHub ? ['SecurityHub'] : []),
      ].map((queue) => queueMetric('ApproximateAgeOfOldestMessage', queue, 'Maximum')),
    }),
    graph('Messages that wait', 12, {
      metrics: ['Remediation', 'Waiting'].map((queue) =>
        queueMetric('ApproximateNumberOfMessagesVisible', queue, 'Maximum'),
      ),
    }),
    graph('Dead letters, undelivered, runs that did not start', 12, {
      metrics: ['DeadLetter', 'Undelivered', 'FailedRuns'].map((queue) =>
        queueMetric('ApproximateNumberOfMessagesVisible', queue, 'Maximum'),
      ),
    }),
    ...(config.limits === false
      ? []
      : [
          graph('Times that a limit was reached', 12, {
            metrics: [[NAMESPACE, 'Limited' satisfies CountName, 'source', 'limits', { stat: 'Sum' }]],
          }),
        ]),
    ...COUNTS.filter((name) => name.startsWith('Findings')).map((name) =>
      graph(TITLES[name] ?? name, 8, found(['source'], name)),
    ),
  ];
}

const TITLES: Readonly<Partial<Record<CountName, string>>> = {
  FindingsEnqueued: 'Findings that ask for a repair',
  FindingsDeclined: 'Findings that ask for none',
  FindingsWithoutRoute: 'Of these: neither a route nor a bot answers them',
  FindingsDeadLettered: 'Findings that could not be used',
  FindingsDisagreed: 'Fresh findings of a fault that the bot does not see',
};

/** What there is under these dimensions, whatever it is called: CloudWatch looks it up when the page is opened. */
function found(dimensions: readonly string[], metric: string, and = ''): object {
  const schema = [NAMESPACE, ...dimensions]
    .map((word) => (word.includes('/') ? `"${word}"` : word))
    .join(',');
  const search = `{${schema}} MetricName="${metric}"${and === '' ? '' : ` ${and}`}`;
  return {
    stacked: true,
    metrics: [[{ expression: `SEARCH('${search}', 'Sum', ${HOUR})`, id: 'e1', period: HOUR }]],
  };
}

function queueMetric(metric: string, queue: string, stat: string): unknown[] {
  return [
    'AWS/SQS',
    metric,
    'QueueName',
    `\${${queue}Queue.QueueName}`,
    { stat, label: queue.toLowerCase() },
  ];
}

function graph(title: string, width: number, properties: object): Widget {
  const view = { view: 'timeSeries', region: '${AWS::Region}', period: HOUR, yAxis: { left: { min: 0 } } };
  return { type: 'metric', width, height: 6, properties: { title, ...view, ...properties } };
}

/** The alarms of the template, with one only where something is to be mended by itself. */
function alarmsOf({ enable_auto_response }: Config): string[] {
  const names = ['DeadLetter', 'Undelivered', 'Coordinator', 'FailedRuns', 'Limited'];
  return [...names, ...(enable_auto_response ? ['RemediationAge'] : [])].map(
    (name) => `\${${name}Alarm.Arn}`,
  );
}

function words(config: Config, catalogue: readonly CatalogueEntry[]): string {
  const { metrics, dollars } = mostMetrics(config, catalogue);
  const region = 'region=${AWS::Region}';
  const console = `https://\${AWS::Region}.console.aws.amazon.com`;
  const group = `$252Faws$252Flambda$252Fselfheal-${STAGE}-coordinator`;
  return [
    `## selfheal, stage ${STAGE}`,
    config.enable_auto_response
      ? 'Faults are put right by themselves.'
      : '**`enable_auto_response` is off**: messages wait in the queue until it is on.',
    '',
    '| to see | run |',
    '|---|---|',
    '| what waits, and what it would do | `npx selfheal queue` |',
    '| what was changed, and how to undo it | `npx selfheal history`, `npx selfheal undo <id>` |',
    '| what could not be used | `npx selfheal queue --dead` |',
    ...(config.limits === false ? [] : ['| what waits for a limit | `npx selfheal limits` |']),
    '| to stop everything within seconds | `npx selfheal stop` |',
    ...(hears(config, 'securityhub')
      ? [`\nFindings: [Security Hub](${console}/securityhub/home?${region}#/findings)`]
      : []),
    `\nLog: [coordinator](${console}/cloudwatch/home?${region}#logsV2:log-groups/log-group/${group})`,
    `\nAt most ${metrics} metrics of its own; CloudWatch asks up to $${dollars} a month where each has a point in every hour.`,
  ].join('\n');
}

/** Side by side while there is room, then on the next line. */
function placed(widgets: readonly Widget[]): object[] {
  let [x, y] = [0, 0];
  return widgets.map((widget) => {
    if (x + widget.width > COLUMNS) [x, y] = [0, y + widget.height];
    const at = { x, y };
    x += widget.width;
    return { ...at, ...widget };
  });
}
