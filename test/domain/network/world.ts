import type { NetworkInterface } from '../../../domain/instance.ts';
import type { LoadBalancer } from '../../../domain/load-balancer.ts';
import type {
  BalancerInterface,
  Flow,
  Network,
  NetworkAcl,
  NetworkAclEntry,
  RouteTable,
  RulePeer,
  Seat,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
  Wearer,
} from '../../../domain/network/model.ts';
import { NOTHING_READ } from '../../../domain/network/model.ts';
import type { Reading } from '../../../domain/reading.ts';
import { read } from '../../../domain/reading.ts';
import type { TargetGroup } from '../../../domain/target-group.ts';

/*
 * A small VPC: ALB `web-alb` (group sg-a1b) in 1a and 1c, its target web-1 (group sg-0eb) in a subnet of its own in 1a.
 */
export const ALB_ARN =
  'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/web-alb/50dc6c495c0c9188';
export const GROUP_ARN = 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/6d0ecf831eec9f09';
export const INSTANCE_ID = 'i-0a1b2c3d4e5f67890';

export const alb: LoadBalancer = {
  arn: ALB_ARN,
  name: 'web-alb',
  kind: 'application',
  scheme: 'internet-facing',
  vpcId: 'vpc-1',
  securityGroupIds: ['sg-a1b'],
  zones: [
    { availabilityZone: '1a', subnetId: 'subnet-alb-a' },
    { availabilityZone: '1c', subnetId: 'subnet-alb-c' },
  ],
  ipAddressType: 'dualstack',
};

export const webGroup: TargetGroup = {
  arn: GROUP_ARN,
  name: 'web',
  targetType: 'instance',
  protocol: 'HTTP',
  port: 80,
  vpcId: 'vpc-1',
  ipAddressType: 'ipv4',
  healthCheck: {
    protocol: 'HTTP',
    port: 'traffic-port',
    path: '/',
    intervalSeconds: 30,
    timeoutSeconds: 5,
    healthyThreshold: 5,
    unhealthyThreshold: 2,
  },
  loadBalancerArns: [ALB_ARN],
  tags: {},
};

export const webInterface: NetworkInterface = {
  networkInterfaceId: 'eni-web-1',
  deviceIndex: 0,
  networkCardIndex: 0,
  vpcId: 'vpc-1',
  subnetId: 'subnet-web',
  securityGroupIds: ['sg-0eb'],
  privateIpv4Addresses: ['10.0.10.5'],
  ipv6Addresses: ['2600:1f00:0:10::5'],
};

export const webInstance: NonNullable<Seat['instance']> = {
  instanceId: INSTANCE_ID,
  state: 'running',
  availabilityZone: '1a',
};

export const seat: Seat = {
  targetGroup: webGroup,
  loadBalancer: alb,
  target: { id: INSTANCE_ID, port: 80 },
  instance: webInstance,
  networkInterface: webInterface,
};

/** The same seat by address. */
export const ipSeat = (address = '10.0.10.5'): Seat => ({
  ...seat,
  targetGroup: { ...webGroup, targetType: 'ip', ipAddressType: address.includes(':') ? 'ipv6' : 'ipv4' },
  target: { id: address, port: 80 },
});

export const ipv6Seat: Seat = { ...seat, targetGroup: { ...webGroup, ipAddressType: 'ipv6' } };

export const trafficOf = (of: Seat): Flow => ({
  name: 'traffic',
  protocol: 'tcp',
  port: of.target.port ?? 0,
  seat: of,
});

const subnet = (subnetId: string, availabilityZone: string, block: number): Subnet => ({
  subnetId,
  vpcId: 'vpc-1',
  availabilityZone,
  ipv4Cidr: `10.0.${block}.0/24`,
  ipv6Cidrs: [`2600:1f00:0:${block}::/64`],
});

export const SUBNETS: readonly Subnet[] = [
  subnet('subnet-alb-a', '1a', 0),
  subnet('subnet-alb-c', '1c', 1),
  subnet('subnet-web', '1a', 10),
];

/** `80`, `8000-8100` or `all`. */
const portsOf = (text: string): { fromPort: number | undefined; toPort: number | undefined } => {
  if (text === 'all') return { fromPort: undefined, toPort: undefined };
  const [from, to = from] = text.split('-').map(Number);
  return { fromPort: from, toPort: to };
};

export const peerOf = (text: string): RulePeer => {
  if (text.startsWith('sg-')) return { kind: 'security-group', groupId: text };
  if (text.startsWith('pl-')) return { kind: 'prefix-list', prefixListId: text };
  return text.includes(':') ? { kind: 'cidr-ipv6', cidr: text } : { kind: 'cidr-ipv4', cidr: text };
};

/** `tcp 80 sg-a1b` or `-1 all 0.0.0.0/0`, as a rule of a group. */
const ruleOf = (groupId: string, direction: 'ingress' | 'egress', text: string, index: number): SecurityGroupRule => {
  const [protocol = '', ports = '', peer = ''] = text.split(' ');
  return {
    ruleId: `sgr-${groupId.slice(3)}-${direction === 'ingress' ? 'in' : 'out'}-${index + 1}`,
    groupId,
    direction,
    protocol,
    ...portsOf(ports),
    peer: peerOf(peer),
    description: undefined,
    tags: {},
  };
};

export const EGRESS_ALL = ['-1 all 0.0.0.0/0', '-1 all ::/0'];

export const rulesOf = (
  groupId: string,
  ingress: readonly string[],
  egress: readonly string[] = EGRESS_ALL,
): readonly [string, Reading<readonly SecurityGroupRule[]>] => [
  groupId,
  read([
    ...ingress.map((text, index) => ruleOf(groupId, 'ingress', text, index)),
    ...egress.map((text, index) => ruleOf(groupId, 'egress', text, index)),
  ]),
];

/** `100 in allow tcp 80 10.0.0.0/24` */
export const entry = (text: string): NetworkAclEntry => {
  const [number = '', way = '', action = '', protocol = '', ports = '', cidr = ''] = text.split(' ');
  const numbers: Readonly<Record<string, string>> = { tcp: '6', udp: '17', icmp: '1' };
  return {
    ruleNumber: number === '*' ? 32_767 : Number(number),
    egress: way === 'out',
    action: action === 'allow' ? 'allow' : 'deny',
    protocol: numbers[protocol] ?? '-1',
    cidr,
    ...portsOf(ports),
  };
};

const CLOSING = [
  '* in deny all all 0.0.0.0/0',
  '* out deny all all 0.0.0.0/0',
  '* in deny all all ::/0',
  '* out deny all all ::/0',
];

export const aclOf = (networkAclId: string, entries: readonly string[]): NetworkAcl => ({
  networkAclId,
  entries: [...entries, ...CLOSING].map(entry),
});

export const OPEN_ENTRIES = [
  '100 in allow all all 0.0.0.0/0',
  '101 in allow all all ::/0',
  '100 out allow all all 0.0.0.0/0',
  '101 out allow all all ::/0',
];

export const openAcl = aclOf('acl-open', OPEN_ENTRIES);

export const group = (groupId: string, name: string, tags: Readonly<Record<string, string>> = {}): SecurityGroup => ({
  groupId,
  name,
  vpcId: 'vpc-1',
  tags,
});

export const wearer = (networkInterfaceId: string, more: Partial<Wearer> = {}): Wearer => ({
  networkInterfaceId,
  instanceId: undefined,
  description: undefined,
  securityGroupIds: [],
  ...more,
});

export const webWearer = wearer('eni-web-1', { instanceId: INSTANCE_ID });
export const albWearers = ['eni-alb-a', 'eni-alb-c'].map((id) =>
  wearer(id, { description: 'ELB app/web-alb/50dc6c495c0c9188' }),
);

const readAll = <T>(entries: readonly (readonly [string, T])[]): ReadonlyMap<string, Reading<T>> =>
  new Map(entries.map(([key, value]) => [key, read(value)]));

/** The table of a subnet that has none of its own: inside the VPC directly, everything else out. */
export const MAIN_TABLE: RouteTable = {
  routeTableId: 'rtb-main',
  routes: [
    { destination: '10.0.0.0/16', to: 'local', via: 'local', isBlackhole: false },
    { destination: '2600:1f00::/56', to: 'local', via: 'local', isBlackhole: false },
    { destination: '0.0.0.0/0', to: 'elsewhere', via: 'igw-1', isBlackhole: false },
    { destination: '::/0', to: 'elsewhere', via: 'igw-1', isBlackhole: false },
  ],
};

/** The balancer's own interfaces, one in each of its zones. */
export const NODES: readonly BalancerInterface[] = [
  {
    networkInterfaceId: 'eni-alb-a',
    subnetId: 'subnet-alb-a',
    privateIpv4Addresses: ['10.0.0.11'],
    ipv6Addresses: ['2600:1f00:0:0::11'],
  },
  {
    networkInterfaceId: 'eni-alb-c',
    subnetId: 'subnet-alb-c',
    privateIpv4Addresses: ['10.0.1.12'],
    ipv6Addresses: ['2600:1f00:0:1::12'],
  },
];

/** Everything read, everything right: the ALB's group admitted on port 80, egress and ACLs open. */
export const rightNetwork: Network = {
  ...NOTHING_READ,
  rules: new Map([rulesOf('sg-a1b', ['tcp 443 0.0.0.0/0']), rulesOf('sg-0eb', ['tcp 80 sg-a1b'])]),
  acls: readAll(SUBNETS.map(({ subnetId }) => [subnetId, openAcl] as const)),
  subnets: readAll(SUBNETS.map((each) => [each.subnetId, each] as const)),
  balancerInterfaces: readAll([[ALB_ARN, NODES]]),
  routes: readAll(SUBNETS.map(({ subnetId }) => [subnetId, MAIN_TABLE] as const)),
  securityGroups: readAll([
    ['sg-a1b', group('sg-a1b', 'web-alb')],
    ['sg-0eb', group('sg-0eb', 'web')],
  ]),
  wearers: readAll([
    ['sg-a1b', albWearers],
    ['sg-0eb', [webWearer]],
  ]),
};

/** A map with some keys put over it. */
export const over = <T>(
  base: ReadonlyMap<string, T>,
  ...entries: readonly (readonly [string, T])[]
): ReadonlyMap<string, T> => new Map([...base, ...entries]);

export const without = <T>(base: ReadonlyMap<string, T>, ...keys: readonly string[]): ReadonlyMap<string, T> =>
  new Map([...base].filter(([key]) => !keys.includes(key)));

/** The right network with the target's group holding these inbound rules. */
export const withIngress = (...texts: readonly string[]): Network => ({
  ...rightNetwork,
  rules: over(rightNetwork.rules, rulesOf('sg-0eb', texts)),
});

/** The right network with the balancer's group holding these outbound rules. */
export const withEgress = (...texts: readonly string[]): Network => ({
  ...rightNetwork,
  rules: over(rightNetwork.rules, rulesOf('sg-a1b', [], texts)),
});

/** The right network with other ACLs on some subnets. */
export const withAcls = (acls: Readonly<Record<string, NetworkAcl>>): Network => ({
  ...rightNetwork,
  acls: over(rightNetwork.acls, ...Object.entries(acls).map(([subnetId, acl]) => [subnetId, read(acl)] as const)),
});
