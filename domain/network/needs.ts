import { compareText } from '../difference.ts';
import type { LoadBalancer } from '../load-balancer.ts';
import { allWanted } from './hop.ts';
import { judge } from './judge.ts';
import type { Judgement, Network, RoutedSubnet, Seat, Wants } from './model.ts';
import { openingsOf } from './openings.ts';
import { fixedPreservation } from './preservation.ts';
import { hasPath, requiredFlows } from './required-flows.ts';

const inOrder = (ids: Iterable<string>): readonly string[] => [...new Set(ids)].sort(compareText);

/** Values each once by a key, in the key's order. */
const eachOnce = <T>(values: readonly T[], keyOf: (value: T) => string): readonly T[] =>
  [...new Map(values.map((value) => [keyOf(value), value]))]
    .sort(([a], [b]) => compareText(a, b))
    .map(([, value]) => value);

/** A seat's balancer, where a listener of it uses the group and there is a way to the target to be judged. */
const balancerOf = ({ loadBalancer, targetGroup }: Seat): LoadBalancer | undefined =>
  targetGroup.loadBalancerArns.length > 0 && hasPath(targetGroup) ? loadBalancer : undefined;

/** Subnets that a seat's flows leave or enter; none where balancer and target share their only subnet. */
const crossedSubnets = (seat: Seat): readonly string[] => {
  const own = seat.networkInterface?.subnetId;
  const places = balancerOf(seat)?.zones.map(({ subnetId }) => subnetId) ?? [];
  const others = places.filter((subnetId) => subnetId !== own);
  return own === undefined || others.length === 0 ? [] : [own, ...others];
};

const groupsOf = (seat: Seat): readonly string[] => {
  const balancer = balancerOf(seat);
  return balancer && seat.networkInterface
    ? [...balancer.securityGroupIds, ...seat.networkInterface.securityGroupIds]
    : [];
};

/** A rule names a group of the balancer only where no middlebox stands between, which the routes tell (facts 3.2). */
const routedOf = (seat: Seat): readonly RoutedSubnet[] => {
  const vpcId = seat.networkInterface?.vpcId;
  const isNamedByGroup = (balancerOf(seat)?.securityGroupIds.length ?? 0) > 0;
  return vpcId === undefined || !isNamedByGroup ? [] : crossedSubnets(seat).map((subnetId) => ({ subnetId, vpcId }));
};

/** A balancer that wears no group: the target sees addresses (facts 2.5, 4). */
const groupless = (seat: Seat): LoadBalancer | undefined => {
  const balancer = balancerOf(seat);
  const isGroupless = balancer !== undefined && seat.networkInterface && balancer.securityGroupIds.length === 0;
  return isGroupless && (balancer.kind === 'network' || balancer.kind === 'gateway') ? balancer : undefined;
};

/** Whether the group's targets may see their clients' addresses, and only its attributes tell. */
const mayPreserve = (seat: Seat): boolean =>
  groupless(seat)?.kind === 'network' && fixedPreservation(seat.targetGroup) === undefined;

const mustPreserve = (seat: Seat): boolean =>
  groupless(seat)?.kind === 'network' && fixedPreservation(seat.targetGroup) === true;

/** What to read before judging. */
export interface Needs extends Pick<Wants, 'balancers' | 'preservationArns' | 'endpointServiceArns' | 'routed'> {
  /** Groups for their rules. */
  readonly securityGroupIds: readonly string[];
  /** Subnets for the ACL that guards each. */
  readonly subnetIds: readonly string[];
}

const routedKey = ({ subnetId }: RoutedSubnet): string => subnetId;

/** What to read before judging; what only some paths turn out to need, their hops want afterwards. */
export const needsOf = (seats: readonly Seat[]): Needs => ({
  securityGroupIds: inOrder(seats.flatMap(groupsOf)),
  subnetIds: inOrder(seats.flatMap(crossedSubnets)),
  balancers: eachOnce(
    seats.flatMap((seat) => groupless(seat) ?? []),
    ({ arn }) => arn,
  ),
  preservationArns: inOrder(seats.filter(mayPreserve).map(({ targetGroup }) => targetGroup.arn)),
  endpointServiceArns: inOrder(seats.filter(mustPreserve).flatMap((seat) => groupless(seat)?.arn ?? [])),
  routed: eachOnce(seats.flatMap(routedOf), routedKey),
});

/** What judging these seats would need besides, none of it looked at before; each thing once, in order. */
export const wantsOf = (seats: readonly Seat[], network: Network): Wants => {
  const hops = seats.flatMap(requiredFlows).flatMap((flow) => judge(flow, network).hops);
  const all = allWanted(hops.flatMap(({ wants }) => wants ?? []));
  return {
    subnetIds: inOrder(all.subnetIds),
    prefixListIds: inOrder(all.prefixListIds),
    balancers: eachOnce(all.balancers, ({ arn }) => arn),
    preservationArns: inOrder(all.preservationArns),
    endpointServiceArns: inOrder(all.endpointServiceArns),
    routed: eachOnce(all.routed, routedKey),
    vpcIds: inOrder(all.vpcIds),
  };
};

/** Lists whose weight tells whether a group has room. */
const listsIn = (groupIds: readonly string[], network: Network): readonly string[] =>
  groupIds
    .flatMap((groupId) => {
      const rules = network.rules.get(groupId);
      return rules?.kind === 'read' ? rules.value : [];
    })
    .flatMap(({ peer }) => (peer.kind === 'prefix-list' ? [peer.prefixListId] : []))
    .filter((listId) => !network.prefixLists.has(listId));

/** What to read before a repair: groups for name, tags and wearers, and prefix lists for their weight. */
export const repairNeeds = (
  judgements: readonly Judgement[],
  network: Network,
): { readonly securityGroupIds: readonly string[]; readonly prefixListIds: readonly string[] } => {
  const openings = openingsOf(judgements);
  const near = inOrder(openings.flatMap(({ nearGroupIds }) => nearGroupIds));
  return {
    securityGroupIds: inOrder([...near, ...openings.flatMap(({ far }) => (far.kind === 'groups' ? far.groupIds : []))]),
    prefixListIds: inOrder(listsIn(near, network)),
  };
};
