import { accountRefusal } from '../accounts';
import { type Config, type Exemption } from '../config';
import type { Environment } from './environment';
import { knownRegions } from '../resources/regions';
import { type Target, isGlobal, partitionOf } from '../resources/target';

/** Why the installation in `home` must not touch the target, or `undefined`: it may. Fails closed. */
export function refusal(
  config: Config,
  home: Pick<Environment, 'accountId' | 'region'>,
  target: Target,
): string | undefined {
  const account = accountRefusal(config.accounts, home.accountId, target.account);
  if (typeof account === 'object') return account.refused;
  const elsewhere = otherPartition(home.region, target);
  if (elsewhere !== undefined) return elsewhere;
  if (isGlobal(target.type)) return undefined;
  const regions = config.regions ?? knownRegions;
  return regions.includes(target.region)
    ? undefined
    : `region ${target.region} is not one that bots may act in: name it under regions in config.ts`;
}

/** Sessions and ARNs are of one partition. Source: AWS General Reference, ARNs; IAM, cross-account access. */
function otherPartition(home: string, { region, id }: Target): string | undefined {
  const own = partitionOf(home);
  const known: string = partitionOf(region);
  const [, said = known] = /^arn:([^:]{1,32}):/.exec(id) ?? [];
  if (said !== known) return `the ARN is of partition ${said}, and its region ${region} lies in ${known}`;
  return known === own
    ? undefined
    : `region ${region} lies in partition ${known}, and this installation in ${own}: bots cannot cross over, deploy selfheal there too`;
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
