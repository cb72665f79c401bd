import ipaddr from 'ipaddr.js';

/**
 * What counts as open to the world, in one place for security groups, network ACLs and policies: ranges are judged
 * together, by how much of the routed internet they admit, so that it does not matter into how many they are cut.
 */

type Family = 'ipv4' | 'ipv6';

/** Addresses by the numbers of the first and the last. */
interface Interval {
  readonly first: bigint;
  readonly last: bigint;
}

/** Ports are open to the world when at least so much of the internet reaches them. */
export const WORLD_SHARE = 0.5;

/** More addresses than these are public in a policy: one /8 of IPv4, one /32 of IPv6. Source: S3, "public". */
const MOST: Readonly<Record<Family, bigint>> = { ipv4: 1n << 24n, ipv6: 1n << 96n };

/** Of IPv4, what no router of the internet forwards. Source: IANA IPv4 Special-Purpose Address Registry, multicast. */
const NOT_ROUTED = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
];

/** All of IPv4, and what is routed on the internet; of IPv6 that is global unicast (RFC 4291). Sorted. */
const SPACE = intervalOf('0.0.0.0/0').interval;
const ROUTED: Readonly<Record<Family, readonly Interval[]>> = {
  ipv4: gaps(
    SPACE,
    NOT_ROUTED.map((cidr) => intervalOf(cidr).interval),
  ),
  ipv6: [intervalOf('2000::/3').interval],
};

/** Sources that are open to the world together, and those of them that have to go. */
export interface Opened<T> {
  /** The widest, so many that the others admit less than the world; sources of one width stand or go together. */
  readonly by: readonly T[];
  /** How much of the internet all of them admit: 0 to 1. */
  readonly share: number;
}

/**
 * Judges sources of traffic by the union of their address ranges; `undefined`: they admit less of the internet than
 * `share`. What admits none of it (private networks) is never among those that have to go.
 *
 * @param rangesOf CIDR blocks of a source, IPv4 and IPv6.
 */
export function openedBy<T>(
  sources: readonly T[],
  rangesOf: (source: T) => readonly string[],
  share = WORLD_SHARE,
): Opened<T> | undefined {
  const read = sources.map((source) => ({ source, ranges: rangesOf(source).map(intervalOf) }));
  const opened = (['ipv4', 'ipv6'] as const).flatMap((family) => {
    const widths = read
      .map(({ source, ranges }) => {
        const own = ranges.filter((range) => range.family === family).map((one) => one.interval);
        // What is routed nowhere (224.0.0.0/3) would only make the half of all numbers sooner full.
        const union = united(own.filter((one) => common([one], ROUTED[family]) > 0n));
        return { source, union, width: common(union, ROUTED[family]) };
      })
      .filter(({ width }) => width > 0n);
    const levels = [...new Set(widths.map(({ width }) => width))].sort((a, b) => (a > b ? -1 : 1));
    /** Whether sources of this width are left when so many of the widest levels are gone. */
    const stays = (width: bigint, gone: number) => gone === 0 || width < (levels[gone - 1] ?? 0n);
    const shareWithout = (gone: number) =>
      shareOf(family, united(widths.filter(({ width }) => stays(width, gone)).flatMap((one) => one.union)));
    const whole = shareWithout(0);
    if (levels.length === 0 || whole < share) return [];
    let [low, high] = [0, levels.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (shareWithout(middle) < share) high = middle;
      else low = middle;
    }
    return [{ by: widths.filter(({ width }) => !stays(width, high)).map((one) => one.source), share: whole }];
  });
  if (opened.length === 0) return undefined;
  const by = new Set(opened.flatMap((one) => one.by));
  return {
    by: sources.filter((source) => by.has(source)),
    share: Math.max(...opened.map((one) => one.share)),
  };
}

/** Whether these ranges together admit at least that share of the internet. */
export function isWorldOpen(cidrs: readonly string[], share = WORLD_SHARE): boolean {
  return openedBy([cidrs], (all) => all, share) !== undefined;
}

/**
 * Whether ranges in a policy confine nobody: more of the internet than one /8 of IPv4 or one /32 of IPv6, together or
 * one of them alone, or what is no range at all.
 */
export function isPublicRange(cidrs: readonly string[]): boolean {
  const ranges = cidrs.map(rangeIn);
  return (
    (['ipv4', 'ipv6'] as const).some((family) => {
      const own = ranges.flatMap((range) => (range?.family === family ? [range.interval] : []));
      return (
        own.some(({ first, last }) => last - first + 1n > MOST[family]) ||
        common(united(own), ROUTED[family]) > MOST[family]
      );
    }) || ranges.includes(undefined)
  );
}

/** An address counts as the range of it alone. */
function rangeIn(text: string) {
  if (ipaddr.isValidCIDR(text)) return intervalOf(text);
  return ipaddr.isValid(text) && !/^\d+$/.test(text)
    ? intervalOf(`${text}/${ipaddr.parse(text).kind() === 'ipv4' ? 32 : 128}`)
    : undefined;
}

/**
 * Of all the addresses that are routed, or of all that there are in IPv4, whichever is more: half of the numbers is
 * half of the world, also where much of it is reserved (128.0.0.0/1).
 */
function shareOf(family: Family, union: readonly Interval[]): number {
  const routed = ROUTED[family];
  const ofRouted = Number(common(union, routed)) / Number(size(routed));
  return family === 'ipv4' ? Math.max(ofRouted, Number(size(union)) / Number(size([SPACE]))) : ofRouted;
}

function intervalOf(cidr: string): { readonly family: Family; readonly interval: Interval } {
  const [address, prefix] = ipaddr.parseCIDR(cidr);
  const bytes = address.toByteArray();
  const length = 1n << BigInt(bytes.length * 8 - prefix);
  const number = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  const first = number - (number % length);
  return { family: address.kind(), interval: { first, last: first + length - 1n } };
}

/** The same addresses as the fewest intervals, sorted. */
function united(intervals: readonly Interval[]): Interval[] {
  const merged: { first: bigint; last: bigint }[] = [];
  for (const { first, last } of intervals.toSorted((a, b) => (a.first < b.first ? -1 : 1))) {
    const open = merged.at(-1);
    if (open && first <= open.last + 1n) open.last = last > open.last ? last : open.last;
    else merged.push({ first, last });
  }
  return merged;
}

function gaps(space: Interval, sorted: readonly Interval[]): Interval[] {
  const starts = [space.first, ...sorted.map(({ last }) => last + 1n)];
  const ends = [...sorted.map(({ first }) => first - 1n), space.last];
  return starts.flatMap((first, index) => {
    const last = ends[index] ?? space.last;
    return first <= last ? [{ first, last }] : [];
  });
}

function size(union: readonly Interval[]): bigint {
  return union.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
}

/** How many addresses lie in both; both are sorted and without overlaps. */
function common(one: readonly Interval[], other: readonly Interval[]): bigint {
  let sum = 0n;
  for (let [i, j] = [0, 0]; ;) {
    const [a, b] = [one[i], other[j]];
    if (!a || !b) return sum;
    const first = a.first > b.first ? a.first : b.first;
    const last = a.last < b.last ? a.last : b.last;
    if (first <= last) sum += last - first + 1n;
    if (a.last < b.last) i++;
    else j++;
  }
}
