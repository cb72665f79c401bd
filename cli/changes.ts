import { isDeepStrictEqual } from 'node:util';
import { type Printable, jsonText, printable, text } from './print';

/**
 * How two states differ, a line a difference. Lists are compared by what is in them, so that one rule gone from the
 * head of a list is one line, not one for every rule that moved up.
 */
export function changesBetween(before: unknown, after: unknown, path: readonly string[] = []): Printable[] {
  if (isDeepStrictEqual(before, after)) return [];
  const where = printable(path.join('.') || 'state');
  if (Array.isArray(before) && Array.isArray(after)) {
    const [gone, come] = [without(before, after), without(after, before)];
    const lines = [
      ...gone.map((item) => text`${where}: - ${jsonText(item)}`),
      ...come.map((item) => text`${where}: + ${jsonText(item)}`),
    ];
    return lines.length > 0 ? lines : [text`${where}: in another order`];
  }
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => changesBetween(before[name], after[name], [...path, name]));
  }
  return [text`${where}: ${valueText(before)} → ${valueText(after)}`];
}

function without(items: readonly unknown[], others: readonly unknown[]): unknown[] {
  const left = [...others];
  return items.filter((item) => {
    const at = left.findIndex((other) => isDeepStrictEqual(item, other));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function valueText(value: unknown): Printable {
  return value === undefined ? text`nothing` : jsonText(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
