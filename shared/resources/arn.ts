import { type ResourceType, TYPES } from './table';
import { ACCOUNT, partitionOf } from './target';

/** A resource as its identifier tells it. */
export interface Resource {
  /** CloudFormation type. */
  readonly type: string;
  /** The id that the service's own API takes. */
  readonly id: string;
  /** The account in the identifier, where there is one. */
  readonly account?: string;
  /** The region in the identifier, of what lies in one. */
  readonly region?: string;
  /** The partition in the identifier, where there is one. */
  readonly partition?: string;
  /** It lies in no region. */
  readonly isGlobal?: true;
}

/** The parts of an ARN that an id is made of. */
interface Parts {
  readonly arn: string;
  readonly region: string;
  readonly account: string;
  /** What stands where the type has its name; empty where it has none. */
  readonly name: string;
}

/** One spelling of a type's ARNs. */
interface Form {
  readonly row: ResourceType;
  readonly service: string;
  /** What stands behind the account; the group is the name. */
  readonly resource: RegExp;
  /** Whether an ARN with a region or an account is of something else. */
  readonly isPlaceless: boolean;
}

const FORMS = TYPES.flatMap(formsOf);

/**
 * The resource that an ARN names: its CloudFormation type and the id that its service's API takes. Also reads
 * what Security Hub writes for things that have no ARN, `AWS::::Account:111122223333`. `undefined`: of a type
 * that is not known here, or nobody's own: managed policies of AWS (`arn:aws:iam::aws:policy/…`) cannot be changed.
 */
export function resourceOf(text: string): Resource | undefined {
  const typed = /^(AWS::(?:IAM::AccessKey|::Account)):([^:/\s]+)$/.exec(text);
  if (typed) {
    const [, type = '', id = ''] = typed;
    return type === ACCOUNT ? { type, id, account: id, isGlobal: true } : { type, id, isGlobal: true };
  }
  const match = /^arn:(aws[a-z-]*):([a-z0-9-]+):([a-z0-9-]*):(\d{12})?:(\S+)$/.exec(text);
  if (!match) return undefined;
  const [arn, partition = '', service = '', region = '', account = '', resource = ''] = match;
  for (const form of FORMS) {
    if (form.service !== service || (form.isPlaceless && (region || account))) continue;
    const found = form.resource.exec(resource);
    const id = found ? idOf(form.row, { arn, region, account, name: found[1] ?? '' }) : undefined;
    if (!id) continue;
    const isGlobal = form.row.where === 'global';
    return {
      ...{ type: form.row.type, id, partition },
      ...(account && { account }),
      ...(isGlobal ? { isGlobal } : region && { region }),
    };
  }
  return undefined;
}

/** The id as the service's API takes it. */
function idOf({ type, id: kind = 'name', anyCase, unique }: ResourceType, parts: Parts): string | undefined {
  if (type === ACCOUNT) return parts.account;
  const name = anyCase && !unique?.test(parts.name) ? parts.name.toLowerCase() : parts.name;
  switch (kind) {
    case 'name':
      return name;
    case 'last':
      return name.split('/').at(-1);
    case 'first':
      return name.split(':')[0];
    case 'arn':
      return parts.arn;
    case 'url':
      return parts.region && parts.account && queueUrl(parts.region, parts.account, name);
  }
}

/** The URL of a queue. Source: SQS Developer Guide, queue and message identifiers. */
export function queueUrl(region: string, account: string, name: string): string {
  return `https://sqs.${region}.amazonaws.com${partitionOf(region) === 'aws-cn' ? '.cn' : ''}/${account}/${name}`;
}

function formsOf(row: ResourceType): Form[] {
  return [...listed(row.arn), ...listed(row.alsoArn)].map((arn) => {
    const [service = '', region = '', account = '', ...rest] = arn.split(':');
    return {
      ...{ row, service, isPlaceless: region === '' && account === '' },
      resource: new RegExp(
        `^${rest
          .join(':')
          .split(/(@\+|@|\*)/)
          .map(expressionOf)
          .join('')}$`,
      ),
    };
  });
}

function expressionOf(part: string): string {
  if (part === '@+') return '(.+)';
  if (part === '@') return '([^/:]+)';
  return part === '*' ? '[^/:]+' : part.replace(/[.$()[\]{}|^?+\\]/g, '\\$&');
}

function listed<T>(value: T | readonly T[] | undefined): readonly T[] {
  return value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
