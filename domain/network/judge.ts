import { judgeAcl } from './acl-hops.ts';
import type { AclHopName } from './crossing.ts';
import type { Ends } from './ends.ts';
import { pathFinding, worstVerdict } from './findings.ts';
import { judgeBalancerEgress, judgeTargetIngress } from './group-hops.ts';
import type { HopAnswer, Known } from './hop.ts';
import { blocked, NOTHING_WANTED, passes, unknown } from './hop.ts';
import type { Flow, HopName, Judgement, Network, Seat } from './model.ts';
import { setSubnetsCommand } from './remedies.ts';
import type { FlowSource } from './sources.ts';
import { sourceOf } from './sources.ts';
import type { TargetSide } from './target-side.ts';
import { targetSideOf, zoneOf } from './target-side.ts';

interface Question {
  readonly flow: Flow;
  readonly network: Network;
  readonly source: Known<FlowSource>;
  readonly target: Known<TargetSide>;
}

type Hop = (question: Question) => HopAnswer;

const judgeListener: Hop = ({ source }) => {
  if (source.kind === 'known' || source.finding.reason === 'BalancerKindNotJudged') return passes();
  return source.finding.reason === 'GroupNotUsed' ? blocked(source.finding) : unknown(source.finding);
};

const zoneRemedy = ({ loadBalancer, networkInterface }: Seat): string | undefined =>
  // For an internet-facing balancer the subnet must be a public one, which the target's usually is not.
  loadBalancer?.scheme === 'internal' && loadBalancer.kind === 'application' && networkInterface
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
  const { flow, network, target, source } = question;
  const { loadBalancer } = flow.seat;
  if (loadBalancer === undefined) return source.kind === 'obstacle' ? unknown(source.finding) : passes();
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
  ({ flow, network, source, target }) => {
    if (source.kind === 'obstacle') return unknown(source.finding);
    if (target.kind === 'obstacle') return unknown(target.finding);
    return hop({ flow, network, source: source.value, target: target.value });
  };

const acl = (hop: AclHopName): Hop => between(judgeAcl(hop));

/** The way there, then the way back. */
const HOPS: readonly (readonly [HopName, Hop])[] = [
  ['listener', judgeListener],
  ['zone', judgeZone],
  ['balancer-egress', between(judgeBalancerEgress)],
  ['acl-balancer-out', acl('acl-balancer-out')],
  ['acl-target-in', acl('acl-target-in')],
  ['target-ingress', between(judgeTargetIngress)],
  ['instance-state', judgeInstanceState],
  ['acl-target-out', acl('acl-target-out')],
  ['acl-balancer-in', acl('acl-balancer-in')],
];

/**
 * Whether one flow gets from its balancer to its target and its replies back: a verdict for every hop, with the very
 * rule or entry that decided. What could not be read is `unknown`, never open and never closed.
 */
export const judge = (flow: Flow, network: Network): Judgement => {
  const target = targetSideOf(flow.seat);
  const family = target.kind === 'known' ? target.value.address.family : flow.seat.targetGroup.ipAddressType;
  const question = { flow, network, target, source: sourceOf(flow, family, network) };
  const hops = HOPS.map(([hop, ask]) => ({ hop, ...ask(question) }));
  return { flow, verdict: worstVerdict(hops), hops };
};
