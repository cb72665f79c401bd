import { ACCOUNT, isGlobal } from '../../shared/resources/target';
import { type Named, type Said, routed } from './routing';
import type { Intake, Reading } from './source';

/** A resource that may lie elsewhere than the rest of its finding. */
export interface Located extends Named {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

/**
 * What a finding that names several resources comes to: an order acts on every resource of its bot's type, wherever
 * that lies. It is declined or unusable only where no resource makes something of it.
 */
export function routedEach(
  said: Omit<Said, 'resources'>,
  resources: readonly Located[],
  intake: Intake,
): Reading[] {
  const parts = partsOf(said, resources).map((part) => routed({ ...said, ...part }, intake));
  const known = parts.map((readings) => new Set(readings.map((reading) => JSON.stringify(reading))));
  const isForAll = (reading: Reading) => known.every((part) => part.has(JSON.stringify(reading)));
  const kept = parts.flat().filter((reading) => 'remediation' in reading || isForAll(reading));
  return [...new Map(kept.map((reading) => [JSON.stringify(reading), reading])).values()];
}

interface Part {
  readonly account: string;
  readonly region?: string | undefined;
  readonly resources: Named[];
}

/** Parts of one account and region each, in which no type is named twice: routes act on the first of a type. */
function partsOf(said: Omit<Said, 'resources'>, resources: readonly Located[]): Part[] {
  const parts = new Map<string, Part>();
  const seen = new Map<string, number>();
  const once = new Map(resources.map((resource) => [JSON.stringify(resource), resource])).values();
  for (const { type, id, account = said.account, ...located } of once) {
    // A user lies in no region, but the fault was seen in one; an account is named for the settings it has in a region.
    const region = (type === ACCOUNT || !isGlobal(type) ? located.region : undefined) ?? said.region;
    const place = `${account}/${region ?? ''}`;
    const count = seen.get(`${place}/${type}`) ?? 0;
    seen.set(`${place}/${type}`, count + 1);
    const part = parts.get(`${place}/${count}`) ?? { account, region, resources: [] };
    part.resources.push({ type, id });
    parts.set(`${place}/${count}`, part);
  }
  return parts.size > 0
    ? [...parts.values()]
    : [{ account: said.account, region: said.region, resources: [] }];
}
