import {
  CreateNetworkAclEntryCommand,
  DeleteNetworkAclEntryCommand,
  DescribeNetworkAclsCommand,
} from '@aws-sdk/client-ec2';
import * as z from 'zod';
import { isWorldOpen } from '../../../shared/policy/internet';
import { canonical, contains, rangeSchema } from '../../../shared/policy/ip';
import {
  type AclEntry,
  type Flow,
  familyOf,
  inboundEntries,
  isRefusedBy,
  isSameEntry,
  matches,
  worldEntries,
} from './lib/network-acl';
import { NETWORK_ACL } from './lib/types';
import { ofTheInternet, portsToClose } from '../../../shared/policy/ports';
import { type Held, defineBot } from '../../../shared/bot/bot';
import { afterwards } from '../../../shared/bot/steps';

const NUMBERS = { tcp: '6', udp: '17' } as const;

const params = z.object({
  ...portsToClose('an entry'),
  keep: z
    .array(rangeSchema)
    .default(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'])
    .describe(
      'ranges that go on reaching the ports where they do today: private networks, so that nobody inside is cut off',
    ),
});

export const bot = defineBot({
  ...NETWORK_ACL,
  id: 'acl_close_ports',
  title: 'Close ports of a network ACL to the world',
  severity: 'medium',
  risk: 'disruptive',
  kind: 'posture',
  params,
  from: { ports: 'finding', protocols: 'finding', worldShare: 'config', keep: 'finding' },
  words: { order: ['ports'], names: { port: 'ports', protocol: 'protocols' } },
  permissions: {
    read: ['ec2:DescribeNetworkAcls'],
    write: ['ec2:CreateNetworkAclEntry', 'ec2:DeleteNetworkAclEntry'],
  },

  async inspect({ ec2 }, { target: { id } }): Promise<State | undefined> {
    const { NetworkAcls = [] } = await ec2.send(new DescribeNetworkAclsCommand({ NetworkAclIds: [id] }));
    const [acl] = NetworkAcls;
    return acl && { entries: inboundEntries(acl.Entries ?? []) };
  },

  check({ entries }, { params }) {
    const open = flowsOf(params).flatMap((flow) => {
      const opened = worldEntries(entries, flow, params.worldShare);
      if (!opened) return [];
      const by = opened.by.map(({ number, cidr }) => `${number} (${cidr})`);
      return [`${nameOf(flow)} by entry ${by.join(' and ')}${ofTheInternet(opened)}`];
    });
    return open.length > 0 ? `open to the world: ${open.join('; ')}` : undefined;
  },

  plan({ entries }, { target: { id }, params }) {
    if (isWorldOpen(params.keep)) return { held: 'keep must not let the whole internet in' };
    const changes = changesOf(entries, params);
    if ('held' in changes) return changes;
    // What is still needed is let in before what let it in is taken away, and numbers are taken from the front: one
    // that is refused must not leave the next run without room before the entry that lets everybody in.
    const [first, ...rest] = [
      ...changes.create.map((entry) => create(id, entry)),
      ...changes.remove.map((entry) => remove(id, entry)),
    ];
    return first ? [first, ...rest.flatMap((step) => afterwards([step]))] : [];
  },

  undo(before, { target: { id }, params, now }) {
    const changes = changesOf(before.entries, params);
    if ('held' in changes) return [];
    const at = (number: number) => now.entries.find((entry) => entry.number === number);
    const missing = changes.remove.filter((entry) => !isSame(entry, at(entry.number)));
    const taken = missing.find(({ number }) => at(number));
    if (taken) {
      return {
        irreversible: `number ${taken.number} has been given to another entry since: put it back by hand`,
      };
    }
    const extra = changes.create.filter((entry) => isSame(entry, at(entry.number)));
    return [...missing.map((entry) => create(id, entry)), ...extra.map((entry) => remove(id, entry))];
  },
});

interface State {
  /** All inbound entries, in the order in which they are asked. */
  readonly entries: readonly AclEntry[];
}

interface Changes {
  readonly create: readonly AclEntry[];
  readonly remove: readonly AclEntry[];
}

type Given = z.output<typeof params>;

/** What makes each entry that lets the world in let it in no more, one after the other. */
function changesOf(entries: readonly AclEntry[], { keep, ...given }: Given): Changes | Held {
  const create: AclEntry[] = [];
  const remove: AclEntry[] = [];
  const open = flowsOf(given).map((flow) => ({
    flow,
    by: worldEntries(entries, flow, given.worldShare)?.by ?? [],
  }));
  let now = entries;
  for (const entry of entries) {
    const flows = open
      .filter(
        ({ flow, by }) =>
          by.includes(entry) && !isRefusedBy(entriesBefore(entry, askedFor(now, flow)), entry),
      )
      .map(({ flow }) => flow);
    if (flows.length === 0) continue;
    const isWhole = entry.to - entry.from + 1 === flows.length && entry.protocol !== '-1';
    // What stands there already, from a run that was cut off or from somebody, need not stand there twice.
    const wanted = [
      ...keep
        .filter((cidr) => contains(entry.cidr, cidr))
        .map((cidr) => ({ ...entry, cidr: canonical(cidr) })),
      ...(isWhole ? [] : flows.flatMap((flow) => closing(entry, flow, open, entries))),
    ].filter(
      (one, index, all) =>
        all.findIndex((other) => isSameEntry(one, other)) === index &&
        !entriesBefore(entry, now).some((other) => isSameEntry(one, other)),
    );
    const numbers = freeBefore(entry, now, wanted.length);
    if (!numbers) {
      return {
        held: `entry ${entry.number} needs ${wanted.length} free numbers right before it to close the ports: give it a higher number`,
      };
    }
    const added = wanted.map((one, index) => ({ ...one, number: numbers[index] ?? 0 }));
    create.push(...added);
    if (isWhole) remove.push(entry);
    now = [...now.filter((other) => !isWhole || other !== entry), ...added].sort(
      (one, other) => one.number - other.number,
    );
  }
  return { create, remove };
}

/** What stands before an entry to close a flow of it: what later entries say of single ranges, then a refusal. */
function closing(
  entry: AclEntry,
  flow: Flow,
  open: readonly { readonly flow: Flow; readonly by: readonly AclEntry[] }[],
  entries: readonly AclEntry[],
): AclEntry[] {
  const world = open.find((one) => one.flow === flow)?.by ?? [];
  const narrowed = { protocol: flow.protocol, from: flow.port, to: flow.port };
  const later = askedFor(entries, flow)
    .filter((other) => other.number > entry.number && !world.includes(other))
    .flatMap((other) => {
      const both = [other, entry].filter(
        ({ cidr }) => contains(other.cidr, cidr) && contains(entry.cidr, cidr),
      );
      return both.slice(0, 1).map(({ cidr }) => ({ ...other, ...narrowed, cidr }));
    });
  // What stands behind refusals of all of it, or admits nobody, decides nothing.
  const asked = later.filter((_, index) => !isRefusedBy(later.slice(0, index), entry));
  const last = asked.findLastIndex(({ action }) => action === 'allow');
  return [...asked.slice(0, last + 1), { ...entry, ...narrowed, action: 'deny' }];
}

/** So many numbers right before the entry, behind those before it that are for the same family. */
function freeBefore(entry: AclEntry, now: readonly AclEntry[], count: number): number[] | undefined {
  const earlier = entriesBefore(entry, now).filter((other) => familyOf(other) === familyOf(entry));
  const first = Math.max(0, ...earlier.map(({ number }) => number)) + 1;
  const used = new Set(now.map(({ number }) => number));
  const free: number[] = [];
  for (let number = entry.number - 1; number >= first && free.length < count; number--) {
    if (!used.has(number)) free.unshift(number);
  }
  return free.length < count ? undefined : free;
}

function flowsOf({ ports, protocols }: Pick<Given, 'ports' | 'protocols'>): Flow[] {
  return [...new Set(protocols)].flatMap((protocol) =>
    [...new Set(ports)].flatMap((port) =>
      ([4, 6] as const).map((family) => ({ protocol: NUMBERS[protocol], port, family })),
    ),
  );
}

function entriesBefore({ number }: AclEntry, entries: readonly AclEntry[]): AclEntry[] {
  return entries.filter((other) => other.number < number);
}

function askedFor(entries: readonly AclEntry[], flow: Flow): AclEntry[] {
  return entries.filter((entry) => matches(entry, flow));
}

function isSame(entry: AclEntry, other: AclEntry | undefined): boolean {
  return other !== undefined && isSameEntry(entry, other);
}

function nameOf({ protocol, port }: Flow): string {
  return `${protocol === NUMBERS.tcp ? 'tcp' : 'udp'} ${port}`;
}

function create(NetworkAclId: string, { number, action, protocol, from, to, cidr }: AclEntry) {
  return {
    ec2: new CreateNetworkAclEntryCommand({
      NetworkAclId,
      Egress: false,
      RuleNumber: number,
      RuleAction: action,
      Protocol: protocol,
      ...(protocol !== '-1' && { PortRange: { From: from, To: to } }),
      ...(cidr.includes(':') ? { Ipv6CidrBlock: cidr } : { CidrBlock: cidr }),
    }),
  };
}

function remove(NetworkAclId: string, { number }: AclEntry) {
  return { ec2: new DeleteNetworkAclEntryCommand({ NetworkAclId, Egress: false, RuleNumber: number }) };
}
