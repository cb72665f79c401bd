import { isDeepStrictEqual } from 'node:util';
import type { Call } from '../outcome';
import type { Change } from './change';
import { between, labelled } from './difference';
import { pairOf } from './input';
import { type Json, asJson, isList, isObject, unfolded } from './json';
import { named } from './words';

/**
 * One attribute from a value to another: `- publicly accessible: true`, `+ publicly accessible: false`. It is called as the
 * input that is written calls it; empty where no field of the input holds the value, unless `label` says how it is called.
 */
export function changesOfSetting(
  is: unknown,
  value: unknown,
  { calls, label }: { readonly calls: readonly Call[]; readonly label: string | undefined },
): readonly Change[] {
  const [old, next] = [asJson(is), asJson(value)];
  const name = label ?? calls.map(({ input }) => nameIn(asJson(input), next, '')).find(Boolean);
  if (name === undefined) return [];
  return between(name, old, next).changes;
}

/** What the field of an input is called that holds the value. */
function nameIn(input: Json, value: Json, outer: string): string | undefined {
  const whole = unfolded(input);
  if (isList(whole)) {
    return whole.map((item) => nameIn(item, value, outer)).find((name) => name !== undefined);
  }
  if (!isObject(whole)) return undefined;
  const pair = pairOf(whole);
  if (pair && isSame(pair[1], value)) return named(pair[0]);
  for (const [name, field] of Object.entries(whole)) {
    if (isSame(field, value)) return labelled(outer, name);
  }
  return Object.entries(whole)
    .map(([name, field]) => nameIn(field, value, labelled(outer, name)))
    .find((name) => name !== undefined);
}

function isSame(field: Json, value: Json): boolean {
  const one = unfolded(field);
  if (isObject(value) || isList(value)) return isDeepStrictEqual(one, value);
  return value !== null && value !== '' && !isObject(one) && !isList(one) && String(one) === String(value);
}
