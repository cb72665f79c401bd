import { isDeepStrictEqual } from 'node:util';

/**
 * How two states differ, a line a difference: `ports.0.from: 22 → 23`. Lists are compared by what is in them, so that
 * one rule gone from the head of a list is one line, not one for every rule that moved up.
 */
export function differences(before: unknown, after: unknown): string[] {
  // As the journal has them: what JSON drops is no difference.
  return between(plain(before), plain(after), []);
}

function between(before: unknown, after: unknown, path: readonly string[]): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  const where = path.join('.') || 'state';
  if (Array.isArray(before) && Array.isArray(after)) {
    const lines = [
      ...without(before, after).map((item) => `${where}: - ${textOf(item)}`),
      ...without(after, before).map((item) => `${where}: + ${textOf(item)}`),
    ];
    return lines.length > 0 ? lines : [`${where}: in another order`];
  }
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => between(before[name], after[name], [...path, name]));
  }
  return [`${where}: ${textOf(before)} → ${textOf(after)}`];
}

function without(items: readonly unknown[], others: readonly unknown[]): unknown[] {
  const left = [...others];
  return items.filter((item) => {
    const at = left.findIndex((other) => isDeepStrictEqual(item, other));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function textOf(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
