import type { CatalogueEntry } from '../shared/catalogue';
import { typesOf } from '../shared/bot/bot';
import { canonical } from '../shared/resources/canonical';
import { type Target, isSettings, partitionOf, targetSchema } from '../shared/resources/target';
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
 * @throws Problem when it is of another kind of resource or lies elsewhere than is said, or nothing is named.
 */
export function targetOf(
  text: string | undefined,
  entry: Pick<CatalogueEntry, 'id' | 'resource' | 'alsoOn'>,
  { account, region, resourceRegion }: Surroundings,
): Target {
  const types = typesOf(entry);
  if (!isAccountBot(entry) && (text === undefined || text === '')) {
    throw new Problem(`${entry.id} acts on one ${types.join(' or ')}: name it by its id or ARN`);
  }
  const id = text === 'account' ? undefined : text;
  const named = [...types].map((type) =>
    canonical({ type, id, region: resourceRegion, around: { account, region } }, partitionOf(region)),
  );
  const [target] = named.flatMap((one) => ('target' in one ? [one.target] : []));
  if (target) return target;
  throw new Problem(
    named.flatMap((one) => ('wrong' in one ? [one.wrong] : []))[0] ?? `"${text ?? ''}" names no resource`,
  );
}

function isRegion(text: string): boolean {
  return targetSchema.shape.region.safeParse(text).success;
}
