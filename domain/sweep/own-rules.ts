import { judge } from '../network/judge.ts';
import type { HopName, Network, Seat, SecurityGroupRule } from '../network/model.ts';
import { requiredFlows } from '../network/required-flows.ts';
import { read } from '../reading.ts';

/** The hop that a rule decides. */
const HOPS = { ingress: 'target-ingress', egress: 'balancer-egress' } as const satisfies Record<
  SecurityGroupRule['direction'],
  HopName
>;

/** Seats whose flows obey the group the rule stands in, on the side it stands on. */
const concerned = ({ groupId, direction }: SecurityGroupRule, seats: readonly Seat[]): readonly Seat[] =>
  seats.filter(({ networkInterface, loadBalancer }) =>
    direction === 'ingress'
      ? networkInterface === undefined || networkInterface.securityGroupIds.includes(groupId)
      : loadBalancer === undefined || loadBalancer.securityGroupIds.includes(groupId),
  );

/** The network if this were the only rule that anybody had. */
const withOnly = (rule: SecurityGroupRule, network: Network): Network => ({
  ...network,
  rules: new Map([...network.rules.keys()].map((groupId) => [groupId, read(groupId === rule.groupId ? [rule] : [])])),
});

/** The network without some rules. */
export const withoutRules = (gone: ReadonlySet<string>, network: Network): Network => ({
  ...network,
  rules: new Map(
    [...network.rules].map(([groupId, reading]) => [
      groupId,
      reading.kind === 'read' ? read(reading.value.filter(({ ruleId }) => !gone.has(ruleId))) : reading,
    ]),
  ),
});

const verdictAt = (hop: HopName, seats: readonly Seat[], network: Network) =>
  seats
    .flatMap(requiredFlows)
    .map((flow) => judge(flow, network).hops.find((each) => each.hop === hop)?.verdict ?? 'unknown');

/** Rules among some that let a flow of these seats through, or may: what can't be told counts as relied on. */
export const reliedOn = (
  rules: readonly SecurityGroupRule[],
  seats: readonly Seat[],
  network: Network,
): readonly SecurityGroupRule[] =>
  rules.filter((rule) =>
    verdictAt(HOPS[rule.direction], concerned(rule, seats), withOnly(rule, network)).some(
      (verdict) => verdict !== 'blocked',
    ),
  );

/** What the engine says of a rule of ours. Only `unneeded` may go. */
export type Need =
  | 'unneeded'
  /** A flow goes through it, whatever else would let it through: what is broader may be taken away next. */
  | 'relied-on'
  /** Something is unknown or blocked where the rule stands, so that nothing is proven. */
  | 'unproven';

/**
 * Whether nobody needs a rule: no required flow of these seats goes through it, and every one of them passes the hop it
 * decides without it. An unknown forbids.
 * @param seats everybody whose flows may come to the group the rule stands in; the caller has read them afresh
 * @param isSuperseded whether another rule of ours stands beside it for the same flows, and is to carry them
 */
export const needOf = (
  rule: SecurityGroupRule,
  seats: readonly Seat[],
  network: Network,
  isSuperseded = false,
): Need => {
  if (network.rules.get(rule.groupId)?.kind !== 'read') return 'unproven';
  if (!isSuperseded && reliedOn([rule], seats, network).length > 0) return 'relied-on';
  const without = withoutRules(new Set([rule.ruleId]), network);
  const passes = verdictAt(HOPS[rule.direction], concerned(rule, seats), without).every(
    (verdict) => verdict === 'passes',
  );
  return passes ? 'unneeded' : 'unproven';
};
