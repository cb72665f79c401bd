import { type Json, type JsonObject, isList, isObject, unfolded } from './json';

/** Where a value stands in a state. */
export interface Place {
  readonly value: Json;
  /** The list or the object that holds it. */
  readonly within: readonly Json[] | JsonObject;
}

/** Every value of a state that is an item of a list or a field, the nearest to its root first. */
export function placesIn(state: Json): Place[] {
  const places: Place[] = [];
  let level: Json[] = [unfolded(state)];
  while (level.length > 0) {
    const next: Json[] = [];
    for (const within of level) {
      if (!isList(within) && !isObject(within)) continue;
      for (const value of Object.values(within) as Json[]) {
        const inner = unfolded(value);
        places.push({ value: inner, within });
        next.push(inner);
      }
    }
    level = next;
  }
  return places;
}

/**
 * What the state has under the name that an input has: `BackupRetentionPeriod` for `backupRetentionPeriod`, `group` for
 * `GroupName`. The nearest to the root counts; lists are not looked into.
 */
export function sameNamed(state: Json, name: string): { readonly value: Json } | undefined {
  const wanted = [plainName(name), stem(name)];
  let level: Json[] = [unfolded(state)];
  while (level.length > 0) {
    for (const want of wanted) {
      for (const part of level) {
        if (!isObject(part)) continue;
        for (const [key, value] of Object.entries(part)) {
          if (plainName(key) === want) return { value: unfolded(value) };
        }
      }
    }
    level = level.flatMap((part) => (isObject(part) ? Object.values(part).map(unfolded) : []));
  }
  return undefined;
}

/** The name without what tells a name from an id: `InstanceProfileArn` and `instanceProfile` are the same. */
export function stem(name: string): string {
  return plainName(name.replace(/(Name|Ids?|Arns?|ARNs?|Identifiers?|Urls?|URLs?|Number)$/, '') || name);
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** The item of the innermost list of objects that has this id anywhere in it; else the object that has it. */
export function withId(state: Json, id: Json): JsonObject | undefined {
  let found: JsonObject | undefined;
  const has = (value: Json): boolean =>
    value === id ||
    ((isList(value) || isObject(value)) && Object.values(value).some((one) => has(one as Json)));
  for (const { value, within } of placesIn(state)) {
    if (isObject(value) && isList(within) && has(value)) found = value;
  }
  if (found) return found;
  for (const { value, within } of placesIn(state)) {
    if (value === id && isObject(within) && within !== unfolded(state)) return within;
  }
  for (const { within } of placesIn(state)) {
    if (isList(within) || typeof id !== 'string' || !Object.hasOwn(within, id)) continue;
    const { [id]: value = null } = within;
    if (isObject(value)) return value;
  }
  return undefined;
}

/** The longest list of the state that has one of these as an item, or in one. */
export function listWith(state: Json, items: readonly Json[]): readonly Json[] {
  const lists = [...new Set(placesIn(state).flatMap(({ within }) => (isList(within) ? [within] : [])))];
  const hit = lists.filter((list) => list.some((item) => isOne(item, items)));
  return hit.toSorted((one, other) => other.length - one.length)[0] ?? [];
}

/** Whether the item is one of these, or an object with one of them as a field. */
export function isOne(item: Json, ids: readonly Json[]): boolean {
  if (ids.includes(item)) return true;
  return (
    isObject(item) && Object.values(item).some((field) => typeof field === 'string' && ids.includes(field))
  );
}
