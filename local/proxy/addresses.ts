/** An address block, its address part already cut to the prefix. */
export interface Block {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly prefixLength: number;
}

const bitsOf = (family: 4 | 6): number => (family === 4 ? 32 : 128);

const parseIpv4 = (text: string): bigint | undefined => {
  const octets = text.split('.');
  if (octets.length !== 4 || octets.some((octet) => !/^(0|[1-9]\d{0,2})$/.test(octet) || Number(octet) > 255)) return;
  return octets.reduce((sum, octet) => sum * 256n + BigInt(octet), 0n);
};

const parseIpv6 = (text: string): bigint | undefined => {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return undefined;
  const groupsOf = (part: string): readonly string[] => (part === '' ? [] : part.split(':'));
  const [before, after] = [groupsOf(head), groupsOf(tail ?? '')];
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...before, ...Array<string>(missing).fill('0'), ...after];
  if (groups.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
};

const parseAddress = (text: string): { readonly family: 4 | 6; readonly value: bigint } | undefined => {
  const family = text.includes(':') ? 6 : 4;
  const value = family === 6 ? parseIpv6(text) : parseIpv4(text);
  return value === undefined ? undefined : { family, value };
};

/** The block that the text names, host bits dropped; `undefined` when it names none. */
export const parseBlock = (text: string): Block | undefined => {
  const [address = '', prefix, ...more] = text.split('/');
  const parsed = parseAddress(address);
  if (parsed === undefined || prefix === undefined || more.length > 0 || !/^\d{1,3}$/.test(prefix)) return undefined;
  const bits = bitsOf(parsed.family);
  const prefixLength = Number(prefix);
  if (prefixLength > bits) return undefined;
  const hostBits = BigInt(bits - prefixLength);
  return { family: parsed.family, first: (parsed.value >> hostBits) << hostBits, prefixLength };
};

const formatIpv6 = (value: bigint): string => {
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  const zeros = [...groups.join(':').matchAll(/\b0(?::0)+\b/g)].sort((a, b) => b[0].length - a[0].length)[0];
  if (zeros === undefined) return groups.join(':');
  const text = groups.join(':');
  const [before, after] = [text.slice(0, zeros.index), text.slice(zeros.index + zeros[0].length)];
  return `${before.replace(/:$/, '')}::${after.replace(/^:/, '')}`;
};

const formatIpv4 = (value: bigint): string =>
  [24n, 16n, 8n, 0n].map((shift) => ((value >> shift) & 255n).toString()).join('.');

export const formatAddress = (family: 4 | 6, value: bigint): string =>
  family === 4 ? formatIpv4(value) : formatIpv6(value);

/** `100.68.0.18/18` → `100.68.0.0/18`, as EC2 writes security group rules (facts 3.3); `undefined` for no CIDR at all. */
export const canonicalCidr = (text: string): string | undefined => {
  const block = parseBlock(text);
  return block === undefined ? undefined : `${formatAddress(block.family, block.first)}/${block.prefixLength}`;
};

export const isAddress = (text: string): boolean => parseAddress(text) !== undefined;

/** Is the address in the block? Never across families, never when either is malformed. */
export const contains = (cidr: string, address: string): boolean => {
  const [block, parsed] = [parseBlock(cidr), parseAddress(address)];
  if (block === undefined || parsed === undefined || block.family !== parsed.family) return false;
  const hostBits = BigInt(bitsOf(block.family) - block.prefixLength);
  return parsed.value >> hostBits === block.first >> hostBits;
};

/** The last address of the block less `back`: 0 is the last, which AWS reserves for broadcast. */
export const addressFromEnd = (cidr: string, back: number): string | undefined => {
  const block = parseBlock(cidr);
  if (block === undefined) return undefined;
  const size = 1n << BigInt(bitsOf(block.family) - block.prefixLength);
  return formatAddress(block.family, block.first + size - 1n - BigInt(back));
};
