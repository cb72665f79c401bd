import { type CatalogueEntry, type ParamSchema, wrongParams } from '../../shared/catalogue';

/** Parameters, or one sentence on which word is wrong and what is allowed. */
export type Words = { readonly params: Record<string, unknown> } | { readonly wrong: string };

/** The words behind `AUTO:`; the first is the bot. Quotes hold a word together; one that stands alone is a letter. */
export function splitWords(text: string): string[] {
  return [...text.matchAll(/(?:"[^"]*"|'[^']*'|\S)+/g)].map(([word]) => word);
}

/**
 * Reads the words behind a bot's name: `name=value` (or CloudBots' `Name:value`) in any order, the others by the
 * position that the bot's metadata gives them; lists with commas. A value with `=` in it stands in quotes.
 */
export function readWords(entry: CatalogueEntry, words: readonly string[]): Words {
  const params: Record<string, unknown> = {};
  const order = [...(entry.words.order ?? [])];
  for (const word of words) {
    const named = nameIn(entry, word);
    const isMisspelt = !named && /^[A-Za-z_][\w-]*=/.test(word);
    const name = isMisspelt ? undefined : (named?.name ?? positional(entry, order, params));
    if (name === undefined) return { wrong: unexpected(entry, word) };
    const value = unquoted(named?.value ?? word);
    const schema = entry.params.properties?.[name];
    const isList = schema?.type === 'array';
    if (named && Object.hasOwn(params, name)) return { wrong: `${entry.id}: ${name} is given twice` };
    const given = typed(value, schema);
    params[name] = isList
      ? [...((params[name] as unknown[] | undefined) ?? []), ...(given as unknown[])]
      : given;
  }
  const wrong = wrongParams(entry, params);
  return wrong === undefined ? { params } : { wrong };
}

/** A list that stands last in the order takes all words that are left. */
function positional(
  entry: CatalogueEntry,
  order: string[],
  params: Record<string, unknown>,
): string | undefined {
  const [next] = order;
  if (next !== undefined && entry.params.properties?.[next]?.type === 'array' && order.length === 1)
    return next;
  if (next !== undefined && Object.hasOwn(params, next)) {
    order.shift();
    return positional(entry, order, params);
  }
  return order.shift();
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
  switch (schema?.type) {
    case 'integer':
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
    case 'boolean':
      return /^(true|false)$/i.test(value) ? value.toLowerCase() === 'true' : value;
    case 'array':
      return value.split(',').map((item) => typed(item.trim(), schema.items));
    default:
      return value;
  }
}

function unexpected(entry: CatalogueEntry, word: string): string {
  const names = Object.keys(entry.params.properties ?? {});
  const allowed =
    names.length > 0 ? `it takes ${names.map((name) => `${name}=…`).join(' ')}` : 'it takes no parameters';
  return `${entry.id} does not know the word ${JSON.stringify(word.slice(0, 80))}: ${allowed}`;
}
