import { count } from './log';

let lines: string[];
beforeEach(() => {
  lines = [];
  jest.spyOn(console, 'info').mockImplementation((line: string) => void lines.push(line));
});
afterEach(() => {
  jest.restoreAllMocks();
});

test('a count is a line in the embedded metric format', () => {
  const before = Date.now();
  count('guardduty', { FindingsEnqueued: 2, FindingsDeclined: 0, FindingsWithoutRoute: 1 });
  expect(lines).toHaveLength(1);
  const { _aws, ...rest } = JSON.parse(lines[0] ?? '') as { _aws: { Timestamp: number } };
  expect(_aws).toEqual({
    Timestamp: expect.any(Number),
    CloudWatchMetrics: [
      {
        Namespace: 'selfheal',
        Dimensions: [['source']],
        Metrics: [
          { Name: 'FindingsEnqueued', Unit: 'Count' },
          { Name: 'FindingsWithoutRoute', Unit: 'Count' },
        ],
      },
    ],
  });
  expect(_aws.Timestamp).toBeGreaterThanOrEqual(before);
  // Dimensions and metrics are named there and stand at the root.
  expect(rest).toEqual({ source: 'guardduty', FindingsEnqueued: 2, FindingsWithoutRoute: 1 });
});

test('nothing counted, nothing written', () => {
  count('guardduty', { FindingsEnqueued: 0 });
  expect(lines).toEqual([]);
});

test('each stage has a namespace of its own', () => {
  const before = process.env.SELFHEAL_STAGE;
  process.env.SELFHEAL_STAGE = 'dev';
  try {
    count('limits', { Limited: 1 });
  } finally {
    if (before === undefined) delete process.env.SELFHEAL_STAGE;
    else process.env.SELFHEAL_STAGE = before;
  }
  expect(lines[0]).toContain('"Namespace":"selfheal/dev"');
});
