/** The name that was probably meant, at most so many letters away, or `undefined` when none is near. */
export function nearest(
  given: string,
  names: readonly string[],
  distance = Math.max(2, given.length / 3),
): string | undefined {
  const wanted = given.toLowerCase().replaceAll('-', '_');
  const close = names
    .map((name) => ({ name, distance: name.includes(wanted) && wanted.length > 3 ? 0 : edits(wanted, name) }))
    .sort((one, other) => one.distance - other.distance);
  const [best] = close;
  return best && best.distance <= distance ? best.name : undefined;
}

/** Levenshtein's distance: letters to add, drop or change. */
function edits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(from).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(to).entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, change));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
