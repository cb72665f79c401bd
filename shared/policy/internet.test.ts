import fc from 'fast-check';
import { isPublicRange, isWorldOpen, openedBy } from './internet';

const goes = (...cidrs: string[]) => openedBy(cidrs, (cidr) => [cidr])?.by ?? [];

describe('the ranges that let the world in', () => {
  test.each([
    [['0.0.0.0/0'], ['0.0.0.0/0']],
    [['::/0'], ['::/0']],
    [
      ['0.0.0.0/0', '::/0', '10.0.0.0/8'],
      ['0.0.0.0/0', '::/0'],
    ],
    [['0.0.0.0/1'], ['0.0.0.0/1']],
    [['128.0.0.0/1'], ['128.0.0.0/1']],
    [
      ['0.0.0.0/1', '128.0.0.0/1'],
      ['0.0.0.0/1', '128.0.0.0/1'],
    ],
    // The widest go first, and what is left is less than half.
    [['64.0.0.0/2', '128.0.0.0/2', '192.0.0.0/4', '203.0.113.0/24'], ['128.0.0.0/2']],
    [['::/1', '8000::/1'], ['::/1']],
    [['2000::/3'], ['2000::/3']],
    [['2000::/4'], ['2000::/4']],
    [
      ['2000::/4', '3000::/4', 'fc00::/7'],
      ['2000::/4', '3000::/4'],
    ],
  ])('%j: %j', (cidrs, expected) => {
    expect(goes(...cidrs)).toEqual(expected);
  });

  test.each([
    [[]],
    [['0.0.0.0/2']],
    [['128.0.0.0/2', '224.0.0.0/3']],
    [['10.0.0.0/8', '203.0.113.7/32']],
    [['0.0.0.0/2', '8000::/1']],
    [['2000::/5', 'fc00::/7']],
    [['0.0.0.0/32', '255.255.255.255/32']],
    [['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '127.0.0.0/8', '224.0.0.0/3', '0.0.0.0/8']],
  ])('%j let in less than the world', (cidrs) => {
    expect(goes(...cidrs)).toEqual([]);
  });

  test('all but one network, and all but one address, are the world', () => {
    const allBut = (last: number) =>
      Array.from({ length: last }, (_, bit) => `${dotted(2 ** (31 - bit))}/${bit + 1}`);
    for (const prefix of [8, 32]) {
      expect(openedBy(allBut(prefix), (cidr) => [cidr])?.share).toBeGreaterThan(0.98);
      expect(isWorldOpen(allBut(prefix).filter((cidr) => !goes(...allBut(prefix)).includes(cidr)))).toBe(
        false,
      );
    }
  });

  test('a world cut into all its /8 goes whole, but for what is private', () => {
    const all = Array.from({ length: 256 }, (_, first) => `${first}.0.0.0/8`);
    const left = all.filter((cidr) => !goes(...all).includes(cidr));
    expect(left).toEqual(expect.arrayContaining(['10.0.0.0/8', '127.0.0.0/8', '0.0.0.0/8']));
    expect(goes(...all)).toEqual(expect.arrayContaining(['1.0.0.0/8', '8.0.0.0/8', '223.0.0.0/8']));
    expect(left.length).toBeLessThan(48);
  });

  test('wide ranges below the whole are found too, so that nothing of the world is left', () => {
    expect(goes('0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1', '192.0.2.0/24')).toEqual([
      '0.0.0.0/0',
      '0.0.0.0/1',
      '128.0.0.0/1',
    ]);
  });

  test('sources with many ranges are judged by all of theirs', () => {
    const list = ['0.0.0.0/2', '64.0.0.0/2', '2000::/8'];
    const office = ['203.0.113.0/24', '198.51.100.0/24'];
    expect(openedBy([list, office], (all) => all)?.by).toEqual([list]);
    expect(openedBy([office], (all) => all)).toBeUndefined();
  });

  test('another threshold', () => {
    expect(isWorldOpen(['0.0.0.0/2'], 0.1)).toBe(true);
    expect(isWorldOpen(['0.0.0.0/1'], 0.9)).toBe(false);
    expect(isWorldOpen(['0.0.0.0/1', '128.0.0.0/1'], 1)).toBe(true);
    expect(isWorldOpen(['10.0.0.0/8'], 1e-9)).toBe(false);
  });

  /** Sixteen blocks stand for the world, of which a range holds some: membership by counting, block by block. */
  const block = fc.tuple(fc.nat({ max: 15 }), fc.integer({ min: 0, max: 4 })).map(([at, prefix]) => ({
    cidr: `${(at >> (4 - prefix)) << (8 - prefix)}.0.0.0/${prefix}`,
    holds: (other: number) => at >> (4 - prefix) === other >> (4 - prefix),
  }));
  /** How many of the sixteen /8 of a block are routed, counted by hand from IANA's registry. */
  const ROUTED = [14, 16, 16, 16, 16, 16, 15.75, 15, 16, 16, 15.93, 16, 15.99, 16, 0, 0];
  const WHOLE = ROUTED.reduce((sum, one) => sum + one, 0);

  test('random unions: open exactly when so many of their members are, and what is left never is', () => {
    const shareOf = (ranges: readonly { holds: (block: number) => boolean }[]) => {
      const inside = ROUTED.map((routed, at) => (ranges.some(({ holds }) => holds(at)) ? routed : 0));
      const useful = ranges.filter(({ holds }) => ROUTED.some((routed, at) => routed > 0 && holds(at)));
      const numbers = ROUTED.filter((_, at) => useful.some(({ holds }) => holds(at))).length;
      return Math.max(inside.reduce((sum, one) => sum + one, 0) / WHOLE, numbers / 16);
    };
    fc.assert(
      fc.property(fc.array(block, { maxLength: 14 }), (ranges) => {
        const share = shareOf(ranges);
        // Blocks are counted to a sixteenth of a percent: what lies that near to the threshold is not asked.
        fc.pre(Math.abs(share - 0.5) > 0.002 || share === 0.5);
        const opened = openedBy(ranges, ({ cidr }) => [cidr]);
        expect(opened !== undefined).toBe(share >= 0.5);
        if (!opened) return;
        expect(opened.share).toBeCloseTo(share, 2);
        const left = ranges.filter((range) => !opened.by.includes(range));
        expect(isWorldOpen(left.map(({ cidr }) => cidr))).toBe(false);
        // Nothing goes that admits less than what stays.
        const admitted = ({ holds }: (typeof ranges)[number]) =>
          ROUTED.reduce((sum, routed, at) => sum + (holds(at) ? routed : 0), 0);
        const least = Math.min(...opened.by.map(admitted));
        expect(left.filter((one) => admitted(one) > least + 0.1)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('ranges in a policy', () => {
  test.each([
    [['203.0.113.0/24']],
    [['8.0.0.0/8']],
    [['8.8.8.8', '2001:db8::1']],
    [['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '203.0.113.7']],
    [['2001:db8::/32', 'fd00::/32', 'fd00:1::/32']],
    [['11.0.0.0/9', '11.128.0.0/9']],
  ])('confine: %j', (cidrs) => {
    expect(isPublicRange(cidrs)).toBe(false);
  });

  test.each([
    [['0.0.0.0/0']],
    [['0.0.0.0/7']],
    [['8.0.0.0/8', '9.9.9.9']],
    [['2001::/31']],
    [['2600::/32', '2601::1']],
    [Array.from({ length: 256 }, (_, first) => `${first}.0.0.0/8`)],
    [Array.from({ length: 512 }, (_, at) => `${at >> 1}.${(at % 2) * 128}.0.0/9`)],
    [['203.0.113.0/24', 'not an address']],
    [['203.0.113.0/33']],
    [['']],
    [['8']],
  ])('confine nobody: %j', (cidrs) => {
    expect(isPublicRange(cidrs)).toBe(true);
  });
});

function dotted(address: number): string {
  return [24, 16, 8, 0].map((bits) => (address >>> bits) & 255).join('.');
}
