import { AwsCallError } from '../../aws/aws-call-error.ts';
import { targetChangeKey } from '../../domain/change.ts';
import type { Instance } from '../../domain/instance.ts';
import { isInstanceId } from '../../domain/instance.ts';
import type { Ownership } from '../../domain/ledger.ts';
import { read, unreadable } from '../../domain/reading.ts';
import type { InstanceSight, ObservedGroup } from '../../domain/seating/departures.ts';
import { isAbsentLongEnough } from '../../domain/seating/looking-again.ts';
import { autoScalingGroupOf } from '../../domain/seating/membership.ts';
import type { TaggedGroup } from '../../domain/seating/placements.ts';
import { placementsFor } from '../../domain/seating/placements.ts';
import { seatsFor } from '../../domain/seating/seats.ts';
import type { TargetHealth } from '../../domain/target.ts';
import { targetKey } from '../../domain/target.ts';
import type { TargetGroup } from '../../domain/target-group.ts';
import type { Departing, GroupPorts } from './ports.ts';

/** One group that was read before its lease, beside all that are tagged, and the instances that may have to leave. */
export interface GroupToLookAt {
  readonly targetGroup: TargetGroup;
  readonly groups: readonly TaggedGroup[];
  readonly departing: ReadonlyMap<string, Departing>;
}

/** Instances by id; those that may not be read are `unreadable`, and any other failure is thrown. */
type Instances = { readonly kind: 'read'; readonly found: readonly Instance[] } | { readonly kind: 'unreadable' };

const readInstances = async (ports: GroupPorts, ids: readonly string[]): Promise<Instances> => {
  if (ids.length === 0) return { kind: 'read', found: [] };
  try {
    return { kind: 'read', found: await ports.ec2.readInstances(ids) };
  } catch (error) {
    if (error instanceof AwsCallError && error.meaning === 'denied') return { kind: 'unreadable' };
    throw error;
  }
};

/** What Auto Scaling says of some instances. */
interface ScalingFacts {
  readonly attachedTargetGroups: ReadonlyMap<string, readonly string[]>;
  readonly lifecycleStates: ReadonlyMap<string, string>;
}

const readScaling = async (ports: GroupPorts, instances: readonly Instance[]): Promise<ScalingFacts> => {
  const names = [...new Set(instances.flatMap(({ tags }) => autoScalingGroupOf(tags) ?? []))].sort();
  const groups = names.length === 0 ? new Map() : await ports.autoScaling.readGroups(names);
  return {
    attachedTargetGroups: new Map([...groups].map(([name, { attachedTo }]) => [name, attachedTo])),
    lifecycleStates: new Map([...groups.values()].flatMap(({ lifecycleStates }) => [...lifecycleStates])),
  };
};

const sightOf = (
  ports: GroupPorts,
  id: string,
  instances: Instances,
  { lifecycleStates }: ScalingFacts,
  departing: Departing | undefined,
): InstanceSight => {
  if (instances.kind === 'unreadable') return { kind: 'unreadable' };
  const instance = instances.found.find(({ instanceId }) => instanceId === id);
  if (instance !== undefined) return { kind: 'seen', instance, lifecycleState: lifecycleStates.get(id) };
  const { absentSince, saidTerminated = false } = departing ?? {};
  const wasAbsentBefore = absentSince !== undefined && isAbsentLongEnough(absentSince, ports.now());
  return { kind: 'absent', wasAbsentBefore, saidTerminated };
};

/**
 * Whom an Auto Scaling group or CodeDeploy registers here itself, in whatever state: whoever we took out when it stopped,
 * neither of them nor we would put back when it starts.
 */
const leftToOwner = (
  { targetGroup }: GroupToLookAt,
  instances: readonly Instance[],
  { attachedTargetGroups }: ScalingFacts,
): ReadonlySet<string> => {
  const attached = instances.filter(({ tags }) => {
    const name = autoScalingGroupOf(tags);
    return (
      name !== undefined &&
      (name.startsWith('CodeDeploy_') || attachedTargetGroups.get(name)?.includes(targetGroup.arn) === true)
    );
  });
  return new Set(attached.map(({ instanceId }) => instanceId));
};

/** Who belongs into the group by tags, of those that run or are about to; and of whom tags don't say it clearly. */
const belonging = (
  { targetGroup, groups }: GroupToLookAt,
  instances: readonly Instance[],
  { attachedTargetGroups, lifecycleStates }: ScalingFacts,
): Pick<ObservedGroup, 'desired' | 'undecided'> => {
  const { placements, findings } = placementsFor(instances, groups);
  const here = placements.filter(({ targetGroupArn }) => targetGroupArn === targetGroup.arn);
  const facts = {
    targetGroups: new Map([[targetGroup.arn, targetGroup]]),
    loadBalancers: new Map(),
    attachedTargetGroups,
    lifecycleStates,
  };
  const { seats, unseatable } = seatsFor(here, facts);
  const unclear = findings.flatMap(({ subject }) => (subject.type === 'instance' ? [subject.id] : []));
  return {
    desired: new Set(seats.map(({ seat }) => targetKey(seat.target))),
    undecided: new Set([...unseatable.map(({ instance }) => instance.instanceId), ...unclear]),
  };
};

/** Instances that the targets of a group are, or were registered for. */
const instanceIdsOf = (
  { arn }: TargetGroup,
  members: readonly TargetHealth[],
  owned: ReadonlyMap<string, Ownership>,
): readonly string[] => [
  ...new Set(
    members.flatMap(({ target }) =>
      isInstanceId(target.id)
        ? [target.id]
        : (owned.get(targetChangeKey(arn, targetKey(target)))?.seat?.instanceId ?? []),
    ),
  ),
];

/**
 * Reads one group under its lease: its targets, what of them is ours, and all their instances, for what one event says of one
 * instance is judged by the whole group. `undefined` when the group is gone.
 * @throws {AwsCallError} for any failure but denied reads, which are `unreadable`
 */
export const observeGroup = async (ports: GroupPorts, looked: GroupToLookAt): Promise<ObservedGroup | undefined> => {
  const { targetGroup, departing } = looked;
  const members = await ports.loadBalancing.readTargetHealth(targetGroup.arn);
  if (members === undefined) return undefined;
  const keys = members.map(({ target }) => targetChangeKey(targetGroup.arn, targetKey(target)));
  const owned = await ports.ledger.readOwnership(keys);
  const ids = instanceIdsOf(targetGroup, members, owned);
  const instances = await readInstances(ports, ids);
  const found = instances.kind === 'read' ? instances.found : [];
  const scaling = await readScaling(ports, found);
  return {
    targetGroup,
    members,
    owned,
    ...belonging(
      looked,
      found.filter(({ state }) => state === 'running' || state === 'pending'),
      scaling,
    ),
    leftToOwner: leftToOwner(looked, found, scaling),
    sights: new Map(ids.map((id) => [id, sightOf(ports, id, instances, scaling, departing.get(id))])),
    signs: new Map([...departing].flatMap(([id, { sign }]) => (sign === undefined ? [] : [[id, sign] as const]))),
    holders: read(new Map()),
    confirmed: new Set(),
  };
};

/** Reads some instances once more, at once: those that show the same state again are confirmed. */
export const confirmStates = async (
  ports: GroupPorts,
  group: ObservedGroup,
  instanceIds: readonly string[],
): Promise<ObservedGroup> => {
  const again = await readInstances(ports, instanceIds);
  const states = new Map(
    again.kind === 'read' ? again.found.map(({ instanceId, state }) => [instanceId, state] as const) : [],
  );
  const agrees = (id: string): boolean => {
    const sight = group.sights.get(id);
    return sight?.kind === 'seen' && states.get(id) === sight.instance.state;
  };
  // Whoever doesn't agree with itself can't be judged now.
  const doubtful = instanceIds.filter((id) => !agrees(id)).map((id) => [id, { kind: 'unreadable' }] as const);
  return {
    ...group,
    confirmed: new Set(instanceIds.filter(agrees)),
    sights: new Map<string, InstanceSight>([...group.sights, ...doubtful]),
  };
};

/**
 * Who holds each of some addresses of a group's VPC now: an instance's id, or that of an interface of none.
 * @throws {AwsCallError}
 */
export const holdersOf = async (
  { ec2 }: Pick<GroupPorts, 'ec2'>,
  { vpcId = '' }: Pick<TargetGroup, 'vpcId'>,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const interfaces = await ec2.readInterfacesByAddress(vpcId, addresses);
  return new Map(
    addresses.map((address) => {
      const holding = interfaces.filter(({ privateIpv4Addresses, ipv6Addresses }) =>
        [...privateIpv4Addresses, ...ipv6Addresses].includes(address),
      );
      return [address, holding.map(({ instanceId, networkInterfaceId }) => instanceId ?? networkInterfaceId)];
    }),
  );
};

/** The group, with who holds some addresses now, if that may be read. */
export const readHolders = async (
  ports: GroupPorts,
  group: ObservedGroup,
  addresses: readonly string[],
): Promise<ObservedGroup> => {
  try {
    return { ...group, holders: read(await holdersOf(ports, group.targetGroup, addresses)) };
  } catch (error) {
    if (!(error instanceof AwsCallError) || error.meaning !== 'denied') throw error;
    return { ...group, holders: unreadable(`${error.action} was denied`) };
  }
};
