import type {
  Instance as Ec2Instance,
  NetworkAcl as Ec2NetworkAcl,
  NetworkAclEntry as Ec2NetworkAclEntry,
  NetworkInterface as Ec2NetworkInterface,
  Route as Ec2Route,
  RouteTable as Ec2RouteTable,
  SecurityGroup as Ec2SecurityGroup,
  SecurityGroupRule as Ec2SecurityGroupRule,
  Subnet as Ec2Subnet,
  Vpc as Ec2Vpc,
  InstanceNetworkInterface,
  ManagedPrefixList,
  PrefixListEntry,
} from '@aws-sdk/client-ec2';
import type { Instance, InstanceState, NetworkInterface } from '../../domain/instance.ts';
import type {
  BalancerInterface,
  NetworkAcl,
  NetworkAclEntry,
  PrefixList,
  Route,
  RouteTable,
  RulePeer,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
  Vpc,
  Wearer,
} from '../../domain/network/model.ts';
import { given, knownValue, toTags, unexpectedAnswer } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';

const INSTANCE_STATES: readonly InstanceState[] = [
  'pending',
  'running',
  'stopping',
  'stopped',
  'shutting-down',
  'terminated',
];

/** Puts the entry that AWS marks first in front, the others in AWS's order. */
const markedFirst = <Item>(items: readonly Item[], isMarked: (item: Item) => boolean): readonly Item[] => [
  ...items.filter(isMarked),
  ...items.filter((item) => !isMarked(item)),
];

const textsOf = <Item>(items: readonly Item[] | undefined, textOf: (item: Item) => string | undefined): string[] =>
  (items ?? []).flatMap((item) => textOf(item) ?? []);

/** An interface as an instance or DescribeNetworkInterfaces tells of it; the two differ in what we don't read. */
const toNetworkInterface = (call: AwsCall, eni: InstanceNetworkInterface | Ec2NetworkInterface): NetworkInterface => {
  const addresses = markedFirst(eni.PrivateIpAddresses ?? [], ({ Primary }) => Primary === true);
  const ipv6Addresses = markedFirst(eni.Ipv6Addresses ?? [], ({ IsPrimaryIpv6 }) => IsPrimaryIpv6 === true);
  return {
    networkInterfaceId: given(call, 'NetworkInterfaceId', eni.NetworkInterfaceId),
    deviceIndex: eni.Attachment?.DeviceIndex,
    networkCardIndex: eni.Attachment?.NetworkCardIndex,
    vpcId: given(call, 'VpcId of a network interface', eni.VpcId),
    subnetId: given(call, 'SubnetId of a network interface', eni.SubnetId),
    securityGroupIds: textsOf(eni.Groups, ({ GroupId }) => GroupId),
    privateIpv4Addresses: textsOf(addresses, ({ PrivateIpAddress }) => PrivateIpAddress),
    ipv6Addresses: textsOf(ipv6Addresses, ({ Ipv6Address }) => Ipv6Address),
    ...(eni.Association?.PublicIp === undefined ? {} : { hasPublicAddress: true as const }),
  };
};

/** @throws {AwsCallError} when the answer lacks an id, a known state or a launch time */
export const toInstance = (call: AwsCall, instance: Ec2Instance): Instance => ({
  instanceId: given(call, 'InstanceId', instance.InstanceId),
  state: knownValue(call, 'State.Name', instance.State?.Name, INSTANCE_STATES),
  launchedAt: given(call, 'LaunchTime', instance.LaunchTime),
  imageId: instance.ImageId,
  vpcId: instance.VpcId,
  subnetId: instance.SubnetId,
  availabilityZone: instance.Placement?.AvailabilityZone,
  tags: toTags(instance.Tags),
  networkInterfaces: (instance.NetworkInterfaces ?? []).map((eni) => toNetworkInterface(call, eni)),
  ...(instance.InstanceType === undefined ? {} : { instanceType: instance.InstanceType }),
  ...(instance.SourceDestCheck === false ? { sourceDestinationCheck: false } : {}),
});

const toPeer = (call: AwsCall, rule: Ec2SecurityGroupRule): RulePeer => {
  const { CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupInfo, GroupOwnerId } = rule;
  if (CidrIpv4) return { kind: 'cidr-ipv4', cidr: CidrIpv4 };
  if (CidrIpv6) return { kind: 'cidr-ipv6', cidr: CidrIpv6 };
  if (PrefixListId) return { kind: 'prefix-list', prefixListId: PrefixListId };
  if (ReferencedGroupInfo?.GroupId) {
    const { GroupId, UserId } = ReferencedGroupInfo;
    const isOfOthers = UserId !== undefined && GroupOwnerId !== undefined && UserId !== GroupOwnerId;
    return { kind: 'security-group', groupId: GroupId, ...(isOfOthers ? { ownerId: UserId } : {}) };
  }
  throw unexpectedAnswer(call, `the answer has no source for the rule ${rule.SecurityGroupRuleId}`);
};

/** Protocols that rules know by name; EC2 takes them by number too and a rule may keep what was given. */
const PROTOCOL_NAMES: Readonly<Record<string, string>> = { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6' };

/** @throws {AwsCallError} when the answer lacks an id, the direction, the protocol or the other side of the rule */
export const toSecurityGroupRule = (call: AwsCall, rule: Ec2SecurityGroupRule): SecurityGroupRule => {
  const protocol = given(call, 'IpProtocol', rule.IpProtocol);
  return {
    ruleId: given(call, 'SecurityGroupRuleId', rule.SecurityGroupRuleId),
    groupId: given(call, 'GroupId of a rule', rule.GroupId),
    direction: given(call, 'IsEgress', rule.IsEgress) ? 'egress' : 'ingress',
    protocol: PROTOCOL_NAMES[protocol] ?? protocol,
    fromPort: rule.FromPort,
    toPort: rule.ToPort,
    peer: toPeer(call, rule),
    description: rule.Description,
    tags: toTags(rule.Tags),
  };
};

/** @throws {AwsCallError} when the answer lacks the group's id, name or VPC */
export const toSecurityGroup = (call: AwsCall, group: Ec2SecurityGroup): SecurityGroup => ({
  groupId: given(call, 'GroupId', group.GroupId),
  name: given(call, 'GroupName', group.GroupName),
  vpcId: given(call, 'VpcId of a security group', group.VpcId),
  tags: toTags(group.Tags),
});

const toNetworkAclEntry = (call: AwsCall, entry: Ec2NetworkAclEntry): NetworkAclEntry => ({
  ruleNumber: given(call, 'RuleNumber', entry.RuleNumber),
  egress: given(call, 'Egress', entry.Egress),
  action: knownValue(call, 'RuleAction', entry.RuleAction, ['allow', 'deny']),
  protocol: given(call, 'Protocol of an ACL entry', entry.Protocol),
  cidr: given(call, 'CidrBlock of an ACL entry', entry.CidrBlock || entry.Ipv6CidrBlock),
  fromPort: entry.PortRange?.From,
  toPort: entry.PortRange?.To,
});

/** @throws {AwsCallError} when the answer lacks the ACL's id or entries, or an entry lacks what it decides by */
export const toNetworkAcl = (call: AwsCall, acl: Ec2NetworkAcl): NetworkAcl => ({
  networkAclId: given(call, 'NetworkAclId', acl.NetworkAclId),
  entries: given(call, 'Entries of a network ACL', acl.Entries).map((entry) => toNetworkAclEntry(call, entry)),
});

/** Blocks that are being taken away, or never came, are none. @see EC2 API reference, `VpcCidrBlockState` */
const isAssociated = (block: { readonly State?: string | undefined } | undefined): boolean =>
  block?.State === undefined || block.State === 'associated';

/** @throws {AwsCallError} when the answer lacks the subnet's id, VPC or zone */
export const toSubnet = (call: AwsCall, subnet: Ec2Subnet): Subnet => {
  const associated = (subnet.Ipv6CidrBlockAssociationSet ?? []).filter(({ Ipv6CidrBlockState }) =>
    isAssociated(Ipv6CidrBlockState),
  );
  return {
    subnetId: given(call, 'SubnetId', subnet.SubnetId),
    vpcId: given(call, 'VpcId of a subnet', subnet.VpcId),
    availabilityZone: given(call, 'AvailabilityZone of a subnet', subnet.AvailabilityZone),
    ipv4Cidr: subnet.CidrBlock || undefined,
    ipv6Cidrs: textsOf(associated, ({ Ipv6CidrBlock }) => Ipv6CidrBlock),
  };
};

/** @throws {AwsCallError} when the answer lacks the VPC's id */
export const toVpc = (call: AwsCall, vpc: Ec2Vpc): Vpc => {
  const blocks = (vpc.CidrBlockAssociationSet ?? []).filter(({ CidrBlockState }) => isAssociated(CidrBlockState));
  const ipv6 = (vpc.Ipv6CidrBlockAssociationSet ?? []).filter((block) => isAssociated(block.Ipv6CidrBlockState));
  return {
    vpcId: given(call, 'VpcId', vpc.VpcId),
    ipv4Cidrs: [
      ...new Set([...(vpc.CidrBlock ? [vpc.CidrBlock] : []), ...textsOf(blocks, ({ CidrBlock }) => CidrBlock)]),
    ],
    ipv6Cidrs: textsOf(ipv6, ({ Ipv6CidrBlock }) => Ipv6CidrBlock),
  };
};

/**
 * An interface, an instance or a Gateway Load Balancer endpoint sees what is routed to it. Such an endpoint is told as a
 * gateway, as the endpoints of S3 and DynamoDB are; only theirs is a prefix list's route, which a Gateway Load Balancer
 * endpoint can't be. What is none of all this leaves the VPC, whatever it is. @see facts 4; EC2 API reference, `Route`
 */
const targetOf = (route: Ec2Route, destination: string): Pick<Route, 'to' | 'via'> => {
  const { GatewayId, NetworkInterfaceId, InstanceId } = route;
  if (GatewayId === 'local') return { to: 'local', via: 'local' };
  const seenBy = NetworkInterfaceId || InstanceId;
  if (seenBy) return { to: 'middlebox', via: seenBy };
  if (GatewayId?.startsWith('vpce-') && !destination.startsWith('pl-')) return { to: 'middlebox', via: GatewayId };
  const via =
    GatewayId ||
    route.NatGatewayId ||
    route.TransitGatewayId ||
    route.VpcPeeringConnectionId ||
    route.EgressOnlyInternetGatewayId ||
    route.LocalGatewayId ||
    route.CarrierGatewayId ||
    route.CoreNetworkArn ||
    route.OdbNetworkArn;
  return { to: 'elsewhere', via: via || 'unknown' };
};

const toRoute = (call: AwsCall, route: Ec2Route): Route => {
  const { DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId } = route;
  const destination = given(
    call,
    'destination of a route',
    DestinationCidrBlock || DestinationIpv6CidrBlock || DestinationPrefixListId,
  );
  return { destination, ...targetOf(route, destination), isBlackhole: route.State === 'blackhole' };
};

/** @throws {AwsCallError} when the answer lacks the table's id or routes, or a route's destination */
export const toRouteTable = (call: AwsCall, table: Ec2RouteTable): RouteTable => ({
  routeTableId: given(call, 'RouteTableId', table.RouteTableId),
  routes: given(call, 'Routes of a route table', table.Routes).map((route) => toRoute(call, route)),
});

/** @throws {AwsCallError} when the answer lacks the interface's id, VPC or subnet */
export const toBalancerInterface = (call: AwsCall, eni: Ec2NetworkInterface): BalancerInterface => {
  const { networkInterfaceId, subnetId, privateIpv4Addresses, ipv6Addresses } = toNetworkInterface(call, eni);
  return { networkInterfaceId, subnetId, privateIpv4Addresses, ipv6Addresses };
};

/** @throws {AwsCallError} when the answer lacks the interface's id */
export const toWearer = (call: AwsCall, eni: Ec2NetworkInterface): Wearer => ({
  networkInterfaceId: given(call, 'NetworkInterfaceId', eni.NetworkInterfaceId),
  instanceId: eni.Attachment?.InstanceId,
  description: eni.Description,
  securityGroupIds: textsOf(eni.Groups, ({ GroupId }) => GroupId),
  addresses: [
    ...textsOf(eni.PrivateIpAddresses, ({ PrivateIpAddress }) => PrivateIpAddress),
    ...textsOf(eni.Ipv6Addresses, ({ Ipv6Address }) => Ipv6Address),
  ],
});

/** @throws {AwsCallError} when the answer lacks the interface's id, VPC or subnet */
export const toInterfaceWithInstance = (
  call: AwsCall,
  eni: Ec2NetworkInterface,
): NetworkInterface & { readonly instanceId: string | undefined } => ({
  ...toNetworkInterface(call, eni),
  instanceId: eni.Attachment?.InstanceId,
});

/** Weights of AWS's own lists, which no API tells. @see VPC guide, "AWS-managed prefix lists" */
const AWS_LIST_WEIGHTS: Readonly<Record<string, number>> = {
  'cloudfront.origin-facing': 55,
  dynamodb: 1,
  'ec2-instance-connect': 2,
  groundstation: 5,
  'route53-healthchecks': 25,
  s3: 1,
  s3express: 6,
  'vpc-lattice': 10,
};

/** A list of AWS that is not in the table counts as its present entries: too little, then AWS refuses and we say so. */
const weightOf = (call: AwsCall, list: ManagedPrefixList, entries: number): number => {
  if (list.OwnerId !== 'AWS') return given(call, 'MaxEntries', list.MaxEntries);
  const service = (list.PrefixListName ?? '').replace(/^com\.amazonaws\.[^.]+\.(?:ipv6\.)?/, '');
  return Object.hasOwn(AWS_LIST_WEIGHTS, service) ? (AWS_LIST_WEIGHTS[service] ?? entries) : entries;
};

/** @throws {AwsCallError} when the answer lacks the list's id, or a customer's list its size */
export const toPrefixList = (
  call: AwsCall,
  list: ManagedPrefixList,
  entries: readonly PrefixListEntry[],
): PrefixList => ({
  prefixListId: given(call, 'PrefixListId', list.PrefixListId),
  cidrs: entries.map(({ Cidr }) => given(call, 'Cidr of a prefix list entry', Cidr)),
  weight: weightOf(call, list, entries.length),
});
