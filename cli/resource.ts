import type { CatalogueEntry } from '../shared/catalogue';
import { REGION, type Target, isSettings, settingsTarget, targetSchema } from '../shared/target';
import { faultIn } from '../shared/text';
import { Problem } from './errors';

/** An ARN in its parts. */
export interface Arn {
  readonly service: string;
  /** Empty for what has no region, such as IAM and S3. */
  readonly region: string;
  /** Empty for S3. */
  readonly account: string;
  /** What stands behind the account: `security-group/sg-1`, `key/…`, a bucket's name. */
  readonly rest: string;
}

/** Where a resource lies that does not say so itself. */
export interface Surroundings {
  readonly account: string;
  readonly region: string;
  /** Said by the caller; must agree with what an ARN says. */
  readonly resourceRegion?: string | undefined;
}

/** Reads an ARN; `undefined`: the text is none. */
export function arnOf(text: string): Arn | undefined {
  const [, service = '', region = '', account = '', rest = ''] =
    /^arn:aws[\w-]*:([\w-]+):([\w-]*):(\d{12}|aws)?:(.+)$/s.exec(text) ?? [];
  return service ? { service, region, account, rest } : undefined;
}

/** Whether the bot acts on settings of an account, so that no resource need be named. */
export function isAccountBot({ resource }: Pick<CatalogueEntry, 'resource'>): boolean {
  return isSettings(resource);
}

/** Whether the text names an account or a region of it, rather than being the first word of the parameters. */
export function namesAccount(text: string): boolean {
  return text === 'account' || /^\d{12}$/.test(text) || isRegion(text) || arnOf(text) !== undefined;
}

/**
 * The resource that a person means by its id or ARN.
 *
 * @throws Problem when the ARN is of another kind of resource, or nothing is named.
 */
export function targetOf(
  text: string | undefined,
  entry: Pick<CatalogueEntry, 'id' | 'resource'>,
  { account, region, resourceRegion }: Surroundings,
): Target {
  const arn = text === undefined ? undefined : arnOf(text);
  if (arn?.region && resourceRegion && arn.region !== resourceRegion) {
    throw new Problem(`${text ?? ''} lies in ${arn.region}, not in ${resourceRegion}`);
  }
  const type = entry.resource;
  const within = (arn?.region ?? '') || (resourceRegion ?? region);
  const target = isAccountBot(entry)
    ? settings(type, text, arn, { account, region: within })
    : { account: (arn?.account ?? '') || account, region: within, type, id: resourceId(text, arn, entry) };
  const parsed = targetSchema.safeParse(target);
  if (parsed.success) return parsed.data;
  throw new Problem(`"${text ?? ''}" names no resource: ${faultIn(parsed.error)}`);
}

/** The id in an ARN, as the API of the resource takes it. */
export function idInArn(text: string, { service, rest }: Arn, type: string): string {
  if (service === 's3') return rest.split('/')[0] ?? rest;
  if (BY_ARN.has(type)) return text;
  if (service === 'logs') return rest.replace(/^log-group:/, '').replace(/:\*$/, '');
  // `key/…`, `user/path/name`, `function:name`, `db:name`: the kind goes, paths of IAM go, the name stays.
  const name = rest.replace(/^[\w-]+[:/]/, '');
  return service === 'iam' ? (name.split('/').at(-1) ?? name) : name;
}

function settings(
  type: string,
  text: string | undefined,
  arn: Arn | undefined,
  { account, region }: Surroundings,
): Target {
  if (type === REGION && text !== undefined && isRegion(text)) return settingsTarget(type, account, text);
  const said = text === undefined || text === 'account' ? account : text;
  return settingsTarget(type, (arn?.account ?? '') || said, region);
}

function isRegion(text: string): boolean {
  return targetSchema.shape.region.safeParse(text).success;
}

function resourceId(
  text: string | undefined,
  arn: Arn | undefined,
  { id, resource }: Pick<CatalogueEntry, 'id' | 'resource'>,
): string {
  if (text === undefined || text === '') {
    throw new Problem(`${id} acts on one ${resource}: name it by its id or ARN`);
  }
  if (text.startsWith('arn:') && !arn) throw new Problem(`"${text}" is not an ARN`);
  if (!arn) return text;
  if (arn.service !== serviceIn(resource)) {
    throw new Problem(`${id} acts on ${resource}, the ARN names something of ${arn.service}: "${text}"`);
  }
  return idInArn(text, arn, resource);
}

function serviceIn(type: string): string {
  const service = type.split('::')[1] ?? '';
  return OTHER_SERVICE_NAMES[service] ?? service.toLowerCase();
}

/** Services whose ARNs have another name than their CloudFormation types. Source: Service Authorization Reference. */
const OTHER_SERVICE_NAMES: Readonly<Record<string, string>> = {
  ApplicationAutoScaling: 'application-autoscaling',
  CertificateManager: 'acm',
  DocDB: 'rds',
  EFS: 'elasticfilesystem',
  ElasticLoadBalancingV2: 'elasticloadbalancing',
  Elasticsearch: 'es',
  EMR: 'elasticmapreduce',
  KinesisFirehose: 'firehose',
  MSK: 'kafka',
  Neptune: 'rds',
  OpenSearchService: 'es',
  StepFunctions: 'states',
};

/** Types whose API takes the ARN itself. */
const BY_ARN: ReadonlySet<string> = new Set([
  'AWS::CertificateManager::Certificate',
  'AWS::ECS::TaskDefinition',
  'AWS::ElasticLoadBalancingV2::Listener',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::MSK::Cluster',
  'AWS::SecretsManager::Secret',
  'AWS::SNS::Topic',
  'AWS::StepFunctions::StateMachine',
]);
