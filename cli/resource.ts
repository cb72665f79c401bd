import { resourceOf } from '../shared/resources/arn';
import type { CatalogueEntry } from '../shared/catalogue';
import { REGION, type Target, isSettings, settingsTarget, targetSchema } from '../shared/resources/target';
import { faultIn } from '../shared/text';
import { Problem } from './terminal/errors';

/** Where an ARN says that its resource lies. */
export interface Arn {
  /** Empty for what has no region, such as IAM and S3. */
  readonly region: string;
  /** Empty for S3. */
  readonly account: string;
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
  const [, region, account = ''] = /^arn:aws[\w-]*:[\w-]+:([\w-]*):(\d{12}|aws)?:.+$/s.exec(text) ?? [];
  return region === undefined ? undefined : { region, account };
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
    : { account: (arn?.account ?? '') || account, region: within, type, id: resourceId(text, entry) };
  const parsed = targetSchema.safeParse(target);
  if (parsed.success) return parsed.data;
  throw new Problem(`"${text ?? ''}" names no resource: ${faultIn(parsed.error)}`);
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
  { id, resource }: Pick<CatalogueEntry, 'id' | 'resource'>,
): string {
  if (text === undefined || text === '') {
    throw new Problem(`${id} acts on one ${resource}: name it by its id or ARN`);
  }
  if (!text.startsWith('arn:')) return text;
  const named = resourceOf(text);
  if (!named)
    throw new Problem(`"${text}" is the ARN of nothing that bots act on: name the ${resource} by its id`);
  if (named.type === resource) return named.id;
  throw new Problem(`${id} acts on ${resource}, the ARN names an ${named.type}: "${text}"`);
}
