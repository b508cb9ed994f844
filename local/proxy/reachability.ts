import { contains, formatAddress, parseBlock } from './addresses.ts';
import type { Balancer, GroupRule, Interface, Network, NetworkAcl, Route, Target, TargetGroup } from './network.ts';

/** The way of a packet, in order; the verdict names the first that stops it. */
export type Hop =
  | 'listener'
  | 'target-interface'
  | 'zone'
  | 'balancer-egress'
  | 'balancer-acl-out'
  | 'target-acl-in'
  | 'target-ingress'
  | 'instance-state'
  | 'target-egress'
  | 'target-acl-out'
  | 'balancer-acl-in';

export type FlowVerdict =
  | { readonly kind: 'passes' }
  | { readonly kind: 'blocked'; readonly hop: Hop; readonly because: string }
  | { readonly kind: 'unknown'; readonly hop: Hop; readonly because: string };

export type Purpose = 'traffic' | 'health';

interface Flow {
  readonly purpose: Purpose;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
}

const PASSES: FlowVerdict = { kind: 'passes' };
const blocked = (hop: Hop, because: string): FlowVerdict => ({ kind: 'blocked', hop, because });
const unknown = (hop: Hop, because: string): FlowVerdict => ({ kind: 'unknown', hop, because });

/** The port that health checks of a target knock at (facts 2.4). */
export const healthPortOf = (group: TargetGroup, target: Target): number =>
  group.healthPort === 'traffic-port' ? target.port : Number(group.healthPort);

const UDP = new Set(['UDP', 'GENEVE', 'QUIC']);

const flowsOf = (group: TargetGroup, target: Target, purpose: Purpose): readonly Flow[] => {
  if (purpose === 'health') return [{ purpose, protocol: 'tcp', port: healthPortOf(group, target) }];
  const both = group.protocol === 'TCP_UDP' || group.protocol === 'TCP_QUIC';
  const protocols: readonly ('tcp' | 'udp')[] = both ? ['tcp', 'udp'] : UDP.has(group.protocol) ? ['udp'] : ['tcp'];
  return protocols.map((protocol) => ({ purpose, protocol, port: target.port }));
};

const NUMBERS: Readonly<Record<string, string>> = { tcp: '6', udp: '17' };

/** All protocols, whatever its ports say, when the rule's protocol is -1 (facts 3.3). */
const coversPort = (rule: GroupRule, { protocol, port }: Pick<Flow, 'protocol' | 'port'>): boolean => {
  if (rule.protocol === '-1') return true;
  if (rule.protocol !== protocol && rule.protocol !== NUMBERS[protocol]) return false;
  return rule.fromPort <= port && port <= rule.toPort;
};

/** One end of a flow, as the other end's rules see it. */
interface End {
  /** An address, or a block of them of which any may be meant. */
  readonly address: string;
  /** Empty also where a reference to a group means nothing, behind a middlebox. */
  readonly groupIds: readonly string[];
}

/** Is what is meant in the block? Of a block that reaches beyond it nobody can say. */
const holds = (cidr: string, address: string): boolean | 'perhaps' => {
  const meant = parseBlock(address);
  if (meant === undefined) return contains(cidr, address);
  const block = parseBlock(cidr);
  if (block === undefined || block.family !== meant.family) return false;
  const inside = contains(cidr, formatAddress(meant.family, meant.first));
  if (block.prefixLength <= meant.prefixLength) return inside;
  return contains(address, formatAddress(block.family, block.first)) ? 'perhaps' : false;
};

const admits = (network: Network, rule: GroupRule, peer: End): boolean | 'perhaps' => {
  switch (rule.peer.kind) {
    case 'cidr':
      return holds(rule.peer.cidr, peer.address);
    case 'group':
      return peer.groupIds.includes(rule.peer.groupId);
    case 'prefix-list': {
      const answers = (network.prefixLists[rule.peer.prefixListId] ?? []).map((cidr) => holds(cidr, peer.address));
      return answers.includes(true) || (answers.includes('perhaps') ? 'perhaps' : false);
    }
  }
};

/** Rules of all the groups are OR-ed (facts 3.2). */
const anyGroupAllows = (
  network: Network,
  groupIds: readonly string[],
  direction: 'ingress' | 'egress',
  peer: End,
  flow: Pick<Flow, 'protocol' | 'port'>,
): boolean | 'perhaps' => {
  const answers = network.securityGroups
    .filter(({ id }) => groupIds.includes(id))
    .flatMap((group) => group[direction])
    .filter((rule) => coversPort(rule, flow))
    .map((rule) => admits(network, rule, peer));
  return answers.includes(true) || (answers.includes('perhaps') ? 'perhaps' : false);
};

type Range = readonly [from: number, to: number];

const cut = ([from, to]: Range, [low, high]: Range): readonly Range[] => {
  if (high < from || to < low) return [[from, to]];
  const pieces: readonly Range[] = [
    [from, low - 1],
    [high + 1, to],
  ];
  return pieces.filter(([start, end]) => start <= end);
};

/** Ascending numbers, first match decides, what is left at the end is denied (facts 3.4). Every port must be let through. */
const aclAllows = (
  acl: NetworkAcl,
  egress: boolean,
  address: string,
  protocol: 'tcp' | 'udp',
  ports: Range,
): boolean | 'perhaps' => {
  const asked = acl.entries
    .filter((entry) => entry.egress === egress && (entry.protocol === '-1' || entry.protocol === NUMBERS[protocol]))
    .sort((a, b) => a.number - b.number);
  const decide = (at: number, undecided: readonly Range[]): boolean | 'perhaps' => {
    const entry = asked[at];
    if (undecided.length === 0 || entry === undefined) return undecided.length === 0;
    const matches = holds(entry.cidr, address);
    const left = undecided.flatMap((range) =>
      cut(range, entry.protocol === '-1' ? ALL : [entry.fromPort, entry.toPort]),
    );
    if (matches === false || JSON.stringify(left) === JSON.stringify(undecided)) return decide(at + 1, undecided);
    const matched = entry.allows && decide(at + 1, left);
    if (matches === true) return matched;
    return matched === decide(at + 1, undecided) ? matched : 'perhaps';
  };
  return decide(0, [ports]);
};

const ALL: Range = [0, 65535];

const EPHEMERAL: Range = [1024, 65535];

interface Way {
  readonly network: Network;
  readonly balancer: Balancer;
  readonly node: Interface;
  /** What the target sees: the node's address, or a block in which a client's is. */
  readonly source: string;
  readonly target: Interface;
  readonly targetAddress: string;
  /** Whether a middlebox stands between them, so that no rule can name the other's group (facts 3.2). */
  readonly isDetoured: boolean;
  readonly flow: Flow;
}

const aclOf = (network: Network, subnetId: string): NetworkAcl | undefined =>
  network.acls.find(({ subnetIds }) => subnetIds.includes(subnetId));

const verdictOf = (allowed: boolean | 'perhaps', hop: Hop, because: string): FlowVerdict => {
  if (allowed === 'perhaps') return unknown(hop, `${because}, or not: it depends on who the client is`);
  return allowed ? PASSES : blocked(hop, because);
};

const aclHop = (way: Way, hop: Hop, subnetId: string, egress: boolean, peer: string, ports: Range): FlowVerdict => {
  const acl = aclOf(way.network, subnetId);
  if (acl === undefined) return unknown(hop, `no network ACL is known for ${subnetId}`);
  const words = `${egress ? 'outbound to' : 'inbound from'} ${peer}`;
  const allowed = aclAllows(acl, egress, peer, way.flow.protocol, ports);
  return verdictOf(allowed, hop, `${acl.id} denies ${way.flow.protocol} ${ports.join('-')} ${words}`);
};

/** ACLs stand at the subnet's boundary, so within one subnet none is asked (facts 3.4). */
const crossesSubnets = ({ node, target }: Way): boolean => node.subnetId !== target.subnetId;

/** An appliance answers to port 6081 again (facts 4); everybody else to the port the balancer chose. */
const replyPorts = ({ balancer, flow }: Way): Range =>
  balancer.kind === 'gateway' && flow.purpose === 'traffic' ? [flow.port, flow.port] : EPHEMERAL;

const HOPS: readonly ((way: Way) => FlowVerdict)[] = [
  ({ network, balancer, target, targetAddress, isDetoured, flow }) => {
    if (balancer.groupIds.length === 0) return PASSES;
    const end = { address: targetAddress, groupIds: isDetoured ? [] : target.groupIds };
    const words = `no egress rule of ${balancer.groupIds.join(', ')} covers ${flow.protocol} ${flow.port}`;
    return verdictOf(anyGroupAllows(network, balancer.groupIds, 'egress', end, flow), 'balancer-egress', words);
  },
  (way) =>
    crossesSubnets(way)
      ? aclHop(way, 'balancer-acl-out', way.node.subnetId, true, way.targetAddress, [way.flow.port, way.flow.port])
      : PASSES,
  (way) =>
    crossesSubnets(way)
      ? aclHop(way, 'target-acl-in', way.target.subnetId, false, way.source, [way.flow.port, way.flow.port])
      : PASSES,
  ({ network, balancer, source, target, isDetoured, flow }) => {
    const end = { address: source, groupIds: isDetoured ? [] : balancer.groupIds };
    const words = `no ingress rule of ${target.groupIds.join(', ')} admits ${flow.protocol} ${flow.port}`;
    return verdictOf(anyGroupAllows(network, target.groupIds, 'ingress', end, flow), 'target-ingress', words);
  },
  ({ network, target }) => {
    const state = network.instances.find(({ id }) => id === target.instanceId)?.state;
    return state === undefined || state === 'running' ? PASSES : blocked('instance-state', `the instance is ${state}`);
  },
  ({ network, balancer, source, target, flow }) => {
    if (balancer.kind !== 'gateway' || flow.purpose !== 'traffic') return PASSES; // groups are stateful: replies pass
    const words = `no egress rule of ${target.groupIds.join(', ')} covers udp ${flow.port}`;
    const end = { address: source, groupIds: [] };
    return verdictOf(anyGroupAllows(network, target.groupIds, 'egress', end, flow), 'target-egress', words);
  },
  (way) =>
    crossesSubnets(way)
      ? aclHop(way, 'target-acl-out', way.target.subnetId, true, way.source, replyPorts(way))
      : PASSES,
  (way) =>
    crossesSubnets(way)
      ? aclHop(way, 'balancer-acl-in', way.node.subnetId, false, way.targetAddress, replyPorts(way))
      : PASSES,
];

const firstObstacle = (verdicts: Iterable<FlowVerdict>): FlowVerdict => {
  let doubt: FlowVerdict | undefined;
  for (const verdict of verdicts) {
    if (verdict.kind === 'blocked') return verdict;
    if (verdict.kind === 'unknown') doubt ??= verdict;
  }
  return doubt ?? PASSES;
};

/** The interface that receives a target's packets: the primary one of an instance, or the one that owns the address (facts 2.2). */
export const interfaceOf = (network: Network, targetId: string): Interface | undefined =>
  targetId.startsWith('i-')
    ? network.interfaces.find(({ instanceId, deviceIndex }) => instanceId === targetId && deviceIndex === 0)
    : network.interfaces.find(({ addresses }) => addresses.includes(targetId));

const zoneOf = (network: Network, targetId: string): string | undefined => {
  const subnetId = interfaceOf(network, targetId)?.subnetId;
  const byInterface = network.subnets.find(({ id }) => id === subnetId);
  return (byInterface ?? network.subnets.find(({ cidrs }) => cidrs.some((cidr) => contains(cidr, targetId))))?.zone;
};

const sameFamily = (a: string, b: string): boolean => a.includes(':') === b.includes(':');

/** Clients' own addresses arrive at the target; health checks always come from the nodes (facts 2.5). */
const clientsArriveThemselves = (balancer: Balancer, group: TargetGroup, flow: Flow): boolean =>
  balancer.kind === 'network' && flow.purpose === 'traffic' && group.preservesClientAddresses;

const ANYBODY = ['0.0.0.0/0', '::/0'];

/** Every block that a rule or an entry names. */
const edgesOf = ({ securityGroups, acls, prefixLists }: Network): readonly string[] => [
  ...securityGroups.flatMap(({ ingress }) => ingress.flatMap(({ peer }) => (peer.kind === 'cidr' ? [peer.cidr] : []))),
  ...acls.flatMap(({ entries }) => entries.map(({ cidr }) => cidr)),
  ...Object.values(prefixLists).flat(),
];

/** A block of clients, each of whom has to get through, cut until every edge holds a piece as a whole or not at all. */
const piecesOf = (block: string, edges: readonly string[]): readonly string[] => {
  const whole = parseBlock(block);
  const within = edges.filter((edge) => holds(edge, block) === 'perhaps');
  if (whole === undefined || within.length === 0) return [block];
  const prefixLength = whole.prefixLength + 1;
  const size = 1n << BigInt((whole.family === 4 ? 32 : 128) - prefixLength);
  return [whole.first, whole.first + size].flatMap((first) =>
    piecesOf(`${formatAddress(whole.family, first)}/${prefixLength}`, within),
  );
};

const prefixLengthOf = ({ cidr }: Route): number => parseBlock(cidr)?.prefixLength ?? 0;

/** The most specific route decides where a subnet's packets to an address go. */
const leadsThroughMiddlebox = (network: Network, subnetId: string, address: string): boolean => {
  const routes = network.routes.find((each) => each.subnetId === subnetId)?.routes ?? [];
  const [taken] = routes
    .filter(({ cidr }) => contains(cidr, address))
    .sort((a, b) => prefixLengthOf(b) - prefixLengthOf(a));
  return taken?.to === 'middlebox';
};

const addressOf = (at: Interface, group: TargetGroup, targetId: string): string | undefined => {
  if (!targetId.startsWith('i-')) return targetId;
  return at.addresses.find((address) => address.includes(':') === (group.isIpv6 ?? false));
};

const waysOf = (
  network: Network,
  group: TargetGroup,
  balancer: Balancer,
  target: Target,
  flow: Flow,
): readonly Way[] => {
  const at = interfaceOf(network, target.id);
  const targetAddress = at === undefined ? undefined : addressOf(at, group, target.id);
  if (at === undefined || targetAddress === undefined) return [];
  const zone = zoneOf(network, target.id);
  const known = group.clients?.flatMap((block) => piecesOf(block, edgesOf(network)));
  const clients = (known ?? ANYBODY).filter((block) => sameFamily(block, targetAddress));
  return balancer.interfaces
    .filter(({ subnetId }) => balancer.crossZone || network.subnets.find(({ id }) => id === subnetId)?.zone === zone)
    .flatMap((node) => {
      const nodeAddress = node.addresses.find((address) => sameFamily(address, targetAddress));
      if (nodeAddress === undefined) return [];
      const isDetoured =
        node.subnetId !== at.subnetId &&
        (leadsThroughMiddlebox(network, node.subnetId, targetAddress) ||
          leadsThroughMiddlebox(network, at.subnetId, nodeAddress));
      const sources = clientsArriveThemselves(balancer, group, flow) ? clients : [nodeAddress];
      return sources.map((source) => ({
        network,
        balancer,
        node,
        source,
        target: at,
        targetAddress,
        isDetoured,
        flow,
      }));
    });
};

const judgeFromBalancer = (
  network: Network,
  group: TargetGroup,
  balancer: Balancer,
  target: Target,
  flow: Flow,
): FlowVerdict => {
  const zone = zoneOf(network, target.id);
  if (zone === undefined) return unknown('target-interface', `${target.id} belongs to no subnet of the VPC`);
  if (!balancer.zones.includes(zone)) return blocked('zone', `${zone} is not enabled on ${balancer.id}`);
  if (interfaceOf(network, target.id) === undefined) {
    return blocked('target-interface', `no interface owns ${target.id}`);
  }
  const ways = waysOf(network, group, balancer, target, flow);
  if (ways.length === 0) return unknown('target-interface', `${balancer.id} has no interface that could send to it`);
  return firstObstacle(ways.flatMap((way) => HOPS.map((hop) => hop(way))));
};

/**
 * Does a packet get from every node of every balancer that uses the group to the target, and its answer back?
 * One node that can't is enough for `blocked`: some visitors would meet it.
 */
export const judgeFlow = (network: Network, group: TargetGroup, target: Target, purpose: Purpose): FlowVerdict => {
  if (network.balancers.length === 0) return blocked('listener', 'no listener or rule forwards to the group');
  return firstObstacle(
    flowsOf(group, target, purpose).flatMap((flow) =>
      network.balancers.map((balancer) => judgeFromBalancer(network, group, balancer, target, flow)),
    ),
  );
};
