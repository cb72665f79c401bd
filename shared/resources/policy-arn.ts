import { type Target, partitionOf } from './target';
import { typeOf } from './types';

/** The ARN patterns under which IAM's reference knows a type's resources, with their versions and aliases. */
export function ownPatterns(type: string): string[] {
  const patterns = patternsOf(type);
  return typeOf(type)?.hasVersions ? patterns.flatMap((pattern) => [pattern, `${pattern}:*`]) : patterns;
}

/** An ARN of IAM's reference with `*` for every name, which tells resource types apart. */
export function patternOf(template: string): string {
  return template.replace(/\$\{(?!Partition\}|Region\}|Account\})[^}]+\}/g, '*');
}

/** The ARN patterns of a type's resources; none: a type that policies do not name, or that is not known here. */
export function patternsOf(type: string): string[] {
  return formsOf(type).map((form) => form.replace(/@\+?/, '*'));
}

/** How IAM writes the ARNs of a type's resources, with `@` for the name. */
function formsOf(type: string): string[] {
  const { arn = [] } = typeOf(type) ?? {};
  return (typeof arn === 'string' ? [arn] : arn).map((form) => {
    const [service = '', region = '', account = '', ...rest] = form.split(':');
    const place = [region && '${Region}', account && '${Account}'].join(':');
    return `arn:\${Partition}:${service}:${place}:${rest.join(':')}`;
  });
}

/** `arn:aws:ec2:eu-west-1:111122223333:volume/*` as all that EC2 has there. */
export function wholeService(arn: string): string {
  return arn === '*' ? arn : `${arn.split(':').slice(0, 5).join(':')}:*`;
}

/** The pattern for the one resource whose ARN ends so behind the account: `role/vpcFlowLogDelivery`; of S3, for the bucket called so. */
export function confined(pattern: string, ending: string | undefined): string {
  if (ending === undefined) return pattern;
  // Actions on buckets are actions on access points too.
  if (pattern.startsWith('arn:${Partition}:s3:')) return `arn:\${Partition}:s3:::${ending}`;
  return pattern.replace(/(?<=\$\{Account\}:).*/, () => ending);
}

/** How ARNs end that an action is confined to; one that is not is confined to `undefined`, see {@link confined}. */
export function endingsOf(said: string | readonly string[] | undefined): readonly (string | undefined)[] {
  return typeof said === 'object' ? said : [said];
}

/** Fills in where the target lies; what else the pattern leaves open stays `*`. */
export function inPlace(pattern: string, { account, region }: Pick<Target, 'account' | 'region'>): string {
  return pattern
    .replaceAll('${Partition}', partitionOf(region))
    .replaceAll('${Region}', region)
    .replaceAll('${Account}', account);
}

/**
 * The ARNs by which a policy names the target and nothing beside it: two for what has a path that is not known, and
 * for a function, whose versions and aliases are its own.
 *
 * @throws Error for an id that a policy would read as more than one resource, or an ARN of another place.
 */
export function arnsOf(target: Target): string[] {
  const { id, type } = target;
  const row = typeOf(type);
  const forms = formsOf(type).map((form) => inPlace(form, target));
  if (forms.length === 0) return [];
  if (/[*?$\s]/.test(id)) throw new Error(`${JSON.stringify(id)} names no single ${type}`);
  if (id.startsWith('arn:')) {
    if (forms.some((form) => begins(form, id) || begins(ownedByAws(form, target), id))) return [id];
    throw new Error(`${id} is no ${type} in ${target.region} of account ${target.account}`);
  }
  const name = row?.id === 'url' ? (id.split('/').at(-1) ?? id) : id;
  return forms.flatMap((form) => {
    const arn = form.replace(/@\+?/, () => name);
    if (row?.id === 'last') return [arn, form.replace(/@\+?/, () => `*/${name}`)];
    if (row?.hasVersions) return [arn, `${arn}:*`];
    // Secrets Manager adds six characters to the name.
    return [type === 'AWS::SecretsManager::Secret' ? `${arn}-??????` : arn];
  });
}

/** Whether an ARN is of that form, as far as the form is fixed. */
function begins(form: string, arn: string): boolean {
  return arn.startsWith(form.split(/[@*]/)[0] ?? form);
}

/** Managed policies may be AWS's own. */
function ownedByAws(form: string, { account }: Target): string {
  return form.includes(':policy/') ? form.replace(`:${account}:`, ':aws:') : form;
}
