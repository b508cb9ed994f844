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
