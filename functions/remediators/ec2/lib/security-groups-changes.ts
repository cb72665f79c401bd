import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  type EC2Client,
  DescribeSecurityGroupsCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import * as z from 'zod';
import type { Context, Held } from '../../../../shared/bot/bot';
import { afterwards } from '../../../../shared/bot/steps';
import { overlap, rangeSchema, subtract } from '../../../../shared/policy/ip';
import {
  type NewRule,
  type Rule,
  hasPorts,
  isSame,
  readRules,
  rulesOf,
  toPermission,
} from './security-groups';
import { SECURITY_GROUP } from './types';

/** What bots that change rules know of a group. */
export interface Group {
  readonly name: string;
  readonly rules: readonly Rule[];
}

/** Traffic as a rule can admit it; what is absent stands for any. Protocol `-1` is the rule for all traffic alone. */
export interface Traffic {
  readonly egress: boolean;
  readonly protocol?: string;
  /** First and last port. */
  readonly ports?: readonly [number, number];
}

/** What of a rule is to go: this traffic, but for the ranges that stay (or that come in their place). */
export interface Cut {
  readonly traffic: Traffic;
  readonly keep: readonly string[];
}

/** Says of a rule whether something of it is to go, and what; or why that must not be. */
export type CutOf<P> = (rule: Rule, params: P) => Cut | Held | undefined;

/** More ranges than this in the place of one are no repair that anybody could still read. */
const MAX_RANGES = 16;

/** Parameters that the bots for rules have in common, as CloudBots writes them. */
export const words = {
  direction: z.enum(['inbound', 'outbound']).describe('rules of this direction'),
  protocol: z
    .enum(['tcp', 'udp', 'all', '-1', '*'])
    .describe('tcp or udp; all (or -1): the rules for all traffic; *: whatever the protocol'),
  port: z.int().min(0).max(65535),
  range: rangeSchema,
};

/** What the bots share that narrow rules, inbound and outbound. */
export const NARROWING = {
  ...SECURITY_GROUP,
  severity: 'high',
  risk: 'disruptive',
  kind: 'response',
  permissions: {
    read: ['ec2:DescribeSecurityGroups', 'ec2:DescribeSecurityGroupRules'],
    write: [
      'ec2:AuthorizeSecurityGroupEgress',
      'ec2:AuthorizeSecurityGroupIngress',
      'ec2:RevokeSecurityGroupEgress',
      'ec2:RevokeSecurityGroupIngress',
    ],
    // Creating tags is for undo: narrower rules have none.
    undo: [
      'ec2:AuthorizeSecurityGroupEgress',
      'ec2:AuthorizeSecurityGroupIngress',
      'ec2:CreateTags',
      'ec2:RevokeSecurityGroupEgress',
      'ec2:RevokeSecurityGroupIngress',
    ],
  },
} as const;

/** The traffic that these words mean. All traffic has no ports: the port 0 that CloudGuard gives it means none, and -1 all. */
export function trafficOf({
  direction,
  protocol = '*',
  port,
}: {
  readonly direction: 'inbound' | 'outbound';
  readonly protocol?: string;
  readonly port?: number | '*';
}): Traffic {
  const all = protocol === 'all' || protocol === '-1';
  const any = port === undefined || port === '*' || port === -1 || (all && port === 0);
  return {
    egress: direction === 'outbound',
    ...(protocol !== '*' && { protocol: all ? '-1' : protocol }),
    ...(!any && { ports: [port, port] as const }),
  };
}

/** Whether the rule admits all of the traffic, from or to its other end. */
export function covers(rule: Rule, { egress, protocol, ports }: Traffic): boolean {
  if (rule.egress !== egress) return false;
  if (protocol !== undefined && ![protocol, '-1'].includes(rule.protocol)) return false;
  return !ports || (hasPorts(rule) && rule.from <= ports[0] && ports[1] <= rule.to);
}

/** The cut that leaves of this traffic only what comes from (or goes to) the allowed ranges. */
export function outside(rule: Rule, traffic: Traffic, allowed: readonly string[]): Cut | undefined {
  if (rule.cidr === undefined || !covers(rule, traffic) || subtract(rule.cidr, allowed).length === 0)
    return undefined;
  return { traffic, keep: overlap(rule.cidr, allowed) };
}

/** The group; throws `InvalidGroup.NotFound` when there is none. */
export async function readGroup(ec2: EC2Client, id: string): Promise<Group> {
  // A filter on the rules' group id would not tell a group without rules from one that is gone.
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }));
  return { name: SecurityGroups[0]?.GroupName ?? '', rules: readRules(await rulesOf(ec2, [id])) };
}

/**
 * The functions of a bot that takes access away from a group's rules, and nothing else with it: a rule of which
 * only a part is to go gets narrower rules in its place, which are there before it goes. What no rules can say is
 * left as it is, and the bot holds when only that is left.
 */
export function cutting<P>(cutOf: CutOf<P>) {
  type In = Pick<Context<P>, 'target' | 'params'>;
  return {
    inspect: ({ ec2 }: { readonly ec2: EC2Client }, { target }: In) => readGroup(ec2, target.id),
    check: ({ rules }: Group, { params }: In) => violation(changesOf(rules, params, cutOf)),
    plan: ({ rules }: Group, { target, params }: In) => {
      const { add, remove, stuck } = changesOf(rules, params, cutOf);
      if (remove.length === 0) return { held: stuck.map(({ why }) => why).join('; ') };
      return [...authorize(target.id, add), ...afterwards(revoke(target.id, remove))];
    },
    undo: (before: Group, { target, params, now }: In & { readonly now: Group }) => {
      const { add, remove } = changesOf(before.rules, params, cutOf);
      return restore(target.id, { add, remove }, now.rules);
    },
    footprint: ({ rules }: Group) => sayings(rules),
  };
}

/** The steps back: what was removed comes again, what came in its place goes. What others did since is theirs. */
export function restore(id: string, { add, remove }: Pick<Changes, 'add' | 'remove'>, now: readonly Rule[]) {
  const missing = remove.filter((rule) => !now.some((other) => isSame(rule, other)));
  const extra = now.filter((rule) => add.some((other) => isSame(rule, other)));
  return [...authorize(id, missing), ...revoke(id, extra)];
}

/** What the rules say, without the ids, which no rule gets back. */
export function sayings(rules: readonly Rule[]): Omit<Rule, 'id'>[] {
  return rules.map(({ id: _id, ...rule }) => rule);
}

/** Steps that make the rules: one for each direction and set of tags, which hold for all rules of a call. */
export function authorize(GroupId: string, rules: readonly NewRule[]) {
  const alike = new Map<string, NewRule[]>();
  for (const rule of rules) {
    const key = JSON.stringify([rule.egress === true, Object.entries(rule.tags ?? {}).sort()]);
    alike.set(key, [...(alike.get(key) ?? []), rule]);
  }
  return [...alike.values()].map((list) => {
    const Tags = Object.entries(list[0]?.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
    const input = {
      GroupId,
      IpPermissions: list.map(toPermission),
      ...(Tags.length > 0 && { TagSpecifications: [{ ResourceType: 'security-group-rule' as const, Tags }] }),
    };
    return {
      ec2: list[0]?.egress
        ? new AuthorizeSecurityGroupEgressCommand(input)
        : new AuthorizeSecurityGroupIngressCommand(input),
    };
  });
}

/** Steps that remove the rules, by their ids: nothing that only looks like them can go with them. */
export function revoke(
  GroupId: string,
  rules: readonly { readonly id: string; readonly egress?: boolean }[],
) {
  const idsOf = (egress: boolean) =>
    rules.filter((rule) => (rule.egress ?? false) === egress).map(({ id }) => id);
  const [inbound, outbound] = [idsOf(false), idsOf(true)];
  return [
    ...(inbound.length > 0
      ? [{ ec2: new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds: inbound }) }]
      : []),
    ...(outbound.length > 0
      ? [{ ec2: new RevokeSecurityGroupEgressCommand({ GroupId, SecurityGroupRuleIds: outbound }) }]
      : []),
  ];
}

interface Changes {
  readonly remove: readonly Rule[];
  /** The narrower rules, but for those that are there already. */
  readonly add: readonly NewRule[];
  readonly stuck: readonly { readonly rule: Rule; readonly why: string }[];
}

function changesOf<P>(rules: readonly Rule[], params: P, cutOf: CutOf<P>): Changes {
  const remove: Rule[] = [];
  const add: NewRule[] = [];
  const stuck: { rule: Rule; why: string }[] = [];
  for (const rule of rules) {
    const cut = cutOf(rule, params);
    if (!cut) continue;
    const parts = 'held' in cut ? cut : partsOf(rule, cut);
    if ('held' in parts) {
      stuck.push({ rule, why: parts.held });
      continue;
    }
    remove.push(rule);
    add.push(...parts.filter((part) => ![...rules, ...add].some((other) => isSame(part, other))));
  }
  return { remove, add, stuck };
}

/** The narrower rules that say what is left of a rule. They keep its description; tags would need a right of their own. */
function partsOf(rule: Rule, { traffic: { egress, protocol, ports }, keep }: Cut): NewRule[] | Held {
  const { id, tags: _tags, ...bare } = rule;
  const all = rule.protocol === '-1';
  if (all && (ports || (protocol ?? '-1') !== '-1')) {
    return {
      held: `${id} admits all traffic ${egress ? 'to' : 'from'} ${endOf(rule)}, and no rules can say all traffic but some: replace it by hand, or remove it whole`,
    };
  }
  const [first, last] = ports ?? [rule.from, rule.to];
  const parts = [
    ...(rule.from < first ? [{ ...bare, to: first - 1 }] : []),
    ...keep.map((cidr) => ({ ...bare, from: first, to: last, cidr })),
    ...(last < rule.to ? [{ ...bare, from: last + 1 }] : []),
  ];
  if (keep.length <= MAX_RANGES) return parts;
  return {
    held: `${id} would need ${parts.length} narrower rules in its place, which nobody could read: replace it by hand`,
  };
}

function violation({ remove, stuck }: Changes): string | undefined {
  const gone = remove.map(said);
  const held = stuck.map(({ rule }) => `${said(rule)} (cannot be narrowed)`);
  if (gone.length + held.length === 0) return undefined;
  return `rules admit what they must not: ${[...gone, ...held].join(', ')}`;
}

/** A rule in words: `sgr-1 inbound tcp 20-25 from 10.0.0.0/8`. */
export function said(rule: Rule): string {
  const { id, egress, protocol, from, to } = rule;
  const ports = protocol === '-1' || !hasPorts(rule) ? [] : [from === to ? from : `${from}-${to}`];
  const what = protocol === '-1' ? 'all traffic' : protocol;
  return [id, egress ? 'outbound' : 'inbound', what, ...ports, egress ? 'to' : 'from', endOf(rule)].join(' ');
}

function endOf({ cidr, group, prefixList }: Rule): string {
  return cidr ?? group ?? prefixList ?? 'an unknown end';
}
