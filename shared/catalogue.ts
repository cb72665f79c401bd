import { plainly } from './text';
import * as z from 'zod';
import { type Controls, type Metadata, typesOf } from './bot/bot';

/**
 * What is known of a bot without loading it: generated from the bots, read by everything that only routes. What is
 * there for people alone stands on the bot's page (shared/bot-page.ts) or, of a parameter, in the bot.
 */
export interface CatalogueEntry extends Omit<Metadata, 'id'> {
  readonly id: string;
  readonly controls: Controls;
  /** The folder it lies in under functions/remediators. */
  readonly service: string;
  readonly words: { readonly order?: readonly string[]; readonly names?: Readonly<Record<string, string>> };
  readonly passes: number;
  /** JSON Schema of the parameters. */
  readonly params: ParamsSchema;
}

/** JSON Schema of an object of parameters, as far as it is read here. */
export interface ParamsSchema {
  readonly properties?: Readonly<Record<string, ParamSchema>>;
  readonly [keyword: string]: unknown;
}

/** JSON Schema of one parameter, as far as it is read here. */
export interface ParamSchema {
  readonly type?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: ParamSchema;
  readonly [keyword: string]: unknown;
}

/** The bot of that id or alias; of several, the one that acts on any of the types. */
export function findBot(
  catalogue: readonly CatalogueEntry[],
  name: string,
  ...types: readonly string[]
): CatalogueEntry | undefined {
  const named = catalogue.filter(({ id, aliases }) => id === name || aliases?.includes(name));
  return named.find((entry) => typesOf(entry).some((type) => types.includes(type))) ?? named[0];
}

/**
 * What is wrong with the parameters of a message, in one sentence; `undefined`: nothing. What config.ts gives the bot
 * need not be in the message.
 */
export function wrongParams(
  entry: CatalogueEntry,
  params: Readonly<Record<string, unknown>>,
  configured: Readonly<Record<string, unknown>> = {},
): string | undefined {
  const known = Object.keys(entry.params.properties ?? {});
  const unknown = Object.keys(params).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    const allowed = known.length > 0 ? `it takes ${known.join(', ')}` : 'it takes none';
    return `${entry.id} has no parameter ${unknown.join(', ')}: ${allowed}`;
  }
  const result = schemaOf(entry).safeParse({ ...configured, ...params });
  if (result.success) return undefined;
  return result.error.issues
    .map(({ path, message }) => `parameter ${path.join('.') || 'list'} of ${entry.id}: ${plainly(message)}`)
    .join('; ');
}

/** What the bot's parameters are where neither config.ts nor a finding says them. */
export function defaultsOf({ params }: CatalogueEntry): Readonly<Record<string, unknown>> {
  const properties = Object.entries(params.properties ?? {});
  return Object.fromEntries(properties.map(([name, { default: value }]) => [name, value]));
}

/** Parsers by entry, made once: making one takes ten times as long as judging a message. */
const schemas = new WeakMap<CatalogueEntry, z.ZodType>();

function schemaOf(entry: CatalogueEntry): z.ZodType {
  const schema = schemas.get(entry) ?? z.fromJSONSchema(entry.params as z.core.JSONSchema.JSONSchema);
  schemas.set(entry, schema);
  return schema;
}
