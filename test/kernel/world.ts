import type { HostName, SubnetName } from './layout.ts';
import { HOSTS, hostAt } from './layout.ts';

/**
 * What a target sees as the source: `network` is a Network Load Balancer with security groups, `network-by-address` one without, whose
 * targets see its interfaces' addresses; `network-with-clients` one without whose targets see the clients'.
 */
export type BalancerKind =
  | 'application'
  | 'classic'
  | 'network'
  | 'network-by-address'
  | 'network-with-clients'
  | 'gateway';

/** What a balancer sends a target, from each of its nodes. */
export interface Path {
  readonly balancer: BalancerKind;
  /** The balancer's nodes, one in each of its subnets. */
  readonly from: readonly HostName[];
  /** An address of the target. */
  readonly to: string;
  /** `return`: what an appliance sends back to its Gateway Load Balancer, from the target to the nodes. */
  readonly flow: 'traffic' | 'return' | 'health';
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
}

/** What a Gateway Load Balancer and its appliances send each other is never answered, only sent on. */
export const isOneWay = ({ balancer, flow }: Path): boolean => balancer === 'gateway' && flow !== 'health';

/** Security groups and network ACLs around the hosts of the layout, and the paths asked about, small enough to read. */
export interface World {
  readonly title: string;
  /** Rules by security group: `in tcp 80 sg-balancer`, `out -1 all 0.0.0.0/0`. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** Groups on each host's interface; a host that is not named wears none and has no firewall. */
  readonly wears: Readonly<Partial<Record<HostName, readonly string[]>>>;
  /** Entries by subnet: `100 in allow tcp 80 0.0.0.0/0`; a subnet that is not named has the default ACL, which allows all. */
  readonly acls: Readonly<Partial<Record<SubnetName, readonly string[]>>>;
  /** CIDR blocks by prefix list id. */
  readonly prefixLists: Readonly<Record<string, readonly string[]>>;
  /** Pairs of subnets between which routes lead through some appliance. */
  readonly middleboxes: readonly (readonly [SubnetName, SubnetName])[];
  readonly paths: readonly Path[];
}

/** Whether what one host sends another goes through an appliance. */
export const isParted = ({ middleboxes }: World, one: HostName, other: HostName): boolean => {
  const [from, to] = [HOSTS[one].subnet, HOSTS[other].subnet];
  return middleboxes.some((pair) => from !== to && pair.includes(from) && pair.includes(to));
};

/**
 * Whether what is seen of a node are addresses that it has for good, each of which the target must let in; of other nodes it is only
 * known that they have some address of their subnet. Behind a middlebox the balancer's addresses stand for its group.
 */
export const hasKnownAddresses = (world: World, path: Path, node: HostName): boolean =>
  ['network-by-address', 'network-with-clients', 'gateway'].includes(path.balancer) ||
  isParted(world, node, hostAt(path.to));

/** First and last port; `undefined` for all. */
export type Ports = readonly [first: number, last: number] | undefined;

export interface Rule {
  readonly direction: 'in' | 'out';
  /** `tcp`, `udp`, `icmp`, `-1` or a number. */
  readonly protocol: string;
  readonly ports: Ports;
  /** A CIDR block, a group's id (`sg-…`) or a prefix list's (`pl-…`). */
  readonly peer: string;
}

export interface Entry {
  readonly number: number;
  readonly direction: 'in' | 'out';
  readonly action: 'allow' | 'deny';
  readonly protocol: string;
  readonly ports: Ports;
  readonly cidr: string;
}

/** `80`, `8000-8100` or `all`. */
const readPorts = (text: string): Ports => {
  if (text === 'all') return undefined;
  const [first = Number.NaN, last = first] = text.split('-').map(Number);
  return [first, last];
};

const readDirection = (text: string): 'in' | 'out' => {
  if (text === 'in' || text === 'out') return text;
  throw new RangeError(`${text} is no direction`);
};

/** `in tcp 80 sg-balancer` */
export const readRule = (text: string): Rule => {
  const [direction = '', protocol = '', ports = '', peer = ''] = text.split(' ');
  return { direction: readDirection(direction), protocol, ports: readPorts(ports), peer };
};

/** `100 in allow tcp 80 0.0.0.0/0` */
export const readEntry = (text: string): Entry => {
  const [number = '', direction = '', action = '', protocol = '', ports = '', cidr = ''] = text.split(' ');
  return {
    number: Number(number),
    direction: readDirection(direction),
    action: action === 'allow' ? 'allow' : 'deny',
    protocol,
    ports: readPorts(ports),
    cidr,
  };
};

/** The world as a test case that can be put among the literal ones. */
export const asTestCase = (world: World): string =>
  JSON.stringify(world, undefined, 2).replaceAll(
    /\[\s+("[^[\]{}]*")\s+\]/g,
    (_, inner: string) => `[${inner.replaceAll(/\s*\n\s*/g, ' ')}]`,
  );
