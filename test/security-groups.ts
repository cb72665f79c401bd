/** Security groups with neighbours, a second opinion on what they admit, and what every bot for rules is held to. */
import { BlockList } from 'node:net';
import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  type AuthorizeSecurityGroupIngressCommandInput,
  CreateManagedPrefixListCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateVpcCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
  RevokeSecurityGroupEgressCommand,
  type RevokeSecurityGroupIngressCommandInput,
} from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import type * as z from 'zod';
import { type Rule, readRules, rulesOf, toPermission } from '../shared/aws/security-groups';
import type { Group } from '../shared/aws/security-groups-changes';
import type { Context, Held, Irreversible, Step, Waiting } from '../shared/bot/bot';
import { remediate, toCall } from '../shared/bot/run';
import { type Account, newAccount } from './account';

/** A rule as tests write it: `inbound tcp 20-25 from 0.0.0.0/0`. */
export type Saying = string;

/** What stands for a real group and a real prefix list until there are some. */
const GROUP = 'sg-0a0a0a0a0a0a0a0a0';
const LIST = 'pl-0b0b0b0b0b0b0b0b0';

/** The description of rules that a test puts there for the bot to find. */
const FAULT = 'opened for a test';

/** Rules that no bot has to touch unless it is told to remove all. */
const NEIGHBOURS = [
  'inbound tcp 443 from 0.0.0.0/0',
  'inbound tcp 443 from ::/0',
  'inbound tcp 22 from 203.0.113.64/26',
  'inbound tcp 22 from 2001:db8:9::/48',
  `inbound tcp 22 from ${GROUP}`,
  `inbound tcp 22 from ${LIST}`,
  'inbound tcp 21 from 0.0.0.0/0',
  'inbound udp 53 from 0.0.0.0/0',
  'inbound icmp 22 from 0.0.0.0/0',
  'inbound 50 from 203.0.113.64/26',
  'outbound tcp 443 to 0.0.0.0/0',
  'outbound tcp 22 to 203.0.113.64/26',
  `outbound tcp 22 to ${LIST}`,
];

/** Makes a group with the neighbours and these rules, which get the tags; gives its id. */
export const groupWith =
  (
    faults: readonly Saying[],
    tags: Readonly<Record<string, string>> = {},
    neighbours: readonly Saying[] = NEIGHBOURS,
  ) =>
  async (account: Account): Promise<string> =>
    make(account, [
      ...neighbours.map((text) => parse(text)),
      ...faults.map((text) => ({ ...parse(text), description: FAULT, tags })),
    ]);

/** Adds rules to a group that is there already. */
export async function allow(
  { client }: Account,
  id: string,
  rules: readonly Saying[],
  tags: Readonly<Record<string, string>> = {},
): Promise<void> {
  const ec2 = client(EC2Client);
  const faults = rules.map((text) => ({ ...parse(text), description: FAULT, tags }));
  await authorize(ec2, id, faults.some(({ prefixList }) => prefixList) ? await makeList(ec2) : '', faults);
}

/** Makes another group, which names the first one in a permission that admits an address range too. */
export async function nameIn(
  { client }: Account,
  id: string,
  direction: 'inbound' | 'outbound',
  name = 'database',
): Promise<void> {
  const ec2 = client(EC2Client);
  const { GroupId } = await ec2.send(new CreateSecurityGroupCommand({ GroupName: name, Description: name }));
  const ends = { UserIdGroupPairs: [{ GroupId: id }], IpRanges: [{ CidrIp: '10.0.0.0/8' }] };
  const input = { GroupId, IpPermissions: [{ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, ...ends }] };
  if (direction === 'inbound') await ec2.send(new AuthorizeSecurityGroupIngressCommand(input));
  else await ec2.send(new AuthorizeSecurityGroupEgressCommand(input));
}

/** Makes a network interface that uses the group. */
export async function useBy({ client }: Account, id: string): Promise<void> {
  const ec2 = client(EC2Client);
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId: Subnets[0]?.SubnetId, Groups: [id] }));
}

/** The default group of the account's first VPC, or of that one. */
export async function defaultGroupOf({ client }: Account, vpc?: string): Promise<string> {
  const Filters = [
    { Name: 'group-name', Values: ['default'] },
    ...(vpc === undefined ? [] : [{ Name: 'vpc-id', Values: [vpc] }]),
  ];
  const { SecurityGroups = [] } = await client(EC2Client).send(
    new DescribeSecurityGroupsCommand({ Filters }),
  );
  return SecurityGroups[0]?.GroupId ?? '';
}

/** Makes another VPC, whose default group admits SSH from everywhere; gives the id of that group. */
export async function openVpc(account: Account): Promise<string> {
  const { Vpc } = await account.client(EC2Client).send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
  const id = await defaultGroupOf(account, Vpc?.VpcId ?? '');
  await allow(account, id, ['inbound tcp 22 from 0.0.0.0/0']);
  return id;
}

/** The rules that are not for the bot, with their ids: none of them may as much as be made anew. */
export async function neighboursOf({ client }: Account, id: string): Promise<unknown> {
  return readRules(await rulesOf(client(EC2Client), [id])).filter(({ description }) => description !== FAULT);
}

/** All other groups of the account. */
export async function neighbourhood({ client }: Account, id: string): Promise<unknown> {
  const { SecurityGroups = [] } = await client(EC2Client).send(new DescribeSecurityGroupsCommand({}));
  return SecurityGroups.filter(({ GroupId }) => GroupId !== id);
}

/** A group, what the bot is told, and exactly which rules go and come. */
export interface Scenario {
  readonly name: string;
  readonly rules: readonly Saying[];
  readonly params: object;
  readonly goes?: readonly Saying[];
  readonly comes?: readonly Saying[];
  /** How the run ends, where that is not fixed (or compliant, where nothing goes). */
  readonly ends?: 'held' | 'unverified';
}

/** A bot that changes rules, as far as the helpers here need it. */
export interface RuleBot<P> {
  readonly id: string;
  readonly resource: string;
  readonly clients: { readonly ec2: typeof EC2Client };
  readonly params: z.ZodType<P>;
  check(state: Group, context: Context<P>): string | undefined;
  plan(
    state: Group,
    context: Context<P>,
  ): readonly Step<{ readonly ec2: typeof EC2Client }>[] | Held | Waiting;
  undo(
    before: Group,
    context: Context<P> & { readonly now: Group },
  ): readonly Step<{ readonly ec2: typeof EC2Client }>[] | Irreversible;
}

/** Runs the scenarios on local AWS, beside the neighbours, and compares all rules before and after. */
export function testScenarios<P>(bot: RuleBot<P>, scenarios: readonly Scenario[]): void {
  describe(`${bot.id}: what goes, and what comes in its place`, () => {
    test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
      '%s',
      async (_name, { rules, params, goes = [], comes = [], ends }) => {
        const account = await newAccount();
        const id = await groupWith(rules)(account);
        const read = async () => readRules(await rulesOf(account.client(EC2Client), [id]));
        const before = await read();
        const { outcome } = await run(bot, account, id, params);
        const after = await read();
        const kept = (one: readonly Rule[], other: readonly Rule[]) =>
          one
            .filter((rule) => !other.some((twin) => twin.id === rule.id))
            .map(say)
            .sort();
        expect({ goes: kept(before, after), comes: kept(after, before), outcome }).toEqual({
          goes: [...goes].sort(),
          comes: [...comes].sort(),
          outcome: ends ?? (goes.length > 0 ? 'fixed' : 'compliant'),
        });
        // Whoever made the rule must find his words on what is left of it.
        const lost = before.filter((rule) => !after.some((twin) => twin.id === rule.id));
        const made = after.filter((rule) => !before.some((twin) => twin.id === rule.id));
        const words = lost.map(({ description }) => description);
        expect(made.filter(({ description }) => !words.includes(description))).toEqual([]);
      },
    );
  });
}

/** Runs the bot once in each situation: it ends as said, and all other groups of the account are as they were. */
export function testBeside<P>(
  bot: Pick<RuleBot<P>, 'id' | 'resource' | 'params'>,
  ends: object,
  situations: readonly (readonly [name: string, given: (account: Account) => Promise<string>])[],
): void {
  test.each(situations)(`${bot.id}, and nothing else: %s`, async (_name, given) => {
    const account = await newAccount();
    const id = await given(account);
    const others = await neighbourhood(account, id);
    expect(await run(bot, account, id, {})).toMatchObject(ends);
    expect(await neighbourhood(account, id)).toEqual(others);
  });
}

/** What must hold of a bot for every group and all parameters. */
export interface Algebra<P> {
  readonly params: fc.Arbitrary<object>;
  /** Whether the bot is to take this flow away from the rule that admits it. */
  readonly goes: (rule: Rule, flow: Flow, params: P) => boolean;
  /** Whether the bot is to admit this flow in place of what it takes from the rule. */
  readonly comes?: (rule: Rule, flow: Flow, params: P) => boolean;
}

/** Flows that should be admitted and are not, and the other way round, as a person can read them. */
function differing(found: readonly Flow[], wanted: readonly Flow[]): object {
  const told = ({ egress, protocol, port: at, end }: Flow) =>
    `${egress ? 'outbound' : 'inbound'} ${protocol} ${at} ${end}`;
  const [is, should] = [new Set(found.map(told)), new Set(wanted.map(told))];
  return {
    missing: [...should].filter((one) => !is.has(one)),
    extra: [...is].filter((one) => !should.has(one)),
  };
}

/** Traffic from or to one address, group or prefix list. */
export interface Flow {
  readonly egress: boolean;
  readonly protocol: string;
  /** With ICMP, the type. */
  readonly port: number;
  readonly end: string;
}

/** Holds the bot to the algebra: in the head for many groups, on local AWS for some. */
export function testAlgebra<P>(bot: RuleBot<P>, { params, goes, comes = () => false }: Algebra<P>): void {
  const contextOf = (given: object) => ({ target: targetOf(bot, 'sg-1'), params: bot.params.parse(given) });
  const expected = (before: readonly Rule[], given: P) =>
    FLOWS.filter((flow) =>
      before.some((rule) => (admits(rule, flow) && !goes(rule, flow, given)) || comes(rule, flow, given)),
    );
  const admitted = (rules: readonly Rule[]) =>
    FLOWS.filter((flow) => rules.some((rule) => admits(rule, flow)));

  describe(`${bot.id}: whatever the group`, () => {
    test('it admits what it admitted before, but for what the bot is to remove, and never less on the way', () => {
      fc.assert(
        fc.property(groups, params, (before, given) => {
          const context = contextOf(given);
          const steps = bot.plan(before, context);
          const found = bot.check(before, context);
          const left = expected(before.rules, context.params);
          if (found === undefined || !isSteps(steps)) {
            expect(differing(admitted(before.rules), left)).toEqual(SAME);
            return;
          }
          const after = applied(before, steps);
          expect(differing(admitted(after.rules), left)).toEqual(SAME);
          const rest = bot.plan(after, context);
          if (bot.check(after, context) !== undefined) expect(isSteps(rest)).toBe(false);
          const stays = left.filter((flow) => before.rules.some((rule) => admits(rule, flow)));
          for (let cut = 1; cut < steps.length; cut++) {
            const midway = applied(before, steps.slice(0, cut));
            expect(stays.filter((flow) => !midway.rules.some((rule) => admits(rule, flow)))).toEqual([]);
            // Cut off there, the next run ends it.
            const again = bot.plan(midway, context);
            const end = isSteps(again) ? applied(midway, again) : midway;
            expect(differing(admitted(end.rules), left)).toEqual(SAME);
          }
        }),
        { numRuns: 120 },
      );
    });

    test('undo leads back, from the end and from wherever the run was cut off', () => {
      fc.assert(
        fc.property(groups, params, fc.nat(), (before, given, cutAt) => {
          const context = contextOf(given);
          const steps = bot.plan(before, context);
          if (bot.check(before, context) === undefined || !isSteps(steps)) return;
          const now = applied(before, steps.slice(0, 1 + (cutAt % steps.length)));
          const back = bot.undo(before, { ...context, now });
          if ('irreversible' in back) throw new Error(back.irreversible);
          const plain = ({ rules }: Group) =>
            rules.map(({ id: _id, ...rule }) => JSON.stringify(sorted(rule))).sort();
          expect(plain(applied(now, back))).toEqual(plain(before));
        }),
        { numRuns: 100 },
      );
    });

    const samples = fc.sample(fc.tuple(groups, params), { numRuns: 12, seed: 20261121 });
    test.each(samples.map((sample, index) => [index, ...sample] as const))(
      'group %i on local AWS: the same',
      async (_index, { rules }, given) => {
        const account = await newAccount();
        const id = await make(account, rules);
        const context = contextOf(given);
        await run(bot, account, id, given);
        const after = readRules(await rulesOf(account.client(EC2Client), [id])).map(imagined);
        expect(differing(admitted(after), expected(rules, context.params))).toEqual(SAME);
      },
    );
  });
}

/** Whether the address (a group, a prefix list) is the rule's other end or lies in it. */
export function isIn(cidr: string, end: string): boolean {
  const [address = '', prefix = ''] = cidr.split('/');
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  if (!/[.:]/.test(end) || end.includes(':') !== (family === 'ipv6')) return false;
  const list = new BlockList();
  list.addSubnet(address, Number(prefix), family);
  return list.check(end, family);
}

/** Whether all of the inner range lies in the outer one. */
export function isInside(outer: string, inner: string): boolean {
  const [address = '', prefix] = inner.split('/');
  return isIn(outer, address) && Number(outer.split('/')[1]) <= Number(prefix);
}

/** So chosen that what is left of one without another is never more than a few rules. */
export const CIDRS = [
  '0.0.0.0/0',
  '10.0.0.0/8',
  '10.1.0.0/16',
  '128.0.0.0/1',
  '200.0.0.0/5',
  '::/0',
  '2000::/3',
  '2001::/16',
] as const;

const ENDS = [
  ...['0.0.0.0', '9.255.255.255', '10.0.0.0', '10.1.0.0', '10.1.255.255', '10.2.0.0', '10.255.255.255'],
  ...['11.0.0.0', '127.255.255.255', '128.0.0.0', '203.0.113.7', '255.255.255.255'],
  ...['::', '1fff::1', '2000::1', '2001::', '2001:db8::1', '2002::', '3fff::1', '4000::1'],
  ...[GROUP, LIST],
];
export const PORTS = [0, 1, 21, 22, 23, 3389, 65534, 65535] as const;

const FLOWS: readonly Flow[] = [true, false].flatMap((egress) =>
  ['tcp', 'udp', 'icmp', '50'].flatMap((protocol) =>
    [...PORTS, 8, 24].flatMap((port) => ENDS.map((end) => ({ egress, protocol, port, end }))),
  ),
);

const SAME = { missing: [], extra: [] };

const port = fc.constantFrom(...PORTS);
const groups: fc.Arbitrary<Group> = fc
  .uniqueArray(
    fc
      .record({
        egress: fc.boolean(),
        protocol: fc.constantFrom('tcp', 'tcp', 'tcp', 'udp', '-1', 'icmp', '50'),
        ends: fc.oneof(fc.constant([0, 65535] as const), fc.tuple(port, port)),
        end: fc.constantFrom(...CIDRS, ...CIDRS, GROUP, LIST),
        description: fc.option(fc.constantFrom('office', 'partner'), { nil: undefined }),
        owner: fc.option(fc.constantFrom('ana', 'ben'), { nil: undefined }),
      })
      .map(({ egress, protocol, ends, end, description, owner }) => ({
        egress,
        protocol,
        ...portsOf(protocol, ends),
        ...endOf(end),
        // Local AWS keeps no description with groups and prefix lists.
        ...(description !== undefined && end.includes('/') && { description }),
        ...(owner !== undefined && { tags: { owner } }),
      })),
    { maxLength: 10, selector: say },
  )
  .map((rules) => ({ name: 'web', rules: rules.map((rule, index) => ({ id: `sgr-${index}`, ...rule })) }));

/** The ports that a rule for these would show; ICMP and others have none. */
function portsOf(protocol: string, [a, b]: readonly [number, number]) {
  if (protocol === '-1') return { from: 0, to: 65535 };
  if (protocol === 'icmp') return a % 2 === 0 ? { from: -1, to: -1 } : { from: 8, to: -1 };
  if (protocol === '50') return { from: -1, to: -1 };
  return { from: Math.min(a, b), to: Math.max(a, b) };
}

function endOf(end: string) {
  if (end.includes('/')) return { cidr: end };
  return end.startsWith('pl-') ? { prefixList: end } : { group: end };
}

function admits(rule: Rule, { egress, protocol, port: at, end }: Flow): boolean {
  if (rule.egress !== egress || !['-1', protocol].includes(rule.protocol)) return false;
  if (['tcp', 'udp'].includes(rule.protocol) && (at < rule.from || rule.to < at)) return false;
  if (rule.protocol === 'icmp' && rule.from !== -1 && rule.from !== at) return false;
  return rule.cidr === undefined ? (rule.group ?? rule.prefixList) === end : isIn(rule.cidr, end);
}

/** What EC2 does with the steps, in a few lines of its own. */
function applied({ name, rules }: Group, steps: readonly Step<{ readonly ec2: typeof EC2Client }>[]): Group {
  let now = [...rules];
  for (const { action, input } of steps.map(toCall)) {
    const egress = action.endsWith('Egress');
    if (action.startsWith('ec2:Revoke')) {
      const { SecurityGroupRuleIds: ids = [] } = input as RevokeSecurityGroupIngressCommandInput;
      expect(now.filter((rule) => rule.egress === egress && ids.includes(rule.id))).toHaveLength(ids.length);
      now = now.filter(({ id }) => !ids.includes(id));
      continue;
    }
    const { IpPermissions = [], TagSpecifications = [] } = input as AuthorizeSecurityGroupIngressCommandInput;
    const tags = Object.fromEntries(
      TagSpecifications.flatMap(({ Tags = [] }) => Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
    );
    for (const { IpProtocol: protocol = '', FromPort = 0, ToPort = 65535, ...ends } of IpPermissions) {
      const all = [
        ...(ends.IpRanges ?? []).map((one) => ({ cidr: one.CidrIp ?? '', about: one.Description })),
        ...(ends.Ipv6Ranges ?? []).map((one) => ({ cidr: one.CidrIpv6 ?? '', about: one.Description })),
        ...(ends.UserIdGroupPairs ?? []).map((one) => ({ group: one.GroupId ?? '', about: one.Description })),
        ...(ends.PrefixListIds ?? []).map((one) => ({
          prefixList: one.PrefixListId ?? '',
          about: one.Description,
        })),
      ];
      expect(all).toHaveLength(1);
      for (const { about, ...end } of all) {
        const rule = { egress, protocol, from: FromPort, to: ToPort, ...end };
        expect(now.map(say)).not.toContain(say(rule)); // InvalidPermission.Duplicate
        now.push({
          id: `sgr-new-${say(rule)}`,
          ...rule,
          ...(about !== undefined && { description: about }),
          ...(Object.keys(tags).length > 0 && { tags }),
        });
      }
    }
  }
  return { name, rules: now };
}

async function run<P>(
  bot: Pick<RuleBot<P>, 'resource' | 'params'>,
  account: Account,
  id: string,
  params: object,
) {
  return remediate(bot as never, {
    aws: { ec2: account.client(EC2Client) },
    target: { ...targetOf(bot, id), account: account.account, region: account.region },
    params: bot.params.parse(params) as never,
    mode: 'apply',
    settle: { tries: 0, delayMs: 0 },
  });
}

/** A group with exactly these rules; the real ids of a group and a prefix list stand where the tests' own stood. */
async function make({ client }: Account, rules: readonly Omit<Rule, 'id'>[]): Promise<string> {
  const ec2 = client(EC2Client);
  const { GroupId = '' } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'web servers' }),
  );
  const list = await makeList(ec2);
  const all = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
  await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: all }));
  await authorize(ec2, GroupId, list, rules);
  return GroupId;
}

async function makeList(ec2: EC2Client): Promise<string> {
  const { PrefixList } = await ec2.send(
    new CreateManagedPrefixListCommand({
      PrefixListName: 'partners',
      MaxEntries: 1,
      AddressFamily: 'IPv4',
      Entries: [{ Cidr: '198.51.100.0/24' }],
    }),
  );
  return PrefixList?.PrefixListId ?? '';
}

async function authorize(
  ec2: EC2Client,
  GroupId: string,
  prefixList: string,
  rules: readonly Omit<Rule, 'id'>[],
): Promise<void> {
  for (const rule of rules) {
    const Tags = Object.entries(rule.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
    const end = {
      ...(rule.group !== undefined && { group: GroupId }),
      ...(rule.prefixList !== undefined && { prefixList: prefixList }),
    };
    const input = {
      GroupId,
      IpPermissions: [toPermission({ ...rule, ...end })],
      ...(Tags.length > 0 && { TagSpecifications: [{ ResourceType: 'security-group-rule' as const, Tags }] }),
    };
    if (rule.egress) await ec2.send(new AuthorizeSecurityGroupEgressCommand(input));
    else await ec2.send(new AuthorizeSecurityGroupIngressCommand(input));
  }
}

/** A rule of local AWS with the tests' own ids for its group and prefix list. */
function imagined({ group, owner: _owner, prefixList, ...rule }: Rule): Rule {
  return {
    ...rule,
    ...(group !== undefined && { group: GROUP }),
    ...(prefixList !== undefined && { prefixList: LIST }),
  };
}

function parse(text: Saying): Omit<Rule, 'id'> {
  const [direction, protocol = '', ...words] = text.split(' ');
  const [end = '', , ports] = words.toReversed();
  const [from, to = from] = (ports ?? '-1').split(/(?<=\d)-/).map(Number);
  const range = protocol === '-1' ? { from: 0, to: 65535 } : { from: from ?? -1, to: to ?? -1 };
  return { egress: direction === 'outbound', protocol, ...range, ...endOf(end) };
}

function say(rule: Omit<Rule, 'id'>): Saying {
  const { egress, protocol, from, to, cidr, group, prefixList } = imagined({ id: '', ...rule });
  const ports = protocol === '-1' || from < 0 ? [] : [from === to ? from : `${from}-${to}`];
  const end = cidr ?? group ?? prefixList ?? '';
  return [egress ? 'outbound' : 'inbound', protocol, ...ports, egress ? 'to' : 'from', end].join(' ');
}

function isSteps<T>(plan: readonly T[] | Held | Waiting): plan is readonly T[] {
  return Array.isArray(plan);
}

function sorted(rule: object): object {
  return Object.fromEntries(Object.entries(rule).sort(([a], [b]) => a.localeCompare(b)));
}

function targetOf({ resource }: { readonly resource: string }, id: string) {
  return { account: '123456789012', region: 'eu-west-1', type: resource, id };
}
