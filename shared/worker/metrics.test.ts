import type { Config } from '../config';
import { count } from './log';
import { ANSWERS, COUNTS, DIMENSIONS, OUTCOMES, SECONDS_TO_PROOF, namespaceOf } from './metric-names';
import { measure, mostMetrics } from './metrics';

const HOME = '111122223333';
const config: Config = {
  enable_auto_response: true,
  bots: { kms_enable_rotation: { enabled: true }, ec2_require_imdsv2: { enabled: false } },
  accounts: { mode: 'multi', externalId: 'x', accounts: ['444455556666'], organization: 'o-a1b2c3d4e5' },
};
const worker = { config, environment: { accountId: HOME } };
const NOW = Date.parse('2026-11-29T10:00:30Z');

interface Emf {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [name: string]: unknown;
}

let lines: Emf[];
beforeEach(() => {
  lines = [];
  jest.spyOn(console, 'info').mockImplementation((line: string) => void lines.push(JSON.parse(line) as Emf));
  jest.spyOn(Date, 'now').mockReturnValue(NOW);
});
afterEach(() => {
  jest.restoreAllMocks();
});

const asked = (more: { account?: string; source?: string; time?: string } = {}) => ({
  target: { account: more.account ?? HOME, region: 'eu-west-1', type: 'AWS::KMS::Key', id: 'a-resource' },
  finding: {
    source: more.source ?? 'securityhub',
    id: 'a-finding',
    time: more.time ?? '2026-11-29T10:00:00Z',
  },
});
const answered = (outcome: (typeof ANSWERS)[number], more?: Parameters<typeof asked>[0]): Emf => {
  measure(worker, { id: 'kms_enable_rotation' }, asked(more), outcome);
  const [line] = lines.splice(0);
  if (!line) throw new Error('nothing was written');
  return line;
};

test('an answer is one line, which names neither resource nor finding', () => {
  const { _aws, ...rest } = answered('fixed');
  expect(rest).toEqual({
    ...{ bot: 'kms_enable_rotation', source: 'securityhub', account: HOME, outcome: 'fixed' },
    ...{ [OUTCOMES]: 1, [SECONDS_TO_PROOF]: 30 },
  });
  expect(_aws).toEqual({
    Timestamp: NOW,
    CloudWatchMetrics: [
      {
        Namespace: namespaceOf(process.env.SELFHEAL_STAGE),
        Dimensions: [['outcome'], ['bot', 'outcome'], ['source', 'outcome'], ['account', 'outcome']],
        Metrics: [{ Name: 'Outcomes', Unit: 'Count' }],
      },
      {
        Namespace: namespaceOf(process.env.SELFHEAL_STAGE),
        Dimensions: [[], ['source']],
        Metrics: [{ Name: 'SecondsToProof', Unit: 'Seconds' }],
      },
    ],
  });
});

test('only a proven repair has a time', () => {
  for (const outcome of ANSWERS.filter((each) => each !== 'fixed')) {
    expect(answered(outcome)).not.toHaveProperty(SECONDS_TO_PROOF);
  }
});

test.each([
  ['of tomorrow', '2026-11-30T10:00:00Z', 0],
  ['of no time at all', 'soon', undefined],
])('a finding %s', (_which, time, seconds) => {
  expect(answered('fixed', { time })[SECONDS_TO_PROOF]).toBe(seconds);
});

test.each([
  ['the installation’s', HOME, HOME],
  ['listed', '444455556666', '444455556666'],
  ['of the organization', '777788889999', 'other'],
])('an account that is %s', (_which, account, said) => {
  expect(answered('held', { account })).toMatchObject({ account: said });
});

test.each([
  ['cli', 'cli'],
  ['generic', 'generic'],
  ['whatever-somebody-writes', 'other'],
])('the source %s', (source, said) => {
  expect(answered('held', { source })).toMatchObject({ source: said });
});

test('findings of every kind come to no more metrics than are announced', () => {
  const accounts = [
    HOME,
    '444455556666',
    ...Array.from({ length: 30 }, (_, n) => String(n).padStart(12, '9')),
  ];
  const sources = ['securityhub', 'cli', 'generic', ...Array.from({ length: 30 }, (_, n) => `s${n}`)];
  for (const outcome of ANSWERS)
    for (const account of accounts)
      for (const source of sources)
        measure(worker, { id: 'kms_enable_rotation' }, asked({ account, source }), outcome);
  for (const name of COUNTS) count('generic', { [name]: 1 });
  const metrics = new Set(
    lines.flatMap((line) =>
      line._aws.CloudWatchMetrics.flatMap(({ Dimensions, Metrics }) =>
        Metrics.flatMap(({ Name }) =>
          Dimensions.map((set) =>
            JSON.stringify([Name, set.map((dimension) => [dimension, line[dimension]])]),
          ),
        ),
      ),
    ),
  );
  // By outcome alone, for one bot, four sources and three accounts; times of all and by source; counts of one source.
  expect(metrics.size).toBe(9 * (1 + 1 + 4 + 3) + 5 + 6);
  const { metrics: most, dollars } = mostMetrics(config, [
    { id: 'kms_enable_rotation' },
    { id: 'ec2_require_imdsv2' },
  ]);
  expect(most).toBe(9 * (1 + 1 + 15 + 3) + 16 + 6 * 15);
  expect(dollars).toBe(86);
});

test('every metric that is written stands in the table with its dimensions', () => {
  answered('fixed');
  expect(Object.keys(DIMENSIONS).sort()).toEqual([...COUNTS, OUTCOMES, SECONDS_TO_PROOF].sort());
});
