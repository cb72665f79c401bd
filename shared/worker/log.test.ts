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
  count('guardduty', { Enqueued: 2, Declined: 0, WithoutRoute: 1 });
  expect(lines).toHaveLength(1);
  const { _aws, ...rest } = JSON.parse(lines[0] ?? '') as { _aws: { Timestamp: number } };
  expect(_aws).toEqual({
    Timestamp: expect.any(Number),
    CloudWatchMetrics: [
      {
        Namespace: 'selfheal',
        Dimensions: [['source']],
        Metrics: [
          { Name: 'Enqueued', Unit: 'Count' },
          { Name: 'WithoutRoute', Unit: 'Count' },
        ],
      },
    ],
  });
  expect(_aws.Timestamp).toBeGreaterThanOrEqual(before);
  // Dimensions and metrics are named there and stand at the root.
  expect(rest).toEqual({ source: 'guardduty', Enqueued: 2, WithoutRoute: 1 });
});

test('nothing counted, nothing written', () => {
  count('guardduty', { Enqueued: 0 });
  expect(lines).toEqual([]);
});
