/** A value as JSON has it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** An object of JSON. */
export type JsonObject = Readonly<Record<string, Json>>;

/** The value without what JSON drops; secrets stand as `(sealed)`. */
export function asJson(value: unknown): Json {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Json);
}

/** Whether the value is an object, and no list. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether the value is a list. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** What a list or an object holds. */
export function valuesOf(whole: readonly Json[] | JsonObject): readonly Json[] {
  return isList(whole) ? whole : Object.values(whole);
}

/** What stands in a text that holds JSON, as policies do; any other value as it is. */
export function unfolded(value: Json): Json {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

/** The value as a list: itself, or the one thing that it is. */
export function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return isList(value) ? value : [value];
}
