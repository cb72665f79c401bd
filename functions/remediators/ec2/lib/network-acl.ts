import { isDeepStrictEqual } from 'node:util';
import type { NetworkAclEntry } from '@aws-sdk/client-ec2';
import { subtract, worldRanges } from '../../../../shared/policy/ip';

/** An inbound entry. Ports are 0–65535 where the protocol has none, or is `-1`, all traffic. */
export interface AclEntry {
  readonly number: number;
  readonly action: 'allow' | 'deny';
  /** The protocol's number: 6 is TCP, 17 is UDP. */
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly cidr: string;
}

/** One port of one protocol, for sources of one family. */
export interface Flow {
  readonly protocol: string;
  readonly port: number;
  readonly family: 4 | 6;
}

/** The last number that people can give: what stands behind it is AWS's own refusal of the rest. */
const LAST = 32766;

/** The inbound entries in the order in which they are asked. */
export function inboundEntries(entries: readonly NetworkAclEntry[]): AclEntry[] {
  return entries
    .filter(({ Egress, RuleNumber = 0 }) => !Egress && RuleNumber <= LAST)
    .map(({ RuleNumber = 0, RuleAction, Protocol = '-1', PortRange, CidrBlock, Ipv6CidrBlock }) => ({
      number: RuleNumber,
      action: RuleAction === 'allow' ? ('allow' as const) : ('deny' as const),
      protocol: Protocol,
      from: PortRange?.From ?? 0,
      to: PortRange?.To ?? 65535,
      cidr: CidrBlock ?? Ipv6CidrBlock ?? '',
    }))
    .sort((one, other) => one.number - other.number);
}

/** The family of the addresses that an entry is for. */
export function familyOf({ cidr }: AclEntry): 4 | 6 {
  return cidr.includes(':') ? 6 : 4;
}

/** Whether an entry decides on that flow, from the addresses that it is for. */
export function matches(entry: AclEntry, { protocol, port, family }: Flow): boolean {
  return (
    familyOf(entry) === family &&
    [protocol, '-1'].includes(entry.protocol) &&
    entry.from <= port &&
    port <= entry.to
  );
}

/**
 * The entries that let the whole internet in on that flow, alone or only together, each asked before it is denied. The
 * first entry that matches decides, so one behind refusals of all its addresses lets nobody in.
 */
export function worldEntries(entries: readonly AclEntry[], flow: Flow): AclEntry[] {
  const asked = entries.filter((entry) => matches(entry, flow));
  const live = asked.filter(
    (entry, index) => entry.action === 'allow' && !isRefusedBy(asked.slice(0, index), entry),
  );
  const world = worldRanges(live.map(({ cidr }) => cidr));
  return live.filter(({ cidr }) => world.has(cidr));
}

/** Whether these entries, which match one flow and are asked before it, refuse all that it would let in. */
export function isRefusedBy(earlier: readonly AclEntry[], { cidr }: AclEntry): boolean {
  const refused = earlier.filter(({ action }) => action === 'deny').map((other) => other.cidr);
  return subtract(cidr, refused).length === 0;
}

/** Whether two entries say the same, under whatever numbers. */
export function isSameEntry(one: AclEntry, other: AclEntry): boolean {
  return isDeepStrictEqual({ ...one, number: 0 }, { ...other, number: 0 });
}
