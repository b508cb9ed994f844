import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalCidr, coverage, overlaps, parseRange, subtractRange } from '../../../domain/network/addresses.ts';

const range = (text: string) => {
  const parsed = parseRange(text);
  if (parsed === undefined) throw new Error(`not a range: ${text}`);
  return parsed;
};

describe('Given a text, when it is read as addresses', () => {
  test.each([
    ['10.0.0.1', 'ipv4', 0x0a000001n, 0x0a000001n],
    ['10.0.0.7/30', 'ipv4', 0x0a000004n, 0x0a000007n],
    [' 0.0.0.0/0 ', 'ipv4', 0n, 0xffffffffn],
    ['::/0', 'ipv6', 0n, (1n << 128n) - 1n],
    ['2001:DB8::1', 'ipv6', 0x20010db8_00000000_00000000_00000001n, 0x20010db8_00000000_00000000_00000001n],
    ['::ffff:10.0.0.1/128', 'ipv6', 0xffff0a000001n, 0xffff0a000001n],
    ['2001:db8::/127', 'ipv6', 0x20010db8_00000000_00000000_00000000n, 0x20010db8_00000000_00000000_00000001n],
  ])('then %p is understood', (text, family, first, last) => {
    expect(parseRange(text)).toEqual({ family, first, last });
  });

  test.each([
    '',
    '/',
    'x',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0.0/1e1',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    'g::',
    '12345::',
    '::1/129',
    '::1.2.3',
    'fe80::1%eth0',
    '-1.0.0.0',
  ])('then %p is refused, not misread', (text) => {
    expect(parseRange(text)).toBeUndefined();
    expect(canonicalCidr(text)).toBeUndefined();
  });

  test('then no text whatever makes it throw', () => {
    fc.assert(fc.property(fc.string(), (text) => parseRange(text) === undefined || canonicalCidr(text) !== undefined));
  });
});

describe('Given a CIDR block, when AWS keeps it', () => {
  test.each([
    ['100.68.0.18/18', '100.68.0.0/18'],
    ['10.0.0.1', '10.0.0.1/32'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:0DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1/128'],
    ['a0:0:1:0:0:0:3:4', 'a0:0:1::3:4/128'],
    ['::/0', '::/0'],
    ['::1', '::1/128'],
    ['1::', '1::/128'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1/128'],
  ])('then %p becomes %p', (text, canonical) => {
    expect(canonicalCidr(text)).toBe(canonical);
  });

  test('then the canonical form is its own canonical form and names the same addresses', () => {
    const anyCidr = fc.oneof(
      fc.tuple(fc.ipV4(), fc.nat(32)).map(([address, length]) => `${address}/${length}`),
      fc.tuple(fc.ipV6(), fc.nat(128)).map(([address, length]) => `${address}/${length}`),
    );
    fc.assert(
      fc.property(anyCidr, (cidr) => {
        const canonical = canonicalCidr(cidr) ?? '';
        expect(parseRange(canonical)).toEqual(parseRange(cidr));
        expect(canonicalCidr(canonical)).toBe(canonical);
      }),
    );
  });
});

describe('Given two blocks, when they are compared', () => {
  test.each([
    ['10.0.0.0/8', '10.1.0.0/16', true],
    ['10.1.0.0/16', '10.0.0.0/8', true],
    ['10.0.0.0/24', '10.0.1.0/24', false],
    ['::/0', '0.0.0.0/0', false],
    ['0.0.0.0/0', '::1', false],
  ])('then %p against %p: overlaps %p', (a, b, meets) => {
    expect(overlaps(range(a), range(b))).toBe(meets);
  });

  test('then what is left of a block lies beside what was taken', () => {
    expect(subtractRange(range('10.0.0.0/30'), range('10.0.0.1'))).toEqual([
      range('10.0.0.0/32'),
      { ...range('10.0.0.2/31') },
    ]);
    expect(subtractRange(range('10.0.0.0/30'), range('10.0.0.0/8'))).toEqual([]);
    expect(subtractRange(range('10.0.0.0/30'), range('::/0'))).toEqual([range('10.0.0.0/30')]);
  });

  test.each([
    [['10.0.0.0/24'], ['10.0.0.0/25', '10.0.0.128/25'], 'whole'],
    [['10.0.0.0/24'], ['10.0.0.0/25'], 'part'],
    [['10.0.0.0/24', '10.0.1.0/24'], ['10.0.0.0/24'], 'part'],
    [['10.0.0.0/24'], ['10.0.1.0/24', '::/0'], 'none'],
    [['10.0.0.0/24'], [], 'none'],
  ])('then of %p the blocks %p cover %p', (wanted, offered, covered) => {
    expect(coverage(wanted.map(range), offered.map(range))).toBe(covered);
  });
});
