import type * as z from 'zod';

/** The text, cut to so many UTF-16 units with a mark, and never within a character. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** The first thing that is wrong with a value: where, and what; `whole` is what the value itself is called. */
export function faultIn({ issues: [issue] }: z.ZodError, whole = 'the whole'): string {
  const where = issue?.path.length ? issue.path.join('.') : whole;
  return clip(`${where}: ${issue?.message ?? 'malformed'}`, 500);
}
