import { parseRange, worldOf } from '../network/addresses.ts';
import type { FlowProtocol, RulePeer, SecurityGroupRule } from '../network/model.ts';
import { ALL_PORTS, coversPort, portsFor } from '../network/ports.ts';

/** How much a rule lets through besides what a target is asked on. */
export type Extent =
  | 'this-port' // exactly one port, and a target is asked on it
  | 'wider-range'
  | 'all-ports' // of one protocol
  | 'all-traffic';

/** Whom a rule lets through. `balancer`: whom it is for. */
export type RuleSource = 'world' | 'cidr' | 'single-host' | 'prefix-list' | 'group' | 'balancer';

/** A port that a target is asked on, by its traffic or its health check. */
export interface AskedPort {
  readonly protocol: FlowProtocol;
  readonly port: number;
}

/** A rule that lets more through to a target than its balancer. */
export interface BroaderRule {
  readonly rule: SecurityGroupRule;
  readonly extent: Extent;
  readonly source: RuleSource;
  /** Ports that targets are asked on and it lets through; never empty. */
  readonly asked: readonly AskedPort[];
}

/** The other side of a rule, so that two ways of writing one block are one. */
export const peerKey = (peer: RulePeer): string => {
  switch (peer.kind) {
    case 'security-group':
      return peer.groupId;
    case 'prefix-list':
      return peer.prefixListId;
    case 'cidr-ipv4':
    case 'cidr-ipv6': {
      const range = parseRange(peer.cidr);
      return range === undefined ? peer.cidr : `${range.family}|${range.first}-${range.last}`;
    }
  }
};

/** What a rule lets through, whatever its id: a rule that is put back has a new one. */
export const ruleShape = ({ groupId, direction, protocol, fromPort, toPort, peer }: SecurityGroupRule): string =>
  [groupId, direction, protocol, fromPort ?? '', toPort ?? '', peerKey(peer)].join('|');

/** Whether a rule lets everybody in, of one family. */
export const isWorld = (peer: RulePeer): boolean => sourceOf(peer, new Set()) === 'world';

const sourceOf = (peer: RulePeer, rightful: ReadonlySet<string>): RuleSource => {
  if (rightful.has(peerKey(peer))) return 'balancer';
  if (peer.kind === 'security-group') return 'group';
  if (peer.kind === 'prefix-list') return 'prefix-list';
  const range = parseRange(peer.cidr);
  if (range === undefined) return 'cidr';
  if (range.first === range.last) return 'single-host';
  const world = worldOf(range.family);
  return range.first === world.first && range.last === world.last ? 'world' : 'cidr';
};

const extentOf = (rule: SecurityGroupRule, { protocol }: AskedPort): Extent => {
  const named = rule.protocol.trim().toLowerCase();
  if (named === '-1' || named === 'all') return 'all-traffic';
  const ports = portsFor(rule, protocol) ?? ALL_PORTS;
  if (ports.first === ports.last) return 'this-port';
  return ports.first === ALL_PORTS.first && ports.last === ALL_PORTS.last ? 'all-ports' : 'wider-range';
};

/** Whether every port of a rule is one that targets are asked on. */
const isAllAsked = (rule: SecurityGroupRule, asked: readonly AskedPort[]): boolean => {
  const [first] = asked;
  const ports = first === undefined ? undefined : portsFor(rule, first.protocol);
  return ports !== undefined && ports.last - ports.first < new Set(asked.map(({ port }) => port)).size;
};

/**
 * What an ingress rule lets through besides the balancer; `undefined` for one that lets nobody else to the ports that
 * targets are asked on. ICMP never does: it has no ports, and path MTU discovery and echo harm nobody.
 * @param asked ports on which the targets behind the rule's group are asked
 * @param rightful whom such rules are for, by `peerKey`: the balancers' groups, addresses and tagged clients
 */
export const classify = (
  rule: SecurityGroupRule,
  asked: readonly AskedPort[],
  rightful: ReadonlySet<string>,
): BroaderRule | undefined => {
  const reached = asked.filter(({ protocol, port }) => coversPort(rule, protocol, port));
  const [first] = reached;
  if (rule.direction !== 'ingress' || first === undefined) return undefined;
  const source = sourceOf(rule.peer, rightful);
  const extent = extentOf(rule, first);
  if (source === 'balancer' && (extent === 'this-port' || isAllAsked(rule, reached))) return undefined;
  return { rule, extent, source, asked: reached };
};
