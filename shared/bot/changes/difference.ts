import { isDeepStrictEqual } from 'node:util';
import { type Change, change, fromTo } from './change';
import { type Json, type JsonObject, isList, isObject, listOf, unfolded, valuesOf } from './json';
import { ASIDE, pairOf } from './input';
import { isAsBefore, listWith, placesIn, sameNamed, suffixed } from './seen';
import { type Direction, inWords, isNothing, named, speaksForItself, statementsIn } from './words';

/** What one value, once written, changes; and what of a list it leaves as it was. */
export interface Difference {
  readonly changes: readonly Change[];
  /** In words. */
  readonly stays: readonly string[];
}

/** How a value is called, and where the one before is looked for. */
export interface About {
  readonly label: string;
  /** The state, or the part of it that the value belongs to. */
  readonly scope: Json;
  /** What things are called that a shape says without a name; empty for the target's own. */
  readonly of: string;
}

const NONE: Difference = { changes: [], stays: [] };

/** A value that is to be under a name, beside what the state has under the same name. */
export function differenceOf(name: string, value: Json, about: About): Difference {
  const next = unfolded(value);
  const old = oldOf(name, next, about.scope);
  const statements = statementsIn(next);
  if (statements) {
    const before = old === undefined ? undefined : (statementsIn(old) ?? listOf(old));
    return ofLists(before, statements, about);
  }
  if (isList(next)) return ofList(name, old, next, about);
  if (isObject(next)) return ofObject(old, next, about);
  if (old === undefined && isAsBefore(about.scope, name, next)) return NONE;
  return scalar(about.label, old, next);
}

/** Two values of one name that are both known. */
export function between(label: string, old: Json, next: Json, of = ''): Difference {
  const [before, after] = [unfolded(old), unfolded(next)];
  if (isDeepStrictEqual(before, after)) return NONE;
  const statements = statementsIn(after);
  if (statements)
    return ofLists(statementsIn(before) ?? listOf(before), statements, { label, scope: null, of });
  if (isList(after) || isList(before))
    return ofLists(listOf(before), listOf(after), { label, scope: null, of });
  if (!isObject(after) || (!isObject(before) && !isNothing(before))) return scalar(label, before, after);
  const names = [...new Set([...Object.keys(isObject(before) ? before : {}), ...Object.keys(after)])];
  return merged(
    names.map((key) =>
      between(
        labelled(label, key),
        (isObject(before) ? before[key] : undefined) ?? null,
        after[key] ?? null,
        of,
      ),
    ),
  );
}

/** Several differences as one. */
export function merged(all: readonly Difference[]): Difference {
  return { changes: all.flatMap(({ changes }) => changes), stays: all.flatMap(({ stays }) => stays) };
}

/** What a field is called within another: the field alone where it says enough. */
export function labelled(outer: string, name: string): string {
  const inner = named(name);
  if (/^(value|content)s?$/.test(inner)) return outer;
  if (outer === '' || inner.includes(' ') || /[./]/.test(inner)) return inner;
  return `${outer.replace(/ (configuration|config|specification|settings?|options?|attributes?)$/, '')} ${inner}`;
}

function ofList(name: string, old: Json | undefined, next: readonly Json[], about: About): Difference {
  const pairs = next.map(pairOf);
  if (next.length > 0 && pairs.every((pair) => pair !== undefined) && !isList(old)) {
    return merged(
      pairs.map(([key, value]) => differenceOf(key, value, { ...about, label: pairLabel(about, key) })),
    );
  }
  return ofLists(old === undefined ? undefined : listOf(old), next, about);
}

function pairLabel({ of }: About, key: string): string {
  return of === '' ? named(key) : `${named(key)} of ${of}`;
}

function ofObject(old: Json | undefined, whole: JsonObject, about: About): Difference {
  const next = Object.fromEntries(Object.entries(whole).filter(([key]) => !ASIDE.test(key)));
  if (isObject(old)) {
    return merged(
      Object.entries(next).map(([key, value]) =>
        between(labelled(about.label, key), old[key] ?? sameNamed(old, key)?.value ?? null, value, about.of),
      ),
    );
  }
  const pair = pairOf(next);
  if (pair) return differenceOf(pair[0], pair[1], { ...about, label: pairLabel(about, pair[0]) });
  if (speaksForItself(next)) return { changes: [change('+', prefixed(about.of, inWords(next)))], stays: [] };
  if (Object.keys(next).every((key) => /^(Add|Remove)$/.test(key))) {
    const added = listOf(next.Add).map((item) => change('+', `${about.label}: ${inWords(item)}`));
    return merged([dropped(about.label, listOf(next.Remove), about.scope), { changes: added, stays: [] }]);
  }
  const isKnown = ([key, field]: [string, Json]): boolean =>
    oldOf(key, unfolded(field), about.scope) !== undefined ||
    statementsIn(field) !== undefined ||
    (isList(field) && field.some(speaksForItself)) ||
    (isObject(field) && Object.entries(field).some(isKnown));
  if (leaves(next) > 3 && !Object.entries(next).some(isKnown)) {
    return { changes: [change('+', `${about.label}: ${inWords(next)}`)], stays: [] };
  }
  return merged(
    Object.entries(next).map(([key, value]) => {
      return differenceOf(key, value, { ...about, label: labelled(about.label, key) });
    }),
  );
}

function scalar(label: string, old: Json | undefined, next: Json): Difference {
  if (old !== undefined && inWords(old) === inWords(next)) return NONE;
  const before = old === undefined || isNothing(old) ? undefined : inWords(old);
  return { changes: fromTo(label, before, isNothing(next) ? undefined : inWords(next)), stays: [] };
}

/** Item by item: what goes, what comes, what stays. */
function ofLists(
  known: readonly Json[] | undefined,
  next: readonly Json[],
  { label, of, scope }: About,
): Difference {
  // A list of another name may hold the very same items.
  const all = known ? [] : placesIn(scope).flatMap(({ value, within }) => (isList(within) ? [value] : []));
  const same = next.filter((item) => isObject(item) && without([item], all).length === 0);
  const old = known ?? (same.length > 0 ? same : undefined);
  const gone = without(old ?? [], next);
  const come = without(next, old ?? []);
  const line = (sign: Change['sign'], item: Json) =>
    change(
      sign,
      speaksForItself(unfolded(item)) ? prefixed(of, inWords(item)) : `${label}: ${inWords(item)}`,
    );
  const changes = [
    ...gone.flatMap((item) => {
      const twin = come.find((other) => isTwin(item, other));
      if (twin === undefined || !isLong(item)) return [line('-', item)];
      come.splice(come.indexOf(twin), 1);
      return [...between(nameOf(item) ?? label, item, twin).changes];
    }),
    ...come.map((item) => line('+', item)),
  ];
  const stays = old === undefined ? [] : next.filter((item) => !without([item], old).length);
  return { changes, stays: stays.map((item) => inWords(item)) };
}

/** Items that are taken out of a list, which may be any of the state's. */
export function dropped(label: string, items: readonly Json[], state: Json): Difference {
  const line = (item: Json) =>
    change('-', speaksForItself(item) || label === '' ? inWords(item) : `${label}: ${inWords(item)}`);
  const said = new Set(items.map((item) => inWords(item)));
  const list = listWith(state, items);
  return {
    changes: items.map(line),
    stays: list.map((item) => inWords(item)).filter((one) => !said.has(one)),
  };
}

function leaves(value: Json): number {
  if (isList(value) || isObject(value)) {
    return valuesOf(value).reduce<number>((sum, one) => sum + leaves(one), 0);
  }
  return 1;
}

/** What the state has in the place of the value: of its name, or the one list of its shape. */
function oldOf(name: string, next: Json, scope: Json): Json | undefined {
  const same = sameNamed(scope, name);
  if (same && isAlike(same.value, next)) return same.value;
  const ending = isList(next) ? suffixed(scope, name) : undefined;
  if (ending) return ending;
  const items = statementsIn(next) ?? (isList(next) ? next : undefined);
  const shape = items?.find(speaksForItself);
  if (shape === undefined && (items === undefined || items.length > 0)) return undefined;
  const lists = placesIn(scope).flatMap(({ value }) => {
    const list = statementsIn(value) ?? (isList(value) ? value : undefined);
    return list &&
      list.length > 0 &&
      list.every((item) => shapeOf(item) === shapeOf(shape ?? list[0] ?? null))
      ? [list]
      : [];
  });
  return shape !== undefined && new Set(lists.map((list) => JSON.stringify(list))).size === 1
    ? lists[0]
    : undefined;
}

/** Two values that could stand in one another's place: an id that is an object elsewhere is another thing. */
function isAlike(old: Json, next: Json): boolean {
  if (isNothing(old)) return true;
  return isList(old) === isList(next) && isObject(old) === isObject(next);
}

function shapeOf(item: Json): string {
  if (!isObject(item) || !speaksForItself(item)) return '';
  return item.Effect !== undefined ? 'statement' : item.Permission !== undefined ? 'grant' : 'rule';
}

function without(items: readonly Json[], others: readonly Json[]): Json[] {
  const left = [...others];
  return items.filter((item) => {
    const at = left.findIndex((other) => isDeepStrictEqual(unfolded(item), unfolded(other)));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

const NAMING = ['Sid', 'ID', 'Id', 'Name', 'name', 'Key'] as const;

function nameOf(item: Json): string | undefined {
  if (!isObject(item)) return undefined;
  const name = NAMING.map((key) => item[key]).find((value) => typeof value === 'string' && value !== '');
  return typeof name === 'string' ? `"${name}"` : undefined;
}

function isTwin(one: Json, other: Json): boolean {
  return nameOf(one) !== undefined && nameOf(one) === nameOf(other);
}

/** Whether two lines that differ in a part of it would be hard to tell apart. */
function isLong(item: Json): boolean {
  return inWords(item).length > 120;
}

function prefixed(of: string, said: string): string {
  return of === '' ? said : `${of}: ${said}`;
}

/** Which way the rules of an operation go. */
export function directionOf(noun: string): Direction | undefined {
  if (noun.includes('Egress')) return 'outbound';
  return noun.includes('Ingress') ? 'inbound' : undefined;
}
