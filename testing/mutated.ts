import fc from 'fast-check';

type Path = readonly (string | number)[];

/** One of the samples with up to three of its fields, however deep, replaced by anything or left out (`undefined`). */
export function mutated(
  samples: readonly object[],
  anything: fc.Arbitrary<unknown> = fc.option(fc.jsonValue(), { nil: undefined }),
): fc.Arbitrary<object> {
  return fc.constantFrom(...samples).chain((sample) => {
    const path = fc.constantFrom(...pathsOf(sample));
    const change = fc.tuple(path, anything);
    return fc
      .array(change, { minLength: 1, maxLength: 3 })
      .map((changes) =>
        changes.reduce<object>((whole, [at, value]) => replaced(whole, at, value) as object, sample),
      );
  });
}

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, each]) => pathsOf(each, [...path, key]));
  return path.length === 0 ? below : [path, ...below];
}

/** The value with what lies at the path replaced; paths that another change has taken away change nothing. */
function replaced(whole: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  if (typeof whole !== 'object' || whole === null) return whole;
  const copy = (Array.isArray(whole) ? [...(whole as unknown[])] : { ...whole }) as Record<string, unknown>;
  if (Object.hasOwn(copy, key)) copy[key] = replaced(copy[key], rest, value);
  return copy;
}
