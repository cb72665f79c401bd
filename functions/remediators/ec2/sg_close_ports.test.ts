import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  type AuthorizeSecurityGroupIngressCommandInput,
  CreateManagedPrefixListCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  EC2Client,
  type IpPermission,
  type RevokeSecurityGroupIngressCommandInput,
} from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import type { PortRule } from './lib/security-groups';
import { toCall } from '../../../shared/bot/steps';
import { type Account, stepsOf, testBot } from '../../../testing/contract';
import { bot } from './sg_close_ports';

const FAULT = 'opened for a test';
const REVOKE = 'ec2:RevokeSecurityGroupIngress';
const AUTHORIZE = 'ec2:AuthorizeSecurityGroupIngress';

type Ports = readonly [protocol: string, from?: number, to?: number];

const open = ([IpProtocol, FromPort, ToPort = FromPort]: Ports, ...cidrs: string[]): IpPermission => ({
  IpProtocol,
  ...(FromPort !== undefined && { FromPort, ToPort }),
  IpRanges: cidrs.filter((cidr) => !cidr.includes(':')).map((CidrIp) => ({ CidrIp, Description: FAULT })),
  Ipv6Ranges: cidrs
    .filter((cidr) => cidr.includes(':'))
    .map((CidrIpv6) => ({ CidrIpv6, Description: FAULT })),
});

const harmless = (GroupId: string, PrefixListId: string): IpPermission[] => [
  { ...open(['tcp', 443]), IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'shop' }] },
  {
    ...open(['tcp', 22]),
    IpRanges: [{ CidrIp: '203.0.113.0/24', Description: 'office' }],
    Ipv6Ranges: [{ CidrIpv6: '2001:db8::/32', Description: 'office' }],
    UserIdGroupPairs: [{ GroupId }],
    PrefixListIds: [{ PrefixListId }],
  },
  { ...open(['tcp', 21]), IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
  { ...open(['udp', 53]), IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
  // What stands in the place of ports is a type and a code here.
  { ...open(['icmp', 22, 0]), IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
];

const prefixList = async ({ client }: Account, ...cidrs: string[]) => {
  const { PrefixList } = await client(EC2Client).send(
    new CreateManagedPrefixListCommand({
      PrefixListName: 'partners',
      MaxEntries: 5,
      AddressFamily: 'IPv4',
      Entries: cidrs.map((Cidr) => ({ Cidr })),
    }),
  );
  return { PrefixListId: PrefixList?.PrefixListId ?? '' };
};

const group =
  (...faults: IpPermission[]) =>
  async (account: Account) => {
    const ec2 = account.client(EC2Client);
    const { GroupId = '' } = await ec2.send(
      new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'web servers' }),
    );
    const { PrefixListId } = await prefixList(account, '198.51.100.0/24');
    const IpPermissions = [...harmless(GroupId, PrefixListId), ...faults];
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
    await ec2.send(
      new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions: [open(['tcp', 22], '0.0.0.0/0')] }),
    );
    return GroupId;
  };

const rules = async ({ client }: Account, id: string) => {
  const { SecurityGroupRules = [] } = await client(EC2Client).send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [id] }] }),
  );
  return SecurityGroupRules;
};

/** Everything but the faults, with the rules' ids: none of it may as much as be made anew. */
const untouched = async (account: Account, id: string) =>
  (await rules(account, id)).filter(
    ({ IsEgress, Description }) => IsEgress === true || Description !== FAULT,
  );

const faulty = (
  name: string,
  faults: readonly IpPermission[],
  violation: string | RegExp,
  params: object = {},
  writes: readonly string[] = [REVOKE],
) => ({ name, given: group(...faults), violation, params, writes, untouched });

let worldList = '';

testBot(bot, {
  violating: [
    faulty(
      'SSH and RDP open to the world, beside sources and ports that must stay',
      [open(['tcp', 22], '0.0.0.0/0', '::/0'), open(['tcp', 3389], '0.0.0.0/0')],
      /^open to the world: tcp 22 from 0\.0\.0\.0\/0 and ::\/0; tcp 3389 from 0\.0\.0\.0\/0$/,
    ),
    faulty(
      'port ranges and all traffic: the world goes from all of the permission',
      [
        open(['tcp', 0, 65535], '::/0'),
        open(['tcp', 10, 22], '0.0.0.0/0'),
        open(['tcp', 22, 30], '0.0.0.0/0'),
        open(['-1'], '0.0.0.0/0'),
      ],
      /tcp 22 from 0\.0\.0\.0\/0 \(all traffic\) and ::\/0 \(tcp 0-65535\)/,
    ),
    faulty('UDP where it is asked for', [open(['udp', 22, 25], '0.0.0.0/0')], 'udp 22 from', {
      protocols: ['udp'],
    }),
    faulty(
      'two halves that are the world together, in rules of different width',
      [open(['tcp', 22], '0.0.0.0/1'), open(['tcp', 20, 25], '128.0.0.0/1')],
      /tcp 22 from 128\.0\.0\.0\/1 \(tcp 20-25\) and 0\.0\.0\.0\/1$/,
    ),
    faulty(
      'all but a little of the world: the widest go, until less than half of it is left',
      [
        open(['tcp', 22], '128.0.0.0/1', '64.0.0.0/2'),
        { ...open(['tcp', 22]), IpRanges: [{ CidrIp: '32.0.0.0/3' }, { CidrIp: '16.0.0.0/4' }] },
      ],
      /^open to the world: tcp 22 from 128\.0\.0\.0\/1 and 64\.0\.0\.0\/2, in all 93 % of the internet$/,
    ),
    {
      ...faulty(
        'a prefix list that holds the world',
        [],
        /^open to the world: tcp 22 from prefix list pl-\w+$/,
      ),
      // moto forgets what such a rule is described as.
      untouched: async (account, id) =>
        (await rules(account, id)).filter(({ PrefixListId }) => PrefixListId !== worldList),
      given: async (account) => {
        const GroupId = await group()(account);
        const list = await prefixList(account, '0.0.0.0/0', '10.0.0.0/8');
        worldList = list.PrefixListId;
        const IpPermissions = [{ ...open(['tcp', 22]), PrefixListIds: [{ ...list, Description: FAULT }] }];
        await account
          .client(EC2Client)
          .send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
        return GroupId;
      },
    },
    {
      ...faulty(
        'authorized ports: all others are closed, for TCP and UDP',
        [open(['tcp', 8080], '0.0.0.0/0'), open(['udp', 123], '::/0')],
        'open to the world: tcp 8080 from 0.0.0.0/0; udp 123 from ::/0',
        { authorizedTcpPorts: [21, 443], authorizedUdpPorts: [53] },
      ),
    },
    {
      ...faulty(
        'split: the range is narrowed around the ports',
        [open(['tcp', 0, 65535], '0.0.0.0/0', '::/0'), open(['tcp', 22], '0.0.0.0/0')],
        'tcp 22',
        { split: true },
        [AUTHORIZE, REVOKE],
      ),
      after: {
        rules: expect.arrayContaining(
          ['0.0.0.0/0', '::/0'].flatMap((cidr) =>
            [
              { from: 0, to: 21 },
              { from: 23, to: 3388 },
              { from: 3390, to: 65535 },
            ].map((part): unknown => expect.objectContaining({ ...part, cidr, description: FAULT })),
          ),
        ),
      },
    },
    {
      ...faulty(
        'split: all traffic cannot be narrowed',
        [open(['-1'], '::/0')],
        'all traffic',
        { split: true },
        [],
      ),
      held: /^sgr-\w+ admits all traffic from ::\/0: .*replace it by hand/,
    },
    {
      name: 'tags of a rule come back with it',
      given: async (account) => {
        const GroupId = await group()(account);
        const tag = (Value: string): Partial<AuthorizeSecurityGroupIngressCommandInput> => ({
          TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: [{ Key: 'owner', Value }] }],
        });
        const add = async (permission: IpPermission, extra: object) =>
          account
            .client(EC2Client)
            .send(
              new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [permission], ...extra }),
            );
        await add(open(['tcp', 22], '0.0.0.0/0', '::/0'), tag('ana'));
        await add(open(['tcp', 3389], '0.0.0.0/0'), tag('ben'));
        return GroupId;
      },
      violation: 'tcp 22',
      writes: [REVOKE],
      untouched,
    },
  ],
  compliant: [
    { name: 'nothing but what must stay', given: group() },
    { name: 'a quarter of the world is not the world', given: group(open(['tcp', 22], '0.0.0.0/2')) },
    {
      name: 'half of the world, where it takes more',
      given: group(open(['tcp', 22], '0.0.0.0/1')),
      params: { worldShare: 0.9 },
    },
    {
      name: 'the authorized ports',
      given: group(),
      params: { authorizedTcpPorts: [21, 443], authorizedUdpPorts: [53] },
    },
    { name: 'UDP, where TCP is asked for', given: group(open(['udp', 22], '0.0.0.0/0', '::/0')) },
    {
      name: 'other ports, where others are asked for',
      given: group(open(['tcp', 22], '0.0.0.0/0')),
      params: { ports: [23] },
    },
    {
      name: 'no rules at all',
      given: async ({ client }) => {
        const { GroupId = '' } = await client(EC2Client).send(
          new CreateSecurityGroupCommand({ GroupName: 'empty', Description: 'empty' }),
        );
        return GroupId;
      },
    },
  ],
  gone: 'sg-0123456789abcdef0',
});

interface State {
  readonly rules: readonly PortRule[];
}

const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'sg-1' };
const contextOf = (params: object) => ({ target, params: bot.params.parse(params) });

/** What EC2 does with the plan, in a few lines of its own. */
function applied({ rules: before }: State, steps: ReturnType<typeof bot.plan>): State {
  let now = [...before];
  for (const { action, input } of stepsOf(steps).map(toCall)) {
    if (action === REVOKE) {
      const { SecurityGroupRuleIds: ids = [] } = input as RevokeSecurityGroupIngressCommandInput;
      expect(now.filter(({ id }) => ids.includes(id))).toHaveLength(ids.length);
      now = now.filter(({ id }) => !ids.includes(id));
    } else {
      const { IpPermissions = [] } = input as AuthorizeSecurityGroupIngressCommandInput;
      for (const { IpProtocol: protocol = '', FromPort = 0, ToPort = 65535, ...sources } of IpPermissions) {
        const { IpRanges = [], Ipv6Ranges = [] } = sources;
        const [source] = [
          ...IpRanges.map(({ CidrIp, Description }) => ({ cidr: CidrIp, description: Description })),
          ...Ipv6Ranges.map(({ CidrIpv6, Description }) => ({ cidr: CidrIpv6, description: Description })),
        ];
        const { cidr = '', description } = source ?? {};
        const twin = now.find(
          (rule) =>
            rule.protocol === protocol && rule.from === FromPort && rule.to === ToPort && rule.cidr === cidr,
        );
        expect(twin).toBeUndefined(); // InvalidPermission.Duplicate
        const id = `sgr-${[protocol, FromPort, ToPort, cidr].join('-')}`;
        now.push({
          id,
          protocol,
          from: FromPort,
          to: ToPort,
          cidr,
          ...(description !== undefined && { description }),
        });
      }
    }
  }
  return { rules: now };
}

/** Which of the sampled sources a rule's range holds, written down by hand. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  '0.0.0.0/0': ['10.1.1.1', '203.0.113.9', '8.8.8.8', '198.51.100.1'],
  '0.0.0.0/1': ['10.1.1.1', '8.8.8.8'],
  '128.0.0.0/1': ['203.0.113.9', '198.51.100.1'],
  '10.0.0.0/8': ['10.1.1.1'],
  '203.0.113.0/24': ['203.0.113.9'],
  '::/0': ['2001:db8::1', 'fd00::1', '2a00::1'],
  '2001:db8::/32': ['2001:db8::1'],
  'fc00::/7': ['fd00::1'],
};
const ADDRESSES = [...new Set(Object.values(SOURCES).flat())];
const WORLD = ['0.0.0.0/0', '::/0'];
const HALVES = ['0.0.0.0/1', '128.0.0.0/1'];

const covers = (rule: PortRule, protocol: string, port: number) =>
  (rule.protocol === '-1' || rule.protocol === protocol) && rule.from <= port && port <= rule.to;

const admits = (list: readonly PortRule[], protocol: string, port: number, source: string) =>
  list.some((rule) => covers(rule, protocol, port) && SOURCES[rule.cidr ?? '']?.includes(source));

const edge = fc.constantFrom<number[]>(0, 1, 21, 22, 23, 24, 3388, 3389, 3390, 65534, 65535);
const ruleOf = (protocols: readonly string[], cidrs: readonly string[]) =>
  fc
    .record({
      protocol: fc.constantFrom(...protocols),
      ends: fc.tuple(edge, edge),
      cidr: fc.constantFrom(...cidrs),
      description: fc.option(fc.constantFrom('office', 'partner'), { nil: undefined }),
    })
    .map(({ protocol, ends, cidr, description }) => ({
      protocol,
      from: protocol === '-1' ? 0 : Math.min(...ends),
      to: protocol === '-1' ? 65535 : Math.max(...ends),
      cidr,
      ...(description !== undefined && { description }),
    }));
const stateOf = (protocols: readonly string[], cidrs: readonly string[]) =>
  fc
    .uniqueArray(ruleOf(protocols, cidrs), {
      maxLength: 12,
      selector: ({ protocol, from, to, cidr }) => [protocol, from, to, cidr].join(),
    })
    .map((list): State => ({ rules: list.map((rule, index) => ({ id: `sgr-${index}`, ...rule })) }));
const paramsOf = (split: boolean) =>
  fc.record({
    ports: fc.uniqueArray(edge, { minLength: 1, maxLength: 4 }),
    protocols: fc.subarray(['tcp', 'udp'] as const, { minLength: 1 }),
    split: fc.constant(split),
  });
const isClosed = (
  given: { readonly ports: readonly number[]; readonly protocols: readonly string[] },
  protocol: string,
  port: number,
) => given.ports.includes(port) && given.protocols.includes(protocol);

const SAMPLED_PORTS = [0, 1, 2, 20, 21, 22, 23, 24, 25, 3387, 3388, 3389, 3390, 3391, 65533, 65534, 65535];

/** Every sampled flow; esp stands for the protocols without ports. */
const FLOWS = ['tcp', 'udp', 'esp'].flatMap((protocol) =>
  SAMPLED_PORTS.flatMap((port) => ADDRESSES.map((source) => ({ protocol, port, source }))),
);

describe('sg_close_ports: what a group admits afterwards', () => {
  test('split: what it admitted before, but for the world on the closed ports', () => {
    fc.assert(
      fc.property(
        stateOf(
          ['tcp', 'udp'],
          Object.keys(SOURCES).filter((cidr) => !HALVES.includes(cidr)),
        ),
        paramsOf(true),
        (before, given) => {
          const context = contextOf(given);
          fc.pre(bot.check(before, context) !== undefined);
          const after = applied(before, bot.plan(before, context));
          expect(bot.check(after, context)).toBeUndefined();
          const confined = before.rules.filter(({ cidr }) => !WORLD.includes(cidr ?? ''));
          const wrong = FLOWS.filter(({ protocol, port, source }) => {
            const allowed = isClosed(given, protocol, port) ? confined : before.rules;
            return admits(after.rules, protocol, port, source) !== admits(allowed, protocol, port, source);
          });
          expect(wrong).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('without split: what it admitted before, but for the rules that let the world in on a closed port', () => {
    fc.assert(
      fc.property(
        stateOf(
          ['tcp', 'udp', '-1'],
          Object.keys(SOURCES).filter((cidr) => !HALVES.includes(cidr)),
        ),
        paramsOf(false),
        (before, given) => {
          const context = contextOf(given);
          fc.pre(bot.check(before, context) !== undefined);
          const after = applied(before, bot.plan(before, context));
          expect(bot.check(after, context)).toBeUndefined();
          const stays = before.rules.filter(
            (rule) =>
              !WORLD.includes(rule.cidr ?? '') ||
              !given.protocols.some((protocol) => given.ports.some((port) => covers(rule, protocol, port))),
          );
          expect(after.rules).toEqual(stays);
        },
      ),
      { numRuns: 300 },
    );
  });

  test.each([true, false])(
    'halves of the world (split: %s): none of the closed ports is left to all',
    (split) => {
      fc.assert(
        fc.property(stateOf(['tcp', 'udp'], Object.keys(SOURCES)), paramsOf(split), (before, given) => {
          const context = contextOf(given);
          const found = bot.check(before, context);
          const isOpen = (list: readonly PortRule[], protocol: string, port: number) =>
            isClosed(given, protocol, port) &&
            (['8.8.8.8', '198.51.100.1'].some((source) => admits(list, protocol, port, source)) ||
              admits(list, protocol, port, '2a00::1'));
          const wasOpen = FLOWS.filter(({ protocol, port }) => isOpen(before.rules, protocol, port));
          expect(found !== undefined).toBe(wasOpen.length > 0);
          if (found === undefined) return;
          const after = applied(before, bot.plan(before, context));
          expect(FLOWS.filter(({ protocol, port }) => isOpen(after.rules, protocol, port))).toEqual([]);
          const cut = FLOWS.filter(
            ({ protocol, port, source }) =>
              admits(before.rules, protocol, port, source) && !admits(after.rules, protocol, port, source),
          );
          if (split) expect(wasOpen).toEqual(expect.arrayContaining(cut));
          const narrow = ({ cidr }: PortRule) => ![...WORLD, ...HALVES].includes(cidr ?? '');
          expect(after.rules.filter(narrow)).toEqual(before.rules.filter(narrow));
        }),
        { numRuns: 300 },
      );
    },
  );

  test('undo leads back from the fix, and from a fix that was cut off after the first call', () => {
    fc.assert(
      fc.property(
        stateOf(['tcp', 'udp', '-1'], Object.keys(SOURCES)),
        fc.boolean(),
        fc.nat(),
        (before, split, cutAt) => {
          const context = contextOf({ split });
          const steps = bot.plan(before, context);
          fc.pre(bot.check(before, context) !== undefined && !('held' in steps));
          if ('held' in steps) return;
          const now = applied(before, stepsOf(steps).slice(0, 1 + (cutAt % stepsOf(steps).length)));
          const back = bot.undo(before, { ...context, now });
          if ('irreversible' in back) throw new Error(back.irreversible);
          const sorted = (state: State) =>
            (bot.footprint?.(state) as object[]).map((rule) => JSON.stringify(rule)).sort();
          expect(sorted(applied(now, back))).toEqual(sorted(before));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('undo leaves alone what others have done since', () => {
    const rule = { protocol: 'tcp', from: 22, to: 22, cidr: '0.0.0.0/0' };
    const before = { rules: [{ id: 'sgr-1', ...rule }] };
    const theirs = { id: 'sgr-9', ...rule, cidr: '203.0.113.0/24' };
    const steps = bot.undo(before, { ...contextOf({}), now: { rules: [theirs] } });
    expect('irreversible' in steps ? [] : steps.map(toCall)).toEqual([
      {
        action: AUTHORIZE,
        input: {
          GroupId: 'sg-1',
          IpPermissions: [
            { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
          ],
        },
      },
    ]);
    expect(bot.undo(before, { ...contextOf({}), now: before })).toEqual([]);
  });
});
