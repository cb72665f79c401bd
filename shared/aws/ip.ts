import ipaddr from 'ipaddr.js';

/** An address range by the numbers of its first and its last address. */
interface Range {
  readonly cidr: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly first: bigint;
  readonly last: bigint;
}

/** All there is, and all of IPv6 that is routed on the internet (RFC 4291, global unicast). */
const WORLDS = ['0.0.0.0/0', '::/0', '2000::/3'].map(rangeOf);

/**
 * Those of the ranges that let the whole internet in, alone (`0.0.0.0/0`) or only together (`0.0.0.0/1` and
 * `128.0.0.0/1`). Without them the others let in less than the world. A narrow range inside a wide one is never
 * among them: it is not what opens the door.
 */
export function worldRanges(cidrs: readonly string[]): ReadonlySet<string> {
  const ranges = cidrs.map(rangeOf).sort(byStartWidestFirst);
  const world = new Set(WORLDS.flatMap((space) => cover(ranges, space)));
  if (world.size === 0) return world;
  return new Set([...world, ...worldRanges(cidrs.filter((cidr) => !world.has(cidr)))]);
}

/** The outermost ranges that fill the space without a gap, or none. */
function cover(sorted: readonly Range[], space: Range): string[] {
  const parts: string[] = [];
  let next = space.first;
  for (const { cidr, family, first, last } of sorted) {
    if (family !== space.family || last < next) continue;
    if (first > next) return [];
    parts.push(cidr);
    next = last + 1n;
    if (next > space.last) return parts;
  }
  return [];
}

function rangeOf(cidr: string): Range {
  const [address, prefix] = ipaddr.parseCIDR(cidr);
  const bytes = address.toByteArray();
  const size = 1n << BigInt(bytes.length * 8 - prefix);
  const number = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  const first = number - (number % size);
  return { cidr, family: address.kind(), first, last: first + size - 1n };
}

function byStartWidestFirst(a: Range, b: Range): number {
  if (a.first !== b.first) return a.first < b.first ? -1 : 1;
  return a.last === b.last ? 0 : a.last > b.last ? -1 : 1;
}
