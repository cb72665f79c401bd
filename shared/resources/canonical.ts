import { queueUrl, resourceOf } from './arn';
import { globalRegionOf, isNowhere, regionNamed } from './regions';
import type { ResourceType } from './table';
import { type Partition, type Target, isSettings, partitionOf, settingsTarget, targetSchema } from './target';
import { typeOf } from './types';
import { faultIn } from '../text';

/** A resource as somebody names it. */
export interface Said {
  /** CloudFormation type. */
  readonly type: string;
  /** In any spelling: an ARN or part of one, a URL, a name, AWS's unique id. Settings need none. */
  readonly id: string | undefined;
  /** What is said of the resource itself: it must agree with what the identifier says. */
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  /** What is said of the finding, or of the caller: it holds where neither the resource nor its identifier says it. */
  readonly around?: { readonly account?: string | undefined; readonly region?: string | undefined };
}

/** The one name of a resource, or one sentence on why it has none. */
export type Canonical = { readonly target: Target } | { readonly wrong: string };

/** What an identifier says. */
interface Identified {
  readonly id: string;
  readonly account?: string;
  readonly region?: string;
  readonly partition?: string;
}

/**
 * The canonical target: the same for every spelling of one resource. What the identifier says wins over what surrounds
 * it; what is said of the resource itself must agree with it. Nothing is guessed: where the account, or the region of
 * what lies in one, is not said, there is no target. `home` is the installation's partition.
 *
 * The id of a target may still be AWS's unique id: see {@link isUnnamed}.
 */
export function canonical(said: Said, home: Partition): Canonical {
  const { type, around = {} } = said;
  const named = identified(type, said.id);
  if ('wrong' in named) return named;
  const of = isSettings(type) ? type : `${type} ${JSON.stringify(clipped(said.id))}`;
  const saidRegion =
    said.region === undefined || isNowhere(said.region) ? undefined : regionNamed(said.region, home);
  if (named.partition !== undefined && saidRegion && 'region' in saidRegion) {
    const own = partitionOf(saidRegion.region);
    if (named.partition !== own) {
      return {
        wrong: `the ARN is of partition ${named.partition}, and its region ${saidRegion.region} lies in ${own}`,
      };
    }
  }
  if (named.account !== undefined && said.account !== undefined && named.account !== said.account) {
    return { wrong: `${of} belongs to account ${named.account}, and account ${said.account} is said of it` };
  }
  const account = named.account ?? said.account ?? around.account;
  if (account === undefined || account === '') {
    return { wrong: `the finding names no account for ${of}: name it` };
  }
  const place = regionOf(said, named, of, home);
  if ('wrong' in place) return place;
  const { region } = place;
  if (named.partition !== undefined && named.partition !== partitionOf(region)) {
    const own = partitionOf(region);
    return { wrong: `${of} is of partition ${named.partition}, and its region ${region} lies in ${own}` };
  }
  const target = isSettings(type)
    ? settingsTarget(type, account, region)
    : { account, region, type, id: finished(type, named.id, { account, region }) };
  const parsed = targetSchema.safeParse(target);
  return parsed.success
    ? { target: parsed.data }
    : { wrong: `${of} names no resource: ${faultIn(parsed.error)}` };
}

/** Why a target is not canonical, in one sentence; `undefined`: it is. */
export function notCanonical(target: Target): string | undefined {
  const read = canonical(target, partitionOf(target.region));
  if ('wrong' in read) return read.wrong;
  const { id } = read.target;
  return id === target.id
    ? undefined
    : `${target.type} ${JSON.stringify(clipped(target.id))} is not its own name, which is ${JSON.stringify(id)}`;
}

/** Whether the id is one that AWS gives beside the name (`AIDA…`, `db-…`), by which no API reaches the resource. */
export function isUnnamed({ type, id }: Pick<Target, 'type' | 'id'>): boolean {
  return typeOf(type)?.unique?.test(id) ?? false;
}

function regionOf(
  said: Said,
  named: Identified,
  of: string,
  home: Partition,
): { readonly region: string } | { readonly wrong: string } {
  const { where = 'region' } = typeOf(said.type) ?? {};
  const heard = [said.region, said.around?.region].find((region) => !isNowhere(region));
  if (where === 'global') {
    if (named.partition !== undefined) return { region: globalRegionOf(named.partition as Partition) };
    const read = regionNamed(heard ?? [said.region, said.around?.region].find(Boolean) ?? '', home);
    return { region: globalRegionOf('wrong' in read ? home : partitionOf(read.region)) };
  }
  if (named.region === undefined) {
    if (heard !== undefined) return regionNamed(heard, home);
    // Every region finds it: this is only where to begin.
    if (where === 'anywhere')
      return { region: globalRegionOf((named.partition as Partition | undefined) ?? home) };
    return {
      wrong: `the finding names no region for ${of}, which lies in one: name it by its id, such as eu-west-1`,
    };
  }
  if (said.region !== undefined && !isNowhere(said.region)) {
    const read = regionNamed(said.region, home);
    if ('wrong' in read) return read;
    if (read.region !== named.region) {
      return { wrong: `${of} lies in ${named.region}, and region ${read.region} is said of it` };
    }
  }
  return { region: named.region };
}

/** What an identifier says, and the id in its own spelling. */
function identified(type: string, text: string | undefined): Identified | { readonly wrong: string } {
  if (isSettings(type)) return identifiedSettings(type, text);
  if (text === undefined || text === '') return { wrong: `no ${type} is named: name it by its id or ARN` };
  const quoted = JSON.stringify(clipped(text));
  const row = typeOf(type);
  const resource = resourceOf(text);
  // A recovery point goes by the ARN of what it was made of.
  if (row?.isAnyArn && text.startsWith('arn:')) return { id: text };
  if (resource && resource.type !== type)
    return { wrong: `the ARN names an ${resource.type}, not an ${type}: ${quoted}` };
  if (!resource && /^arn:aws[\w-]*:iam::aws:policy\//.test(text) && type === 'AWS::IAM::ManagedPolicy') {
    return { wrong: `${quoted} is a policy of AWS, which nobody else can change` };
  }
  if (!resource && text.startsWith('arn:')) {
    return { wrong: `${quoted} is not the ARN of an ${type}: name it by its id` };
  }
  const named = resource ?? partial(type, text);
  const wrong = row && misnamed(row, named.id);
  return wrong === undefined ? named : { wrong: `${quoted} names no ${type}: ${wrong}` };
}

function identifiedSettings(type: string, text = ''): Identified | { readonly wrong: string } {
  const resource = resourceOf(text);
  if (resource?.account !== undefined) return { id: '', account: resource.account };
  const arn = /^arn:(aws[\w-]*):[\w-]+:([\w-]*):(\d{12}):/.exec(text);
  const [, partition = '', region = '', account = ''] = arn ?? [];
  if (arn) return { id: '', account, ...(region ? { region, partition } : {}) };
  if (/^\d{12}$/.test(text)) return { id: '', account: text };
  const isOfRegion = type !== 'AWS::::Account' && !isNowhere(text);
  const read = isOfRegion ? regionNamed(text) : { region: '' };
  return 'wrong' in read || read.region === '' ? { id: '' } : { id: '', region: read.region };
}

/** Spellings that are no ARN and more than the name. */
function partial(type: string, text: string): Identified {
  if (type === 'AWS::Lambda::Function') {
    const [, account, name = text] = /^(?:(\d{12}):)?(?:function:)?([^:]+)(?::[^:]+)?$/.exec(text) ?? [];
    return { id: name, ...(account !== undefined && { account }) };
  }
  if (type === 'AWS::Route53::HostedZone') return { id: text.replace(/^\/?hostedzone\//, '') };
  const [, host = '', account, name = ''] = /^https?:\/\/([^/\s]+)\/(\d{12})\/([\w.-]+)$/.exec(text) ?? [];
  if (type !== 'AWS::SQS::Queue' || account === undefined) return { id: withoutKind(type, text) };
  const [, region = host === 'queue.amazonaws.com' ? 'us-east-1' : undefined] =
    /(?:^|\.)(?:sqs|sqs-fips)\.([a-z0-9-]+)\.(?:vpce\.)?amazonaws\.com(?:\.cn)?$/.exec(host) ??
    /^([a-z0-9-]+)\.queue\.amazonaws\.com(?:\.cn)?$/.exec(host) ??
    [];
  return { id: `https://${host}/${account}/${name}`, account, ...(region !== undefined && { region }) };
}

/** The end of an ARN, `key/1234…`, without what says there that it is of this type. */
function withoutKind(type: string, text: string): string {
  const { arn, id = 'name' } = typeOf(type) ?? {};
  const kinds = [arn ?? []].flat().flatMap((form) => /:([\w-]+[/:])@$/.exec(form)?.[1] ?? []);
  const kind = id === 'name' ? kinds.find((each) => text.startsWith(each)) : undefined;
  return text.slice(kind?.length ?? 0);
}

/** Why an id is none of the type's own, in half a sentence. */
function misnamed(
  { type, id: kind = 'name', prefix, unique, arn }: ResourceType,
  id: string,
): string | undefined {
  if (/[*?$\s\p{Cc}]/u.test(id)) return 'it could stand for more than one';
  if (unique?.test(id)) return undefined;
  if (kind === 'arn' && !id.startsWith('arn:')) return 'it is named by its ARN';
  if (kind === 'url') return id.startsWith('https:') ? undefined : 'it is named by its URL or ARN';
  if (type === 'AWS::SecretsManager::Secret' && !/-[A-Za-z0-9]{6}$/.test(id)) return 'its ARN is not whole';
  // A key's may be that of a session, of which its bots say what to do about it.
  if (prefix?.endsWith('-') === true && !id.startsWith(prefix)) return `its ids begin with ${prefix}`;
  const isPlain = kind === 'last' || kind === 'first' || (kind === 'name' && [arn].flat().every(isSimple));
  if (type === 'AWS::KMS::Key' && id.startsWith('alias/')) return 'an alias may be given to another key';
  return isPlain && type !== 'AWS::Logs::LogGroup' && /[/:]/.test(id)
    ? 'a name has no / and no :'
    : undefined;
}

function isSimple(form: string | undefined): boolean {
  return form !== undefined && !form.includes('@+');
}

/** The id in the one spelling that is used from here on. */
function finished(type: string, id: string, { account, region }: Pick<Target, 'account' | 'region'>): string {
  const row = typeOf(type);
  if (row?.unique?.test(id)) return id;
  if (row?.id === 'url') return queueUrl(region, account, id.split('/').at(-1) ?? id);
  return row?.anyCase ? id.toLowerCase() : id;
}

function clipped(text = ''): string {
  return text.slice(0, 200);
}
