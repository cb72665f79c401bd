import * as z from 'zod';
import type { AnyBot } from '../shared/bot/bot';
import type { CatalogueEntry } from '../shared/catalogue';
import { type Config, settingsOf } from '../shared/config';

/**
 * Checks the values of config.ts that would do harm in silence: packaging compiles it without looking at its types.
 *
 * @throws Error that names the field of config.ts and what is wrong with it.
 */
export async function checkConfig(
  config: Config,
  catalogue: readonly CatalogueEntry[],
  load: (id: string) => Promise<AnyBot | undefined>,
): Promise<void> {
  const ids = catalogue.map(({ id }) => id);
  const checked = schemaOf(ids).safeParse(config);
  if (!checked.success) throw new Error(`config.ts is wrong:\n${z.prettifyError(checked.error)}`);
  for (const id of ids) {
    const settings = settingsOf(config, id);
    if (!settings) continue;
    const bot = await load(id);
    if (!bot) throw new Error(`${id} is in the catalogue and not in the index: run npm run generate`);
    const params = (bot.params as z.ZodObject).strict().safeParse(settings.params ?? {});
    if (params.success) continue;
    throw new Error(`config.ts: the parameters of ${id} are wrong:\n${z.prettifyError(params.error)}`);
  }
}

function schemaOf(ids: readonly string[]) {
  const settings = z.strictObject({
    enabled: z.boolean(),
    mode: z.enum(['auto', 'plan']).optional(),
    params: z.looseObject({}).optional(),
  });
  // A misspelt field would exempt more than was meant, a misspelt bot or date less.
  const exemption = z.strictObject({
    bot: z.enum(ids).optional(),
    account: z.string().optional(),
    region: z.string().optional(),
    resource: z.string().optional(),
    reason: z.string().min(1),
    until: z.iso.date().optional(),
  });
  return z.looseObject({
    enable_auto_response: z.boolean(),
    bots: z.partialRecord(z.enum(ids), settings.optional()),
    exemptions: z.array(exemption).optional(),
  });
}
