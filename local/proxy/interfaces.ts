import { createHash } from 'node:crypto';
import { addressFromEnd } from './addresses.ts';
import type { BalancerKind } from './network.ts';
import type { Answer, Call } from './protocol.ts';
import { answerTo, filtersOf, Refusal, values, withParameters } from './protocol.ts';
import type { Room } from './room.ts';
import { askAll } from './room.ts';
import type { Origin } from './upstream.ts';
import type { XmlElement } from './xml.ts';
import { itemsOf, parseXml, textOf, xml } from './xml.ts';

/** A balancer as its own describe call shows it. */
export interface BalancerRow {
  /** The ARN; of a Classic one the name. */
  readonly id: string;
  readonly kind: BalancerKind;
  readonly name: string;
  readonly vpcId: string;
  readonly groupIds: readonly string[];
  readonly subnetIds: readonly string[];
  /** Does it have IPv6 addresses too, where its subnets have? */
  readonly isDualStack: boolean;
}

export interface SubnetRow {
  readonly id: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly cidr: string;
  readonly ipv6Cidrs: readonly string[];
  readonly ownerId: string;
}

/** The interface a balancer keeps in one of its subnets. */
export interface BalancerInterface {
  readonly id: string;
  readonly balancer: BalancerRow;
  readonly subnet: SubnetRow;
  readonly address: string;
  /** Of a dual-stack balancer in a subnet that has a block of them. */
  readonly ipv6Address: string | undefined;
}

const KINDS: Readonly<Record<string, BalancerKind>> = { network: 'network', gateway: 'gateway' };

const textsOf = (element: XmlElement, ...path: readonly string[]): readonly string[] =>
  itemsOf(element, ...path).map(({ text }) => text.trim());

const toRow = (element: XmlElement): BalancerRow => ({
  id: textOf(element, 'LoadBalancerArn'),
  kind: KINDS[textOf(element, 'Type')] ?? 'application',
  name: textOf(element, 'LoadBalancerName'),
  vpcId: textOf(element, 'VpcId'),
  groupIds: textsOf(element, 'SecurityGroups'),
  subnetIds: itemsOf(element, 'AvailabilityZones').map((zone) => textOf(zone, 'SubnetId')),
  isDualStack: textOf(element, 'IpAddressType').startsWith('dualstack'),
});

const toClassicRow = (element: XmlElement): BalancerRow => ({
  id: textOf(element, 'LoadBalancerName'),
  kind: 'classic',
  name: textOf(element, 'LoadBalancerName'),
  vpcId: textOf(element, 'VPCId'),
  groupIds: textsOf(element, 'SecurityGroups'),
  subnetIds: textsOf(element, 'Subnets'),
  isDualStack: false, // in a VPC a Classic balancer has IPv4 alone
});

export const readBalancers = async (room: Room, origin: Origin): Promise<readonly BalancerRow[]> => {
  const path = ['DescribeLoadBalancersResult'];
  const [newer, classic] = await Promise.all([
    askAll(room, origin, 'elbv2', 'DescribeLoadBalancers', [...path, 'LoadBalancers']),
    askAll(room, origin, 'elb', 'DescribeLoadBalancers', [...path, 'LoadBalancerDescriptions']),
  ]);
  return [...newer.map(toRow), ...classic.map(toClassicRow)];
};

export const readSubnets = async (room: Room, origin: Origin): Promise<readonly SubnetRow[]> => {
  const items = await askAll(room, origin, 'ec2', 'DescribeSubnets', ['subnetSet']);
  return items.map((item) => ({
    id: textOf(item, 'subnetId'),
    vpcId: textOf(item, 'vpcId'),
    zone: textOf(item, 'availabilityZone'),
    cidr: textOf(item, 'cidrBlock'),
    ipv6Cidrs: itemsOf(item, 'ipv6CidrBlockAssociationSet').map((block) => textOf(block, 'ipv6CidrBlock')),
    ownerId: textOf(item, 'ownerId'),
  }));
};

/** Gives a balancer the same address out of a block for as long as the proxy runs. */
export interface AddressBook {
  readonly addressFor: (balancerId: string, cidr: string, taken: ReadonlySet<string>) => string;
  readonly clear: () => void;
}

/** From the block's end downwards, as the emulator hands out addresses from its start. */
export const makeAddressBook = (): AddressBook => {
  const given = new Map<string, Map<string, string>>();
  return {
    clear: () => given.clear(),
    addressFor: (balancerId, cidr, taken) => {
      const inBlock = given.get(cidr) ?? new Map<string, string>();
      given.set(cidr, inBlock);
      const known = inBlock.get(balancerId);
      if (known !== undefined) return known;
      const used = new Set([...inBlock.values(), ...taken]);
      for (let back = 1; ; back += 1) {
        const address = addressFromEnd(cidr, back) ?? '';
        if (used.has(address)) continue;
        inBlock.set(balancerId, address);
        return address;
      }
    },
  };
};

const interfaceId = (balancerId: string, subnetId: string): string =>
  `eni-${createHash('sha256').update(`${balancerId} ${subnetId}`).digest('hex').slice(0, 17)}`;

/** Every balancer's interfaces; `taken` are the addresses that others hold. */
export const interfacesOf = (
  balancers: readonly BalancerRow[],
  subnets: readonly SubnetRow[],
  book: AddressBook,
  taken: ReadonlySet<string>,
): readonly BalancerInterface[] =>
  balancers.flatMap((balancer) =>
    subnets
      .filter(({ id }) => balancer.subnetIds.includes(id))
      .map((subnet) => {
        const [block] = balancer.isDualStack ? subnet.ipv6Cidrs : [];
        return {
          id: interfaceId(balancer.id, subnet.id),
          balancer,
          subnet,
          address: book.addressFor(balancer.id, subnet.cidr, taken),
          ipv6Address: block === undefined ? undefined : book.addressFor(balancer.id, block, taken),
        };
      }),
  );

const TYPES: Readonly<Record<BalancerKind, string>> = {
  application: 'interface',
  classic: 'interface',
  network: 'network_load_balancer',
  gateway: 'gateway_load_balancer',
};

const PREFIXES: Readonly<Record<BalancerKind, string>> = {
  application: 'app/',
  classic: '',
  network: 'net/',
  gateway: 'gwy/',
};

/** `ELB app/NAME/ID`, `ELB net/…`, `ELB gwy/…`; of a Classic balancer `ELB NAME` (facts 2.5). */
const descriptionOf = ({ kind, name, id }: BalancerRow): string =>
  kind === 'classic' ? `ELB ${name}` : `ELB ${PREFIXES[kind]}${name}/${id.split('/').at(-1)}`;

const privateDnsName = (address: string, region: string): string => {
  const domain = region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`;
  return `ip-${address.replaceAll('.', '-')}.${domain}`;
};

const toItem = ({ id, balancer, subnet, address, ipv6Address }: BalancerInterface, region: string): XmlElement => {
  const dns = xml('privateDnsName', privateDnsName(address, region));
  const primary = xml('item', xml('primary', 'true'), xml('privateIpAddress', address), dns);
  const attachment = xml(
    'attachment',
    xml('attachmentId', id.replace('eni-', 'ela-attach-')),
    xml('deleteOnTermination', 'false'),
    xml('deviceIndex', '1'),
    xml('networkCardIndex', '0'),
    xml(
      'instanceOwnerId',
      balancer.kind === 'application' || balancer.kind === 'classic' ? 'amazon-elb' : 'amazon-aws',
    ),
    xml('status', 'attached'),
  );
  const groups = balancer.groupIds.map((groupId) => xml('item', xml('groupId', groupId)));
  const ipv6 = ipv6Address === undefined ? [] : [xml('item', xml('ipv6Address', ipv6Address))];
  return xml(
    'item',
    attachment,
    xml('availabilityZone', subnet.zone),
    xml('description', descriptionOf(balancer)),
    xml('groupSet', ...groups),
    xml('interfaceType', TYPES[balancer.kind]),
    xml('networkInterfaceId', id),
    xml('ownerId', subnet.ownerId),
    dns,
    xml('privateIpAddress', address),
    xml('privateIpAddressesSet', primary),
    xml('ipv6AddressesSet', ...ipv6),
    xml('requesterId', 'amazon-elb'),
    xml('requesterManaged', 'true'),
    xml('sourceDestCheck', 'false'),
    xml('status', 'in-use'),
    xml('subnetId', subnet.id),
    xml('tagSet'),
    xml('vpcId', subnet.vpcId),
  );
};

const LISTS = new Set(['groupSet', 'privateIpAddressesSet', 'ipv6AddressesSet', 'tagSet']);

/** Filter → where in the item its values stand (EC2 API reference, DescribeNetworkInterfaces). */
const FILTERS: Readonly<Record<string, readonly string[]>> = {
  'addresses.association.public-ip': ['privateIpAddressesSet', 'association', 'publicIp'],
  'addresses.primary': ['privateIpAddressesSet', 'primary'],
  'addresses.private-ip-address': ['privateIpAddressesSet', 'privateIpAddress'],
  'association.public-ip': ['association', 'publicIp'],
  'attachment.attachment-id': ['attachment', 'attachmentId'],
  'attachment.device-index': ['attachment', 'deviceIndex'],
  'attachment.instance-id': ['attachment', 'instanceId'],
  'attachment.instance-owner-id': ['attachment', 'instanceOwnerId'],
  'attachment.status': ['attachment', 'status'],
  'availability-zone': ['availabilityZone'],
  description: ['description'],
  'group-id': ['groupSet', 'groupId'],
  'group-name': ['groupSet', 'groupName'],
  'interface-type': ['interfaceType'],
  'ipv6-addresses.ipv6-address': ['ipv6AddressesSet', 'ipv6Address'],
  'mac-address': ['macAddress'],
  'network-interface-id': ['networkInterfaceId'],
  'owner-id': ['ownerId'],
  'private-dns-name': ['privateDnsName'],
  'private-ip-address': ['privateIpAddress'],
  'requester-id': ['requesterId'],
  'requester-managed': ['requesterManaged'],
  'source-dest-check': ['sourceDestCheck'],
  status: ['status'],
  'subnet-id': ['subnetId'],
  'tag-key': ['tagSet', 'key'],
  'vpc-id': ['vpcId'],
};

const textsAt = (item: XmlElement, path: readonly string[]): readonly string[] => {
  const [list = '', ...rest] = path;
  return LISTS.has(list) ? itemsOf(item, list).map((entry) => textOf(entry, ...rest)) : [textOf(item, ...path)];
};

const tagValues = (item: XmlElement, key: string): readonly string[] =>
  itemsOf(item, 'tagSet').flatMap((tag) => (textOf(tag, 'key') === key ? [textOf(tag, 'value')] : []));

/** `*` is any text and `?` any one character in EC2's filters. */
const like = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  );

/** @throws {Refusal} for a filter that the call doesn't have */
export const passesFilters = (item: XmlElement, filters: ReadonlyMap<string, readonly string[]>): boolean =>
  [...filters].every(([name, wanted]) => {
    const path = FILTERS[name];
    if (path === undefined && !name.startsWith('tag:')) {
      throw new Refusal('InvalidParameterValue', `The filter '${name}' is invalid`);
    }
    const present = path === undefined ? tagValues(item, name.slice('tag:'.length)) : textsAt(item, path);
    return wanted.some((pattern) => present.some((text) => like(pattern).test(text)));
  });

const idOf = (item: XmlElement): string => textOf(item, 'networkInterfaceId');

interface Page {
  readonly items: readonly XmlElement[];
  readonly nextToken: string | undefined;
}

const pageOf = (items: readonly XmlElement[], maxResults: string | undefined, token: string | undefined): Page => {
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64').toString());
  if (!Number.isInteger(start)) throw new Refusal('InvalidParameterValue', `Invalid value '${token}' for NextToken.`);
  if (maxResults === undefined) return { items: items.slice(start), nextToken: undefined };
  const size = Number(maxResults);
  if (!Number.isInteger(size) || size < 5 || size > 1000) {
    throw new Refusal(
      'InvalidParameterValue',
      `Value ( ${maxResults} ) for parameter maxResults is invalid. Expecting a value between 5 and 1000.`,
    );
  }
  const more = start + size < items.length;
  const nextToken = more ? Buffer.from(String(start + size)).toString('base64') : undefined;
  return { items: items.slice(start, start + size), nextToken };
};

const allItems = async (room: Room, call: Call, book: AddressBook): Promise<readonly XmlElement[]> => {
  const plain = await room.upstream.forward(
    withParameters(call, [
      ['Action', call.action],
      ['Version', '2016-11-15'],
    ]),
  );
  const own = itemsOf(parseXml(plain.body.toString('utf8')), 'networkInterfaceSet');
  const [balancers, subnets] = await Promise.all([readBalancers(room, call), readSubnets(room, call)]);
  const taken = new Set(own.map((item) => textOf(item, 'privateIpAddress')));
  const theirs = interfacesOf(balancers, subnets, book, taken).map((at) => toItem(at, call.region));
  return [...own, ...theirs].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
};

/** DescribeNetworkInterfaces with the balancers' interfaces among the others, filtered and paged here. */
export const describeNetworkInterfaces =
  (room: Room, book: AddressBook) =>
  async (call: Call): Promise<Answer> => {
    const ids = values(call.parameters, 'NetworkInterfaceId');
    const items = await allItems(room, call, book);
    const missing = ids.filter((id) => !items.some((item) => idOf(item) === id));
    if (missing.length > 0) {
      throw new Refusal(
        'InvalidNetworkInterfaceID.NotFound',
        `The networkInterface ID '${missing.join(', ')}' does not exist`,
      );
    }
    const filters = filtersOf(call.parameters);
    const wanted = items.filter(
      (item) => (ids.length === 0 || ids.includes(idOf(item))) && passesFilters(item, filters),
    );
    const page = pageOf(wanted, call.parameters.get('MaxResults'), call.parameters.get('NextToken'));
    const token = page.nextToken === undefined ? [] : [xml('nextToken', page.nextToken)];
    return answerTo(call, xml('networkInterfaceSet', ...page.items), ...token);
  };
