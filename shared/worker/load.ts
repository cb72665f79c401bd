import type { AnyBot } from '../bot/bot';

/** Bots by id, loaded when asked for: the generated index. */
export type Registry = Readonly<Record<string, () => Promise<{ readonly bot: AnyBot }>>>;

/** Loads a bot through the index; a name that is not in it loads nothing. */
export async function loadBot(registry: Registry, id: string): Promise<AnyBot | undefined> {
  return Object.hasOwn(registry, id) ? (await registry[id]?.())?.bot : undefined;
}
