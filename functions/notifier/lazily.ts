/** A function that is made at its first call, and kept: what it needs is read then, and not when its file is loaded. */
export function lazily<A extends unknown[], R>(make: () => (...given: A) => R): (...given: A) => R {
  let made: ((...given: A) => R) | undefined;
  return (...given) => (made ??= make())(...given);
}
