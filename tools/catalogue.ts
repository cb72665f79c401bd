import * as z from 'zod';
import type { AnyBot, Controls } from '../shared/bot/bot';
import type { BotPage } from '../shared/bot-page';
import type { CatalogueEntry, ParamsSchema } from '../shared/catalogue';

/**
 * The catalogue's entry of a bot: what routing needs of its metadata and of its page, and its parameters as JSON Schema.
 *
 * @throws Error when a parameter is judged by something that JSON Schema cannot say.
 */
export function catalogueEntry(bot: AnyBot, service: string, controls: Controls = {}): CatalogueEntry {
  const {
    id,
    aliases,
    title,
    resource,
    alsoOn,
    severity,
    risk,
    kind,
    recheck,
    permissions,
    byControl,
    from,
  } = bot;
  return {
    id,
    service,
    ...(aliases && { aliases }),
    title,
    resource,
    ...(alsoOn && { alsoOn }),
    severity,
    risk,
    kind,
    ...(recheck && { recheck }),
    passes: bot.passes ?? 1,
    words: (bot.words ?? {}) as CatalogueEntry['words'],
    params: paramsSchema(id, bot.params as z.ZodObject),
    permissions,
    controls,
    ...(byControl && { byControl }),
    from,
  };
}

/** A bot with its entry and its page, for the pages that tell all of it. */
export interface CataloguedBot {
  readonly bot: AnyBot;
  readonly page: BotPage;
  readonly entry: CatalogueEntry;
}

function paramsSchema(id: string, params: z.ZodObject): ParamsSchema {
  // `input`: what a message may leave out has a default and is not required.
  const { $schema: _, ...schema } = z.toJSONSchema(params, {
    io: 'input',
    override({ zodSchema, jsonSchema, path }) {
      const lost = lostIn(zodSchema);
      if (lost !== undefined) throw new Error(`${id}: parameter ${nameOf(path)}: ${lost}`);
      delete jsonSchema.description;
    },
  });
  return schema as ParamsSchema;
}

/** What of a schema would be lost, so that intake took what the bot refuses or refused what it takes. */
function lostIn({ _zod: { def } }: z.core.$ZodTypes): string | undefined {
  if (['transform', 'pipe', 'custom', 'catch'].includes(def.type)) {
    return `the catalogue cannot say ${def.type}: let the bot's own functions do it`;
  }
  // A format such as cidrv4 is its own check.
  for (const check of [{ _zod: { def } }, ...(def.checks ?? [])]) {
    const rule = check._zod.def as { check?: string; format?: string; pattern?: RegExp };
    if (rule.check === 'custom' || rule.check === 'overwrite') {
      return 'the catalogue cannot say a refinement: say it in check or plan, or as a pattern';
    }
    if (['ipv6', 'cidrv6', 'url', 'base64', 'base64url', 'jwt'].includes(rule.format ?? '')) {
      return `zod judges ${String(rule.format)} by more than a pattern, which the catalogue cannot say: use a pattern`;
    }
    if (rule.pattern && rule.pattern.flags !== '') {
      return `the catalogue cannot say the flags of ${String(rule.pattern)}: write [aA] for i`;
    }
  }
  return undefined;
}

function nameOf(path: readonly (string | number)[]): string {
  return path.filter((part) => part !== 'properties').join('.');
}
