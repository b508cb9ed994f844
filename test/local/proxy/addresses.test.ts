import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addressFromEnd, canonicalCidr, contains, formatAddress, isAddress } from '../../../local/proxy/addresses.ts';

test.each([
  ['100.68.0.18/18', '100.68.0.0/18'],
  ['10.0.0.0/16', '10.0.0.0/16'],
  ['1.2.3.4/0', '0.0.0.0/0'],
  ['2001:db8::1/32', '2001:db8::/32'],
  ['2001:DB8:0:0:0:0:0:1/128', '2001:db8::1/128'],
  ['::/0', '::/0'],
])('Given %s, when it is written canonically, then it is %s', (given, canonical) => {
  expect(canonicalCidr(given)).toBe(canonical);
});

test.each(['banana', '10.0.0.0', '10.0.0.0/40', '10.0.0/8', '256.0.0.0/8', '2001:db8::1::/32', '10.0.0.0/8/8', ''])(
  'Given %p, when it is read as a CIDR, then it is none',
  (given) => {
    expect(canonicalCidr(given)).toBeUndefined();
  },
);

test('Given an address, when blocks are asked, then only those of its family and range contain it', () => {
  expect(contains('10.0.0.0/16', '10.0.255.255')).toBe(true);
  expect(contains('10.0.0.0/16', '10.1.0.0')).toBe(false);
  expect(contains('::/0', '10.0.0.1')).toBe(false);
  expect(contains('2001:db8::/32', '2001:db8:1::9')).toBe(true);
  expect(contains('0.0.0.0/0', '10.0.0.1')).toBe(true);
});

test('Given a subnet, when addresses are taken from its end, then they go downwards from the broadcast address', () => {
  expect(addressFromEnd('10.0.1.0/24', 0)).toBe('10.0.1.255');
  expect(addressFromEnd('10.0.1.0/24', 1)).toBe('10.0.1.254');
});

test('every address that is written can be read again and is in its own block alone', () => {
  const anyAddress = fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }).map((value) => formatAddress(4, value)),
    fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map((value) => formatAddress(6, value)),
  );
  fc.assert(
    fc.property(anyAddress, anyAddress, (address, other) => {
      const block = `${address}/${address.includes(':') ? 128 : 32}`;
      expect(isAddress(address)).toBe(true);
      expect(canonicalCidr(block)).toBe(block);
      expect(contains(block, address)).toBe(true);
      expect(contains(block, other)).toBe(other === address);
    }),
  );
});
