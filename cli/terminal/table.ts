import Table from 'cli-table3';
import { type Paint, type Paints, type Printable, joined, printable, text } from './print';

/** Lines of a cell; a paint that colours them after they have been wrapped. */
export type Cell = Printable | { readonly text: Printable; readonly paint: Paint };

/** Ids that people copy stay whole; names are broken only when prose cannot be any narrower. */
export type ColumnKind = 'whole' | 'name' | 'prose';

const GAP = 2;
const NARROW_PROSE = 24;
const NARROW_NAME = 18;
const NARROWEST = 16;
/** Below this, columns are so narrow that a block a row reads better. */
const SMALL_TERMINAL = 72;

/** A table as wide as the terminal at most; in a small terminal, a block a row. Columns by their titles. */
export function table(
  paint: Paints,
  room: number,
  columns: Readonly<Record<string, ColumnKind>>,
  rows: readonly (readonly Cell[])[],
): Printable {
  const heads = Object.keys(columns).map(printable);
  const natural = heads.map((title, index) =>
    Math.max(...[title, ...rows.map((row) => textOf(row[index]))].flatMap(linesOf).map(widthOf)),
  );
  const widths = fitted(natural, Object.values(columns), room - GAP * (heads.length - 1));
  if (!widths || (room < SMALL_TERMINAL && sum(natural) > room)) return blocks(paint, heads, rows);
  const drawn = new Table({
    head: heads.map((title, index) => joined(wrapped(title, widths[index]).map(paint.bold), '\n')),
    // Without borders cli-table3 would cut what is a column wider than itself: text is wrapped here already.
    colWidths: widths.map((width, index) => width + (index < widths.length - 1 ? GAP : 0)),
    chars: BORDERLESS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  });
  const ruled = rows.some((row) =>
    row.some((cell, index) => wrapped(textOf(cell), widths[index]).length > 1),
  );
  rows.forEach((row, at) => {
    if (ruled && at > 0) drawn.push(row.map(() => ''));
    drawn.push(row.map((cell, index) => joined(painted(cell, widths[index]), '\n')));
  });
  return drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n') as Printable;
}

/** Breaks lines between words, and words that are too long anywhere. */
export function wrapped(value: Printable, width = Infinity): Printable[] {
  return linesOf(value).flatMap((line) => {
    const lines: string[] = [];
    let current = '';
    for (const word of line.split(/(?<= )/)) {
      if (widthOf(current) + widthOf(word.trimEnd()) <= width) {
        current += word;
        continue;
      }
      if (current) lines.push(current.trimEnd());
      current = '';
      for (const point of word.trimEnd()) {
        if (widthOf(current) + widthOf(point) > width) {
          lines.push(current);
          current = '';
        }
        current += point;
      }
      current += word.slice(word.trimEnd().length);
    }
    return [...lines, current.trimEnd()] as Printable[];
  });
}

function blocks(paint: Paints, heads: readonly Printable[], rows: readonly (readonly Cell[])[]): Printable {
  const width = Math.max(...heads.map(widthOf));
  const shown = rows.map((row) =>
    joined(
      heads.map((title, index) => {
        const cell = row[index] ?? text``;
        const gap = ' '.repeat(width - widthOf(title) + GAP) as Printable;
        const indent = ' '.repeat(width + GAP);
        const value = painted(cell).join(`\n${indent}`) as Printable;
        return value === '' ? paint.bold(title) : text`${paint.bold(title)}${gap}${value}`;
      }),
      '\n',
    ),
  );
  return joined(shown, '\n\n');
}

function painted(cell: Cell, width?: number): Printable[] {
  const lines = wrapped(textOf(cell), width);
  return typeof cell === 'string' ? lines : lines.map((line) => (line === '' ? line : cell.paint(line)));
}

/** Takes from the widest: of prose first, then of names, then of prose what is left to take. */
function fitted(
  natural: readonly number[],
  kinds: readonly ColumnKind[],
  room: number,
): readonly number[] | undefined {
  const widths = [...natural];
  const rounds = [
    { kind: 'prose', least: NARROW_PROSE },
    { kind: 'name', least: NARROW_NAME },
    { kind: 'prose', least: NARROWEST },
    { kind: 'name', least: NARROWEST },
  ] as const;
  for (const { kind, least } of rounds) {
    while (sum(widths) > room) {
      const candidates = widths.filter((width, index) => kinds[index] === kind && width > least);
      if (candidates.length === 0) break;
      const widest = Math.max(...candidates);
      const at = widths.findIndex((width, index) => width === widest && kinds[index] === kind);
      widths[at] = widest - 1;
    }
  }
  return sum(widths) <= room ? widths : undefined;
}

function textOf(cell: Cell | undefined): Printable {
  if (cell === undefined) return text``;
  return typeof cell === 'string' ? cell : cell.text;
}

function linesOf(value: Printable): Printable[] {
  return value.split('\n') as Printable[];
}

/** Columns on the terminal: Chinese, Japanese and Korean characters and pictures take two. */
function widthOf(value: string): number {
  let width = 0;
  for (const point of value) width += WIDE.test(point) ? 2 : 1;
  return width;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;

const BORDERLESS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};
