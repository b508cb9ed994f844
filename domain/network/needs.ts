import { compareText } from '../difference.ts';
import { judge } from './judge.ts';
import type { Judgement, Network, Seat, Wants } from './model.ts';
import { openingsOf } from './openings.ts';
import { requiredFlows } from './required-flows.ts';
import { isJudged } from './sources.ts';

const inOrder = (ids: Iterable<string>): readonly string[] => [...new Set(ids)].sort(compareText);

const judgedBalancer = ({ loadBalancer, targetGroup }: Seat) =>
  loadBalancer && targetGroup.loadBalancerArns.length > 0 && isJudged(loadBalancer.kind) ? loadBalancer : undefined;

/** Subnets whose ACL a seat's flows cross; none where balancer and target share their only subnet. */
const crossedSubnets = (seat: Seat): readonly string[] => {
  const own = seat.networkInterface?.subnetId;
  const places = judgedBalancer(seat)?.zones.map(({ subnetId }) => subnetId) ?? [];
  const others = places.filter((subnetId) => subnetId !== own);
  return own === undefined || others.length === 0 ? [] : [own, ...others];
};

const groupsOf = (seat: Seat): readonly string[] => {
  const balancer = judgedBalancer(seat);
  return balancer && seat.networkInterface
    ? [...balancer.securityGroupIds, ...seat.networkInterface.securityGroupIds]
    : [];
};

/** What to read before judging: groups for their rules, subnets for the ACL that guards each. */
export const needsOf = (
  seats: readonly Seat[],
): { readonly securityGroupIds: readonly string[]; readonly subnetIds: readonly string[] } => ({
  securityGroupIds: inOrder(seats.flatMap(groupsOf)),
  subnetIds: inOrder(seats.flatMap(crossedSubnets)),
});

const wantsOf = (seats: readonly Seat[], network: Network): readonly Wants[] =>
  seats
    .flatMap(requiredFlows)
    .flatMap((flow) => judge(flow, network).hops)
    .flatMap(({ wants }) => wants ?? []);

/** Subnets to read, because an ACL entry or a CIDR rule can't be held against them otherwise; none read before. */
export const subnetsNeeded = (seats: readonly Seat[], network: Network): readonly string[] =>
  inOrder(wantsOf(seats, network).flatMap(({ subnetIds }) => subnetIds));

/** Prefix lists to read, because nothing else admits a flow that they might; none read before. */
export const prefixListsNeeded = (seats: readonly Seat[], network: Network): readonly string[] =>
  inOrder(wantsOf(seats, network).flatMap(({ prefixListIds }) => prefixListIds));

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
    securityGroupIds: inOrder([...near, ...openings.flatMap(({ farGroupIds }) => farGroupIds)]),
    prefixListIds: inOrder(listsIn(near, network)),
  };
};
