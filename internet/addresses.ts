import { BlockList, isIP } from 'node:net';

/**
 * Addresses that name this machine, its link, or nobody: loopback, link-local (where a cloud keeps its metadata service),
 * unspecified, multicast. What outsiders write into DNS must not make us knock there. Private addresses are not among
 * them: a stage may list endpoints inside its own network.
 * @see RFC 6890, RFC 4291; Amazon EC2 user guide, instance metadata (169.254.169.254, fd00:ec2::254)
 */
const OUT_OF_BOUNDS: readonly (readonly [network: string, prefix: number, family: 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 128, 'ipv6'],
  ['::1', 128, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['fd00:ec2::', 32, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
];

const outOfBounds = OUT_OF_BOUNDS.reduce((list, [network, prefix, family]) => {
  list.addSubnet(network, prefix, family);
  return list;
}, new BlockList());

/** Whether we may connect to an address that outsiders gave us. IPv4 written as IPv6 is judged as what it is. */
export const mayConnectTo = (address: string): boolean => {
  const family = isIP(address);
  return family !== 0 && !outOfBounds.check(address, family === 4 ? 'ipv4' : 'ipv6');
};

/** Networks that are nobody's on the internet beside those out of bounds: private, shared, reserved, or ways to wrap such. */
const NOT_PUBLIC: readonly (readonly [network: string, prefix: number, family: 'ipv4' | 'ipv6'])[] = [
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['100::', 64, 'ipv6'],
  ['2001::', 23, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['3fff::', 20, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fec0::', 10, 'ipv6'],
];

const notPublic = NOT_PUBLIC.reduce((list, [network, prefix, family]) => {
  list.addSubnet(network, prefix, family);
  return list;
}, new BlockList());

/**
 * Whether an address is one of the public internet: where a person's URL is asked, nothing inside anybody's network is.
 * @see RFC 6890, RFC 6598, RFC 4193; IANA's special-purpose address registries
 */
export const isPublicAddress = (address: string): boolean =>
  mayConnectTo(address) && !notPublic.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
