import { EC2Client, type SecurityGroupRule } from '@aws-sdk/client-ec2';
import {
  type PortRule,
  portRules,
  groupsNaming,
  interfacesIn,
  isSame,
  openings,
  readRules,
  rulesOf,
  toPermission,
  unreadable,
  without,
} from './security-groups';

const rule = (part: Partial<PortRule>): PortRule => ({
  id: 'sgr-1',
  protocol: 'tcp',
  from: 22,
  to: 22,
  cidr: '0.0.0.0/0',
  ...part,
});

describe('rules of groups', () => {
  // DescribeSecurityGroupRules: moto answers with one page whatever is asked.
  test('all pages are read', async () => {
    const asked: unknown[] = [];
    const ec2 = new EC2Client({
      region: 'eu-west-1',
      credentials: { accessKeyId: 't', secretAccessKey: 't' },
    });
    ec2.middlewareStack.add(
      () => (args) => {
        const { NextToken } = args.input as { NextToken?: string };
        asked.push(args.input);
        const page: SecurityGroupRule = { SecurityGroupRuleId: `sgr-${NextToken ?? 'first'}` };
        const more = NextToken === undefined ? { NextToken: 'second' } : {};
        return Promise.resolve({
          output: { $metadata: {}, SecurityGroupRules: [page], ...more },
          response: {},
        });
      },
      { step: 'initialize' },
    );
    expect(await rulesOf(ec2, ['sg-1', 'sg-2'])).toEqual([
      { SecurityGroupRuleId: 'sgr-first' },
      { SecurityGroupRuleId: 'sgr-second' },
    ]);
    expect(asked).toMatchObject([{ Filters: [{ Name: 'group-id', Values: ['sg-1', 'sg-2'] }] }, {}]);
  });

  test('no groups have no rules, and nobody is asked', async () => {
    expect(await rulesOf(new EC2Client({ region: 'eu-west-1', endpoint: 'http://127.0.0.1:1' }), [])).toEqual(
      [],
    );
  });
});

describe('inbound rules for address ranges', () => {
  const live = (part: SecurityGroupRule): SecurityGroupRule => ({
    SecurityGroupRuleId: 'sgr-1',
    IsEgress: false,
    IpProtocol: 'tcp',
    FromPort: 22,
    ToPort: 22,
    CidrIpv4: '0.0.0.0/0',
    ...part,
  });

  test.each<[string, SecurityGroupRule]>([
    ['outbound', live({ IsEgress: true })],
    ['ICMP, whose types are no ports', live({ IpProtocol: 'icmp', FromPort: 22, ToPort: 0 })],
    ['ICMPv6', live({ IpProtocol: 'icmpv6', FromPort: -1, ToPort: -1 })],
    ['a protocol without ports', live({ IpProtocol: '50', FromPort: -1, ToPort: -1 })],
    [
      'another group',
      { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, ReferencedGroupInfo: { GroupId: 'sg-2' } },
    ],
    ['nothing said', {}],
  ])('%s: not among them', (_name, given) => {
    expect(portRules([given])).toEqual([]);
  });

  test.each<[string, SecurityGroupRule, Partial<PortRule>]>([
    ['IPv4', live({ Description: 'office' }), { description: 'office' }],
    ['IPv6', { ...live({ CidrIpv6: '::/0' }), CidrIpv4: undefined }, { cidr: '::/0' }],
    ['a range', live({ FromPort: 20, ToPort: 25 }), { from: 20, to: 25 }],
    [
      'all traffic',
      live({ IpProtocol: '-1', FromPort: -1, ToPort: -1 }),
      { protocol: '-1', from: 0, to: 65535 },
    ],
    ['no ports said', { ...live({}), FromPort: undefined, ToPort: undefined }, { from: 0, to: 65535 }],
    ['ports -1', live({ FromPort: -1, ToPort: -1 }), { from: 0, to: 65535 }],
    [
      'tags, but not those of AWS',
      live({
        Tags: [
          { Key: 'aws:cloudformation:stack-name', Value: 'web' },
          { Key: 'owner', Value: 'ana' },
        ],
      }),
      { tags: { owner: 'ana' } },
    ],
  ])('%s', (_name, given, expected) => {
    expect(portRules([given])).toEqual([rule(expected)]);
  });

  test('a prefix list', () => {
    const { cidr: _cidr, ...end } = rule({});
    const list = { ...live({ PrefixListId: 'pl-1' }), CidrIpv4: undefined };
    expect(portRules([list])).toEqual([{ ...end, prefixList: 'pl-1' }]);
  });

  test('the order does not depend on the order of the reply', () => {
    const one = live({ SecurityGroupRuleId: 'sgr-2', CidrIpv4: '10.0.0.0/8' });
    expect(portRules([one, live({})])).toEqual(portRules([live({}), one]));
  });
});

describe('openings', () => {
  const on = (protocol: string, from: number, to = from) => ({ protocol, from, to });

  test('say which rules let the world in, and not which others admit a part of it', () => {
    const world = rule({ id: 'sgr-1' });
    const wide = rule({ id: 'sgr-2', protocol: '-1', from: 0, to: 65535, cidr: '::/0' });
    const office = rule({ id: 'sgr-3', cidr: '203.0.113.0/24' });
    const shop = rule({ id: 'sgr-4', from: 443, to: 443 });
    expect(openings([world, wide, office, shop], [on('tcp', 22), on('udp', 22)])).toEqual([
      { protocol: 'tcp', from: 22, to: 22, by: [world, wide], share: 1 },
      { protocol: 'udp', from: 22, to: 22, by: [wide], share: 1 },
    ]);
    expect(openings([office, shop], [on('tcp', 22)])).toEqual([]);
  });

  test('halves must meet on the port', () => {
    const low = rule({ id: 'sgr-1', from: 20, to: 22, cidr: '64.0.0.0/2' });
    const high = rule({ id: 'sgr-2', from: 22, to: 25, cidr: '128.0.0.0/2' });
    expect(openings([low, high], [on('tcp', 20, 25)])).toMatchObject([
      { protocol: 'tcp', from: 22, to: 22, by: [high] },
    ]);
  });

  test('a range of ports is told in the parts that the same rules open', () => {
    const all = rule({ id: 'sgr-1', from: 0, to: 65535 });
    const some = rule({ id: 'sgr-2', from: 100, to: 200, cidr: '::/0' });
    expect(openings([all, some], [on('tcp', 81, 442)])).toMatchObject([
      { from: 81, to: 99, by: [all] },
      { from: 100, to: 200, by: [all, some] },
      { from: 201, to: 442, by: [all] },
    ]);
  });

  test('prefix lists count by what they hold; one that cannot be read is told for its ports only', () => {
    const { cidr: _cidr, ...end } = rule({});
    const halves = { ...end, id: 'sgr-1', prefixList: 'pl-1' };
    const lost = { ...end, id: 'sgr-2', prefixList: 'pl-2' };
    const aws = { ...end, id: 'sgr-3', prefixList: 'pl-3' };
    const lists = { 'pl-1': ['0.0.0.0/1', '128.0.0.0/1'], 'pl-2': { unreadable: 'it is gone' } };
    expect(openings([halves, lost, aws], [on('tcp', 22)], lists)).toMatchObject([{ by: [halves] }]);
    expect(unreadable([halves, lost, aws], [on('tcp', 22)], lists)).toMatchObject([{ rule: lost }]);
    expect(unreadable([halves, lost, aws], [on('tcp', 23)], lists)).toEqual([]);
  });
});

test.each([
  [20, 25, [22], ['20-21', '23-25']],
  [22, 25, [22], ['23-25']],
  [20, 22, [22], ['20-21']],
  [22, 22, [22], []],
  [0, 65535, [65535, 0], ['1-65534']],
  [20, 25, [23, 22], ['20-21', '24-25']],
  [20, 25, [3389], ['20-25']],
  [20, 25, [19, 26], ['20-25']],
  [20, 25, [21, 22, 22, 24], ['20-20', '23-23', '25-25']],
])('%i-%i without %j: %j', (from, to, ports, parts) => {
  const closed = ports.map((port) => ({ from: port, to: port }));
  expect(without({ from, to }, closed).map((part) => `${part.from}-${part.to}`)).toEqual(parts);
});

test.each([
  [rule({}), { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
  [
    rule({ cidr: '::/0', description: 'open' }),
    { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, Ipv6Ranges: [{ CidrIpv6: '::/0', Description: 'open' }] },
  ],
  [rule({ protocol: '-1', from: 0, to: 65535 }), { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
])('%j as EC2 takes it', (given, expected) => {
  expect(toPermission(given)).toEqual(expected);
});

describe('rules as data, and back', () => {
  const base = { SecurityGroupRuleId: 'sgr-1', IsEgress: true, IpProtocol: 'tcp', FromPort: 22, ToPort: 25 };
  const about = { Description: 'office' };
  test.each<[string, SecurityGroupRule, object]>([
    [
      'another group of another account',
      { ...base, ReferencedGroupInfo: { GroupId: 'sg-2', UserId: '111122223333' }, ...about },
      { UserIdGroupPairs: [{ GroupId: 'sg-2', UserId: '111122223333', ...about }] },
    ],
    [
      'a prefix list',
      { ...base, PrefixListId: 'pl-1', ...about },
      { PrefixListIds: [{ PrefixListId: 'pl-1', ...about }] },
    ],
    [
      'IPv6',
      { ...base, CidrIpv6: '2001:DB8::1/32', ...about },
      { Ipv6Ranges: [{ CidrIpv6: '2001:db8::/32', ...about }] },
    ],
    ['IPv4', { ...base, CidrIpv4: '10.1.2.3/8' }, { IpRanges: [{ CidrIp: '10.0.0.0/8' }] }],
  ])('%s', (_name, given, end) => {
    const rules = readRules([given]);
    expect(rules).toMatchObject([{ id: 'sgr-1', egress: true, protocol: 'tcp', from: 22, to: 25 }]);
    expect(rules.map(toPermission)).toEqual([{ IpProtocol: 'tcp', FromPort: 22, ToPort: 25, ...end }]);
  });

  test.each([
    ['icmp', 8, -1],
    ['icmp', -1, -1],
    ['icmpv6', -1, -1],
    ['50', -1, -1],
  ])('%s %i %i: types, codes and nothing are no ports', (IpProtocol, FromPort, ToPort) => {
    const ports = { IpProtocol, FromPort, ToPort };
    expect(readRules([{ ...base, ...ports, CidrIpv4: '10.0.0.0/8' }]).map(toPermission)).toEqual([
      { ...ports, IpRanges: [{ CidrIp: '10.0.0.0/8' }] },
    ]);
  });

  test('inbound and outbound, and ends of every kind, are told apart', () => {
    const ends = [{ cidr: '10.0.0.0/8' }, { cidr: '::/0' }, { group: 'sg-1' }, { prefixList: 'pl-1' }];
    const all = [true, false].flatMap((egress) =>
      ends.map((end) => ({ egress, protocol: 'tcp', from: 22, to: 22, ...end })),
    );
    for (const one of all) expect(all.filter((other) => isSame(one, other))).toEqual([one]);
  });
});

// DescribeNetworkInterfaces, DescribeSecurityGroups: moto answers with one page whatever is asked.
test('who uses or names a group: all pages are read, in both directions, and the group itself is not named', async () => {
  const ec2 = new EC2Client({ region: 'eu-west-1', credentials: { accessKeyId: 't', secretAccessKey: 't' } });
  ec2.middlewareStack.add(
    () => (args) => {
      const { NextToken, Filters } = args.input as { NextToken?: string; Filters: { Name: string }[] };
      const more = NextToken === undefined ? { NextToken: 'second' } : {};
      const page = `${Filters[0]?.Name}-${NextToken ?? 'first'}`;
      return Promise.resolve({
        output: {
          $metadata: {},
          NetworkInterfaces: [{ NetworkInterfaceId: page }],
          SecurityGroups: [{ GroupId: page }, { GroupId: 'sg-1' }],
          ...more,
        },
        response: {},
      });
    },
    { step: 'initialize' },
  );
  expect(await interfacesIn(ec2, 'sg-1')).toEqual(['group-id-first', 'group-id-second']);
  expect(await groupsNaming(ec2, 'sg-1')).toEqual([
    'egress.ip-permission.group-id-first',
    'egress.ip-permission.group-id-second',
    'ip-permission.group-id-first',
    'ip-permission.group-id-second',
  ]);
});
