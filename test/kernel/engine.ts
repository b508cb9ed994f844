import type { LoadBalancerKind } from '../../domain/load-balancer.ts';
import { judge } from '../../domain/network/judge.ts';
import type {
  Judgement,
  Network,
  NetworkAclEntry,
  Route,
  RouteTable,
  RulePeer,
  Seat,
  SecurityGroupRule,
} from '../../domain/network/model.ts';
import { NOTHING_READ } from '../../domain/network/model.ts';
import type { Reading } from '../../domain/reading.ts';
import { read } from '../../domain/reading.ts';
import type { Target } from '../../domain/target.ts';
import type { TargetGroup } from '../../domain/target-group.ts';
import type { HostName, SubnetName } from './layout.ts';
import { CLIENTS_CIDR, familyOf, HOSTS, hostAt, SUBNET_NAMES, SUBNETS } from './layout.ts';
import type { BalancerKind, Path, World } from './world.ts';
import { hasKnownAddresses, readEntry, readRule } from './world.ts';

/*
 * A world as the engine is told of it, everything read, and what it makes of a path.
 */

const VPC = 'vpc-1';
const ACL_PROTOCOLS: Readonly<Record<string, string>> = { tcp: '6', udp: '17', icmp: '1' };

const readAll = <T>(entries: readonly (readonly [string, T])[]): ReadonlyMap<string, Reading<T>> =>
  new Map(entries.map(([key, value]) => [key, read(value)]));

const peerOf = (text: string): RulePeer => {
  if (text.startsWith('sg-')) return { kind: 'security-group', groupId: text };
  if (text.startsWith('pl-')) return { kind: 'prefix-list', prefixListId: text };
  return { kind: familyOf(text) === 'ipv6' ? 'cidr-ipv6' : 'cidr-ipv4', cidr: text };
};

const ruleOf = (groupId: string, text: string, index: number): SecurityGroupRule => {
  const { direction, protocol, ports, peer } = readRule(text);
  return {
    ruleId: `sgr-${groupId.slice(3)}-${index + 1}`,
    groupId,
    direction: direction === 'in' ? 'ingress' : 'egress',
    protocol,
    fromPort: ports?.[0],
    toPort: ports?.[1],
    peer: peerOf(peer),
    description: undefined,
    tags: {},
  };
};

const entryOf = (text: string): NetworkAclEntry => {
  const { number, direction, action, protocol, ports, cidr } = readEntry(text);
  const egress = direction === 'out';
  const protocolNumber = ACL_PROTOCOLS[protocol] ?? protocol;
  return {
    ruleNumber: number,
    egress,
    action,
    protocol: protocolNumber,
    cidr,
    fromPort: ports?.[0],
    toPort: ports?.[1],
  };
};

/** What every VPC's default ACL says. */
const DEFAULT_ACL = ['in', 'out'].flatMap((direction) => [
  `100 ${direction} allow -1 all 0.0.0.0/0`,
  `101 ${direction} allow -1 all ::/0`,
]);

/** The entries that AWS closes every ACL with. */
const CLOSING = ['in', 'out'].flatMap((direction) => [
  `32767 ${direction} deny -1 all 0.0.0.0/0`,
  `32768 ${direction} deny -1 all ::/0`,
]);

const LOCAL_ROUTES: readonly Route[] = [
  { destination: '10.0.0.0/16', to: 'local', via: 'local', isBlackhole: false },
  { destination: '2001:db8::/48', to: 'local', via: 'local', isBlackhole: false },
  { destination: '0.0.0.0/0', to: 'elsewhere', via: 'igw-1', isBlackhole: false },
];

const routesOf = (subnet: SubnetName, { middleboxes }: World): RouteTable => {
  const beyond = middleboxes
    .filter((pair) => pair.includes(subnet))
    .flat()
    .filter((other) => other !== subnet);
  const detours = beyond.flatMap((other) =>
    [SUBNETS[other].ipv4.cidr, SUBNETS[other].ipv6.cidr].map(
      (destination): Route => ({ destination, to: 'middlebox', via: 'eni-middlebox', isBlackhole: false }),
    ),
  );
  return { routeTableId: `rtb-${subnet}`, routes: [...LOCAL_ROUTES, ...detours] };
};

const ZONES = ['zone-a', 'zone-b', 'zone-c'] as const;
const zoneOfSubnet = (subnet: string): string => ZONES.find((zone) => zone.endsWith(subnet)) ?? 'zone-a';
const subnetIdOf = (host: HostName): string => `subnet-${HOSTS[host].subnet}`;
const arnOf = ({ balancer, from }: Path): string => `loadbalancer/${balancer}/${from.join('-')}`;
const targetGroupArnOf = (path: Path): string =>
  path.balancer === 'classic' ? arnOf(path) : `targetgroup/${path.balancer}/${familyOf(path.to)}/${path.protocol}`;

/** What each kind is to AWS. */
const KINDS: Readonly<
  Record<BalancerKind, { readonly kind: LoadBalancerKind; readonly protocol: string | undefined }>
> = {
  application: { kind: 'application', protocol: 'HTTP' },
  classic: { kind: 'classic', protocol: undefined },
  network: { kind: 'network', protocol: 'TCP' },
  'network-by-address': { kind: 'network', protocol: 'TCP' },
  'network-with-clients': { kind: 'network', protocol: 'TCP' },
  gateway: { kind: 'gateway', protocol: 'GENEVE' },
};

/** What is read around one path: another of the same balancer may know other addresses of its nodes. */
const networkOf = (world: World, path: Path): Network => {
  const { groups, acls, prefixLists } = world;
  return {
    ...NOTHING_READ,
    rules: readAll(
      Object.entries(groups).map(([groupId, texts]) => [
        groupId,
        texts.map((text, index) => ruleOf(groupId, text, index)),
      ]),
    ),
    acls: readAll(
      SUBNET_NAMES.map((subnet) => [
        `subnet-${subnet}`,
        { networkAclId: `acl-${subnet}`, entries: [...(acls[subnet] ?? DEFAULT_ACL), ...CLOSING].map(entryOf) },
      ]),
    ),
    subnets: readAll(
      SUBNET_NAMES.map((subnet) => [
        `subnet-${subnet}`,
        {
          subnetId: `subnet-${subnet}`,
          vpcId: VPC,
          availabilityZone: zoneOfSubnet(subnet),
          ipv4Cidr: SUBNETS[subnet].ipv4.cidr,
          ipv6Cidrs: [SUBNETS[subnet].ipv6.cidr],
        },
      ]),
    ),
    prefixLists: readAll(
      Object.entries(prefixLists).map(([prefixListId, cidrs]) => [
        prefixListId,
        { prefixListId, cidrs, weight: cidrs.length },
      ]),
    ),
    balancerInterfaces: readAll([
      [
        arnOf(path),
        path.from
          .filter((host) => hasKnownAddresses(world, path, host))
          .map((host) => ({
            networkInterfaceId: `eni-${host}`,
            subnetId: subnetIdOf(host),
            privateIpv4Addresses: HOSTS[host].ipv4,
            ipv6Addresses: HOSTS[host].ipv6,
          })),
      ],
    ]),
    preservation: readAll([[targetGroupArnOf(path), path.balancer === 'network-with-clients']]),
    endpointServices: readAll([[arnOf(path), false]]),
    routes: readAll(SUBNET_NAMES.map((subnet) => [`subnet-${subnet}`, routesOf(subnet, world)])),
    vpcs: readAll([[VPC, { vpcId: VPC, ipv4Cidrs: ['10.0.0.0/16'], ipv6Cidrs: ['2001:db8::/48'] }]]),
  };
};

const targetGroupOf = (path: Path): TargetGroup => {
  const { balancer, to, port, flow, protocol } = path;
  const isClassic = balancer === 'classic';
  const groupPort = balancer === 'gateway' ? 6081 : port;
  return {
    arn: targetGroupArnOf(path),
    name: 'web',
    targetType: isClassic ? 'instance' : 'ip',
    protocol: balancer === 'network-with-clients' && protocol === 'udp' ? 'UDP' : KINDS[balancer].protocol,
    port: isClassic ? undefined : groupPort,
    ...(isClassic ? { instancePorts: [port] } : {}),
    vpcId: VPC,
    ipAddressType: familyOf(to),
    healthCheck: {
      protocol: 'TCP',
      port: isClassic || flow === 'health' ? port : 'traffic-port',
      path: undefined,
      intervalSeconds: 30,
      timeoutSeconds: 5,
      healthyThreshold: 5,
      unhealthyThreshold: 2,
    },
    loadBalancerArns: [arnOf(path)],
    tags: { 'usher:client-cidrs': Object.values(CLIENTS_CIDR).join(' ') },
  };
};

const targetOf = ({ balancer, to, port }: Path): Target => {
  if (balancer === 'classic') return { id: `i-${hostAt(to)}`, port: undefined };
  return { id: to, port: balancer === 'gateway' ? 6081 : port };
};

/** Every target stands in an enabled zone and runs: what the kernel can't be asked is right. */
const seatOf = (world: World, path: Path): Seat => {
  const target = hostAt(path.to);
  const zones = path.from.map((host) => ({
    availabilityZone: zoneOfSubnet(HOSTS[host].subnet),
    subnetId: subnetIdOf(host),
  }));
  const addresses = familyOf(path.to) === 'ipv4' ? HOSTS[target].ipv4 : HOSTS[target].ipv6;
  const firstAsked = [path.to, ...addresses.filter((address) => address !== path.to)];
  return {
    targetGroup: targetGroupOf(path),
    loadBalancer: {
      arn: arnOf(path),
      name: 'balancer',
      kind: KINDS[path.balancer].kind,
      scheme: 'internal',
      vpcId: VPC,
      securityGroupIds: world.wears[path.from[0] ?? 'a1'] ?? [],
      zones,
      ipAddressType: familyOf(path.to) === 'ipv4' ? 'ipv4' : 'dualstack',
    },
    target: targetOf(path),
    instance: { instanceId: `i-${target}`, state: 'running', availabilityZone: zones[0]?.availabilityZone },
    networkInterface: {
      networkInterfaceId: `eni-${target}`,
      deviceIndex: 0,
      networkCardIndex: 0,
      vpcId: VPC,
      subnetId: subnetIdOf(target),
      securityGroupIds: world.wears[target] ?? [],
      privateIpv4Addresses: familyOf(path.to) === 'ipv4' ? firstAsked : HOSTS[target].ipv4,
      ipv6Addresses: familyOf(path.to) === 'ipv6' ? firstAsked : HOSTS[target].ipv6,
    },
  };
};

/** What the engine says of a path. */
export const judgePath = (world: World, path: Path): Judgement =>
  judge(
    { name: path.flow, protocol: path.protocol, port: path.port, seat: seatOf(world, path) },
    networkOf(world, path),
  );
