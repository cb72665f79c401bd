import { isDeepStrictEqual } from 'node:util';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import {
  CreateNetworkAclEntryCommand,
  DeleteNetworkAclEntryCommand,
  DescribeNetworkAclsCommand,
  EC2Client,
  ReplaceNetworkAclEntryCommand,
} from '@aws-sdk/client-ec2';
import * as z from 'zod';
import {
  type AclChange,
  type Entry,
  type Place,
  admitsMore,
  before,
  changesOf,
  entryAt,
  sayEntry,
} from './lib/acl-changes';
import { NETWORK_ACL } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

const MINUTE_MS = 60_000;

const params = z.object({
  eventTime: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('when the change was made, give or take 15 minutes; not given: in the hours before now'),
  hours: z.int().min(1).max(168).default(24).describe('how far back the change is looked for'),
  reopen: z.boolean().default(false).describe('also a change whose taking back lets in more'),
});
type Params = z.output<typeof params>;

export const bot = defineBot({
  ...NETWORK_ACL,
  id: 'acl_revert_modification',
  title: 'Take back a change of a network ACL',
  severity: 'high',
  risk: 'disruptive',
  kind: 'response',
  params,
  from: { eventTime: 'finding', hours: 'config', reopen: 'config' },
  permissions: {
    read: ['ec2:DescribeNetworkAcls', 'cloudtrail:LookupEvents', 'config:GetResourceConfigHistory'],
    write: ['ec2:CreateNetworkAclEntry', 'ec2:ReplaceNetworkAclEntry', 'ec2:DeleteNetworkAclEntry'],
  },
  clients: { ec2: EC2Client, cloudtrail: CloudTrailClient, config: ConfigServiceClient },

  async inspect({ ec2, cloudtrail, config }, { target: { id }, params: given }): Promise<State | undefined> {
    const { NetworkAcls: [acl] = [] } = await ec2.send(
      new DescribeNetworkAclsCommand({ NetworkAclIds: [id] }),
    );
    if (!acl) return undefined;
    const [from, to] = windowOf(given);
    const changes = await changesOf(cloudtrail, id, from, to);
    const [change, ...others] = changes;
    if (!change || others.length > 0) return { changes: changes.length };
    const current = entryAt(acl.Entries ?? [], change.place);
    const was = await before({ config, cloudtrail }, id, change);
    return { changes: 1, change, ...(current && { current }), ...(was && { was }) };
  },

  check({ changes, change, current, was }) {
    if (changes === 0) return 'CloudTrail does not say what was changed';
    if (!change) return `${changes} changes were made in that time`;
    if (was && isDeepStrictEqual(current, was.entry)) return undefined;
    const { ruleNumber, egress } = change.place;
    const place = `${egress ? 'outbound' : 'inbound'} entry ${ruleNumber}`;
    return `${place} is ${sayEntry(current)} since ${change.time} (${change.name} by ${change.by})`;
  },

  plan({ changes, change, current, was }, { target: { id }, params: { reopen } }) {
    if (changes === 0) return { waiting: 'CloudTrail has no change of the ACL in that time' };
    if (!change)
      return { held: 'which change is to be taken back is not known: say when it was made, eventTime' };
    if (!isDeepStrictEqual(current, change.made)) return { held: 'the entry has been changed again since' };
    if (!was) return { held: 'neither AWS Config nor CloudTrail knows what the entry was before' };
    if (admitsMore(current, was.entry) && !reopen)
      return { held: `it was ${sayEntry(was.entry)}, by which more is let in: say reopen=true` };
    return [write(id, change.place, was.entry, current)];
  },

  undo({ change, current, was }, { target: { id }, now }) {
    if (!change || isDeepStrictEqual(current, now.current)) return [];
    if (!isDeepStrictEqual(now.current, was?.entry))
      return { irreversible: 'the entry has been changed again since: put it right by hand' };
    return [write(id, change.place, current, now.current)];
  },

  footprint: ({ current }) => ({ current }),
});

interface State {
  /** How many changes were made in that time. */
  readonly changes: number;
  /** The one, where there is one. */
  readonly change?: AclChange;
  /** The entry in its place; absent: there is none. */
  readonly current?: Entry;
  /** What stood there before; absent: that is not known. */
  readonly was?: { readonly entry?: Entry };
}

function windowOf({ eventTime, hours }: Params): [Date, Date] {
  const now = Date.now();
  if (eventTime === undefined) return [new Date(now - hours * 60 * MINUTE_MS), new Date(now)];
  const at = Date.parse(eventTime);
  return [new Date(at - 15 * MINUTE_MS), new Date(at + 15 * MINUTE_MS)];
}

/** The step that leaves this entry in the place of that one. */
function write(
  NetworkAclId: string,
  { ruleNumber, egress }: Place,
  entry: Entry | undefined,
  now: Entry | undefined,
) {
  const place = { NetworkAclId, RuleNumber: ruleNumber, Egress: egress };
  if (!entry) return { ec2: new DeleteNetworkAclEntryCommand(place) };
  const { action, protocol, cidr, from, to, type, code } = entry;
  const input = {
    ...{ ...place, RuleAction: action, Protocol: protocol },
    ...(cidr.includes(':') ? { Ipv6CidrBlock: cidr } : { CidrBlock: cidr }),
    ...(from !== undefined && { PortRange: { From: from, To: to } }),
    ...(type !== undefined && { IcmpTypeCode: { Type: type, Code: code } }),
  };
  return { ec2: now ? new ReplaceNetworkAclEntryCommand(input) : new CreateNetworkAclEntryCommand(input) };
}
