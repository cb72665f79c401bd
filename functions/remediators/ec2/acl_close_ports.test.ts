import {
  CreateNetworkAclCommand,
  CreateNetworkAclEntryCommand,
  type CreateNetworkAclEntryCommandInput,
  DescribeNetworkAclsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import type { AclEntry } from './lib/network-acl';
import { remediate } from '../../../shared/bot/run';
import { toCall } from '../../../shared/bot/steps';
import { type Account, stepsOf, testBot } from '../../../testing/contract';
import { newAccount } from '../../../testing/account';
import { bot } from './acl_close_ports';

const CREATE = 'ec2:CreateNetworkAclEntry';
const DELETE = 'ec2:DeleteNetworkAclEntry';
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

const entry = (
  number: number,
  action: 'allow' | 'deny',
  protocol: string,
  ports: number | readonly [number, number],
  cidr: string,
): AclEntry => {
  const [from, to] = typeof ports === 'number' ? [ports, ports] : ports;
  return { number, action, protocol, from, to, cidr };
};
const ALL = [0, 65535] as const;

/** An ACL with these inbound entries, and an outbound entry that is like the worst of them. */
const acl =
  (...entries: AclEntry[]) =>
  async (account: Account) => {
    const ec2 = account.client(EC2Client);
    const { NetworkAcls = [] } = await ec2.send(new DescribeNetworkAclsCommand({}));
    const { NetworkAcl } = await ec2.send(new CreateNetworkAclCommand({ VpcId: NetworkAcls[0]?.VpcId }));
    const NetworkAclId = NetworkAcl?.NetworkAclId ?? '';
    const outbound = { ...entry(100, 'allow', '6', 22, '0.0.0.0/0'), Egress: true };
    for (const { number, action, protocol, from, to, cidr, ...rest } of [...entries, outbound]) {
      const input: CreateNetworkAclEntryCommandInput = {
        NetworkAclId,
        RuleNumber: number,
        RuleAction: action,
        Protocol: protocol,
        Egress: false,
        ...(protocol !== '-1' && { PortRange: { From: from, To: to } }),
        ...(cidr.includes(':') ? { Ipv6CidrBlock: cidr } : { CidrBlock: cidr }),
        ...rest,
      };
      await ec2.send(new CreateNetworkAclEntryCommand(input));
    }
    return NetworkAclId;
  };

const defaultAcl = async ({ client }: Account) => {
  const Filters = [{ Name: 'default', Values: ['true'] }];
  const { NetworkAcls = [] } = await client(EC2Client).send(new DescribeNetworkAclsCommand({ Filters }));
  return NetworkAcls[0]?.NetworkAclId ?? '';
};

/** The other ACLs, the outbound entries of this one, and which subnets it is for. */
const others = async ({ client }: Account, id: string) => {
  const { NetworkAcls = [] } = await client(EC2Client).send(new DescribeNetworkAclsCommand({}));
  return NetworkAcls.map((one) =>
    one.NetworkAclId === id ? { ...one, Entries: one.Entries?.filter(({ Egress }) => Egress) } : one,
  );
};

testBot(bot, {
  violating: [
    {
      name: 'a default ACL: its entry for all traffic stays, the ports are denied before it, private networks are kept',
      given: defaultAcl,
      violation:
        /^open to the world: tcp 22 by entry 100 \(0\.0\.0\.0\/0\); tcp 3389 by entry 100 \(0\.0\.0\.0\/0\)$/,
      writes: [CREATE, CREATE, CREATE, CREATE, CREATE],
      after: {
        entries: [
          ...PRIVATE.map((cidr, index) => entry(95 + index, 'allow', '-1', ALL, cidr)),
          entry(98, 'deny', '6', 22, '0.0.0.0/0'),
          entry(99, 'deny', '6', 3389, '0.0.0.0/0'),
          entry(100, 'allow', '-1', ALL, '0.0.0.0/0'),
        ],
      },
      untouched: others,
    },
    {
      name: 'an entry for nothing but SSH goes; those for the office, other ports and outbound stay',
      given: acl(
        entry(90, 'allow', '6', 22, '203.0.113.0/24'),
        entry(100, 'allow', '6', 22, '0.0.0.0/0'),
        entry(110, 'allow', '6', 443, '0.0.0.0/0'),
        entry(120, 'allow', '6', 22, '198.51.100.0/24'),
      ),
      params: { keep: [] },
      violation: /^open to the world: tcp 22 by entry 100 \(0\.0\.0\.0\/0\)$/,
      writes: [DELETE],
      after: {
        entries: [
          entry(90, 'allow', '6', 22, '203.0.113.0/24'),
          entry(110, 'allow', '6', 443, '0.0.0.0/0'),
          entry(120, 'allow', '6', 22, '198.51.100.0/24'),
        ],
      },
      untouched: others,
    },
    {
      name: 'both families: the number right before the entry for IPv6 is taken by the one for IPv4',
      given: acl(entry(100, 'allow', '-1', ALL, '0.0.0.0/0'), entry(101, 'allow', '-1', ALL, '::/0')),
      params: { ports: [22], keep: ['10.0.0.0/8', 'fd00::/8'] },
      violation: /tcp 22 by entry 100 .*; tcp 22 by entry 101 \(::\/0\)/,
      writes: [CREATE, CREATE, CREATE, CREATE],
      after: {
        entries: [
          entry(96, 'allow', '-1', ALL, 'fd00::/8'),
          entry(97, 'deny', '6', 22, '::/0'),
          entry(98, 'allow', '-1', ALL, '10.0.0.0/8'),
          entry(99, 'deny', '6', 22, '0.0.0.0/0'),
          entry(100, 'allow', '-1', ALL, '0.0.0.0/0'),
          entry(101, 'allow', '-1', ALL, '::/0'),
        ],
      },
      untouched: others,
    },
    {
      name: 'behind the entry for all, ranges with rules of their own keep them',
      given: acl(
        entry(100, 'allow', '6', ALL, '0.0.0.0/0'),
        entry(110, 'deny', '6', 22, '203.0.113.0/28'),
        entry(120, 'allow', '6', [20, 30], '203.0.113.0/24'),
      ),
      params: { ports: [22], keep: [] },
      violation: 'tcp 22 by entry 100',
      writes: [CREATE, CREATE, CREATE],
      after: {
        entries: [
          entry(97, 'deny', '6', 22, '203.0.113.0/28'),
          entry(98, 'allow', '6', 22, '203.0.113.0/24'),
          entry(99, 'deny', '6', 22, '0.0.0.0/0'),
          entry(100, 'allow', '6', ALL, '0.0.0.0/0'),
          entry(110, 'deny', '6', 22, '203.0.113.0/28'),
          entry(120, 'allow', '6', [20, 30], '203.0.113.0/24'),
        ],
      },
    },
    {
      name: 'halves of the world, and UDP',
      given: acl(
        entry(100, 'allow', '17', 3389, '0.0.0.0/1'),
        entry(200, 'allow', '17', 3389, '128.0.0.0/1'),
        entry(300, 'allow', '6', 3389, '128.0.0.0/1'),
      ),
      params: { protocols: ['udp'], keep: [] },
      violation: 'udp 3389 by entry 100 (0.0.0.0/1) and 200 (128.0.0.0/1)',
      writes: [DELETE, DELETE],
      after: { entries: [entry(300, 'allow', '6', 3389, '128.0.0.0/1')] },
    },
    {
      name: 'cut off after the private networks and one of the ports',
      given: acl(
        ...PRIVATE.map((cidr, index) => entry(95 + index, 'allow', '-1', ALL, cidr)),
        entry(98, 'deny', '6', 22, '0.0.0.0/0'),
        entry(100, 'allow', '-1', ALL, '0.0.0.0/0'),
      ),
      violation: /^open to the world: tcp 3389 by entry 100 \(0\.0\.0\.0\/0\)$/,
      writes: [CREATE],
    },
    {
      name: 'no free numbers',
      given: acl(entry(3, 'allow', '-1', ALL, '0.0.0.0/0')),
      violation: 'by entry 3',
      writes: [],
      held: /^entry 3 needs 5 free numbers right before it/,
    },
  ],
  compliant: [
    {
      name: 'denied before the entry for all traffic',
      given: acl(
        entry(50, 'deny', '6', 22, '0.0.0.0/0'),
        entry(60, 'deny', '6', [3000, 4000], '0.0.0.0/1'),
        entry(70, 'deny', '-1', ALL, '128.0.0.0/1'),
        entry(100, 'allow', '-1', ALL, '0.0.0.0/0'),
      ),
    },
    {
      name: 'other ports, other protocols, single ranges, and IPv6 that is not all of it',
      given: acl(
        entry(100, 'allow', '6', [23, 3388], '0.0.0.0/0'),
        entry(110, 'allow', '17', 22, '0.0.0.0/0'),
        entry(120, 'allow', '6', 22, '203.0.113.0/24'),
        entry(130, 'allow', '6', 22, '2a00::/16'),
      ),
    },
  ],
});

// DescribeNetworkAcls: moto speaks of a route table where there is no such ACL.
test('acl_close_ports: an ACL that is gone', async () => {
  const account = await newAccount();
  account.script({
    DescribeNetworkAcls: () => {
      throw Object.assign(new Error('no such ACL'), { name: 'InvalidNetworkAclID.NotFound' });
    },
  });
  const aws = { ec2: account.client(EC2Client) };
  expect(await remediate(bot, { aws, ...contextOf({}), mode: 'apply' })).toEqual({ outcome: 'gone' });
});

const target = { account: '123456789012', region: 'eu-west-1', type: bot.resource, id: 'acl-1' };
const contextOf = (given: object) => ({ target, params: bot.params.parse(given) });

/** Which sample addresses lie in which range, written out by hand. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  '0.0.0.0/0': ['8.8.8.8', '10.1.2.3', '10.9.9.9', '198.51.100.1', '203.0.113.7'],
  '0.0.0.0/1': ['8.8.8.8', '10.1.2.3', '10.9.9.9'],
  '128.0.0.0/1': ['198.51.100.1', '203.0.113.7'],
  '10.0.0.0/8': ['10.1.2.3', '10.9.9.9'],
  '10.1.0.0/16': ['10.1.2.3'],
  '203.0.113.0/24': ['203.0.113.7'],
  '::/0': ['2a00::1', 'fd00::1'],
  'fd00::/8': ['fd00::1'],
};
const ADDRESSES = [...new Set(Object.values(SOURCES).flat())];
const HALVES = ['0.0.0.0/1', '128.0.0.0/1'];
const KEEP = ['10.0.0.0/8', 'fd00::/8'];
const SAMPLED_PORTS = [0, 21, 22, 23, 24, 3388, 3389, 3390, 65535];
const FLOWS = ['6', '17', '50'].flatMap((protocol) =>
  SAMPLED_PORTS.flatMap((port) => ADDRESSES.map((source) => ({ protocol, port, source }))),
);
type Sample = (typeof FLOWS)[number];

/** The rule of AWS, by itself: the first entry that matches decides, and nothing matches nothing. */
function admits(entries: readonly AclEntry[], { protocol, port, source }: Sample): boolean {
  const hit = [...entries]
    .sort((one, other) => one.number - other.number)
    .find(
      (one) =>
        (one.protocol === '-1' || one.protocol === protocol) &&
        (['-1', '50'].includes(one.protocol) || (one.from <= port && port <= one.to)) &&
        SOURCES[one.cidr]?.includes(source),
    );
  return hit?.action === 'allow';
}

/** What an entry for the flow is, world-wide, before anybody refuses the whole world. */
function openersOf(entries: readonly AclEntry[], { protocol, port, source }: Sample): AclEntry[] {
  const world = source.includes(':') ? '::/0' : '0.0.0.0/0';
  const asked = entries.filter(
    (one) =>
      one.cidr === world &&
      ['-1', protocol].includes(one.protocol) &&
      (one.protocol === '-1' || (one.from <= port && port <= one.to)),
  );
  const refusedAt = asked.findIndex(({ action }) => action === 'deny');
  return (refusedAt < 0 ? asked : asked.slice(0, refusedAt)).filter(({ action }) => action === 'allow');
}

type Call = ReturnType<typeof toCall>;

function applied(entries: readonly AclEntry[], calls: readonly Call[]): AclEntry[] {
  let now = [...entries];
  for (const { action, input } of calls) {
    const given = input as CreateNetworkAclEntryCommandInput;
    const number = given.RuleNumber ?? 0;
    expect(given.Egress).toBe(false);
    expect(now.some((one) => one.number === number)).toBe(action === DELETE);
    if (action === DELETE) now = now.filter((one) => one.number !== number);
    else {
      expect(number).toBeGreaterThan(0);
      now.push({
        number,
        action: given.RuleAction ?? 'deny',
        protocol: given.Protocol ?? '',
        from: given.PortRange?.From ?? 0,
        to: given.PortRange?.To ?? 65535,
        cidr: given.CidrBlock ?? given.Ipv6CidrBlock ?? '',
      });
    }
  }
  return now.sort((one, other) => one.number - other.number);
}

const edge = fc.constantFrom(0, 21, 22, 23, 3388, 3389, 3390, 65535);
const entriesOf = (cidrs: readonly string[]) =>
  fc
    .uniqueArray(
      fc
        .record({
          number: fc.integer({ min: 1, max: 12 }).map((n) => n * 40),
          action: fc.constantFrom('allow' as const, 'allow' as const, 'deny' as const),
          protocol: fc.constantFrom('-1', '6', '6', '17', '50'),
          ends: fc.tuple(edge, edge),
          cidr: fc.constantFrom(...cidrs),
        })
        .map(({ ends, ...rest }): AclEntry => {
          const all = ['-1', '50'].includes(rest.protocol);
          return { ...rest, from: all ? 0 : Math.min(...ends), to: all ? 65535 : Math.max(...ends) };
        }),
      { maxLength: 8, selector: ({ number }) => number },
    )
    .map((entries) => entries.sort((one, other) => one.number - other.number));
const paramsOf = fc.record({
  ports: fc.uniqueArray(fc.constantFrom<number[]>(22, 23, 3389), { minLength: 1 }),
  protocols: fc.subarray(['tcp', 'udp'] as const, { minLength: 1 }),
  keep: fc.subarray(KEEP),
});
type Given = typeof paramsOf extends fc.Arbitrary<infer T> ? T : never;

const isClosed = ({ ports, protocols }: Given, { protocol, port }: Sample) =>
  ports.includes(port) && protocols.some((name) => (name === 'tcp' ? '6' : '17') === protocol);
const isKept = ({ keep }: Given, { source }: Sample) => keep.some((cidr) => SOURCES[cidr]?.includes(source));
const RUNS = { numRuns: 300 };

describe('acl_close_ports: what an ACL admits afterwards', () => {
  const WHOLE = Object.keys(SOURCES).filter((cidr) => !HALVES.includes(cidr));

  test('all as before; on the closed ports, what it would admit without the entries that let the world in', () => {
    fc.assert(
      fc.property(entriesOf(WHOLE), paramsOf, (before, given) => {
        const context = contextOf(given);
        const isOpen = FLOWS.some((flow) => isClosed(given, flow) && openersOf(before, flow).length > 0);
        expect(bot.check({ entries: before }, context) !== undefined).toBe(isOpen);
        fc.pre(isOpen);
        const after = applied(before, stepsOf(bot.plan({ entries: before }, context)).map(toCall));
        expect(bot.check({ entries: after }, context)).toBeUndefined();
        const wrong = FLOWS.filter((flow) => {
          const openers = openersOf(before, flow);
          const judged =
            isClosed(given, flow) && !isKept(given, flow)
              ? before.filter((one) => !openers.includes(one))
              : before;
          return admits(after, flow) !== admits(judged, flow);
        });
        expect(wrong).toEqual([]);
      }),
      RUNS,
    );
  });

  test('halves of the world: closed, nothing else changes, nothing is opened', () => {
    fc.assert(
      fc.property(entriesOf(Object.keys(SOURCES)), paramsOf, (before, given) => {
        const context = contextOf(given);
        fc.pre(bot.check({ entries: before }, context) !== undefined);
        const after = applied(before, stepsOf(bot.plan({ entries: before }, context)).map(toCall));
        expect(bot.check({ entries: after }, context)).toBeUndefined();
        const changed = FLOWS.filter((flow) => admits(after, flow) !== admits(before, flow));
        expect(changed.filter((flow) => !isClosed(given, flow) || isKept(given, flow))).toEqual([]);
        expect(changed.filter((flow) => admits(after, flow))).toEqual([]);
        const whole = ['6', '17'].flatMap((protocol) =>
          given.ports.map((port) =>
            ['8.8.8.8', '198.51.100.1'].map((source) => ({ protocol, port, source })),
          ),
        );
        for (const both of whole.filter(([one]) => one && isClosed(given, one))) {
          expect(both.every((flow) => admits(after, flow))).toBe(false);
        }
      }),
      RUNS,
    );
  });

  test('cut off anywhere, the next run ends it just as if it had not been', () => {
    fc.assert(
      fc.property(entriesOf(WHOLE), paramsOf, fc.nat(), (before, given, cutAt) => {
        const context = contextOf(given);
        fc.pre(bot.check({ entries: before }, context) !== undefined);
        const calls = stepsOf(bot.plan({ entries: before }, context)).map(toCall);
        const whole = applied(before, calls);
        const cut = applied(before, calls.slice(0, cutAt % calls.length));
        const ended = applied(cut, stepsOf(bot.plan({ entries: cut }, context)).map(toCall));
        expect(ended).toEqual(whole);
      }),
      RUNS,
    );
  });

  test('undo leads back exactly, from the fix and from a fix that was cut off', () => {
    fc.assert(
      fc.property(entriesOf(Object.keys(SOURCES)), paramsOf, fc.nat(), (before, given, cutAt) => {
        const context = contextOf(given);
        fc.pre(bot.check({ entries: before }, context) !== undefined);
        const calls = stepsOf(bot.plan({ entries: before }, context)).map(toCall);
        for (const stage of [applied(before, calls), applied(before, calls.slice(0, cutAt % calls.length))]) {
          const back = bot.undo({ entries: before }, { ...context, now: { entries: stage } });
          if ('irreversible' in back) throw new Error(back.irreversible);
          expect(applied(stage, back.map(toCall))).toEqual(before);
        }
      }),
      RUNS,
    );
  });

  test('ranges to keep are written as AWS writes them, so that they are found again', () => {
    const before = [entry(100, 'allow', '-1', ALL, '0.0.0.0/0')];
    const context = contextOf({ ports: [22], keep: ['10.1.2.3/8'] });
    const after = applied(before, stepsOf(bot.plan({ entries: before }, context)).map(toCall));
    expect(after[0]).toEqual(entry(98, 'allow', '-1', ALL, '10.0.0.0/8'));
  });

  test('undo does not overwrite what has been given the number since', () => {
    const before = { entries: [entry(100, 'allow', '6', 22, '0.0.0.0/0')] };
    const now = { entries: [entry(100, 'allow', '6', 443, '203.0.113.0/24')] };
    expect(bot.undo(before, { ...contextOf({ keep: [] }), now })).toMatchObject({
      irreversible: expect.stringContaining('number 100'),
    });
  });

  test.each([[['0.0.0.0/0']], [['0.0.0.0/1', '128.0.0.0/1']], [['::/0']]])('%j cannot be kept', (keep) => {
    const entries = [entry(100, 'allow', '-1', ALL, '0.0.0.0/0')];
    expect(bot.plan({ entries }, contextOf({ keep }))).toEqual({
      held: expect.stringContaining('the whole internet'),
    });
  });

  test('what is no range cannot be kept', () => {
    expect(bot.params.safeParse({ keep: ['10.0.0.0'] }).success).toBe(false);
  });
});
