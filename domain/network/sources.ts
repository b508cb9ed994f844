import type { LoadBalancer, LoadBalancerKind } from '../load-balancer.ts';
import type { AddressFamily } from './addresses.ts';
import { clientsPlace } from './client-cidrs.ts';
import { pathFinding } from './findings.ts';
import type { Known } from './hop.ts';
import { known, NOTHING_WANTED, obstacle, whyUnread } from './hop.ts';
import type { Flow, Network, Seat } from './model.ts';
import type { Doubt, Place } from './places.ts';
import { cutOffPlace, doubtful, interfacePlace, subnetPlace, translatedPlace, withPresent } from './places.ts';
import { preservationOf } from './preservation.ts';
import { wayBetween } from './routing.ts';
import type { TargetSide } from './target-side.ts';

/** What the target sees as the source of a flow. */
export interface FlowSource {
  readonly loadBalancer: LoadBalancer;
  /** Groups whose outbound rules the flow obeys, and any of which the target may admit by reference; may be none. */
  readonly groupIds: readonly string[];
  /** Subnets of its nodes, one per enabled zone: every node reaches every target. */
  readonly subnetIds: readonly string[];
  /** Addresses that the target sees. */
  readonly places: readonly Place[];
}

interface Asked {
  readonly flow: Flow;
  readonly loadBalancer: LoadBalancer;
  readonly target: TargetSide;
  readonly network: Network;
}

/** Addresses that the target sees, all of which it must admit. One row of the table in design section 4. */
type SourceRow = (asked: Asked) => readonly Place[];

const familyOf = ({ target }: Asked): AddressFamily => target.address.family;

/** Its UDP for IPv6 targets comes from a prefix of the subnet, which is not read: from none of its interfaces' addresses. */
const isFromPrefix = (asked: Asked): boolean =>
  asked.loadBalancer.hasSourceNatPrefixes === true && asked.flow.protocol === 'udp' && familyOf(asked) === 'ipv6';

const prefixPlace = ({ loadBalancer, network }: Asked, subnetId: string): Place => ({
  ...subnetPlace(subnetId, 'ipv6', network),
  byGroup: 'no',
  doubt: {
    about: 'which',
    reason: 'PathUnknown',
    evidence: { because: 'SourceNatPrefixes', loadBalancer: loadBalancer.name, subnet: subnetId },
    wants: NOTHING_WANTED,
  },
});

/** The addresses that its own packets come from in one of its subnets, where no group can be named. */
const byAddress = (asked: Asked, subnetId: string): Place =>
  isFromPrefix(asked)
    ? prefixPlace(asked, subnetId)
    : interfacePlace(asked.loadBalancer, subnetId, familyOf(asked), asked.network);

/** The addresses of its own, in each of its zones. */
const fromItsInterfaces: SourceRow = (asked) =>
  asked.loadBalancer.zones.map(({ subnetId }) => byAddress(asked, subnetId));

/** Its nodes, which wear its groups; by address where something in between hides the group (facts 3.2). */
const fromItsNodes: SourceRow = (asked) =>
  asked.loadBalancer.zones.map(({ subnetId }): Place => {
    const { loadBalancer, network, target } = asked;
    const somewhere = subnetPlace(subnetId, familyOf(asked), network);
    const place = isFromPrefix(asked) ? somewhere : withPresent(somewhere, loadBalancer, familyOf(asked), network);
    const way = wayBetween(place, target, network);
    if (way.kind === 'middlebox') return byAddress(asked, subnetId);
    if (way.kind === 'translated') return translatedPlace(place, familyOf(asked), way.route, way.subnetId);
    if (way.kind === 'dropped') return cutOffPlace(place, way.route, way.subnetId);
    return way.kind === 'direct' ? place : { ...place, byGroup: 'unsure', routesWanted: way.wants };
  });

const endpointServiceDoubt = ({ loadBalancer, network }: Asked): Doubt => {
  const reading = network.endpointServices.get(loadBalancer.arn);
  return {
    about: 'whether',
    reason: 'PathUnknown',
    evidence: { because: 'EndpointServicesUnread', loadBalancer: loadBalancer.name, why: whyUnread(reading) },
    wants: { ...NOTHING_WANTED, endpointServiceArns: reading === undefined ? [loadBalancer.arn] : [] },
  };
};

/**
 * Besides its clients, whom a target sees: the balancer's own addresses stand for clients of the other family and for those
 * who come through an endpoint service (facts 2.5).
 */
const besidesClients = (asked: Asked, own: readonly Place[]): readonly Place[] => {
  const { loadBalancer, network } = asked;
  if (loadBalancer.ipAddressType !== 'ipv4') return own;
  const reading = network.endpointServices.get(loadBalancer.arn);
  if (reading?.kind !== 'read') return doubtful(own, endpointServiceDoubt(asked));
  // What is cut off from the target is so for its clients too.
  return reading.value ? own : own.filter(({ isCutOff }) => isCutOff === true);
};

/**
 * Whether a rule that names the balancer's group admits the clients that come through its nodes, preserved or not (facts 2.5):
 * not those who come through something in between (facts 3.2).
 */
const clientsByGroup = (nodes: readonly Place[]): Place['byGroup'] => {
  if (nodes.some(({ byGroup, isCutOff }) => byGroup === 'no' && isCutOff !== true)) return 'no';
  return nodes.some(({ byGroup }) => byGroup === 'unsure') ? 'unsure' : 'yes';
};

/** A Network Load Balancer: itself or its clients, by the group's preservation; its health checks always come from itself. */
const fromNetworkBalancer: SourceRow = (asked) => {
  const { flow, loadBalancer, network } = asked;
  const { targetGroup } = flow.seat;
  const hasGroups = loadBalancer.securityGroupIds.length > 0;
  const own = hasGroups ? fromItsNodes(asked) : fromItsInterfaces(asked);
  const preserved = flow.name === 'traffic' && preservationOf(targetGroup, network);
  if (preserved === false) return own;
  const byGroup = hasGroups ? clientsByGroup(own) : 'no';
  const clients: Place = { ...clientsPlace(targetGroup, familyOf(asked)), byGroup };
  return preserved === true
    ? [clients, ...besidesClients(asked, own)]
    : [{ ...clients, doubt: preserved }, ...doubtful(own, preserved)];
};

const ROWS: Readonly<Record<LoadBalancerKind, SourceRow>> = {
  application: fromItsNodes,
  classic: fromItsNodes,
  network: fromNetworkBalancer,
  gateway: fromItsInterfaces,
};

/** What the target sees as source of a flow; for the flow `return`, where it sends to. */
export const sourceOf = (flow: Flow, loadBalancer: LoadBalancer, target: TargetSide, network: Network): FlowSource => ({
  loadBalancer,
  groupIds: loadBalancer.securityGroupIds,
  subnetIds: loadBalancer.zones.map(({ subnetId }) => subnetId),
  places: ROWS[loadBalancer.kind]({ flow, loadBalancer, target, network }),
});

/** Whether this balancer's packets obey no group of its own: a gateway never wears one, a network one need not (facts 2.5, 4). */
export const wearsNoGroup = ({ kind, securityGroupIds }: LoadBalancer): boolean =>
  (kind === 'network' || kind === 'gateway') && securityGroupIds.length === 0;

/** The balancer whose listener uses a seat's group, or why none is known. */
export const usedBy = ({ loadBalancer, targetGroup }: Seat): Known<LoadBalancer> => {
  if (targetGroup.loadBalancerArns.length === 0) {
    const isClassic = targetGroup.instancePorts !== undefined;
    const evidence = isClassic ? { loadBalancer: targetGroup.name } : { targetGroup: targetGroup.name };
    return obstacle(pathFinding('GroupNotUsed', evidence));
  }
  return loadBalancer === undefined
    ? obstacle(pathFinding('PathUnknown', { because: 'BalancerUnread', targetGroup: targetGroup.name }))
    : known(loadBalancer);
};
