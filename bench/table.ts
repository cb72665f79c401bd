import Table from 'cli-table3';
import pc from 'picocolors';

/** One measurement and what was measured beside it in the same run. */
export interface Row {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** The single measurements that `value` is the median of. */
  readonly each?: readonly number[];
  readonly beside: string;
  /** In the same unit. */
  readonly besideValue: number;
  readonly besideEach?: readonly number[];
  readonly ratio: number;
  /** What the ratio should be. */
  readonly goal?: { readonly atLeast?: number; readonly atMost?: number };
}

/** The rows as a table for a terminal. */
export function tableOf(rows: readonly Row[]): string {
  const table = new Table({
    head: ['measured', 'median', 'beside', 'median', 'ratio', 'goal', ''],
    colAligns: ['left', 'right', 'left', 'right', 'right', 'left', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) {
    table.push([
      row.what,
      cell(row.value, row.unit, row.each),
      row.beside,
      cell(row.besideValue, row.unit, row.besideEach),
      number(row.ratio),
      goalText(row.goal),
      mark(row),
    ]);
  }
  return table.toString();
}

/** Whether the ratio is where it should be; `undefined`: there is no goal. */
export function isReached({ ratio, goal }: Row): boolean | undefined {
  return goal && ratio >= (goal.atLeast ?? -Infinity) && ratio <= (goal.atMost ?? Infinity);
}

/** The middle one, or between the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const half = sorted.length >> 1;
  const [low = NaN, high = NaN] = sorted.slice(sorted.length % 2 === 0 ? half - 1 : half);
  return sorted.length % 2 === 0 ? (low + high) / 2 : low;
}

function cell(value: number, unit: string, each: readonly number[] = []): string {
  const whole = `${number(value)} ${unit}`;
  if (each.length === 0) return whole;
  const few = each.length <= 5 ? each : [Math.min(...each), Math.max(...each)];
  return `${whole}\n${pc.dim(few.map(number).join(each.length <= 5 ? ' ' : ' … '))}`;
}

/** Three digits that count. */
function number(value: number): string {
  const fraction = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: fraction, maximumFractionDigits: fraction });
}

function goalText({ atLeast, atMost }: NonNullable<Row['goal']> = {}): string {
  if (atLeast !== undefined && atMost !== undefined) return `${atLeast} to ${atMost}`;
  if (atLeast !== undefined) return `≥ ${atLeast}`;
  return atMost === undefined ? '' : `≤ ${atMost}`;
}

function mark(row: Row): string {
  const reached = isReached(row);
  if (reached === undefined) return '';
  return reached ? pc.green('✓') : pc.red('✗');
}
