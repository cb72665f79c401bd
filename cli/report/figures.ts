import { resourceKey } from '../../shared/resources/target';
import { type Counts, DIMENSIONS, type Item, type ReportData, type State, valuesOf } from './data';

/** The bot and the resource that an item is about; `undefined` where it names no resource. */
export function keyOf({ bot, target }: Pick<Item, 'bot' | 'target'>): string | undefined {
  return target && `${bot} ${resourceKey(target)}`;
}

/** Says of what did not come to an end that it was tried again, where newer items are about the same. Newest first. */
export function withLaterTries(items: readonly Item[]): Item[] {
  const seen = new Set<string>();
  return items.map((item) => {
    const key = keyOf(item);
    if (key === undefined) return item;
    const isLater = seen.has(key);
    seen.add(key);
    return isLater && PASSING.includes(item.state) ? { ...item, state: 'again' } : item;
  });
}

/** How many items are in each state. */
export function totalsOf(items: readonly Item[]): Counts {
  const counts: Partial<Record<State, number>> = {};
  for (const { state } of items) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

/** Median and 95th percentile (nearest rank) of the time from finding to proof. What a person began is not counted. */
export function proofOf(items: readonly Item[]): Pick<ReportData, 'proof'> {
  const seconds = items
    .filter(({ finding }) => finding?.source !== 'cli')
    .flatMap((item) => item.seconds ?? [])
    .sort((one, other) => one - other);
  if (seconds.length === 0) return {};
  const at = (share: number) => seconds[Math.max(0, Math.ceil(share * seconds.length) - 1)] ?? 0;
  const middle = seconds.length / 2;
  const medianSeconds = Number.isInteger(middle)
    ? ((seconds[middle - 1] ?? 0) + (seconds[middle] ?? 0)) / 2
    : at(0.5);
  return { proof: { count: seconds.length, medianSeconds, p95Seconds: at(0.95) } };
}

/** What was fixed and what failed, by day in UTC; of a long period its last 60 days. */
export function daysOf(items: readonly Item[], since: string, nowMs: number): ReportData['days'] {
  const first = Math.max(dayOf(Date.parse(since)), dayOf(nowMs) - (MOST_DAYS - 1));
  const days = Array.from({ length: dayOf(nowMs) - first + 1 }, (_, index) => ({
    day: new Date((first + index) * DAY_MS).toISOString().slice(0, 10),
    fixed: 0,
    failed: 0,
  }));
  for (const { from, state, endedAt, at } of items) {
    if (from !== 'journal' || (state !== 'fixed' && state !== 'failed')) continue;
    const day = days[dayOf(Date.parse(endedAt ?? at)) - first];
    if (day) day[state] += 1;
  }
  return days;
}

/** Counts by everything that faults are counted by; the most first, and at most so many of a kind. */
export function breakdownOf(
  items: readonly Item[],
): Pick<ReportData, 'breakdown'> & { readonly cut: string[] } {
  const cut: string[] = [];
  const breakdown = Object.fromEntries(
    DIMENSIONS.map((dimension) => {
      const groups = new Map<string, Item[]>();
      for (const item of items) {
        for (const name of valuesOf(item, dimension)) {
          const group = groups.get(name);
          if (group) group.push(item);
          else groups.set(name, [item]);
        }
      }
      const lines = [...groups]
        .sort(([name, one], [other, two]) => two.length - one.length || (name < other ? -1 : 1))
        .map(([name, group]) => ({ name, counts: totalsOf(group) }));
      if (lines.length > MOST_LINES) {
        cut.push(`${lines.length - MOST_LINES} more lines of the table by ${dimension}`);
      }
      return [dimension, lines.slice(0, MOST_LINES)];
    }),
  ) as unknown as ReportData['breakdown'];
  return { breakdown, cut };
}

function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS);
}

const PASSING: readonly State[] = ['failed', 'held', 'approval', 'open', 'planned', 'working'];
const DAY_MS = 86_400_000;
const MOST_DAYS = 60;
const MOST_LINES = 300;
