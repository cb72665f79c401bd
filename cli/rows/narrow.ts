import type { Severity } from '../../shared/bot/bot';
import type { CatalogueEntry } from '../../shared/catalogue';
import { knownRegions } from '../../shared/resources/regions';
import type { Target } from '../../shared/resources/target';
import type { Finding } from '../../shared/worker/message';
import { nearest } from '../../shared/nearest';
import { type Session, botNamed } from '../session';
import { Problem } from '../terminal/errors';

/** What rows of the queue, of the journal and of a scan have in common: they are narrowed, sorted and counted by it. */
export interface Facts {
  readonly bot: string;
  readonly severity: Severity;
  readonly source: string;
  readonly target: Target;
  /** Epoch milliseconds: since when a message waits, when a change was made. */
  readonly atMs: number;
}

/** Options that narrow; each may be given several times, or with several values between commas. */
export interface NarrowOptions {
  readonly bot?: readonly string[];
  readonly account?: readonly string[];
  readonly severity?: readonly string[];
  readonly source?: readonly string[];
  /** Where the resource lies; `--region` is where selfheal is installed. */
  readonly resourceRegion?: readonly string[];
}

/** Severities, the worst first. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const satisfies readonly Severity[];

/**
 * Whether a row passes what the options say; `undefined`: they say nothing.
 *
 * @throws Problem for a bot, severity, account or region that cannot be meant.
 */
export async function narrowing(
  session: Session,
  options: NarrowOptions,
): Promise<((row: Facts) => boolean) | undefined> {
  const { account, source, resourceRegion } = options;
  const bots = options.bot && (await Promise.all(options.bot.map((name) => botNamed(session, name))));
  const severities = severitiesIn(options.severity);
  const wrong = account?.find((id) => !/^\d{12}$/.test(id));
  if (wrong !== undefined) throw new Problem(`--account takes twelve digits, not "${wrong}"`);
  regionsExist(resourceRegion);
  const tests: ((row: Facts) => boolean)[] = [
    ...(bots ? [({ bot }: Facts) => bots.some(({ id }) => id === bot)] : []),
    ...(severities ? [({ severity }: Facts) => severities.includes(severity)] : []),
    ...(account ? [({ target }: Facts) => account.includes(target.account)] : []),
    ...(source
      ? [(row: Facts) => source.some((name) => name.toLowerCase() === row.source.toLowerCase())]
      : []),
    ...(resourceRegion ? [({ target }: Facts) => resourceRegion.includes(target.region)] : []),
  ];
  return tests.length === 0 ? undefined : (row) => tests.every((passes) => passes(row));
}

/**
 * The severities that `high,critical` or `medium+` names; a `+` is for those and worse.
 *
 * @throws Problem for another word.
 */
export function severitiesIn(words: readonly string[] | undefined): readonly Severity[] | undefined {
  return words?.flatMap((word) => {
    const name = word.toLowerCase().replace(/\+$/, '') as Severity;
    const at = SEVERITIES.indexOf(name);
    if (at < 0)
      throw new Problem(
        `--severity takes ${SEVERITIES.join(', ')}, or high+ for high and worse, not "${word}"`,
      );
    return word.endsWith('+') ? SEVERITIES.slice(0, at + 1) : [name];
  });
}

/** The severity of a fault: the finding's own, where its source said one, else the bot's. */
export function severityOf(
  finding: Pick<Finding, 'severity'> | undefined,
  bot: Pick<CatalogueEntry, 'severity'> | undefined,
): Severity {
  return finding?.severity ?? bot?.severity ?? 'low';
}

function regionsExist(regions: readonly string[] = []): void {
  for (const region of regions) {
    if (knownRegions.includes(region)) continue;
    const near = nearest(region, knownRegions);
    throw new Problem(`there is no region "${region}"${near === undefined ? '' : `: did you mean ${near}?`}`);
  }
}
