import { clip } from '../../text';

/** One line of what a plan changes: `-` goes, `+` comes, a blank stays. The text is one line, of no markup. */
export interface Change {
  readonly sign: '-' | '+' | ' ';
  readonly text: string;
}

/** Most characters of a line. */
const LENGTH = 200;

/** A line, cut to its length. */
export function change(sign: Change['sign'], text: string): Change {
  return { sign, text: clip(text.replace(/\s+/g, ' ').trim(), LENGTH) };
}

/** From an old value to a new one, each of which may be nothing. */
export function fromTo(label: string, old: string | undefined, value: string | undefined): Change[] {
  if (old === value) return [];
  return [
    ...(old === undefined ? [] : [change('-', `${label}: ${old}`)]),
    ...(value === undefined ? [] : [change('+', `${label}: ${value}`)]),
  ];
}

/** At most so many lines; the last then says how many more there are. */
export function atMost(changes: readonly Change[], lines: number): readonly Change[] {
  if (changes.length <= lines) return changes;
  const shown = changes.slice(0, lines - 1);
  const left = changes.slice(lines - 1);
  const stay = left.every(({ sign }) => sign === ' ');
  return [...shown, { sign: ' ', text: `… and ${left.length} more ${stay ? 'stay' : 'lines'}` }];
}
