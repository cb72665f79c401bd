import { accountRefusal } from './accounts';
import { type Config, type Exemption } from './config';
import { knownRegions } from './regions';
import { type Target, isGlobal } from './target';

/** Why this installation must not touch the target, or `undefined`: it may. Fails closed. */
export function refusal(config: Config, accountId: string, target: Target): string | undefined {
  const account = accountRefusal(config.accounts, accountId, target.account);
  if (typeof account === 'object') return account.refused;
  if (isGlobal(target.type)) return undefined;
  const regions = config.regions ?? knownRegions;
  return regions.includes(target.region)
    ? undefined
    : `region ${target.region} is not one that bots may act in: name it under regions in config.ts`;
}

/** The reason of the first exemption that covers the target, or `undefined`. */
export function exemptionFor(
  config: Config,
  bot: string,
  target: Target,
  today = new Date().toISOString().slice(0, 10),
): string | undefined {
  return config.exemptions?.find((exemption) => covers(exemption, bot, target, today))?.reason;
}

function covers({ until, ...wanted }: Exemption, bot: string, target: Target, today: string): boolean {
  return (
    (until === undefined || today < until) &&
    (wanted.bot === undefined || wanted.bot === bot) &&
    like(wanted.account, target.account) &&
    like(wanted.region, target.region) &&
    like(wanted.resource, target.id)
  );
}

function like(pattern: string | undefined, value: string): boolean {
  if (pattern === undefined) return true;
  const source = pattern.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`, 's').test(value);
}
