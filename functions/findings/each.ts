import { ACCOUNT, isGlobal } from '../../shared/resources/target';
import { LIMITS, atMost } from './limits';
import { type Named, type Said, routed, unwieldy } from './routing';
import type { Intake, Reading } from './source';

/** A resource that may lie elsewhere than the rest of its finding. */
export type Located = Named;

/**
 * What a finding that names several resources comes to: an order acts on every resource of its bot's type, wherever
 * that lies. It is declined or unusable only where no resource makes something of it.
 */
export function routedEach(
  said: Omit<Said, 'resources'>,
  resources: readonly Located[],
  intake: Intake,
): Reading[] {
  const wrong = unwieldy(said);
  if (wrong !== undefined) return [{ unusable: wrong }];
  const once = distinct(resources, (resource) => JSON.stringify(resource));
  const { kept, over } = atMost(LIMITS.resources, once, 'resources');
  const parts = partsOf(said, kept).map((part) => routed({ ...said, ...part }, intake));
  const counts = new Map<string, number>();
  for (const part of parts) {
    for (const reason of new Set(part.map(reasonIn))) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const isForAll = (reading: Reading) => counts.get(reasonIn(reading)) === parts.length;
  const readings = parts
    .flat()
    .filter(
      (reading) =>
        'remediation' in reading || 'survey' in reading || 'isOfResource' in reading || isForAll(reading),
    );
  return [...distinct(readings, (reading) => JSON.stringify(reading)), ...over];
}

/** What tells two readings apart that ask for nothing. */
function reasonIn(reading: Reading): string {
  if ('declined' in reading) return `declined ${reading.declined}`;
  return 'unusable' in reading ? `unusable ${reading.unusable}` : '';
}

function distinct<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}

interface Part {
  readonly account: string | undefined;
  readonly region?: string | undefined;
  readonly resources: Named[];
}

/** Parts of one account and region each, in which no type is named twice: routes act on the first of a type. */
function partsOf(said: Omit<Said, 'resources'>, resources: readonly Located[]): Part[] {
  const parts = new Map<string, Part>();
  const seen = new Map<string, number>();
  for (const located of resources) {
    const { type, account = said.account } = located;
    // A user lies in no region, but the fault was seen in one; an account is named for the settings it has in a region.
    const region = (type === ACCOUNT || !isGlobal(type) ? located.region : undefined) ?? said.region;
    const place = `${account ?? ''}/${region ?? ''}`;
    const count = seen.get(`${place}/${type}`) ?? 0;
    seen.set(`${place}/${type}`, count + 1);
    const part = parts.get(`${place}/${count}`) ?? { account, region, resources: [] };
    part.resources.push(located);
    parts.set(`${place}/${count}`, part);
  }
  return parts.size > 0
    ? [...parts.values()]
    : [{ account: said.account, region: said.region, resources: [] }];
}
