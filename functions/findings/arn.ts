import { type Resource, resourceOf } from '../../shared/resources/arn';
import { typeNamed } from '../../shared/resources/types';

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

/** What of a finding's resources lies in the account that it is about, each once. */
export function within(owner: string, resources: readonly (Resource | undefined)[]): Resource[] {
  return resources.filter(
    (resource) => resource !== undefined && (resource.account ?? owner) === owner,
  ) as Resource[];
}
