import { ago } from '../since';
import type { Paints, Printable } from '../terminal/print';
import { printable, text } from '../terminal/print';
import { type Cell, table } from '../terminal/table';
import type { Group, Sort } from './kinds';
import { type Facts, SEVERITIES } from './narrow';

/** The rows in order: by severity the worst first, by age the oldest, else by name; ties the worst, then the oldest. */
export function sorted<T>(rows: readonly T[], by: Sort, factsOf: (row: T) => Facts): T[] {
  const keyed = rows.map((row) => ({ row, facts: factsOf(row) }));
  const compare: Record<Sort, (one: Facts, other: Facts) => number> = {
    severity: (one, other) => SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity),
    age: (one, other) => one.atMs - other.atMs,
    account: (one, other) => byName(place(one), place(other)),
    bot: (one, other) => byName(one.bot, other.bot),
    resource: (one, other) => byName(one.target.id, other.target.id),
  };
  return keyed
    .sort(
      ({ facts: one }, { facts: other }) =>
        compare[by](one, other) ||
        compare.severity(one, other) ||
        compare.age(one, other) ||
        byName(one.target.id, other.target.id),
    )
    .map(({ row }) => row);
}

/** How many rows there are of one kind. */
interface Total {
  readonly name: string;
  readonly count: number;
  readonly severities: Readonly<Partial<Record<Facts['severity'], number>>>;
  /** ISO time of the oldest. */
  readonly oldest: string;
}

/** How many rows there are of each kind, the most first. */
function totals(rows: readonly Facts[], by: Group): Total[] {
  const kinds = new Map<string, Facts[]>();
  for (const row of rows) {
    const kind = kindOf(row, by);
    kinds.set(kind, [...(kinds.get(kind) ?? []), row]);
  }
  return [...kinds]
    .map(([name, of]) => ({
      name,
      count: of.length,
      severities: counts(of),
      oldest: new Date(Math.min(...of.map(({ atMs }) => atMs))).toISOString(),
    }))
    .sort((one, other) => other.count - one.count || byName(one.name, other.name));
}

/** How many rows there are of each severity, the worst first. */
function counts(rows: readonly Facts[]): Partial<Record<Facts['severity'], number>> {
  return Object.fromEntries(
    SEVERITIES.map(
      (severity) => [severity, rows.filter((row) => row.severity === severity).length] as const,
    ).filter(([, count]) => count > 0),
  );
}

/** `2 critical, 14 high`. */
export function countsText(rows: readonly Facts[]): Printable {
  const said = Object.entries(counts(rows)).map(([severity, count]) => `${count} ${severity}`);
  return printable(said.join(', '));
}

/** The totals as a table. */
export function totalsText(paint: Paints, room: number, by: Group, rows: readonly Facts[]): Printable {
  const cells = totals(rows, by).map(({ name, count, severities, oldest }): Cell[] => [
    printable(name),
    text`${count}`,
    ...SEVERITIES.map((severity) => text`${severities[severity] ?? 0}`),
    printable(ago(Date.parse(oldest))),
  ]);
  const columns = {
    [by]: 'name',
    count: 'whole',
    ...Object.fromEntries(SEVERITIES.map((severity) => [severity, 'whole'])),
    oldest: 'whole',
  } as const;
  return table(paint, room, columns, cells);
}

/** The totals as JSON shows them. */
export function totalsOf(rows: readonly Facts[], by: Group | undefined): object {
  return by === undefined ? {} : { totals: totals(rows, by) };
}

function kindOf({ bot, severity, source, target }: Facts, by: Group): string {
  const { account, region, id } = target;
  return { bot, severity, source, account, region, resource: id }[by];
}

function place({ target }: Facts): string {
  return `${target.account}/${target.region}`;
}

function byName(one: string, other: string): number {
  return one.localeCompare(other);
}
