import { isDeepStrictEqual } from 'node:util';
import type { Target } from '../../resources/target';
import type { Call } from '../outcome';
import { besideAttribute, changesOfCall } from './call';
import type { Change } from './change';
import { between, labelled } from './difference';
import { pairOf, partsOf } from './input';
import { type Json, asJson, isList, isObject, unfolded } from './json';
import { named } from './words';

/**
 * One attribute from a value to another: `- publicly accessible: true`, `+ publicly accessible: false`. It is called as the
 * input that is written calls it, or by its `label`. What is made for it on the way is said too.
 */
export function changesOfSetting(
  is: unknown,
  value: unknown,
  {
    calls,
    label,
    target,
  }: { readonly calls: readonly Call[]; readonly label: string | undefined; readonly target: Target },
): readonly Change[] {
  const [old, next] = [asJson(is), asJson(value)];
  const values = calls.flatMap((call) => partsOf(call, target).values);
  const name = label ?? nameIn(Object.fromEntries(values), next, '') ?? (isObject(next) ? '' : undefined);
  const own = name === undefined ? [] : between(name, old, next).changes;
  if (own.length > 0) {
    const said = new Set(own.map(({ text }) => valueIn(text)));
    const more = calls.flatMap((call) => besideAttribute(call, target).changes);
    return [...own, ...more.filter(({ text }) => !said.has(valueIn(text)))];
  }
  // The rest of a setting's state is about whether it can be written, and must not be taken for what is written.
  return calls.flatMap((call) => changesOfCall(call, { state: null, target }).changes);
}

function valueIn(text: string): string {
  return text.slice(text.lastIndexOf(': ') + 1);
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
