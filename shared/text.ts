import type * as z from 'zod';

/** The text, cut to so many UTF-16 units with a mark, and never within a character. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** The first few of a list, and how many more there are. */
export function some(names: readonly string[], most = 5): string {
  const more = names.length - most;
  return more > 0 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ');
}

/** The first thing that is wrong with a value: where, and what; `whole` is what the value itself is called. */
export function faultIn({ issues }: z.ZodError, whole = 'the whole'): string {
  return said(issues.slice(0, 1), whole);
}

/** All that is wrong with a value that a person wrote, for mending it in one go; else as {@link faultIn}. */
export function faultsIn({ issues }: z.ZodError, whole: string): string {
  return said(issues, whole);
}

function said(issues: z.ZodError['issues'], whole: string): string {
  const faults = issues.map(
    ({ path, message }) => `${path.length > 0 ? path.join('.') : whole}: ${plainly(message)}`,
  );
  return clip(faults.join('; '), 500);
}

/** What zod says of a value of another kind, in plain words. */
export function plainly(message: string): string {
  const [, wanted, given] = /^Invalid input: expected (\w+), received (\w+)$/.exec(message) ?? [];
  if (wanted === undefined || given === undefined) return message;
  const kind = (name: string) => KINDS[name] ?? name;
  return given === 'undefined'
    ? `is missing: ${kind(wanted)} is expected`
    : `must be ${kind(wanted)}, not ${kind(given)}`;
}

/** Names of zod's and JavaScript's kinds. */
const KINDS: Readonly<Record<string, string>> = {
  ...{
    string: 'a text',
    number: 'a number',
    NaN: 'no number',
    int: 'a whole number',
    boolean: 'true or false',
  },
  ...{ array: 'a list', object: 'an object', record: 'an object', null: 'null' },
};
