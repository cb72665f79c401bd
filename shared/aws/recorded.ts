import { ResourceType } from '@aws-sdk/client-config-service';
import { type Metadata, typesOf } from '../bot/bot';
import { isSettings } from '../resources/target';
import { configTypesOf } from '../resources/types';

const RECORDED: ReadonlySet<string> = new Set(Object.values(ResourceType));

/** The names under which AWS Config records what a bot acts on. Source: AWS Config API, ResourceType. */
export function recordedTypes(bot: Pick<Metadata, 'resource' | 'alsoOn'>): string[] {
  return typesOf(bot)
    .flatMap(configTypesOf)
    .filter((type) => RECORDED.has(type));
}

/**
 * Whether the clock asks the bot's rule once a day, because no change would tell all of its faults: settings and types
 * that AWS Config does not record, and what the bot itself says so of.
 */
export function isAskedDaily(bot: Pick<Metadata, 'resource' | 'alsoOn' | 'recheck'>): boolean {
  return bot.recheck === 'daily' || isSettings(bot.resource) || recordedTypes(bot).length === 0;
}
