import { isDeepStrictEqual } from 'node:util';
import type { Authority } from './bot/bot';

/** What config.ts says of a bot's parameters. */
export interface Granted {
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  /** Values that a finding may choose from, by parameter. */
  readonly allowed?: Readonly<Record<string, readonly unknown[] | undefined>> | undefined;
}

/**
 * Why a finding may not set these parameters, in one sentence that says where they can be allowed; `undefined`: it
 * may. Parameters that are config.ts' own may be repeated, or chosen from what it allows; of a list, each item.
 *
 * @param defaults what the bot takes where config.ts is silent
 */
export function beyondAuthority(
  bot: { readonly id: string; readonly from: Readonly<Record<string, Authority>> },
  said: Readonly<Record<string, unknown>>,
  { params = {}, allowed = {} }: Granted,
  defaults: Readonly<Record<string, unknown>> = {},
): string | undefined {
  for (const [name, value] of Object.entries(said)) {
    if ((own(bot.from, name) ?? 'config') === 'finding') continue;
    const configured = own(params, name) ?? own(defaults, name);
    const choices = [...listed(configured), configured, ...(own(allowed, name) ?? [])];
    const values = Array.isArray(value) ? (value as readonly unknown[]) : [value];
    const strange = values.find((each) => !choices.some((choice) => isDeepStrictEqual(choice, each)));
    if (strange === undefined) continue;
    return `${name} of ${bot.id} is config.ts' to set, and a finding asks for ${JSON.stringify(strange).slice(0, 200)}: list it under bots.${bot.id}.allowed.${name} if findings may choose it`;
  }
  return undefined;
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
