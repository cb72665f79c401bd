import { type Target, resourceKey } from '../resources/target';
import type { Config } from '../config';

/** One repair of a resource by a bot. */
export interface Repair {
  /** The journal's id of the change. */
  readonly id: string;
  /** ISO. */
  readonly at: string;
  /** Who had brought the fault, where config.ts asks CloudTrail for that. */
  readonly by?: string;
}

/** How often a fault may come back, see {@link Config.repeats}. */
export interface RepeatLimit {
  readonly times: number;
  readonly hours: number;
}

const DEFAULTS: RepeatLimit = { times: 3, hours: 24 };

/** As many repairs are kept of a resource. */
export const KEPT_REPAIRS = 20;

/** Under which key the repairs of a resource by a bot are kept. */
export function repairsId(bot: string, target: Target): string {
  return `repairs/${bot}/${resourceKey(target)}`;
}

/** The repairs in an item of the journal's table, the latest first. */
export function repairsIn(item: Readonly<Record<string, unknown>> | undefined): Repair[] {
  return [...((item?.repairs ?? []) as Repair[])].sort((one, other) => other.at.localeCompare(one.at));
}

/** By config.ts; `undefined`: what comes back is repaired again and again. */
export function repeatLimitOf({ repeats }: Pick<Config, 'repeats'>): RepeatLimit | undefined {
  return repeats === false ? undefined : { ...DEFAULTS, ...repeats };
}

/**
 * Why a fault that keeps coming back is repaired no more for now, with its history; `undefined`: it may be. `by` is who
 * brought it this time.
 */
export function repeatedTooOften(
  limit: RepeatLimit | undefined,
  repairs: readonly Repair[],
  by?: string,
  now = Date.now(),
): string | undefined {
  if (!limit) return undefined;
  const since = now - limit.hours * 3_600_000;
  const lately = repairs.filter(({ at }) => Date.parse(at) > since);
  if (lately.length < limit.times) return undefined;
  const history = [
    ...[...lately]
      .reverse()
      .map(
        (repair) =>
          `${repair.at} (${repair.id}${repair.by === undefined ? '' : `, brought by ${repair.by}`})`,
      ),
  ];
  const again = by === undefined ? '' : `; brought back now by ${by}`;
  return `it was repaired ${lately.length} times in ${limit.hours} hours and came back each time: ${history.join(', ')}${again}. Find out who brings it back, exempt it, or run npx selfheal fix`;
}
