import fc from 'fast-check';
import { worldRanges } from './ip';

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
