import { isDeepStrictEqual } from 'node:util';
import { type Json, type JsonObject, isList, isObject, unfolded, valuesOf } from './json';

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
      for (const value of valuesOf(within)) {
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
 * `GroupName`. The nearest to the root counts; of lists, those of one item are looked into.
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
    level = level.flatMap((part) => (isObject(part) ? Object.values(part).map(unfolded).flatMap(oneOf) : []));
  }
  return undefined;
}

/** Whether the state has the value under a name that the input's ends with: `mode` for `InvokeMode`. */
export function isAsBefore(state: Json, name: string, value: Json): boolean {
  return placesIn(state).some(
    ({ value: old, within }) =>
      isObject(within) &&
      old === value &&
      Object.entries(within).some(
        ([key, one]) => unfolded(one) === old && key.length > 3 && plainName(name).endsWith(plainName(key)),
      ),
  );
}

/** The list that the state has under a name that the input's ends with: `actions` for `DefaultActions`. */
export function suffixed(state: Json, name: string): readonly Json[] | undefined {
  if (!isObject(state)) return undefined;
  const keys = Object.keys(state).filter((key) => key.length > 4 && plainName(name).endsWith(plainName(key)));
  const value = keys[0] === undefined ? undefined : state[keys[0]];
  return isList(value) ? value : undefined;
}

function oneOf(value: Json): readonly Json[] {
  if (!isList(value)) return [value];
  return value.length === 1 ? value : [];
}

/** The name without what tells a name from an id: `InstanceProfileArn` and `instanceProfile` are the same. */
export function stem(name: string): string {
  return plainName(name.replace(/(Name|Ids?|Arns?|ARNs?|Identifiers?|Urls?|URLs?|Number|Type)$/, '') || name);
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** The item of the innermost list of objects that has this id anywhere in it; else the object that has it. */
export function withId(state: Json, id: Json): JsonObject | undefined {
  let found: JsonObject | undefined;
  for (const { value, within } of placesIn(state)) {
    if (isObject(value) && isList(within) && hasIn(value, id)) found = value;
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

/** The item of a list of objects that has all of these somewhere in it, or the object that holds them. */
export function withAll(state: Json, ids: readonly Json[]): JsonObject | undefined {
  const [first, ...others] = ids;
  if (first === undefined) return undefined;
  const found = withId(state, first);
  if (others.length === 0) return found;
  const items = placesIn(state).flatMap(({ value, within }) =>
    isObject(value) && isList(within) ? [value] : [],
  );
  return [...(found ? [found] : []), ...items].find((item) => ids.every((id) => hasIn(item, id)));
}

/** Whether the value is this, or holds it somewhere. */
export function hasIn(value: Json, id: Json): boolean {
  if (value === id) return true;
  return (isList(value) || isObject(value)) && valuesOf(value).some((one) => hasIn(one, id));
}

/** The longest list of the state that has one of these as an item, or in one. */
export function listWith(state: Json, items: readonly Json[]): readonly Json[] {
  const lists = [...new Set(placesIn(state).flatMap(({ within }) => (isList(within) ? [within] : [])))];
  const hit = lists.filter((list) =>
    list.some((item) => isOne(item, items) || items.some((one) => isDeepStrictEqual(one, item))),
  );
  return hit.toSorted((one, other) => other.length - one.length)[0] ?? [];
}

/** Whether the item is one of these, or an object with one of them as a field. */
export function isOne(item: Json, ids: readonly Json[]): boolean {
  if (ids.includes(item)) return true;
  return (
    isObject(item) && Object.values(item).some((field) => typeof field === 'string' && ids.includes(field))
  );
}
