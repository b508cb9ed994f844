/** Consecutive addresses of one family, both ends included. An address is a range of one. */
export interface AddressRange {
  readonly family: AddressFamily;
  readonly first: bigint;
  readonly last: bigint;
}

export type AddressFamily = 'ipv4' | 'ipv6';

/** How much of what is wanted lies in what is offered. */
export type Coverage = 'whole' | 'part' | 'none';

const BITS: Readonly<Record<AddressFamily, number>> = { ipv4: 32, ipv6: 128 };

/** Every address of a family: what stands for addresses that were not read. */
export const worldOf = (family: AddressFamily): AddressRange => ({
  family,
  first: 0n,
  last: (1n << BigInt(BITS[family])) - 1n,
});

const parseIpv4 = (text: string): bigint | undefined => {
  const parts = text.split('.');
  const valid = parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
  return valid ? parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n) : undefined;
};

/** `::ffff:10.0.0.1` → `::ffff:a00:1`; anything else as it is. */
const withoutDottedTail = (text: string): string => {
  const tail = text.slice(text.lastIndexOf(':') + 1);
  const value = tail.includes('.') ? parseIpv4(tail) : undefined;
  return value === undefined
    ? text
    : `${text.slice(0, -tail.length)}${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
};

const groupsOf = (half: string | undefined): readonly string[] => (half ? half.split(':') : []);

const parseIpv6 = (text: string): bigint | undefined => {
  const halves = withoutDottedTail(text).split('::');
  const [head, tail] = [groupsOf(halves[0]), groupsOf(halves[1])];
  const omitted = 8 - head.length - tail.length;
  const rightLength = halves.length === 1 ? omitted === 0 : halves.length === 2 && omitted >= 1;
  const groups = rightLength ? [...head, ...Array<string>(omitted).fill('0'), ...tail] : [];
  const valid = groups.length === 8 && groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group));
  return valid ? groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n) : undefined;
};

const parsePrefixLength = (text: string | undefined, bits: number): number | undefined => {
  if (text === undefined) return bits;
  return /^\d{1,3}$/.test(text) && Number(text) <= bits ? Number(text) : undefined;
};

/** Reads an address or a CIDR block of either family, host bits ignored; `undefined` when it is neither. */
export const parseRange = (text: string): AddressRange | undefined => {
  const [address = '', prefix, ...rest] = text.trim().split('/');
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  const value = family === 'ipv6' ? parseIpv6(address) : parseIpv4(address);
  const prefixLength = parsePrefixLength(prefix, BITS[family]);
  if (rest.length > 0 || value === undefined || prefixLength === undefined) return undefined;
  const size = 1n << BigInt(BITS[family] - prefixLength);
  const first = value - (value % size);
  return { family, first, last: first + size - 1n };
};

const ipv4Text = (value: bigint): string => [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');

/** RFC 5952: lower case, the longest run of two or more zero groups as `::`, the first of equals. */
const ipv6Text = (value: bigint): string => {
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  const full = groups.join(':');
  const longest = [...full.matchAll(/\b0(?::0)+\b/g)].reduce<{ index: number; 0: string } | undefined>(
    (best, run) => (best === undefined || run[0].length > best[0].length ? run : best),
    undefined,
  );
  if (longest === undefined) return full;
  return `${full.slice(0, longest.index)}::${full.slice(longest.index + longest[0].length)}`.replace(/:{3,}/, '::');
};

/** The form AWS keeps: host bits cleared, IPv6 shortened, `/32` or `/128` for one address; `undefined` when malformed. */
export const canonicalCidr = (text: string): string | undefined => {
  const range = parseRange(text);
  if (range === undefined) return undefined;
  const prefixLength = BITS[range.family] - (range.last - range.first).toString(2).replace(/^0$/, '').length;
  return `${range.family === 'ipv4' ? ipv4Text(range.first) : ipv6Text(range.first)}/${prefixLength}`;
};

export const overlaps = (a: AddressRange, b: AddressRange): boolean =>
  a.family === b.family && a.first <= b.last && b.first <= a.last;

/** What is left of `range` without `taken`: none, one or two ranges. */
export const subtractRange = (range: AddressRange, taken: AddressRange): readonly AddressRange[] => {
  if (!overlaps(range, taken)) return [range];
  return [
    { ...range, last: taken.first - 1n },
    { ...range, first: taken.last + 1n },
  ].filter(({ first, last }) => first <= last);
};

/** Whether all, some or none of the `wanted` addresses are in the union of the `offered` ones. Nothing wanted is `whole`. */
export const coverage = (wanted: readonly AddressRange[], offered: readonly AddressRange[]): Coverage => {
  const left = offered.reduce<readonly AddressRange[]>(
    (ranges, taken) => ranges.flatMap((range) => subtractRange(range, taken)),
    wanted,
  );
  if (left.length === 0) return 'whole';
  return wanted.some((range) => offered.some((taken) => overlaps(range, taken))) ? 'part' : 'none';
};
