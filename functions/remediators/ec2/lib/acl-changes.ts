import { isDeepStrictEqual } from 'node:util';
import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import type { ConfigServiceClient } from '@aws-sdk/client-config-service';
import type { NetworkAclEntry } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { recordedBefore } from '../../../../shared/aws/history';
import { type TrailEvent, eventsIn } from '../../../../shared/aws/trail';
import { contains } from '../../../../shared/policy/ip';

const DAY_MS = 24 * 3_600_000;

/** An entry of a network ACL, in one spelling for EC2's, CloudTrail's and AWS Config's. */
export type Entry = z.infer<typeof entrySchema>;

/** Which entry of an ACL: its number, and whether it is outbound. */
export type Place = z.infer<typeof placeSchema>;

/** A change of one entry. */
export interface AclChange extends Pick<TrailEvent, 'name' | 'time' | 'by'> {
  readonly place: Place;
  /** What the entry became; absent: it was deleted. */
  readonly made?: Entry;
}

const NAMES = ['CreateNetworkAclEntry', 'ReplaceNetworkAclEntry', 'DeleteNetworkAclEntry'];

const number = z.coerce.number();
const placeSchema = z.object({
  ruleNumber: number,
  egress: z.union([
    z.boolean(),
    z.literal('true').transform(() => true),
    z.literal('false').transform(() => false),
  ]),
});

/** Names of protocols that EC2 takes for numbers. */
const PROTOCOLS: Readonly<Record<string, string>> = { tcp: '6', udp: '17', icmp: '1', icmpv6: '58' };
const protocol = z
  .union([z.string(), z.number().transform(String)])
  .transform((said) => PROTOCOLS[said] ?? said);

// An empty structure stands for none.
const entrySchema = z
  .object({
    ruleAction: z.enum(['allow', 'deny']),
    protocol,
    cidrBlock: z.string().nullish(),
    ipv6CidrBlock: z.string().nullish(),
    portRange: z.object({ from: number.optional(), to: number.optional() }).nullish(),
    icmpTypeCode: z.object({ type: number.optional(), code: number.optional() }).nullish(),
  })
  .transform(({ ruleAction, protocol: of, cidrBlock, ipv6CidrBlock, portRange, icmpTypeCode }) => ({
    ...{ action: ruleAction, protocol: of, cidr: cidrBlock ?? ipv6CidrBlock ?? '' },
    ...(['6', '17'].includes(of) && { from: portRange?.from ?? 0, to: portRange?.to ?? 65535 }),
    ...(['1', '58'].includes(of) && { type: icmpTypeCode?.type ?? -1, code: icmpTypeCode?.code ?? -1 }),
  }));
const recordedSchema = z.object({ entries: z.array(z.unknown()) });
const requestSchema = z.looseObject({ aclProtocol: z.unknown().optional() });

/** The entry that an ACL has in that place. */
export function entryAt(
  entries: readonly NetworkAclEntry[],
  { ruleNumber, egress }: Place,
): Entry | undefined {
  const entry = entries.find((one) => one.RuleNumber === ruleNumber && (one.Egress ?? false) === egress);
  if (!entry) return undefined;
  const { Protocol, RuleAction, CidrBlock, Ipv6CidrBlock, PortRange, IcmpTypeCode } = entry;
  return entrySchema.parse({
    ...{
      protocol: Protocol ?? '-1',
      ruleAction: RuleAction,
      cidrBlock: CidrBlock,
      ipv6CidrBlock: Ipv6CidrBlock,
    },
    ...(PortRange && { portRange: { from: PortRange.From, to: PortRange.To } }),
    ...(IcmpTypeCode && { icmpTypeCode: { type: IcmpTypeCode.Type, code: IcmpTypeCode.Code } }),
  });
}

/** The changes of an ACL in that time, as CloudTrail has them, the latest first; without those of selfheal. */
export async function changesOf(
  client: CloudTrailClient,
  acl: string,
  from: Date,
  to: Date,
): Promise<AclChange[]> {
  const events = await eventsIn(client, { by: { key: 'ResourceName', value: acl }, names: NAMES, from, to });
  return events.flatMap((event) => {
    const place = placeSchema.safeParse(event.request).data;
    if (event.by.startsWith('selfheal-') || event.request.networkAclId !== acl || !place) return [];
    const { aclProtocol, ...request } = requestSchema.parse(event.request);
    const made = entrySchema.safeParse({ ...request, protocol: aclProtocol }).data;
    if (event.name !== 'DeleteNetworkAclEntry' && !made) return [];
    const { name, time, by } = event;
    return [{ name, time, by, place, ...(event.name !== 'DeleteNetworkAclEntry' && made && { made }) }];
  });
}

/**
 * What stood in the place before a change: what AWS Config recorded last, and what CloudTrail says happened there
 * since, for up to 90 days. `undefined`: it cannot be told.
 */
export async function before(
  { config, cloudtrail }: { readonly config: ConfigServiceClient; readonly cloudtrail: CloudTrailClient },
  acl: string,
  change: AclChange,
): Promise<{ readonly entry?: Entry } | undefined> {
  if (change.name === 'CreateNetworkAclEntry') return {};
  const at = new Date(change.time);
  const recorded = await recordedBefore(config, { type: 'AWS::EC2::NetworkAcl', id: acl }, at);
  const from = recorded ? new Date(recorded.time) : new Date(at.getTime() - 90 * DAY_MS);
  const earlier = (await changesOf(cloudtrail, acl, from, at)).find(
    ({ place, time }) => isDeepStrictEqual(place, change.place) && time < change.time,
  );
  const entry = earlier ? earlier.made : recorded && entryIn(recorded.configuration, change.place);
  return entry && { entry };
}

function entryIn(configuration: unknown, place: Place): Entry | undefined {
  const entries = recordedSchema.safeParse(configuration).data?.entries ?? [];
  const found = entries.find((one) => isDeepStrictEqual(placeSchema.safeParse(one).data, place));
  return entrySchema.safeParse(found).data;
}

/** Whether more is let in when `to` stands in the place of `from`. */
export function admitsMore(from: Entry | undefined, to: Entry | undefined): boolean {
  if (to?.action === 'allow') return !(from?.action === 'allow' && covers(from, to));
  return from?.action === 'deny' && !(to && covers(to, from));
}

function covers(outer: Entry, inner: Entry): boolean {
  if (outer.protocol !== '-1' && outer.protocol !== inner.protocol) return false;
  const [one, other] = [outer, inner].map(({ cidr }) => cidr.includes(':'));
  const ports = (outer.from ?? 0) <= (inner.from ?? 0) && (outer.to ?? 65535) >= (inner.to ?? 65535);
  const isAnyIcmp = outer.type === undefined || outer.type === -1 || outer.type === inner.type;
  return (
    one === other && contains(outer.cidr, inner.cidr) && (outer.protocol === '-1' || (ports && isAnyIcmp))
  );
}

/** The entry in words. */
export function sayEntry(entry: Entry | undefined): string {
  if (!entry) return 'absent';
  const { action, protocol: of, from, to, cidr } = entry;
  const ports = from === undefined || to === undefined ? '' : ` ports ${from}-${to}`;
  return `${action} ${of === '-1' ? 'all traffic' : `protocol ${of}`}${ports} for ${cidr}`;
}
