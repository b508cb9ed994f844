/*
 * The place every world stands in: a VPC 10.0.0.0/16 (2001:db8::/48) of three subnets with two hosts each, and a client outside of it,
 * all behind one router. Each host has an address in either half of its subnet and of either family, so that what a
 * rule says of half a subnet can be told from what it says of all of it.
 */

export type SubnetName = 'a' | 'b' | 'c' | 'outside';
export type HostName = 'a1' | 'a2' | 'b1' | 'b2' | 'c1' | 'c2' | 'client';
export type Family = 'ipv4' | 'ipv6';

export interface SubnetPlace {
  readonly ipv4: { readonly cidr: string; readonly router: string };
  readonly ipv6: { readonly cidr: string; readonly router: string };
}

export interface HostPlace {
  readonly subnet: SubnetName;
  /** One in the lower, one in the upper half of the subnet's block. */
  readonly ipv4: readonly [string, string];
  readonly ipv6: readonly [string, string];
}

const subnet = (ipv4: string, ipv6: string): SubnetPlace => ({
  ipv4: { cidr: `${ipv4}.0/24`, router: `${ipv4}.1` },
  ipv6: { cidr: `${ipv6}::/64`, router: `${ipv6}::1` },
});

export const SUBNETS: Readonly<Record<SubnetName, SubnetPlace>> = {
  a: subnet('10.0.0', '2001:db8:0:a'),
  b: subnet('10.0.1', '2001:db8:0:b'),
  c: subnet('10.0.2', '2001:db8:0:c'),
  outside: subnet('203.0.113', '2001:db8:ffff:1'),
};

const host = (name: SubnetName, ipv4: string, ipv6: string, number: 0 | 1): HostPlace => ({
  subnet: name,
  ipv4: [`${ipv4}.${10 + number}`, `${ipv4}.${200 + number}`],
  ipv6: [`${ipv6}::${10 + number}`, `${ipv6}:8000::${10 + number}`],
});

export const HOSTS: Readonly<Record<HostName, HostPlace>> = {
  a1: host('a', '10.0.0', '2001:db8:0:a', 0),
  a2: host('a', '10.0.0', '2001:db8:0:a', 1),
  b1: host('b', '10.0.1', '2001:db8:0:b', 0),
  b2: host('b', '10.0.1', '2001:db8:0:b', 1),
  c1: host('c', '10.0.2', '2001:db8:0:c', 0),
  c2: host('c', '10.0.2', '2001:db8:0:c', 1),
  client: host('outside', '203.0.113', '2001:db8:ffff:1', 0),
};

/**
 * Clients outside of the VPC whose addresses a node keeps while it passes on what they send, so that it sends and receives in their name.
 * Two a node: from either half of the clients' block.
 */
export const CLIENTS_CIDR = { ipv4: '198.51.100.0/24', ipv6: '2001:db8:ffff:2::/64' } as const;
export const CLIENTS_OF: Readonly<Partial<Record<HostName, Readonly<Record<Family, readonly [string, string]>>>>> = {
  a1: {
    ipv4: ['198.51.100.10', '198.51.100.200'],
    ipv6: ['2001:db8:ffff:2::10', '2001:db8:ffff:2:8000::10'],
  },
  b1: {
    ipv4: ['198.51.100.11', '198.51.100.201'],
    ipv6: ['2001:db8:ffff:2::11', '2001:db8:ffff:2:8000::11'],
  },
};

export const HOST_NAMES = Object.keys(HOSTS) as readonly HostName[];
export const SUBNET_NAMES = Object.keys(SUBNETS) as readonly SubnetName[];

export const familyOf = (address: string): Family => (address.includes(':') ? 'ipv6' : 'ipv4');

export const addressesOf = (name: HostName): readonly string[] => [...HOSTS[name].ipv4, ...HOSTS[name].ipv6];

/** Who has an address. */
export const hostAt = (address: string): HostName => {
  const found = HOST_NAMES.find((name) => addressesOf(name).includes(address));
  if (found === undefined) throw new RangeError(`${address} is no host's`);
  return found;
};
