import ipaddr from 'ipaddr.js';
import * as z from 'zod';

/** An address range by the numbers of its first and its last address. */
interface Range {
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
  readonly first: bigint;
  readonly last: bigint;
}

/** The range as AWS itself writes it, without host bits: `100.68.0.18/18` is `100.68.0.0/18`. */
export function canonical(cidr: string): string {
  return written(rangeOf(cidr));
}

/** Whether all of `inner` lies in `outer`. Ranges of IPv4 and of IPv6 have nothing in common. */
export function contains(outer: string, inner: string): boolean {
  return holds(rangeOf(outer), rangeOf(inner));
}

/** Whether both are the same range, however they are written. */
export function isEqual(one: string, other: string): boolean {
  return canonical(one) === canonical(other);
}

/** What is left of the range without the holes, as the fewest ranges that say so. */
export function subtract(cidr: string, holes: readonly string[]): string[] {
  return left(rangeOf(cidr), holes.map(rangeOf));
}

/** What of the range lies in the others, each address once. */
export function overlap(cidr: string, others: readonly string[]): string[] {
  const range = rangeOf(cidr);
  const inside = others.map(rangeOf).flatMap((other) => {
    if (holds(other, range)) return [range];
    return holds(range, other) ? [other] : [];
  });
  const outermost = inside.filter((one) => !inside.some((other) => holds(other, one) && !holds(one, other)));
  return [...new Set(outermost.map(written))];
}

function rangeOf(cidr: string): Range {
  const [address, prefix] = ipaddr.parseCIDR(cidr);
  const bytes = address.toByteArray();
  const size = 1n << BigInt(bytes.length * 8 - prefix);
  const number = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  const first = number - (number % size);
  return { prefix, family: address.kind(), first, last: first + size - 1n };
}

function holds(outer: Range, inner: Range): boolean {
  return outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;
}

function left(range: Range, holes: readonly Range[]): string[] {
  if (holes.some((hole) => holds(hole, range))) return [];
  const inside = holes.filter((hole) => holds(range, hole));
  return inside.length === 0 ? [written(range)] : halves(range).flatMap((half) => left(half, inside));
}

function halves({ family, prefix, first, last }: Range): Range[] {
  const middle = (first + last + 1n) / 2n;
  const half = { family, prefix: prefix + 1 };
  return [
    { ...half, first, last: middle - 1n },
    { ...half, first: middle, last },
  ];
}

function written({ family, prefix, first }: Range): string {
  const digits = first.toString(16).padStart(family === 'ipv4' ? 8 : 32, '0');
  return `${ipaddr.fromByteArray([...Buffer.from(digits, 'hex')]).toString()}/${prefix}`;
}

/**
 * A range of IPv4 or IPv6 as a parameter. By patterns alone: `z.cidrv6()` also takes what its pattern does not, so that
 * the catalogue would judge otherwise than the bot.
 */
export const rangeSchema = z.union([z.cidrv4(), z.string().regex(z.regexes.cidrv6, 'Invalid IPv6 range')]);
