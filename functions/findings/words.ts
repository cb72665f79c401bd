import { type CatalogueEntry, type ParamSchema, wrongParams } from '../../shared/catalogue';
import { nearest } from '../../shared/nearest';

/** Parameters, or one sentence on which word is wrong and what is allowed. */
export type Words = { readonly params: Record<string, unknown> } | { readonly wrong: string };

/** The words behind `AUTO:`; the first is the bot. Quotes hold a word together; one that stands alone is a letter. */
export function splitWords(text: string): string[] {
  return [...text.matchAll(/(?:"[^"]*"|'[^']*'|\S)+/g)].map(([word]) => word);
}

/**
 * Reads the words behind a bot's name: `name=value` (or CloudBots' `Name:value`) in any order, the others by the
 * position that the bot's metadata gives them, of which `''` passes over one; lists with commas. A word with `=`
 * that names no parameter is text where text comes next, unless it looks like a misspelt name: quotes keep it text.
 * Nothing is evaluated, and no name is taken that the bot's parameters do not have. `configured`
 * is what config.ts gives the bot: the words may leave it out.
 */
export function readWords(
  entry: CatalogueEntry,
  words: readonly string[],
  configured: Readonly<Record<string, unknown>> = {},
): Words {
  const params: Record<string, unknown> = {};
  const order = [...(entry.words.order ?? [])];
  for (const word of words) {
    if (word === `''` || word === '""') {
      positional(entry, order, params);
      continue;
    }
    const named = nameIn(entry, word);
    const isMisspelt = !named && isMeantAsName(entry, word, order, params);
    const name = isMisspelt ? undefined : (named?.name ?? positional(entry, order, params));
    if (name === undefined) return { wrong: unexpected(entry, word) };
    const said = named?.value ?? word;
    // The quotes of JSON are its own.
    const value = said.startsWith('{') ? said : unquoted(said);
    const schema = entry.params.properties?.[name];
    const isList = isListed(schema);
    if (named && Object.hasOwn(params, name)) return { wrong: `${entry.id}: ${name} is given twice` };
    const given = typed(value, schema);
    const known = params[name];
    if (isList && Array.isArray(known)) for (const item of given as unknown[]) known.push(item);
    else params[name] = given;
  }
  const wrong = wrongParams(entry, params, configured);
  return wrong === undefined ? { params } : { wrong };
}

/** A list that stands last in the order takes all words that are left. */
function positional(
  entry: CatalogueEntry,
  order: string[],
  params: Record<string, unknown>,
): string | undefined {
  const [next] = order;
  if (next !== undefined && isListed(entry.params.properties?.[next]) && order.length === 1) return next;
  if (next !== undefined && Object.hasOwn(params, next)) {
    order.shift();
    return positional(entry, order, params);
  }
  return order.shift();
}

/** Whether a word that names no parameter was meant to: `--dryRun`, `day=7`; not `a=b` where any text may stand. */
function isMeantAsName(
  entry: CatalogueEntry,
  word: string,
  order: readonly string[],
  params: Readonly<Record<string, unknown>>,
): boolean {
  const [, given] = /^([A-Za-z_][\w-]*)=/.exec(word) ?? [];
  if (given === undefined) return word.startsWith('--');
  const next = order.find((name) => !Object.hasOwn(params, name));
  const takesText = next !== undefined && isText(entry.params.properties?.[next]);
  const names = [...Object.keys(entry.params.properties ?? {}), ...Object.keys(entry.words.names ?? {})];
  return !takesText || nearest(given, names, 1) !== undefined;
}

/** Any text will do: it is none of a few words, and has no form of its own. */
function isText(schema: ParamSchema | undefined): boolean {
  return kindsOf(schema).some(
    ({ type, enum: values, const: only, format }) =>
      type === 'string' && values === undefined && only === undefined && format === undefined,
  );
}

function nameIn(entry: CatalogueEntry, word: string): { name: string; value: string } | undefined {
  const match = /^([A-Za-z_][\w-]*)[=:](.*)$/s.exec(word);
  const [, given = '', value = ''] = match ?? [];
  if (!match) return undefined;
  const names = Object.keys(entry.params.properties ?? {});
  const other = Object.entries(entry.words.names ?? {}).find(([name]) => same(name, given))?.[1];
  const name = other ?? names.find((candidate) => same(candidate, given));
  return name === undefined ? undefined : { name, value };
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function unquoted(word: string): string {
  return word.replace(
    /"([^"]*)"|'([^']*)'/g,
    (_all, double?: string, single?: string) => double ?? single ?? '',
  );
}

/** Text that does not fit its type stays text, for the schema to refuse with its own words. */
function typed(value: string, schema: ParamSchema | undefined): unknown {
  const kinds = kindsOf(schema);
  const is = (...types: string[]) => kinds.some(({ type }) => types.includes(type ?? ''));
  const list = kinds.find(({ type }) => type === 'array');
  if (list) return value.split(',').map((item) => typed(item.trim(), list.items));
  if (is('integer', 'number') && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  if (is('boolean') && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  // CloudBots writes TCP where the API has tcp.
  const options = kinds.flatMap((kind) => kind.enum ?? []).filter((option) => typeof option === 'string');
  return options.find((option) => option === value) ?? options.find((option) => same(option, value)) ?? value;
}

function isListed(schema: ParamSchema | undefined): boolean {
  return kindsOf(schema).some(({ type }) => type === 'array');
}

/** What a value may be: itself, or one of several, such as a number or `*`. */
function kindsOf(schema: ParamSchema | undefined): readonly ParamSchema[] {
  const either = schema?.anyOf;
  return Array.isArray(either) ? (either as ParamSchema[]) : schema ? [schema] : [];
}

function unexpected(entry: CatalogueEntry, word: string): string {
  const names = Object.keys(entry.params.properties ?? {});
  const allowed =
    names.length > 0 ? `it takes ${names.map((name) => `${name}=…`).join(' ')}` : 'it takes no parameters';
  return `${entry.id} does not know the word ${JSON.stringify(word.slice(0, 80))}: ${allowed}`;
}
