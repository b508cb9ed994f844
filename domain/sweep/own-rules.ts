import { judge } from '../network/judge.ts';
import type { HopName, Network, Seat, SecurityGroupRule } from '../network/model.ts';
import { outgrownAmong } from '../network/outgrown.ts';
import { requiredFlows } from '../network/required-flows.ts';
import { read } from '../reading.ts';
import { tagValue, USHER_TAG } from '../tags.ts';

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

/** The network if these were the only rules that anybody had. */
const withOnly = (rules: readonly SecurityGroupRule[], network: Network): Network => ({
  ...network,
  rules: new Map(
    [...network.rules.keys()].map((groupId) => [groupId, read(rules.filter((rule) => rule.groupId === groupId))]),
  ),
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

/** Whether some flow is surely closed once the rule is taken away, and was not before. */
const closesSomething = (rule: SecurityGroupRule, seats: readonly Seat[], network: Network): boolean => {
  const hop = HOPS[rule.direction];
  const before = verdictAt(hop, seats, network);
  const after = verdictAt(hop, seats, withoutRules(new Set([rule.ruleId]), network));
  return after.some((verdict, index) => verdict === 'blocked' && before[index] !== 'blocked');
};

/** What lets flows through besides one of our rules and is there to stay: our others, and whatever names a group. */
const besides = (
  rule: SecurityGroupRule,
  ours: readonly SecurityGroupRule[],
  network: Network,
): readonly SecurityGroupRule[] => {
  const all = [...network.rules.values()].flatMap((reading) => (reading.kind === 'read' ? reading.value : []));
  const named = all.filter(({ peer }) => peer.kind === 'security-group');
  return [...new Map([...named, ...ours].map((each) => [each.ruleId, each])).values()].filter(
    ({ ruleId }) => ruleId !== rule.ruleId,
  );
};

/**
 * Whether a flow goes through a rule of ours, or may. One that comes from several addresses goes through several rules, none
 * of which is enough alone: each is relied on where it is missed among ours, whatever broader rule stands beside them, or
 * among all there are. What the rule alone may let through, or not, is no flow of its own where the others surely do: an
 * address of one balancer lies in the subnet of another.
 */
const isReliedOn = (
  rule: SecurityGroupRule,
  ours: readonly SecurityGroupRule[],
  seats: readonly Seat[],
  network: Network,
): boolean => {
  const near = concerned(rule, seats);
  const verdicts = (rules: readonly SecurityGroupRule[]) =>
    verdictAt(HOPS[rule.direction], near, withOnly(rules, network));
  const alone = verdicts([rule]);
  const mayPass = (): boolean => {
    const others = verdicts(besides(rule, ours, network));
    return alone.some((verdict, index) => verdict === 'unknown' && others[index] !== 'passes');
  };
  return (
    alone.includes('passes') ||
    (alone.includes('unknown') && mayPass()) ||
    closesSomething(rule, near, withOnly(ours, network)) ||
    closesSomething(rule, near, network)
  );
};

/**
 * Rules of ours that let a flow of these seats through, or may: what can't be told counts as relied on. So does what is needed
 * once rules are gone whose clients no tag names any more.
 */
export const reliedOn = (
  ours: readonly SecurityGroupRule[],
  seats: readonly Seat[],
  network: Network,
): readonly SecurityGroupRule[] => {
  const former = new Set(outgrownAmong(ours, seats).map(({ ruleId }) => ruleId));
  const staying = ours.filter(({ ruleId }) => !former.has(ruleId));
  const then = withoutRules(former, network);
  const isNeededThen = (rule: SecurityGroupRule): boolean =>
    former.size > 0 && staying.includes(rule) && isReliedOn(rule, staying, seats, then);
  return ours.filter((rule) => isReliedOn(rule, ours, seats, network) || isNeededThen(rule));
};

/**
 * Rules of ours that name clients whom no tag names any more, where all that these seats need passes without them: what the tag
 * says is let in by others. Though flows go through them still, they are looked at as if none did.
 */
export const outgrown = (
  ours: readonly SecurityGroupRule[],
  seats: readonly Seat[],
  network: Network,
): readonly SecurityGroupRule[] => {
  const all = outgrownAmong(ours, seats);
  if (all.length === 0) return [];
  const without = withoutRules(new Set(all.map(({ ruleId }) => ruleId)), network);
  return all.filter((rule) =>
    verdictAt(HOPS[rule.direction], concerned(rule, seats), without).every((verdict) => verdict === 'passes'),
  );
};

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
 * @param isSuperseded whether other rules are to carry the flows that go through it, and it is to go once they do
 */
export const needOf = (
  rule: SecurityGroupRule,
  seats: readonly Seat[],
  network: Network,
  isSuperseded = false,
): Need => {
  const reading = network.rules.get(rule.groupId);
  if (reading?.kind !== 'read') return 'unproven';
  const owner = tagValue(rule.tags, USHER_TAG.owner);
  const ours = reading.value.filter(({ tags }) => tagValue(tags, USHER_TAG.owner) === owner);
  if (!isSuperseded && isReliedOn(rule, ours, seats, network)) return 'relied-on';
  const without = withoutRules(new Set([rule.ruleId]), network);
  const passes = verdictAt(HOPS[rule.direction], concerned(rule, seats), without).every(
    (verdict) => verdict === 'passes',
  );
  return passes ? 'unneeded' : 'unproven';
};
