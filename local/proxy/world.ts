import type { AddressBook, BalancerInterface, BalancerRow } from './interfaces.ts';
import { interfacesOf, readBalancers, readSubnets } from './interfaces.ts';
import type {
  AclEntry,
  Balancer,
  GroupRule,
  Instance,
  Interface,
  Network,
  NetworkAcl,
  Peer,
  Route,
  SecurityGroup,
  SubnetRoutes,
  TargetGroup,
} from './network.ts';
import type { Answer, Call } from './protocol.ts';
import { xmlAnswer } from './protocol.ts';
import type { Room } from './room.ts';
import { askAll, filterParameters } from './room.ts';
import type { Origin } from './upstream.ts';
import { groupsBehind } from './usage.ts';
import type { XmlElement } from './xml.ts';
import { itemsOf, parseXml, textOf, withChild, xml } from './xml.ts';

/** A target group with what its health depends on beyond the network. */
export interface GroupRow extends TargetGroup {
  readonly arn: string;
  readonly type: string;
  readonly port: number;
  readonly vpcId: string;
  readonly intervalSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  readonly balancerArns: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
}

/** Region of an ARN, for reads that no client's call stands behind. */
export const regionOf = (arn: string): string => arn.split(':')[3] ?? 'us-east-1';

const attributesOf = (answer: XmlElement, action: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    itemsOf(answer, `${action}Result`, 'Attributes').map((item) => [textOf(item, 'Key'), textOf(item, 'Value')]),
  );

const ALWAYS_PRESERVED = new Set(['UDP', 'TCP_UDP', 'QUIC', 'TCP_QUIC']);

/** Defaults by facts 2.5: on for instances, fixed on for UDP, off for addresses. Only NLB groups have it. */
const preservesClientAddresses = (protocol: string, type: string, stated: string | undefined): boolean => {
  if (ALWAYS_PRESERVED.has(protocol)) return true;
  if (protocol !== 'TCP' && protocol !== 'TLS') return false;
  return stated === undefined ? type === 'instance' : stated === 'true';
};

const PRESERVE = 'preserve_client_ip.enabled';
const NETWORK_PROTOCOLS = new Set(['TCP', 'TLS', 'UDP', 'TCP_UDP', 'QUIC', 'TCP_QUIC']);

/** DescribeTargetGroupAttributes with what AWS says of a Network Load Balancer's group even when nobody set it. */
export const describeTargetGroupAttributes =
  (room: Room) =>
  async (call: Call): Promise<Answer> => {
    const answer = await room.upstream.forward(call);
    if (answer.status >= 400) return answer;
    const group = await readGroup(room, call, call.parameters.get('TargetGroupArn') ?? '');
    if (!NETWORK_PROTOCOLS.has(group.protocol)) return answer;
    const own = xml('member', xml('Key', PRESERVE), xml('Value', String(group.preservesClientAddresses)));
    return xmlAnswer(
      withChild(parseXml(answer.body.toString('utf8')), `${call.action}Result`, (result) =>
        withChild(result, 'Attributes', (set) => ({
          ...set,
          children: [...set.children.filter((attribute) => textOf(attribute, 'Key') !== PRESERVE), own],
        })),
      ),
    );
  };

/** @throws {UpstreamError} with code `TargetGroupNotFound` */
export const readGroup = async (room: Room, origin: Origin, arn: string): Promise<GroupRow> => {
  const { upstream } = room;
  const { clients } = room.settings();
  const describe = 'DescribeTargetGroupAttributes';
  const [groups, attributeAnswer] = await Promise.all([
    upstream.ask(origin, 'elbv2', 'DescribeTargetGroups', [['TargetGroupArns.member.1', arn]]),
    upstream.ask(origin, 'elbv2', describe, [['TargetGroupArn', arn]]),
  ]);
  const group = itemsOf(groups, 'DescribeTargetGroupsResult', 'TargetGroups')[0];
  const attributes = attributesOf(attributeAnswer, describe);
  const [protocol, type] = [textOf(group, 'Protocol'), textOf(group, 'TargetType')];
  const balancerArns = group === undefined ? [] : itemsOf(group, 'LoadBalancerArns').map(({ text }) => text.trim());
  return {
    arn,
    type,
    protocol,
    port: Number(textOf(group, 'Port')),
    vpcId: textOf(group, 'VpcId'),
    healthProtocol: textOf(group, 'HealthCheckProtocol'),
    healthPort: textOf(group, 'HealthCheckPort'),
    preservesClientAddresses: preservesClientAddresses(protocol, type, attributes[PRESERVE]),
    isIpv6: textOf(group, 'IpAddressType') === 'ipv6',
    ...(clients.length === 0 ? {} : { clients }),
    intervalSeconds: Number(textOf(group, 'HealthCheckIntervalSeconds')),
    healthyThreshold: Number(textOf(group, 'HealthyThresholdCount')),
    unhealthyThreshold: Number(textOf(group, 'UnhealthyThresholdCount')),
    balancerArns: [...new Set(balancerArns)],
    attributes,
  };
};

const peersOf = (permission: XmlElement): readonly Peer[] => [
  ...itemsOf(permission, 'ipRanges').map((at): Peer => ({ kind: 'cidr', cidr: textOf(at, 'cidrIp') })),
  ...itemsOf(permission, 'ipv6Ranges').map((at): Peer => ({ kind: 'cidr', cidr: textOf(at, 'cidrIpv6') })),
  ...itemsOf(permission, 'groups').map((at): Peer => ({ kind: 'group', groupId: textOf(at, 'groupId') })),
  ...itemsOf(permission, 'prefixListIds').map(
    (at): Peer => ({ kind: 'prefix-list', prefixListId: textOf(at, 'prefixListId') }),
  ),
];

const numberOr = (text: string, otherwise: number): number => (text === '' ? otherwise : Number(text));

/** The rules in a group's `ipPermissions` or `ipPermissionsEgress`, one peer each. */
export const rulesOf = (group: XmlElement, list: 'ipPermissions' | 'ipPermissionsEgress'): readonly GroupRule[] =>
  itemsOf(group, list).flatMap((permission) =>
    peersOf(permission).map((peer) => ({
      protocol: textOf(permission, 'ipProtocol'),
      fromPort: numberOr(textOf(permission, 'fromPort'), -1),
      toPort: numberOr(textOf(permission, 'toPort'), -1),
      peer,
    })),
  );

const toSecurityGroup = (item: XmlElement): SecurityGroup => ({
  id: textOf(item, 'groupId'),
  ingress: rulesOf(item, 'ipPermissions'),
  egress: rulesOf(item, 'ipPermissionsEgress'),
});

const toEntry = (item: XmlElement): AclEntry => ({
  number: Number(textOf(item, 'ruleNumber')),
  egress: textOf(item, 'egress') === 'true',
  allows: textOf(item, 'ruleAction') === 'allow',
  protocol: textOf(item, 'protocol'),
  cidr: textOf(item, 'cidrBlock') || textOf(item, 'ipv6CidrBlock'),
  fromPort: numberOr(textOf(item, 'portRange', 'from'), 0),
  toPort: numberOr(textOf(item, 'portRange', 'to'), 65535),
});

const toAcl = (item: XmlElement): NetworkAcl => ({
  id: textOf(item, 'networkAclId'),
  subnetIds: itemsOf(item, 'associationSet').map((at) => textOf(at, 'subnetId')),
  entries: itemsOf(item, 'entrySet').map(toEntry),
});

const toInterface = (item: XmlElement): Interface => {
  const [instanceId, deviceIndex] = [
    textOf(item, 'attachment', 'instanceId'),
    textOf(item, 'attachment', 'deviceIndex'),
  ];
  const addresses = [
    textOf(item, 'privateIpAddress'),
    ...itemsOf(item, 'privateIpAddressesSet').map((at) => textOf(at, 'privateIpAddress')),
    ...itemsOf(item, 'ipv6AddressesSet').map((at) => textOf(at, 'ipv6Address')),
  ];
  return {
    id: textOf(item, 'networkInterfaceId'),
    subnetId: textOf(item, 'subnetId'),
    addresses: [...new Set(addresses.filter((address) => address !== ''))],
    groupIds: itemsOf(item, 'groupSet').map((at) => textOf(at, 'groupId')),
    ...(instanceId === '' ? {} : { instanceId }),
    ...(deviceIndex === '' ? {} : { deviceIndex: Number(deviceIndex) }),
  };
};

/** What packets pass that go to an interface, an instance or a Gateway Load Balancer endpoint. */
const MIDDLEBOX = /^(eni|i|vpce)-/;

const toRoute = (item: XmlElement): Route => {
  const via = ['instanceId', 'networkInterfaceId', 'gatewayId']
    .map((name) => textOf(item, name))
    .find((id) => id !== '');
  const cidr = textOf(item, 'destinationCidrBlock') || textOf(item, 'destinationIpv6CidrBlock');
  if (via === 'local') return { cidr, to: 'local' };
  return { cidr, to: via !== undefined && MIDDLEBOX.test(via) ? 'middlebox' : 'elsewhere' };
};

/** A subnet that no table is associated with is routed by the VPC's main one. */
const routesOf = (tables: readonly XmlElement[], subnetIds: readonly string[]): readonly SubnetRoutes[] => {
  const isOf = (wanted: (association: XmlElement) => boolean) => (table: XmlElement) =>
    itemsOf(table, 'associationSet').some(wanted);
  const main = tables.find(isOf((at) => textOf(at, 'main') === 'true'));
  return subnetIds.map((subnetId) => {
    const table = tables.find(isOf((at) => textOf(at, 'subnetId') === subnetId)) ?? main;
    return { subnetId, routes: table === undefined ? [] : itemsOf(table, 'routeSet').map(toRoute) };
  });
};

const ofBalancer = ({ id, subnet, address, ipv6Address, balancer }: BalancerInterface): Interface => ({
  id,
  subnetId: subnet.id,
  addresses: ipv6Address === undefined ? [address] : [address, ipv6Address],
  groupIds: balancer.groupIds,
});

/** By default only an ALB sends across zones; its groups and the others' balancers may say otherwise. */
const crossesZones = async (
  { upstream }: Room,
  origin: Origin,
  { kind, id }: BalancerRow,
  group: GroupRow | undefined,
): Promise<boolean> => {
  if (kind === 'classic') return true;
  const ofGroup = group?.attributes['load_balancing.cross_zone.enabled'];
  if (ofGroup === 'true' || ofGroup === 'false') return ofGroup === 'true';
  if (kind === 'application') return true;
  const describe = 'DescribeLoadBalancerAttributes';
  const answer = await upstream.ask(origin, 'elbv2', describe, [['LoadBalancerArn', id]]);
  return attributesOf(answer, describe)['load_balancing.cross_zone.enabled'] === 'true';
};

const readPrefixLists = async (
  room: Room,
  origin: Origin,
  groups: readonly SecurityGroup[],
): Promise<Readonly<Record<string, readonly string[]>>> => {
  const peers = groups.flatMap(({ ingress, egress }) => [...ingress, ...egress]).map(({ peer }) => peer);
  const ids = new Set(peers.flatMap((peer) => (peer.kind === 'prefix-list' ? [peer.prefixListId] : [])));
  const lists = [...ids].map(async (id) => {
    const entries = await askAll(
      room,
      origin,
      'ec2',
      'GetManagedPrefixListEntries',
      ['entrySet'],
      [['PrefixListId', id]],
    ).catch(() => []); // the emulator lets rules name lists that don't exist; they admit nobody
    return [id, entries.map((entry) => textOf(entry, 'cidr'))] as const;
  });
  return Object.fromEntries(await Promise.all(lists));
};

/** State of the instance as clients see it, which lags behind the emulator's. */
export type ShownState = (instanceId: string, emulated: string) => string;

const readInstances = async (
  room: Room,
  origin: Origin,
  vpcId: string,
  shown: ShownState,
): Promise<readonly Instance[]> => {
  const reservations = await askAll(
    room,
    origin,
    'ec2',
    'DescribeInstances',
    ['reservationSet'],
    filterParameters(['vpc-id', vpcId]),
  );
  return reservations
    .flatMap((reservation) => itemsOf(reservation, 'instancesSet'))
    .map((item) => ({
      id: textOf(item, 'instanceId'),
      state: shown(textOf(item, 'instanceId'), textOf(item, 'instanceState', 'name')),
    }));
};

/** Everything in the VPC that decides whether these balancers reach a target. */
const readVpc = async (
  room: Room,
  origin: Origin,
  vpcId: string,
  book: AddressBook,
  shown: ShownState,
  uses: (row: BalancerRow) => Promise<boolean>,
  group: GroupRow | undefined,
): Promise<Network> => {
  const inVpc = filterParameters(['vpc-id', vpcId]);
  const [subnetRows, balancerRows, groupItems, aclItems, interfaceItems, tables, instances] = await Promise.all([
    readSubnets(room, origin),
    readBalancers(room, origin),
    askAll(room, origin, 'ec2', 'DescribeSecurityGroups', ['securityGroupInfo'], inVpc),
    askAll(room, origin, 'ec2', 'DescribeNetworkAcls', ['networkAclSet'], inVpc),
    askAll(room, origin, 'ec2', 'DescribeNetworkInterfaces', ['networkInterfaceSet'], inVpc),
    askAll(room, origin, 'ec2', 'DescribeRouteTables', ['routeTableSet'], inVpc),
    readInstances(room, origin, vpcId, shown),
  ]);
  const interfaces = interfaceItems.map(toInterface);
  const taken = new Set(interfaces.flatMap(({ addresses }) => addresses));
  const theirs = interfacesOf(balancerRows, subnetRows, book, taken);
  const inUse = await Promise.all(balancerRows.map(async (row) => ((await uses(row)) ? [row] : [])));
  const balancers = await Promise.all(
    inUse.flat().map(
      async (row): Promise<Balancer> => ({
        id: row.id,
        kind: row.kind,
        groupIds: row.groupIds,
        zones: subnetRows.filter(({ id }) => row.subnetIds.includes(id)).map(({ zone }) => zone),
        crossZone: await crossesZones(room, origin, row, group),
        interfaces: theirs.filter(({ balancer }) => balancer.id === row.id).map(ofBalancer),
      }),
    ),
  );
  const securityGroups = groupItems.map(toSecurityGroup);
  const ownSubnets = subnetRows.filter((row) => row.vpcId === vpcId);
  return {
    balancers,
    securityGroups,
    acls: aclItems.map(toAcl),
    subnets: ownSubnets.map(({ id, zone, cidr, ipv6Cidrs }) => ({ id, zone, cidrs: [cidr, ...ipv6Cidrs] })),
    interfaces,
    instances,
    routes: routesOf(
      tables,
      ownSubnets.map(({ id }) => id),
    ),
    prefixLists: await readPrefixLists(room, origin, securityGroups),
  };
};

/** The network around a target group's targets, with the balancers that really forward to it. */
export const readNetwork = (
  room: Room,
  origin: Origin,
  group: GroupRow,
  book: AddressBook,
  shown: ShownState,
): Promise<Network> => {
  const uses = async ({ id, kind, vpcId }: BalancerRow): Promise<boolean> => {
    const mayUse = room.listenersMoved()
      ? kind !== 'classic' && vpcId === group.vpcId
      : group.balancerArns.includes(id);
    return mayUse && (await groupsBehind(room, origin, id)).has(group.arn);
  };
  return readVpc(room, origin, group.vpcId, book, shown, uses, group);
};

/** The network around a Classic balancer's instances. */
export const readClassicNetwork = (
  room: Room,
  origin: Origin,
  name: string,
  vpcId: string,
  book: AddressBook,
  shown: ShownState,
): Promise<Network> =>
  readVpc(room, origin, vpcId, book, shown, async ({ id, kind }) => kind === 'classic' && id === name, undefined);
