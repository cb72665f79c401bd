import { createHash } from 'node:crypto';
import { accountRefusal } from './accounts';
import { type Config, settingsOf } from './config';
import type { Exemption } from './config/exemptions';
import { knownRegions } from './resources/regions';
import { clip } from './text';

const DAY_MS = 86_400_000;
/** So long before its end it is told that an exemption ends. */
const TOLD_MS = 7 * DAY_MS;
/** An end is told so long afterwards, where nobody could tell it on the day: not that of a year ago. */
const LATE_MS = 7 * DAY_MS;

/** That an exemption ends soon, or has ended. */
export interface Ending {
  readonly exemption: Exemption;
  readonly is: 'ending' | 'ended';
  /** Tells this news from all other: the same exemption with another end is told anew. */
  readonly key: string;
}

/** Whole days until an exemption ends, none on the day itself and negative after it; `undefined`: it has no end. */
export function daysLeft({ until }: Pick<Exemption, 'until'>, now: number): number | undefined {
  return until === undefined ? undefined : Math.ceil((Date.parse(until) - now) / DAY_MS);
}

/** What is to be told of exemptions now: what ends within a week, and what ended within the last. */
export function endingsDue(exemptions: readonly Exemption[], now: number): Ending[] {
  return exemptions.flatMap((exemption): Ending[] => {
    if (exemption.until === undefined) return [];
    const end = Date.parse(exemption.until);
    const is = now >= end ? 'ended' : 'ending';
    const isDue = is === 'ended' ? now < end + LATE_MS : now >= end - TOLD_MS;
    return isDue ? [{ exemption, is, key: `${is}/${digestOf(exemption)}` }] : [];
  });
}

/** One sentence for people. */
export function endingText({ exemption, is }: Ending, now: number): string {
  const { until = '', owner, reason } = exemption;
  const days = daysLeft(exemption, now) ?? 0;
  const when =
    is === 'ended'
      ? `ended on ${until}: bots repair what it hid`
      : `ends on ${until}, in ${days} ${days === 1 ? 'day' : 'days'}: then bots repair what it hides`;
  return clip(`The exemption of ${scopeText(exemption)} (${reason}), asked for by ${owner}, ${when}.`, 1000);
}

/** What an exemption covers, in words: `website-* in account 111122223333 from s3_block_all_public_access`. */
export function scopeText({ bot, account, region, resource }: Exemption): string {
  return [
    resource ?? 'all resources',
    ...(account === undefined ? [] : [`in account ${account}`]),
    ...(region === undefined ? [] : [`in ${region}`]),
    `from ${bot ?? 'all bots'}`,
  ].join(' ');
}

/** Why an exemption can cover nothing, as far as config.ts alone tells; `undefined`: it may cover something. */
export function coversNothing(config: Config, home: string, exemption: Exemption): string | undefined {
  const { bot, account, region } = exemption;
  if (bot !== undefined && !settingsOf(config, bot)) return `${bot} is not enabled`;
  if (account !== undefined && /^\d{12}$/.test(account)) {
    const refusal = accountRefusal(config.accounts, home, account);
    if (typeof refusal === 'object') return `bots do not act in account ${account}`;
  }
  if (region === undefined || region.includes('*')) return undefined;
  const regions = config.regions ?? knownRegions;
  return regions.includes(region) ? undefined : `bots do not act in region ${region}`;
}

function digestOf({ bot, account, region, resource, until }: Exemption): string {
  const text = JSON.stringify([bot, account, region, resource, until]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
