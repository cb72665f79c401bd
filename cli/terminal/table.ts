import { stripVTControlCharacters } from 'node:util';
import { type Paint, type Paints, type Printable, joined, printable, text } from './print';

/** Lines of a cell; a paint that colours them after they have been wrapped. */
export type Cell = Printable | { readonly text: Printable; readonly paint: Paint };

/** Ids that people copy stay whole; an `extra` is left out where it leaves the others no room; names are broken at `:` and `/` alone, and only when prose cannot be any narrower. */
export type ColumnKind = 'whole' | 'extra' | 'name' | 'prose';

const GAP = 2;
const NARROW_PROSE = 32;
const NARROWEST_PROSE = 20;
/** A name of more characters than this that cannot be broken gives the others no room. */
const WIDEST_PIECE = 48;
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
  const kinds = Object.values(columns);
  const least = heads.map((title, index) =>
    Math.max(widthOf(title), ...rows.map((row) => widestPiece(textOf(row[index]), kinds[index]))),
  );
  const widths = fitted({ natural, least, kinds }, room - GAP * (heads.length - 1));
  const extra = kinds.lastIndexOf('extra');
  if (!widths && extra >= 0 && room >= SMALL_TERMINAL) {
    const others = Object.entries(columns).filter((_, index) => index !== extra);
    const cells = rows.map((row) => row.filter((_, index) => index !== extra));
    return table(paint, room, Object.fromEntries(others), cells);
  }
  if (!widths || (room < SMALL_TERMINAL && sum(natural) > room)) return blocks(paint, room, heads, rows);
  const isLast = (index: number) => index === heads.length - 1;
  const laid = (cells: readonly Printable[][]) => {
    const height = Math.max(...cells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, at) =>
      cells
        .map((lines, index) => {
          const line = lines[at] ?? text``;
          const gap = isLast(index)
            ? 0
            : (widths[index] ?? 0) + GAP - widthOf(stripVTControlCharacters(line));
          return `${line}${' '.repeat(Math.max(0, gap))}`;
        })
        .join('')
        .trimEnd(),
    );
  };
  const drawn = rows.map((row) =>
    laid(heads.map((_, index) => painted(row[index] ?? text``, widths[index], isLast(index)))),
  );
  const ruled = drawn.some((lines) => lines.length > 1);
  return joined(
    [
      ...laid(heads.map((title, index) => wrapped(title, widths[index]).map(paint.bold))),
      ...drawn.flatMap((lines, at) => (ruled && at > 0 ? ['', ...lines] : lines)),
    ] as Printable[],
    '\n',
  );
}

/**
 * Breaks lines between words, and words that are too long behind `/`, `:`, `,` and the like; one without any of them
 * anywhere. With `wholeUrls`, an address that can be followed is left as it is, however long.
 */
export function wrapped(value: Printable, width = Infinity, wholeUrls = false): Printable[] {
  return linesOf(value).flatMap((line) => {
    const lines: string[] = [];
    let current = '';
    const add = (piece: string) => {
      if (widthOf(current) + widthOf(piece.trimEnd()) <= width) {
        current += piece;
        return true;
      }
      return false;
    };
    const next = () => {
      if (current) lines.push(current.trimEnd());
      current = '';
    };
    for (const word of line.split(/(?<= )/)) {
      if (add(word)) continue;
      next();
      if (add(word)) continue;
      if (wholeUrls && URL_START.test(word)) {
        current = word;
        continue;
      }
      for (const piece of word.split(BREAKS)) {
        if (add(piece)) continue;
        next();
        for (const point of piece) {
          if (add(point)) continue;
          next();
          current = point;
        }
      }
    }
    return [...lines, current.trimEnd()] as Printable[];
  });
}

function blocks(
  paint: Paints,
  room: number,
  heads: readonly Printable[],
  rows: readonly (readonly Cell[])[],
): Printable {
  const width = Math.max(...heads.map(widthOf));
  const shown = rows.map((row) =>
    joined(
      heads.flatMap((title, index) => {
        const cell = row[index] ?? text``;
        // A column shows what is not there by an empty cell; a block leaves it out.
        if (textOf(cell) === '') return [];
        const gap = ' '.repeat(width - widthOf(title) + GAP) as Printable;
        const indent = ' '.repeat(width + GAP);
        const value = painted(cell, Math.max(room - width - GAP, NARROWEST_PROSE), true).join(
          `\n${indent}`,
        ) as Printable;
        return [text`${paint.bold(title)}${gap}${value}`];
      }),
      '\n',
    ),
  );
  return joined(shown, '\n\n');
}

function painted(cell: Cell, width?: number, wholeUrls = false): Printable[] {
  const lines = wrapped(textOf(cell), width, wholeUrls);
  return typeof cell === 'string' ? lines : lines.map((line) => (line === '' ? line : cell.paint(line)));
}

interface Widths {
  readonly natural: readonly number[];
  /** What cannot be broken. */
  readonly least: readonly number[];
  readonly kinds: readonly ColumnKind[];
}

/** Takes from the widest: of prose first, then of names, then of prose what is left to take. */
function fitted({ natural, least, kinds }: Widths, room: number): readonly number[] | undefined {
  const widths = [...natural];
  const rounds = [
    { kind: 'prose', least: NARROW_PROSE },
    { kind: 'name', least: 0 },
    { kind: 'prose', least: NARROWEST_PROSE },
  ] as const;
  for (const round of rounds) {
    while (sum(widths) > room) {
      const candidates = widths.filter(
        (width, index) => kinds[index] === round.kind && width > Math.max(round.least, least[index] ?? 0),
      );
      if (candidates.length === 0) break;
      const widest = Math.max(...candidates);
      const at = widths.findIndex(
        (width, index) =>
          width === widest && kinds[index] === round.kind && width > Math.max(round.least, least[index] ?? 0),
      );
      widths[at] = widest - 1;
    }
  }
  return sum(widths) <= room ? widths : undefined;
}

/** The width of what is not broken: of ids the whole, of names what stands between `:` and `/`, of prose a word. */
function widestPiece(value: Printable, kind: ColumnKind | undefined): number {
  const pieces =
    kind === 'whole' ? linesOf(value) : value.split(/[\s]+/).flatMap((word) => word.split(BREAKS));
  const widest = Math.max(0, ...pieces.map(widthOf));
  return kind === 'prose' ? Math.min(widest, WIDEST_PIECE) : widest;
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

/** Where a word may be broken that does not fit: between the parts of an ARN, a path, a list. */
const BREAKS = /(?<=[/:,;=&?[({])/;
const URL_START = /^[("']?https?:\/\//;
