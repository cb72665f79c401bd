import fc from 'fast-check';
import { isIn } from '../../functions/remediators/ec2/fixtures/security-groups';
import { canonical, contains, isEqual, overlap, subtract, worldRanges } from './ip';

const world = (...cidrs: string[]) => [...worldRanges(cidrs)].sort();

describe('the ranges that let the world in', () => {
  test.each([
    [['0.0.0.0/0'], ['0.0.0.0/0']],
    [['::/0'], ['::/0']],
    [
      ['0.0.0.0/0', '::/0', '10.0.0.0/8'],
      ['0.0.0.0/0', '::/0'],
    ],
    [
      ['0.0.0.0/1', '128.0.0.0/1'],
      ['0.0.0.0/1', '128.0.0.0/1'],
    ],
    [
      ['128.0.0.0/1', '64.0.0.0/2', '0.0.0.0/2'],
      ['0.0.0.0/2', '128.0.0.0/1', '64.0.0.0/2'],
    ],
    [
      ['::/1', '8000::/1'],
      ['8000::/1', '::/1'],
    ],
    [['2000::/3'], ['2000::/3']],
    [
      ['2000::/4', '3000::/4', 'fc00::/7'],
      ['2000::/4', '3000::/4'],
    ],
  ])('%j: %j', (cidrs, expected) => {
    expect(world(...cidrs)).toEqual(expected);
  });

  test.each([
    [[]],
    [['0.0.0.0/1']],
    [['0.0.0.0/1', '128.0.0.0/2', '192.0.0.0/3']],
    [['10.0.0.0/8', '203.0.113.7/32']],
    [['0.0.0.0/1', '8000::/1']],
    [['2001:db8::/32', 'fc00::/7']],
    [['0.0.0.0/32', '255.255.255.255/32']],
  ])('%j let in less than the world', (cidrs) => {
    expect(world(...cidrs)).toEqual([]);
  });

  test('one address short of the world is not the world', () => {
    const allButZero = Array.from({ length: 32 }, (_, bit) => `${dotted(2 ** (31 - bit))}/${bit + 1}`);
    expect(world(...allButZero)).toEqual([]);
    expect(world(...allButZero, '0.0.0.0/32')).toHaveLength(33);
  });

  test('halves below the whole are found too, so that nothing of the world is left', () => {
    expect(world('0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1', '192.0.2.0/24')).toEqual([
      '0.0.0.0/0',
      '0.0.0.0/1',
      '128.0.0.0/1',
    ]);
  });

  test('however the world is cut into pieces, all pieces are found and nothing else', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 12 }), fc.boolean(), (cuts, complete) => {
        const pieces = cut(cuts);
        const offered = complete ? pieces : pieces.slice(1);
        const inside = '10.11.12.13/32';
        const found = world(...offered, inside);
        expect(found).toEqual(complete ? [...pieces].sort() : []);
      }),
    );
  });
});

describe('arithmetic of ranges', () => {
  test.each([
    ['100.68.0.18/18', '100.68.0.0/18'],
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['2001:DB8:0:0::1/32', '2001:db8::/32'],
    ['::/0', '::/0'],
  ])('%s is %s', (given, expected) => {
    expect(canonical(given)).toBe(expected);
    expect(isEqual(given, expected)).toBe(true);
  });

  test('ranges of IPv4 and of IPv6 have nothing in common', () => {
    expect(contains('::/0', '10.0.0.0/8')).toBe(false);
    expect(contains('0.0.0.0/0', '::/0')).toBe(false);
    expect(subtract('::/0', ['0.0.0.0/0'])).toEqual(['::/0']);
    expect(overlap('::/0', ['10.0.0.0/8'])).toEqual([]);
  });

  test.each([
    ['8.0.0.0/6', ['10.0.0.0/8'], ['8.0.0.0/7', '11.0.0.0/8']],
    ['10.0.0.0/8', ['0.0.0.0/0'], []],
    ['10.0.0.0/8', ['192.168.0.0/16'], ['10.0.0.0/8']],
    ['10.0.0.0/31', ['10.0.0.0/32', '10.0.0.1/32'], []],
    ['2001:db8::/32', ['2001:db8:8000::/33'], ['2001:db8::/33']],
  ])('%s without %j: %j', (cidr, holes, expected) => {
    expect(subtract(cidr, holes)).toEqual(expected);
  });

  test.each([
    ['0.0.0.0/0', ['10.0.0.0/8', '10.1.0.0/16', '10.9.9.9/8'], ['10.0.0.0/8']],
    ['10.1.0.0/16', ['10.0.0.0/8'], ['10.1.0.0/16']],
    ['10.1.0.0/16', ['192.168.0.0/16'], []],
  ])('%s inside %j: %j', (cidr, others, expected) => {
    expect(overlap(cidr, others)).toEqual(expected);
  });

  test('an address lies in what is left, in the overlap or in neither, and in one range only', () => {
    const byte = fc.integer({ min: 0, max: 3 }).map((two) => two * 64 + 1);
    const address = fc.tuple(byte, byte, byte, byte).map((bytes) => bytes.join('.'));
    const range = fc.tuple(address, fc.integer({ min: 0, max: 32 })).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(range, fc.array(range, { maxLength: 4 }), fc.array(address), (cidr, others, addresses) => {
        const [left, both] = [subtract(cidr, others), overlap(cidr, others)];
        for (const one of addresses) {
          const holding = (ranges: readonly string[]) => ranges.filter((other) => isIn(other, one)).length;
          const isOther = holding(others) > 0;
          expect(holding(left)).toBe(isIn(cidr, one) && !isOther ? 1 : 0);
          expect(holding(both)).toBe(isIn(cidr, one) && isOther ? 1 : 0);
        }
      }),
    );
  });
});

/** Cuts the IPv4 world in halves, and the halves, at the places that are asked for. */
function cut(places: readonly number[]): string[] {
  let pieces = [{ first: 0, prefix: 0 }];
  for (const place of places) {
    const at = place % pieces.length;
    pieces = pieces.flatMap(({ first, prefix }, index) =>
      index === at && prefix < 31
        ? [
            { first, prefix: prefix + 1 },
            { first: first + 2 ** (31 - prefix), prefix: prefix + 1 },
          ]
        : [{ first, prefix }],
    );
  }
  return pieces.map(({ first, prefix }) => `${dotted(first)}/${prefix}`);
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((bits) => (address >>> bits) & 255).join('.');
}
