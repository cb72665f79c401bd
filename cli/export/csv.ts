import { consoleUrl } from '../../shared/resources/console';
import { printable } from '../terminal/print';
import { type Exported, arnOf, changeLines } from './record';

/** What Excel and its like take for a formula; a tab or a line end before it changes nothing. Source: OWASP, CSV Injection. */
const FORMULA = /^[\s]*[=+\-@]/;

const COLUMNS: Readonly<Record<string, (row: Exported) => string | undefined>> = {
  id: ({ id }) => id,
  time: ({ atMs }) => new Date(atMs).toISOString(),
  severity: ({ severity }) => severity,
  bot: ({ bot }) => bot,
  account: ({ target }) => target.account,
  region: ({ target }) => target.region,
  type: ({ target }) => target.type,
  resource: ({ target }) => target.id,
  arn: ({ target }) => arnOf(target),
  wrong: ({ violation }) => violation,
  status: ({ status }) => status,
  standing: ({ standing }) => standing,
  changes: (row) => changeLines(row).join('; '),
  calls: ({ calls }) => calls.map(({ action, input }) => `${action} ${JSON.stringify(input)}`).join('; '),
  source: ({ source }) => source,
  finding: ({ finding }) => finding.id,
  found: ({ finding }) => finding.time,
  by: ({ by }) => by,
  console: ({ target }) => consoleUrl(target),
};

/** Rows as CSV with a heading. Source: RFC 4180; lines end with CR LF, as it has them. */
export function csvOf(rows: readonly Exported[]): string {
  const columns = Object.values(COLUMNS);
  return [Object.keys(COLUMNS), ...rows.map((row) => columns.map((column) => column(row) ?? ''))]
    .map((cells) => `${cells.map(cellOf).join(',')}\r\n`)
    .join('');
}

/** A cell: harmless in a terminal and in a spreadsheet, in quotes where it must be. */
export function cellOf(value: string): string {
  const plain = printable(value);
  const safe = FORMULA.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
