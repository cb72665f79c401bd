/**
 * How much work a function does, counted and not timed: elements that the methods of lists and loops visit, look-ups in
 * maps and sets, and characters that are split, compared, searched or written as JSON.
 */
export function costOf(work: () => unknown): number {
  let cost = 0;
  const undo: (() => void)[] = [];
  const counting = <T extends object>(
    owner: T,
    names: readonly (keyof T)[],
    weigh: (self: unknown, given: readonly unknown[], result: unknown) => number,
  ) => {
    for (const name of names) {
      const real = owner[name] as unknown as (...given: unknown[]) => unknown;
      const counted = function (this: unknown, ...given: unknown[]): unknown {
        const result = real.apply(this, given);
        cost += 1 + weigh(this, given, result);
        return result;
      };
      undo.push(() => {
        owner[name] = real as unknown as T[typeof name];
      });
      owner[name] = counted as unknown as T[typeof name];
    }
  };
  const lengthOf = (value: unknown) => (typeof value === 'string' || Array.isArray(value) ? value.length : 0);
  counting(
    Array.prototype as unknown[],
    [
      'map',
      'filter',
      'flatMap',
      'find',
      'some',
      'every',
      'includes',
      'indexOf',
      'join',
      'slice',
      'concat',
      'values',
    ],
    (self, given) => {
      // Of concat and slice what they copy, of the rest what they look at, at most.
      return (
        lengthOf(self) + given.reduce<number>((sum, each) => sum + (Array.isArray(each) ? each.length : 0), 0)
      );
    },
  );
  counting(Array.prototype as unknown as { [Symbol.iterator]: unknown }, [Symbol.iterator], lengthOf);
  counting(
    String.prototype as unknown as Record<string, unknown>,
    ['split', 'toLowerCase', 'toUpperCase', 'replace', 'replaceAll', 'trim', 'matchAll', 'startsWith'],
    lengthOf,
  );
  counting(RegExp.prototype, ['exec', 'test'], (self, [text], result) =>
    // One that goes through a text match by match looks at each part of it once.
    (self as RegExp).global && Array.isArray(result) ? lengthOf(result[0]) : lengthOf(text),
  );
  counting(JSON, ['stringify'], (_self, _given, result) => lengthOf(result));
  counting(JSON, ['parse'], (_self, [text]) => lengthOf(text));
  counting(Map.prototype as Map<unknown, unknown>, ['get', 'has', 'set'], () => 0);
  counting(Set.prototype as Set<unknown>, ['has', 'add'], () => 0);
  try {
    work();
    return cost;
  } finally {
    for (const back of undo.reverse()) back();
  }
}
