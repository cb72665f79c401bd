/** One line of JSON a message: a fixed text to search for, and fields. Lambda's log takes it as it is. */
export function log(level: 'info' | 'warn' | 'error', message: string, fields: object = {}): void {
  console[level](JSON.stringify({ level, message, ...fields }));
}

/**
 * Counts, as metrics of CloudWatch by source: a line of the log that CloudWatch turns into metrics without being called.
 * Zeros are left out, for a metric costs from its first point on; nothing is written when nothing was counted.
 *
 * Source: CloudWatch User Guide, "Specification: Embedded metric format".
 */
export function count(source: string, counts: Readonly<Record<string, number>>): void {
  const counted = Object.entries(counts).filter(([, value]) => value > 0);
  if (counted.length === 0) return;
  const metrics = {
    Namespace: 'selfheal',
    Dimensions: [['source']],
    Metrics: counted.map(([Name]) => ({ Name, Unit: 'Count' })),
  };
  const line = { _aws: { Timestamp: Date.now(), CloudWatchMetrics: [metrics] }, source };
  console.info(JSON.stringify({ ...line, ...Object.fromEntries(counted) }));
}
