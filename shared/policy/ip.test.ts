import fc from 'fast-check';
import { isIn } from '../../functions/remediators/ec2/fixtures/security-groups';
import { canonical, contains, isEqual, overlap, subtract } from './ip';

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
