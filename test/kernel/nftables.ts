/*
 * What AWS says of security groups (stateful, rules of all of an interface's groups OR-ed, a group as the addresses of its wearers)
 * and of network ACLs (stateless, at the subnet's boundary only, lowest number first, a closing deny), said to Linux. Written from
 * the VPC user guide's pages on security group rules and on network ACLs; nothing here knows the engine that it is to judge.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
 */
import type { Family, HostName, SubnetName } from './layout.ts';
import { addressesOf, familyOf, HOST_NAMES, SUBNET_NAMES } from './layout.ts';
import type { Entry, Ports, Rule, World } from './world.ts';
import { isParted, readEntry, readRule } from './world.ts';

const FAMILIES: readonly Family[] = ['ipv4', 'ipv6'];
const NFT_FAMILY = { ipv4: 'ip', ipv6: 'ip6' } as const;
const TRANSPORT: Readonly<Record<string, string>> = { tcp: 'tcp', '6': 'tcp', udp: 'udp', '17': 'udp' };

/** An nft name for a group's or list's id. */
const setName = (id: string, family: Family): string => `${id.replaceAll('-', '_')}_${family}`;

const set = (id: string, family: Family, elements: readonly string[]): readonly string[] => [
  `set ${setName(id, family)} {`,
  `type ${family}_addr`,
  'flags interval',
  'auto-merge',
  ...(elements.length > 0 ? [`elements = { ${elements.join(', ')} }`] : []),
  '}',
];

/**
 * A named peer stands for addresses: on the prefix list, or of the interfaces that wear the group, save those that a middlebox stands
 * before.
 */
const setsOf = (world: World, host: HostName): readonly string[] => {
  const { groups, wears, prefixLists } = world;
  const wearers = (groupId: string) =>
    HOST_NAMES.filter((other) => wears[other]?.includes(groupId) && !isParted(world, host, other));
  const named: readonly (readonly [string, readonly string[]])[] = [
    ...Object.keys(groups).map((groupId) => [groupId, wearers(groupId).flatMap(addressesOf)] as const),
    ...Object.entries(prefixLists),
  ];
  return named.flatMap(([id, addresses]) =>
    FAMILIES.flatMap((family) =>
      set(
        id,
        family,
        addresses.filter((address) => familyOf(address) === family),
      ),
    ),
  );
};

/** Ports are the packet's destination's; a protocol that has none is opened as a whole. */
const protocolMatch = (protocol: string, ports: Ports): string => {
  if (protocol === '-1') return '';
  const transport = TRANSPORT[protocol];
  if (transport === undefined || ports === undefined) return `meta l4proto ${transport ?? protocol} `;
  return `${transport} dport ${ports[0]}-${ports[1]} `;
};

/** Where the other side's address is: a packet's source on the way in, its destination on the way out. */
const PEER_FIELD = { in: 'saddr', out: 'daddr' } as const;

const ruleLines = ({ direction, protocol, ports, peer }: Rule): readonly string[] => {
  const isNamed = peer.startsWith('sg-') || peer.startsWith('pl-');
  const families = isNamed ? FAMILIES : [familyOf(peer)];
  return families.map((family) => {
    const address = isNamed ? `@${setName(peer, family)}` : peer;
    return `${NFT_FAMILY[family]} ${PEER_FIELD[direction]} ${address} ${protocolMatch(protocol, ports)}accept`;
  });
};

/** Below the firewall of a VPC there is no ARP and no neighbour discovery to be filtered; here the latter is ICMPv6. */
const NEIGHBOUR_DISCOVERY =
  'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, nd-router-advert, mld-listener-query, mld-listener-report, mld2-listener-report } accept';

const HOOK = { in: 'input', out: 'output' } as const;

/** What one interface's groups let in or out: what belongs to a connection let through before, and what any rule allows. */
const groupChain = (direction: 'in' | 'out', rules: readonly Rule[]): readonly string[] => [
  `chain groups_${direction} {`,
  `type filter hook ${HOOK[direction]} priority filter`,
  'policy drop',
  NEIGHBOUR_DISCOVERY,
  'ct state established,related accept',
  ...rules.filter((rule) => rule.direction === direction).flatMap(ruleLines),
  '}',
];

/** Connections of each world are tracked apart, so that none is remembered into the next. */
const zoneChains = (zone: number): readonly string[] =>
  ['prerouting', 'output'].flatMap((hook) => [
    `chain zone_${hook} {`,
    `type filter hook ${hook} priority -300`,
    `ct zone set ${zone}`,
    '}',
  ]);

/** Replaces whatever stood there before, in one step. */
const ruleset = (lines: readonly string[]): string =>
  ['table inet usher', 'delete table inet usher', 'table inet usher {', ...lines, '}', ''].join('\n');

/** The security groups of one host's interface. */
export const renderHost = (world: World, host: HostName, zone: number): string => {
  const worn = world.wears[host];
  if (worn === undefined) return ruleset([]);
  const rules = worn.flatMap((groupId) => world.groups[groupId] ?? []).map(readRule);
  return ruleset([
    ...setsOf(world, host),
    ...zoneChains(zone),
    ...groupChain('in', rules),
    ...groupChain('out', rules),
  ]);
};

/** `return` leads on to the next subnet's ACL; what no entry matches meets the closing deny. */
const entryLine = ({ direction, action, protocol, ports, cidr }: Entry): string =>
  `${NFT_FAMILY[familyOf(cidr)]} ${PEER_FIELD[direction]} ${cidr} ${protocolMatch(protocol, ports)}${action === 'allow' ? 'return' : 'drop'}`;

const aclChain = (subnet: SubnetName, direction: 'in' | 'out', entries: readonly Entry[]): readonly string[] => [
  `chain acl_${subnet}_${direction} {`,
  ...entries
    .filter((entry) => entry.direction === direction)
    .sort((left, right) => left.number - right.number)
    .map(entryLine),
  'drop',
  '}',
];

/** The name of the router's leg in a subnet. */
export const legOf = (subnet: SubnetName): string => `leg-${subnet}`;

/** The ACLs of all subnets, where packets leave one and enter another; each packet is looked at by itself. */
export const renderRouter = ({ acls }: World): string => {
  const guarded = SUBNET_NAMES.flatMap((subnet) => {
    const entries = acls[subnet];
    return entries === undefined ? [] : [{ subnet, entries: entries.map(readEntry) }];
  });
  return ruleset([
    'chain untracked {',
    'type filter hook prerouting priority raw',
    'notrack',
    '}',
    ...guarded.flatMap(({ subnet, entries }) => [
      ...aclChain(subnet, 'in', entries),
      ...aclChain(subnet, 'out', entries),
    ]),
    'chain forward {',
    'type filter hook forward priority filter',
    'policy drop',
    ...guarded.map(({ subnet }) => `iifname "${legOf(subnet)}" jump acl_${subnet}_out`),
    ...guarded.map(({ subnet }) => `oifname "${legOf(subnet)}" jump acl_${subnet}_in`),
    'accept',
    '}',
  ]);
};
