import * as z from 'zod';
import type { AnyBot } from '../shared/bot/bot';
import type { CatalogueEntry, ParamsSchema } from '../shared/catalogue';

/** The catalogue's entry of a bot: its metadata, and its parameters as JSON Schema. */
export function catalogueEntry(bot: AnyBot, service: string): CatalogueEntry {
  const { id, aliases, title, resource, severity, risk, kind, permissions, controls, byControl, from, docs } =
    bot;
  // `input`: what a message may leave out has a default and is not required.
  const { $schema: _, ...params } = z.toJSONSchema(bot.params as z.ZodObject, { io: 'input' });
  return {
    id,
    service,
    ...(aliases && { aliases }),
    title,
    resource,
    severity,
    risk,
    kind,
    passes: bot.passes ?? 1,
    words: (bot.words ?? {}) as CatalogueEntry['words'],
    params: params as ParamsSchema,
    permissions,
    controls,
    ...(byControl && { byControl }),
    from,
    docs,
  };
}
