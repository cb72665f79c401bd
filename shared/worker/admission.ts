import { accountRefusal } from '../accounts';
import { beyondAuthority } from '../authority';
import { type Metadata, typesOf } from '../bot/bot';
import { type BotSettings, type Config, settingsOf } from '../config';
import type { Environment } from './environment';
import { exemptionFor } from './exemptions';
import { type Installation, ownPart } from './own';
import { isUnnamed, notCanonical } from '../resources/canonical';
import { knownRegions } from '../resources/regions';
import { REGION, type Target, isGlobal, partitionOf, settingsTarget } from '../resources/target';
import { typeOf } from '../resources/types';

/** What somebody asks of a bot. */
export interface Request {
  readonly config: Config;
  /** The installation. */
  readonly home: Installation;
  readonly bot: Pick<Metadata, 'id' | 'resource' | 'alsoOn' | 'from'>;
  /** A resource; of a bot that is to look at all of its kind, the place where they lie. */
  readonly target: Target | Pick<Target, 'account' | 'region'>;
  /** What is asked for; absent: the parameters are the caller's own, and have been read. */
  readonly params?: {
    readonly said: Readonly<Record<string, unknown>>;
    /** What the bot takes where config.ts is silent. */
    readonly defaults: Readonly<Record<string, unknown>>;
    /** What is wrong with them, given those of config.ts. */
    readonly wrong?: (configured: Readonly<Record<string, unknown>>) => string | undefined;
  };
  /** A person runs the bot, who may also run one that config.ts does not enable. */
  readonly byHand?: boolean;
  /** The region of a bucket has been read from AWS, where a finding only says where it was heard. */
  readonly isLocated?: boolean | undefined;
}

/** Why a remediation may not run. `code` is what the bot's function fails with. */
export interface Refused {
  readonly refused: string;
  readonly code: 'NotAllowed' | 'WrongType' | 'NotEnabled' | 'BadParameters';
}

/** Whether a remediation may run. */
export type Admission =
  { readonly settings: BotSettings<Record<string, unknown>> } | Refused | { readonly exempt: string };

/**
 * Whether a remediation may run: asked with the same words by intake, AWS Config rules, looks, coordinator, the bot's
 * function and the command line, each of which trusts none of the others. Fails closed.
 */
export function admit({ config, home, bot, target: asked, params, byHand, isLocated }: Request): Admission {
  const settings = settingsOf(config, bot.id);
  if (!settings && !byHand) {
    return { refused: `${bot.id} is not enabled: enable it in config.ts and deploy`, code: 'NotEnabled' };
  }
  const isPlace = !('id' in asked);
  const target = isPlace ? settingsTarget(REGION, asked.account, asked.region) : asked;
  const types = typesOf(bot);
  if (!isPlace && !types.includes(target.type)) {
    return {
      refused: `${bot.id} acts on ${types.join(', ')}, the message names a ${target.type}`,
      code: 'WrongType',
    };
  }
  const refused =
    notCanonical(target) ?? unnamed(target, isLocated) ?? refusal(config, home, target, { isLocated });
  if (refused !== undefined) return { refused, code: 'NotAllowed' };
  const wrong = params?.wrong?.(settings?.params ?? {});
  if (wrong !== undefined) return { refused: wrong, code: 'BadParameters' };
  const beyond = params && settings && beyondAuthority(bot, params.said, settings, params.defaults);
  if (beyond !== undefined) return { refused: beyond, code: 'NotAllowed' };
  const exempt = isPlace
    ? undefined
    : (ownPart(config, home, target) ?? exemptionFor(config, bot.id, target));
  return exempt === undefined ? { settings: settings ?? { enabled: false } } : { exempt };
}

/** The bot's function finds the name, where the bot has the right to look for it. */
function unnamed(target: Target, isLocated = true): string | undefined {
  return isLocated && isUnnamed(target)
    ? `${target.id} is an id that AWS gives to an ${target.type}, by which its API does not find it: name it by its name`
    : undefined;
}

/** Why the installation in `home` must not touch the target, or `undefined`: it may. Fails closed. */
function refusal(
  config: Config,
  home: Pick<Environment, 'accountId' | 'region'>,
  target: Target,
  { isLocated = true }: Pick<Request, 'isLocated'>,
): string | undefined {
  const account = accountRefusal(config.accounts, home.accountId, target.account);
  if (typeof account === 'object') return account.refused;
  const elsewhere = otherPartition(home.region, target);
  if (elsewhere !== undefined) return elsewhere;
  const isPlaced = isLocated || typeOf(target.type)?.where !== 'anywhere';
  if (isGlobal(target.type) || !isPlaced) return undefined;
  const regions = config.regions ?? knownRegions;
  return regions.includes(target.region)
    ? undefined
    : `region ${target.region} is not one that bots may act in: name it under regions in config.ts`;
}

/** Source: AWS General Reference, ARNs; IAM, cross-account access. */
function otherPartition(home: string, { region, id }: Target): string | undefined {
  const own = partitionOf(home);
  const known: string = partitionOf(region);
  const [, said = known] = /^arn:([^:]{1,32}):/.exec(id) ?? [];
  if (said !== known) return `the ARN is of partition ${said}, and its region ${region} lies in ${known}`;
  return known === own
    ? undefined
    : `region ${region} lies in partition ${known}, and this installation in ${own}: bots cannot cross over, deploy selfheal there too`;
}
