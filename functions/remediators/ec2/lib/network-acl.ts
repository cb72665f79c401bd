import { isDeepStrictEqual } from 'node:util';
import type { NetworkAclEntry } from '@aws-sdk/client-ec2';
import { type Opened, openedBy } from '../../../../shared/policy/internet';
import { subtract } from '../../../../shared/policy/ip';

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
 * The entries that open that flow to the world, judged together by what each lets in of its range after the refusals
 * that are asked before it; `undefined`: it is not open.
 */
export function worldEntries(
  entries: readonly AclEntry[],
  flow: Flow,
  share?: number,
): Opened<AclEntry> | undefined {
  const asked = entries.filter((entry) => matches(entry, flow));
  const refused: string[] = [];
  const admitted = new Map<AclEntry, readonly string[]>();
  for (const entry of asked) {
    if (entry.action === 'deny') refused.push(entry.cidr);
    else admitted.set(entry, subtract(entry.cidr, refused));
  }
  return openedBy([...admitted.keys()], (entry) => admitted.get(entry) ?? [], share);
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
