import { type CountName, DIMENSIONS, namespaceOf } from './metric-names';

/** One line of JSON a message: a fixed text to search for, and fields. Lambda's log takes it as it is. */
export function log(level: 'info' | 'warn' | 'error', message: string, fields: object = {}): void {
  console[level](JSON.stringify({ level, message, ...fields }));
}

/**
 * Counts, as metrics of CloudWatch by source. Zeros are left out, for a metric costs from its first point on; nothing is
 * written when nothing was counted.
 */
export function count(source: string, counts: Readonly<Partial<Record<CountName, number>>>): void {
  const counted = Object.entries(counts).filter(([, value]) => value > 0);
  if (counted.length === 0) return;
  emit(
    { source },
    counted.map(([name, value]) => ({ name, value, unit: 'Count' })),
  );
}

/** A point of a metric. */
export interface Point {
  readonly name: string;
  readonly value: number;
  readonly unit: 'Count' | 'Seconds';
}

/**
 * Writes points: a line of the log that CloudWatch turns into metrics without being called.
 *
 * @param dimensions What they are points of, at least for every dimension that one of the metrics has.
 *
 * Source: CloudWatch User Guide, "Specification: Embedded metric format".
 */
export function emit(dimensions: Readonly<Record<string, string>>, points: readonly Point[]): void {
  const Namespace = namespaceOf(process.env.SELFHEAL_STAGE);
  const sets = new Map<string, Point[]>();
  for (const point of points) {
    const key = JSON.stringify(DIMENSIONS[point.name] ?? []);
    sets.set(key, [...(sets.get(key) ?? []), point]);
  }
  const CloudWatchMetrics = [...sets].map(([key, alike]) => ({
    Namespace,
    Dimensions: JSON.parse(key) as string[][],
    Metrics: alike.map(({ name, unit }) => ({ Name: name, Unit: unit })),
  }));
  const values = Object.fromEntries(points.map(({ name, value }) => [name, value]));
  console.info(
    JSON.stringify({ _aws: { Timestamp: Date.now(), CloudWatchMetrics }, ...dimensions, ...values }),
  );
}
