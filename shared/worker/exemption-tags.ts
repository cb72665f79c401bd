import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import type { TrailEvent } from '../aws/trail';
import { eventsIn } from '../aws/trail';
import type { Outcome } from '../bot/outcome';
import type { Config } from '../config';
import { type ExemptionTag, MOST_DAYS } from '../config/exemptions';
import { arnsOf } from '../resources/policy-arn';
import { like } from '../resources/like';
import type { Target } from '../resources/target';
import { clip } from '../text';
import { log } from './log';

const DAY_MS = 86_400_000;
/** CloudTrail shows an event within a quarter of an hour, as a rule; after twice as long it is not waited for any more. */
const TRAIL_MS = 30 * 60_000;

/** The tags of a resource; `undefined`: nobody can tell. */
export type Tags = Readonly<Record<string, string>> | undefined;

/** Who set a tag to the value that it has, and when (ISO); `other`: somebody who may not; else CloudTrail does not say. */
export type Provenance =
  { readonly by: string; readonly at: string } | { readonly other: string } | { readonly unknown: string };

/** What a tag makes of a repair: it is exempt, waits, or is held. */
export type TagOutcome = Extract<Outcome, { outcome: 'exempt' | 'waiting' | 'held' }>;

/** The tag of the resource by which config.ts lets it be exempted from the bot, if it has one. */
export function exemptionTagOn(
  { exemptionTags = [] }: Pick<Config, 'exemptionTags'>,
  bot: string,
  tags: Tags,
): { readonly rule: ExemptionTag; readonly value: string } | undefined {
  for (const rule of exemptionTags) {
    const value = tags && Object.hasOwn(tags, rule.key) ? tags[rule.key] : undefined;
    if (value !== undefined && (rule.bots?.some((id) => id === bot) ?? true)) return { rule, value };
  }
  return undefined;
}

/**
 * What a tag makes of a repair; `undefined`: nothing, it goes on. A tag whose setter is not proven exempts nothing: the
 * repair waits for CloudTrail, and is held in the end.
 *
 * @param sentAt When the repair was asked for, in epoch milliseconds.
 */
export function exemptionByTag(
  { rule, value }: { readonly rule: ExemptionTag; readonly value: string },
  provenance: Provenance,
  { sentAt, now }: { readonly sentAt: number; readonly now: number },
): TagOutcome | undefined {
  const { key, maxDays = MOST_DAYS } = rule;
  if ('unknown' in provenance) {
    const sentence = `the tag ${key} asks for an exemption, and CloudTrail does not show who set it: ${provenance.unknown}`;
    return now - sentAt < TRAIL_MS
      ? { outcome: 'waiting', reason: sentence, calls: [] }
      : { outcome: 'held', reason: `${sentence}; set it again, or remove it` };
  }
  if ('other' in provenance) return undefined;
  const said = readTag(value);
  if ('wrong' in said) {
    return { outcome: 'held', reason: `the tag ${key} ${said.wrong}: write 2027-01-31 and a reason` };
  }
  const longest = Date.parse(provenance.at) + maxDays * DAY_MS;
  const end = Math.min(longest, said.until === undefined ? Infinity : Date.parse(said.until));
  if (now >= end) return undefined;
  const until = new Date(end).toISOString().slice(0, 10);
  return {
    outcome: 'exempt',
    reason: `the tag ${key}, set by ${provenance.by}, until ${until}: ${said.reason}`,
  };
}

/** What a tag says: `2027-01-31 public on purpose`, a date, or a reason. */
export function readTag(
  value: string,
): { readonly until?: string; readonly reason: string } | { readonly wrong: string } {
  const text = value.trim();
  if (text === '') return { wrong: 'says nothing' };
  const [, date, rest = ''] = /^(\d{1,4}-\d{1,2}-\d{1,2})(?:\s+(.*))?$/s.exec(text) ?? [];
  if (date === undefined) return { reason: clip(text, 200) };
  const time = Date.parse(date);
  const isDate = Number.isFinite(time) && new Date(time).toISOString().slice(0, 10) === date;
  if (!isDate) return { wrong: `holds ${date}, which is no date` };
  return { until: date, reason: rest === '' ? 'no reason is given' : clip(rest, 200) };
}

/**
 * Who set the tag, of events about the resource, the latest first: somebody who may, as long as nobody has changed or
 * removed it since. That somebody else has set the same value again changes nothing.
 */
export function provenanceIn(
  events: readonly TrailEvent[],
  { key, setBy }: Pick<ExemptionTag, 'key' | 'setBy'>,
  value: string,
): Provenance {
  let other: string | undefined;
  for (const { name, time, arn, request } of events) {
    const said = saidOf(name, request, key);
    if (said === undefined) continue;
    // What set the value that it has now is not there yet, or no event of this resource.
    if (said !== value) break;
    if (setBy.some((pattern) => isSetter(pattern, arn))) return { by: arn, at: time };
    other ??= arn;
  }
  return other === undefined
    ? { unknown: 'no event of the last 90 days sets it to what it says' }
    : { other };
}

/** Looks up who set the tag (`cloudtrail:LookupEvents`). Never rejects: what cannot be asked is not known. */
export async function provenanceOf(
  client: CloudTrailClient,
  target: Target,
  { rule, value }: { readonly rule: ExemptionTag; readonly value: string },
  now = Date.now(),
): Promise<Provenance> {
  try {
    const found = new Map<string, TrailEvent>();
    for (const name of namesOf(target)) {
      const events = await eventsIn(client, {
        by: { key: 'ResourceName', value: name },
        from: new Date(now - MOST_DAYS * DAY_MS),
        to: new Date(now),
      });
      for (const event of events) found.set(event.id, event);
    }
    const latestFirst = [...found.values()].sort((one, two) => two.time.localeCompare(one.time));
    const provenance = provenanceIn(latestFirst, rule, value);
    if ('other' in provenance) {
      log('warn', 'a tag exempts nothing: who set it may not', {
        ...{ target, key: rule.key, by: provenance.other },
      });
    }
    return provenance;
  } catch (error) {
    return { unknown: clip(error instanceof Error ? `${error.name}: ${error.message}` : String(error), 200) };
  }
}

/** By id, last part of an ARN or URL, or ARN: services record their resources by one or the other. */
function namesOf(target: Target): string[] {
  const last = target.id.split(/[/:]/).at(-1) ?? target.id;
  const arn = arnsOf(target).find((one) => !one.includes('*') && !one.includes('?'));
  return [...new Set([last, target.id, ...(arn === undefined ? [] : [arn])])];
}

/** Each part of an ARN by itself, so that a role with a path of its own making is not taken for another. */
function isSetter(pattern: string, arn: string): boolean {
  const [wanted, is] = [partsOf(pattern), partsOf(arn)];
  return wanted.length === is.length && wanted.every((part, index) => like(part, is[index] ?? ''));
}

function partsOf(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}

/** What an event makes of the tag: the value that it sets, `null` where it removes the tag; `undefined`: nothing. */
function saidOf(name: string, request: unknown, key: string): string | null | undefined {
  const isRemoval = /^(Untag|Delete|Remove)/i.test(name);
  const found = valueIn(request, key);
  if (isRemoval) return found === undefined ? undefined : null;
  // The tags of a bucket are replaced as a whole: what is not named is gone.
  if (name === 'PutBucketTagging' && found === undefined) return null;
  return found;
}

/** The value that a request gives the key, wherever it stands; `null`: the key is named without one. */
function valueIn(request: unknown, key: string): string | null | undefined {
  if (request === key) return null;
  if (Array.isArray(request)) return firstOf(request.map((one) => valueIn(one, key)));
  if (typeof request !== 'object' || request === null) return undefined;
  const fields = request as Readonly<Record<string, unknown>>;
  const lower = new Map(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]));
  if ((lower.get('key') ?? lower.get('tagkey')) === key) {
    const value = lower.get('value') ?? lower.get('tagvalue');
    return typeof value === 'string' ? value : null;
  }
  const own = Object.hasOwn(fields, key) ? fields[key] : undefined;
  if (typeof own === 'string') return own;
  return firstOf(Object.values(fields).map((one) => valueIn(one, key)));
}

function firstOf<T>(values: readonly (T | undefined)[]): T | undefined {
  return values.find((value) => value !== undefined);
}
