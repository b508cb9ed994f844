import type { LoadBalancer } from '../load-balancer.ts';
import { judgeAcl } from './acl-hops.ts';
import type { AclHopName } from './crossing.ts';
import type { Ends } from './ends.ts';
import { pathFinding, worstVerdict } from './findings.ts';
import { judgeBalancerEgress, judgeTargetEgress, judgeTargetIngress } from './group-hops.ts';
import type { HopAnswer, Known } from './hop.ts';
import { blocked, known, NOTHING_WANTED, passes, unknown } from './hop.ts';
import type { Flow, HopName, Judgement, Network, Seat } from './model.ts';
import { setSubnetsCommand } from './remedies.ts';
import { isTunnelled } from './required-flows.ts';
import { sourceOf, usedBy } from './sources.ts';
import type { TargetSide } from './target-side.ts';
import { targetSideOf, zoneOf } from './target-side.ts';

interface Question {
  readonly flow: Flow;
  readonly network: Network;
  readonly balancer: Known<LoadBalancer>;
  readonly target: Known<TargetSide>;
  /** Both ends at once, for the hops that need them; worked out once a flow. */
  readonly ends: Known<Ends>;
}

type Hop = (question: Question) => HopAnswer;

const judgeListener: Hop = ({ balancer }) => {
  if (balancer.kind === 'known') return passes();
  return balancer.finding.reason === 'GroupNotUsed' ? blocked(balancer.finding) : unknown(balancer.finding);
};

const zoneRemedy = ({ loadBalancer, networkInterface }: Seat): string | undefined =>
  // For an internet-facing balancer the subnet must be a public one, which the target's usually is not.
  (loadBalancer?.scheme === 'internal' || loadBalancer?.kind === 'gateway') &&
  loadBalancer.kind !== 'classic' &&
  networkInterface
    ? setSubnetsCommand(loadBalancer.arn, [
        ...loadBalancer.zones.map(({ subnetId }) => subnetId),
        networkInterface.subnetId,
      ])
    : undefined;

const zoneUnread = ({ flow: { seat }, network, target }: Question): HopAnswer => {
  if (target.kind === 'obstacle') return unknown(target.finding);
  const { subnetId } = target.value.networkInterface;
  const finding = pathFinding('PathUnknown', {
    hop: 'zone',
    because: 'SubnetUnread',
    subnet: subnetId,
    target: seat.target.id,
  });
  return unknown(finding, [], { ...NOTHING_WANTED, subnetIds: network.subnets.has(subnetId) ? [] : [subnetId] });
};

/** Whether the balancer is enabled in the target's zone; cross-zone balancing makes no difference (facts 2.2, 2.3). */
const judgeZone: Hop = (question) => {
  const { flow, network, target, balancer } = question;
  const { loadBalancer } = flow.seat;
  if (loadBalancer === undefined) return balancer.kind === 'obstacle' ? unknown(balancer.finding) : passes();
  if (target.kind === 'obstacle' && target.finding.reason === 'TargetOutsideVpc') return unknown(target.finding);
  const zone = zoneOf(flow.seat, network);
  if (zone === undefined) return zoneUnread(question);
  const enabled = loadBalancer.zones.map(({ availabilityZone }) => availabilityZone);
  if (enabled.includes(zone)) return passes();
  const evidence = { zone, loadBalancer: loadBalancer.name, enabledZones: [...enabled].sort().join(', ') };
  return blocked(pathFinding('ZoneNotEnabled', evidence, zoneRemedy(flow.seat)));
};

/** An interface of something that is no instance (a task, an appliance) has no state to ask about. */
const judgeInstanceState: Hop = ({ flow: { seat }, target }) => {
  const { instance } = seat;
  if (instance === undefined) return target.kind === 'obstacle' ? unknown(target.finding) : passes();
  return instance.state === 'running'
    ? passes()
    : blocked(pathFinding('InstanceNotRunning', { instance: instance.instanceId, state: instance.state }));
};

/** A hop that can be asked only when both ends are known. */
const between =
  (hop: (ends: Ends) => HopAnswer): Hop =>
  ({ ends }) =>
    ends.kind === 'obstacle' ? unknown(ends.finding) : hop(ends.value);

const endsOf = ({ flow, network, balancer, target }: Omit<Question, 'ends'>): Known<Ends> => {
  if (balancer.kind === 'obstacle') return balancer;
  if (target.kind === 'obstacle') return target;
  const source = sourceOf(flow, balancer.value, target.value, network);
  return known({ flow, network, source, target: target.value });
};

const acl = (hop: AclHopName): Hop => between(judgeAcl(hop));

type Hops = readonly (readonly [HopName, Hop])[];

const THERE: Hops = [
  ['listener', judgeListener],
  ['zone', judgeZone],
  ['balancer-egress', between(judgeBalancerEgress)],
  ['acl-balancer-out', acl('acl-balancer-out')],
  ['acl-target-in', acl('acl-target-in')],
  ['target-ingress', between(judgeTargetIngress)],
  ['instance-state', judgeInstanceState],
];

const BACK: Hops = [
  ['acl-target-out', acl('acl-target-out')],
  ['acl-balancer-in', acl('acl-balancer-in')],
];

/** What an appliance sends back is a flow of its own, and no reply: the appliance's own outbound rules are asked (facts 4). */
const RETURN: Hops = [
  ['listener', judgeListener],
  ['zone', judgeZone],
  ['instance-state', judgeInstanceState],
  ['target-egress', between(judgeTargetEgress)],
  ...BACK,
];

/** The way there, then the way back of the replies; through a tunnel there are none. */
const hopsOf = ({ name, seat }: Flow): Hops => {
  if (name === 'return') return RETURN;
  return name === 'traffic' && isTunnelled(seat.targetGroup) ? THERE : [...THERE, ...BACK];
};

/**
 * Whether one flow gets from its balancer to its target and its replies back: a verdict for every hop, with the very
 * rule or entry that decided. What could not be read is `unknown`, never open and never closed.
 */
export const judge = (flow: Flow, network: Network): Judgement => {
  const asked = { flow, network, target: targetSideOf(flow.seat), balancer: usedBy(flow.seat) };
  const question: Question = { ...asked, ends: endsOf(asked) };
  const hops = hopsOf(flow).map(([hop, ask]) => ({ hop, ...ask(question) }));
  return { flow, verdict: worstVerdict(hops), hops };
};
