import { type Resource, resourceOf } from '../../shared/resources/arn';
import { isNowhere, regionNamed } from '../../shared/resources/regions';
import { typeNamed } from '../../shared/resources/types';
import type { Located } from './each';

/**
 * The resource that a finding names by a type (ASFF's or CloudFormation's) and by ids, of which the first that
 * tells enough is taken: an ARN, which tells its type itself, or an id that the API takes as it is.
 */
export function named(type: string | undefined, ...ids: (string | undefined)[]): Resource | undefined {
  const given = ids.filter((id) => id !== undefined);
  const row = type === undefined ? undefined : typeNamed(type);
  const [plain] = given.filter((id) => /^[\w.@+=,-][\w.@+=,/-]*$/.test(id));
  const resources = given.map((id) => resourceOf(id)).filter((resource) => resource !== undefined);
  const agreeing = resources.find((resource) => resource.type === row?.type);
  if (agreeing) return agreeing;
  // What the API takes only as an ARN or a URL is not known by its name.
  if (plain !== undefined && row && row.id !== 'arn' && row.id !== 'url')
    return { type: row.type, id: plain };
  return resources[0];
}

/** What is said of a resource beside its identifier. */
export interface Place {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

/**
 * A resource with where it lies: as its identifier says, else as is said of it. Where the two contradict each other,
 * the finding cannot be believed about it.
 */
export function placed({ type, id, ...named }: Resource, said: Place = {}): Located {
  const region = isNowhere(said.region) ? undefined : said.region;
  const place = {
    account: named.account ?? said.account,
    region: named.isGlobal ? undefined : (named.region ?? region),
  };
  const read = named.region === undefined || region === undefined ? undefined : regionNamed(region);
  if (read && 'region' in read && read.region !== named.region) {
    const wrong = `${type} ${id} lies in ${named.region ?? ''} by its ARN, and in ${read.region} by the finding`;
    return { type, id, ...place, wrong };
  }
  if (named.account !== undefined && said.account !== undefined && named.account !== said.account) {
    const wrong = `${type} ${id} belongs to account ${named.account}, and the finding is about account ${said.account}`;
    return { type, id, ...place, wrong };
  }
  return { type, id, ...place };
}
