import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from '../functions/remediators/catalogue';
import type { Config } from '../shared/config';
import { ANSWERS, COUNTS, DIMENSIONS } from '../shared/worker/metric-names';
import { dashboard } from './dashboard';

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly metrics?: readonly (readonly unknown[])[];
    readonly markdown?: string;
    readonly alarms?: readonly string[];
  };
}

const NAMESPACE = 'selfheal/${sls:stage}';
const config: Config = {
  enable_auto_response: true,
  bots: { kms_enable_rotation: { enabled: true } },
  accounts: { mode: 'multi', externalId: 'x', accounts: ['444455556666'] },
  findings: { events: ['securityhub'], updateSecurityHub: true },
};

function widgetsOf(given: Config): Widget[] {
  const { Dashboard } = dashboard(given, catalogue);
  const { DashboardBody } = Dashboard?.Properties as { DashboardBody: { 'Fn::Sub': string } };
  return (JSON.parse(DashboardBody['Fn::Sub']) as { widgets: Widget[] }).widgets;
}

/** The metrics of a widget: namespace, name, and the names and values of dimensions; of a search the names alone. */
function metricsOf({ properties: { metrics = [] } }: Widget) {
  return metrics.map((parts) => {
    const [{ expression }] = parts as [{ expression?: string }];
    const [, schema = '', name = ''] = /^SEARCH\('\{(.*?)\} MetricName="(\w+)"/.exec(expression ?? '') ?? [];
    if (name !== '') {
      const [namespace = '', ...dimensions] = schema.split(',').map((word) => word.replaceAll('"', ''));
      return { namespace, name, dimensions, values: [] as string[] };
    }
    const words = parts.filter((part) => typeof part === 'string');
    const [namespace = '', metric = '', ...pairs] = words;
    return {
      ...{ namespace, name: metric },
      dimensions: pairs.filter((_, index) => index % 2 === 0),
      values: pairs.filter((_, index) => index % 2 === 1),
    };
  });
}

test('every metric of ours is one that the code writes, with dimensions that it writes', () => {
  const ours = widgetsOf(config)
    .flatMap(metricsOf)
    .filter(({ namespace }) => namespace !== 'AWS/SQS');
  for (const { namespace, name, dimensions } of ours) {
    expect([namespace, name, DIMENSIONS[name]]).toEqual([
      NAMESPACE,
      name,
      expect.arrayContaining([dimensions]),
    ]);
  }
  expect(new Set(ours.map(({ name }) => name))).toEqual(new Set(Object.keys(DIMENSIONS)));
  const answers = ours.filter(({ values }) => values.length === 1).map(({ values: [value] }) => value);
  expect(answers).toEqual([...ANSWERS, 'limits']);
});

test('queues and alarms are those of the template', () => {
  const widgets = widgetsOf(config);
  const text = `${readFileSync(join(__dirname, 'resources.yml'), 'utf8')}\n  SecurityHubQueue:\n  RemediationAgeAlarm:\n`;
  const named = [
    ...widgets.flatMap(({ properties: { alarms = [] } }) => alarms),
    ...widgets.flatMap(metricsOf).flatMap(({ values }) => values.filter((value) => value.startsWith('$'))),
  ];
  expect(named.length).toBeGreaterThan(10);
  for (const name of named) {
    expect(text).toContain(`\n  ${/^\$\{(\w+)\.(?:Arn|QueueName)\}$/.exec(name)?.[1]}:\n`);
  }
});

test('widgets lie beside each other', () => {
  const cells = widgetsOf(config).flatMap(({ x, y, width, height }) =>
    Array.from({ length: width * height }, (_, n) => `${x + (n % width)},${y + Math.floor(n / width)}`),
  );
  expect(cells).toHaveLength(new Set(cells).size);
  expect(cells.every((cell) => Number(cell.split(',')[0]) < 24)).toBe(true);
});

test('every command that it names is one of the CLI', () => {
  const markdown = widgetsOf(config)
    .map(({ properties }) => properties.markdown ?? '')
    .join('\n');
  const commands = [...markdown.matchAll(/npx selfheal (\w+)/g)].map(([, name = '']) => name);
  expect(commands.length).toBeGreaterThan(4);
  const known = [...readdirSync(join(__dirname, '..', 'cli', 'commands')), 'stop'];
  expect(known).toEqual(expect.arrayContaining(commands));
});

test('what config.ts does without is not shown', () => {
  const small: Config = { enable_auto_response: false, bots: {}, limits: false };
  const text = JSON.stringify(widgetsOf(small));
  expect(text).not.toMatch(/RemediationAge|SecurityHub|account,outcome|Limited"|selfheal limits/);
  expect(text).toContain('`enable_auto_response` is off');
  expect(dashboard({ ...small, dashboard: false }, catalogue)).toEqual({});
});

test('counts of findings have a widget each', () => {
  const names = widgetsOf(config)
    .flatMap(metricsOf)
    .map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining([...COUNTS]));
});
