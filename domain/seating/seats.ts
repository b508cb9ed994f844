import { compareText } from '../difference.ts';
import type { Finding } from '../finding.ts';
import type { Instance } from '../instance.ts';
import { primaryInterface } from '../instance.ts';
import type { LoadBalancer } from '../load-balancer.ts';
import type { Seat } from '../network/model.ts';
import { seatKey } from '../network/model.ts';
import { isTunnelled } from '../network/required-flows.ts';
import { tagValue, USHER_TAG } from '../tags.ts';
import type { Target } from '../target.ts';
import type { TargetGroup } from '../target-group.ts';
import { lifecycleFate } from './lifecycle.ts';
import type { MembershipOwner } from './membership.ts';
import { membershipOwner } from './membership.ts';
import type { Placement } from './placements.ts';
import { admits, admittedPorts } from './port-tags.ts';

/** A placement that can be carried out: the exact target, and who decides on its membership. */
export interface DesiredSeat {
  readonly seat: Seat;
  readonly instance: Instance;
  /** Present when another tool registers it; we then only see to the path. */
  readonly owner: MembershipOwner | undefined;
}

/** A placement that can't be carried out, and why. */
export interface Unseatable {
  readonly targetGroup: TargetGroup;
  readonly instance: Instance;
  readonly port: number | undefined;
  readonly findings: readonly Finding[];
}

/** What was read about the groups that placements name. */
export interface GroupFacts {
  readonly targetGroups: ReadonlyMap<string, TargetGroup>;
  readonly loadBalancers: ReadonlyMap<string, LoadBalancer>;
  /** Target groups that each Auto Scaling group registers its own instances in, by Auto Scaling group name. */
  readonly attachedTargetGroups: ReadonlyMap<string, readonly string[]>;
  /** Where in its life cycle the Auto Scaling group of an instance has it, by instance id. */
  readonly lifecycleStates: ReadonlyMap<string, string>;
}

const finding = (reason: Finding['reason'], evidence: Finding['evidence']): Finding => ({
  reason,
  severity: 'warning',
  evidence,
});

/** The port a target is to be registered on, `undefined` behind a Classic balancer; or why there is none. */
type PortChoice =
  | { readonly kind: 'chosen'; readonly port: number | undefined }
  | { readonly kind: 'none'; readonly finding: Finding | undefined };

const chosen = (port: number | undefined): PortChoice => ({ kind: 'chosen', port });

const refused = (because?: Finding): PortChoice => ({ kind: 'none', finding: because });

/** Behind a Classic balancer the listeners say the ports: an override can only agree with one of them. */
const throughListeners = (asked: number | undefined, instancePorts: readonly number[]): PortChoice =>
  asked === undefined || instancePorts.includes(asked)
    ? chosen(undefined)
    : refused(finding('PortNotAllowed', { port: String(asked), listenerPorts: instancePorts.join(' ') }));

/** The port a placement leads to: the override where the group admits it, else the group's own; lambda groups have none. */
const portFor = (placement: Placement, group: TargetGroup): PortChoice => {
  if (group.instancePorts !== undefined) return throughListeners(placement.portOverride, group.instancePorts);
  const asked = placement.portOverride ?? group.port;
  if (group.targetType === 'lambda' || asked === undefined) return refused();
  // A tunnel's targets are registered on its own port, whatever a tag admits (facts 2.2, GENEVE).
  const ranges = admittedPorts(isTunnelled(group) ? {} : group.tags, group.port);
  if (ranges === undefined) {
    const value = tagValue(group.tags, USHER_TAG.ports) ?? '';
    return asked === group.port ? chosen(asked) : refused(finding('TagMalformed', { tag: USHER_TAG.ports, value }));
  }
  if (placement.portOverride === undefined || asked === group.port || admits(ranges, asked)) return chosen(asked);
  const admitted = ranges.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(' ');
  return refused(finding('PortNotAllowed', { port: String(asked), admitted }));
};

/** The id a group knows the instance by: its instance id, or in groups of type `ip` its primary address. */
const targetId = (instance: Instance, group: TargetGroup): string | undefined => {
  const networkInterface = primaryInterface(instance);
  const address =
    group.ipAddressType === 'ipv6' ? networkInterface?.ipv6Addresses[0] : networkInterface?.privateIpv4Addresses[0];
  if (group.targetType === 'ip') return address;
  return group.ipAddressType === 'ipv6' && address === undefined ? undefined : instance.instanceId;
};

/** Everything that forbids a registration whatever the policy says (facts 2.2). */
const obstacles = (instance: Instance, group: TargetGroup): readonly Finding[] => {
  if (group.targetType === 'lambda' || group.targetType === 'alb')
    return [finding('WrongTargetType', { targetType: group.targetType })];
  return [
    ...(instance.vpcId !== group.vpcId
      ? [finding('WrongVpc', { instanceVpc: instance.vpcId ?? '-', groupVpc: group.vpcId ?? '-' })]
      : []),
    ...(group.protocol === 'QUIC' || group.protocol === 'TCP_QUIC'
      ? [finding('QuicServerIdNeeded', { protocol: group.protocol })]
      : []),
    ...(targetId(instance, group) === undefined ? [finding('NoPrimaryAddress', { family: group.ipAddressType })] : []),
  ];
};

const seatFor = (placement: Placement, group: TargetGroup, facts: GroupFacts): DesiredSeat | Unseatable => {
  const { instance } = placement;
  const choice = portFor(placement, group);
  const objection = choice.kind === 'none' ? choice.finding : undefined;
  const blocking = [...obstacles(instance, group), ...(objection ? [objection] : [])];
  const id = targetId(instance, group);
  if (blocking.length > 0 || id === undefined || choice.kind === 'none')
    return {
      targetGroup: group,
      instance,
      port: choice.kind === 'chosen' ? choice.port : undefined,
      findings: blocking,
    };
  const target: Target = { id, port: choice.port };
  const loadBalancerArn = group.loadBalancerArns[0];
  return {
    instance,
    owner: membershipOwner(
      { targetGroupArn: group.arn, groupTags: group.tags, instanceTags: instance.tags },
      facts.attachedTargetGroups,
    ),
    seat: {
      targetGroup: group,
      loadBalancer: loadBalancerArn === undefined ? undefined : facts.loadBalancers.get(loadBalancerArn),
      target,
      instance: {
        instanceId: instance.instanceId,
        state: instance.state,
        availabilityZone: instance.availabilityZone,
      },
      networkInterface: primaryInterface(instance),
    },
  };
};

/**
 * Turns placements into exact targets, and names those that can't be. Placements whose group is gone are left out: a tag
 * read may be older than the deletion of what it names. So are instances in a warm pool, and those that Auto Scaling is
 * terminating: they run, and take no traffic.
 */
export const seatsFor = (
  placements: readonly Placement[],
  facts: GroupFacts,
): { readonly seats: readonly DesiredSeat[]; readonly unseatable: readonly Unseatable[] } => {
  const results = placements.flatMap((placement) => {
    const group = facts.targetGroups.get(placement.targetGroupArn);
    const isOutOfService = lifecycleFate(facts.lifecycleStates.get(placement.instance.instanceId)) !== undefined;
    return group === undefined || isOutOfService ? [] : [seatFor(placement, group, facts)];
  });
  return {
    seats: results
      .flatMap((result) => ('seat' in result ? [result] : []))
      .sort((a, b) => compareText(seatKey(a.seat), seatKey(b.seat))),
    unseatable: results.flatMap((result) => ('seat' in result ? [] : [result])),
  };
};
