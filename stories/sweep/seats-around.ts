import type { Ec2Reader } from '../../aws/ec2/port.ts';
import type { BalancingFleetReader } from '../../aws/elastic-load-balancing/fleet-port.ts';
import type { LoadBalancingReader } from '../../aws/elastic-load-balancing/port.ts';
import type { Instance } from '../../domain/instance.ts';
import { instanceName, primaryInterface } from '../../domain/instance.ts';
import type { LoadBalancer } from '../../domain/load-balancer.ts';
import type { Seat, SecurityGroup, SecurityGroupRule, Wearer } from '../../domain/network/model.ts';
import { hasPath } from '../../domain/network/required-flows.ts';
import { placementsFor } from '../../domain/seating/placements.ts';
import { seatsFor } from '../../domain/seating/seats.ts';
import { isTagTrue, USHER_TAG } from '../../domain/tags.ts';
import type { Target, TargetHealth } from '../../domain/target.ts';
import type { TargetGroup } from '../../domain/target-group.ts';

/** What is read to know who is around. */
interface AroundPorts {
  readonly ec2: Ec2Reader;
  readonly loadBalancing: Pick<LoadBalancingReader, 'readTargetHealth'>;
  readonly balancingFleet: BalancingFleetReader;
}

/** Everybody whose flows may come to a security group. */
export interface SeatsAround {
  readonly seats: readonly Seat[];
  /** Groups they sit in, or would. */
  readonly targetGroups: readonly TargetGroup[];
  /** Health of those groups, by ARN. */
  readonly health: ReadonlyMap<string, readonly TargetHealth[]>;
  /** What people call the instances, by id. */
  readonly names: ReadonlyMap<string, string>;
  /** Instances among them that nothing may be written about (`usher:ignore`), by id. */
  readonly ignoredIds: ReadonlySet<string>;
  /** Interfaces that wear the security group. */
  readonly wearers: readonly Wearer[];
  /** Groups that any balancer of the account wears. */
  readonly balancerGroupIds: ReadonlySet<string>;
}

/** The group on the balancers' side of a rule; `undefined` for one that names addresses. */
export const balancerGroupOf = ({ direction, groupId, peer }: SecurityGroupRule): string | undefined => {
  if (direction === 'egress') return groupId;
  return peer.kind === 'security-group' ? peer.groupId : undefined;
};

const tagged = async (
  ports: Pick<AroundPorts, 'balancingFleet'>,
  groups: readonly Omit<TargetGroup, 'tags'>[],
): Promise<readonly TargetGroup[]> => {
  const tags = await ports.balancingFleet.readTags(groups.map(({ arn }) => arn));
  return groups.map((group) => ({ ...group, tags: tags.get(group.arn) ?? {} }));
};

interface Place {
  readonly targetGroup: TargetGroup;
  readonly balancers: readonly (LoadBalancer | undefined)[];
}

/** One seat for each balancer of the group; a group that no balancer uses has one all the same, which proves nothing. */
const seatsAt = (
  { targetGroup, balancers }: Place,
  target: Target,
  instance: Instance | undefined,
  networkInterface: Seat['networkInterface'],
): readonly Seat[] =>
  (balancers.length === 0 ? [undefined] : balancers).map((loadBalancer) => ({
    targetGroup,
    loadBalancer,
    target,
    instance,
    networkInterface,
  }));

const isAddress = (id: string): boolean => !id.startsWith('i-');

/** Who is registered in a group now, leaving or not. A member whose interface nobody shows has none, and proves nothing. */
const seatsOfMembers = async (
  ports: AroundPorts,
  place: Place,
  instances: Map<string, Instance>,
  members: readonly TargetHealth[],
): Promise<readonly Seat[]> => {
  const targets = members.map(({ target }) => target);
  const unread = targets.map(({ id }) => id).filter((id) => !isAddress(id) && !instances.has(id));
  for (const instance of unread.length === 0 ? [] : await ports.ec2.readInstances(unread))
    instances.set(instance.instanceId, instance);
  const addresses = targets.map(({ id }) => id).filter(isAddress);
  const holders =
    addresses.length === 0 || place.targetGroup.vpcId === undefined
      ? []
      : await ports.ec2.readInterfacesByAddress(place.targetGroup.vpcId, addresses);
  return targets.flatMap((target) => {
    if (!isAddress(target.id)) {
      const instance = instances.get(target.id);
      return seatsAt(place, target, instance, instance && primaryInterface(instance));
    }
    const holder = holders.find(({ privateIpv4Addresses, ipv6Addresses }) =>
      [...privateIpv4Addresses, ...ipv6Addresses].includes(target.id),
    );
    return seatsAt(place, target, instances.get(holder?.instanceId ?? ''), holder);
  });
};

/**
 * Who is registered by an address in a balancer's group of another VPC, and wears that address in this one: nothing can be
 * judged of it, so it proves nothing, and nothing is taken from it.
 */
const seatsFromAfar = async (
  ports: AroundPorts,
  place: Place,
  { vpcId, wearing }: { readonly vpcId: string; readonly wearing: readonly Wearer[] },
  members: readonly TargetHealth[],
): Promise<readonly Seat[]> => {
  const worn = new Set(wearing.flatMap(({ addresses = [] }) => addresses));
  const addresses = members.map(({ target }) => target.id).filter((id) => worn.has(id));
  const holders = addresses.length === 0 ? [] : await ports.ec2.readInterfacesByAddress(vpcId, addresses);
  return members.flatMap(({ target }) =>
    holders
      .filter(({ privateIpv4Addresses, ipv6Addresses }) =>
        [...privateIpv4Addresses, ...ipv6Addresses].includes(target.id),
      )
      .flatMap((holder) => seatsAt(place, target, undefined, holder)),
  );
};

/** Who belongs there by tags and wears the group, registered or not, running or about to be again. */
const seatsOfPlaced = (places: readonly Place[], instances: readonly Instance[]): readonly Seat[] => {
  const byArn = new Map(places.map((place) => [place.targetGroup.arn, place]));
  const groups = places.map(({ targetGroup: { arn, tags } }) => ({ arn, tags }));
  const { seats } = seatsFor(placementsFor(instances, groups).placements, {
    targetGroups: new Map(places.map(({ targetGroup }) => [targetGroup.arn, targetGroup])),
    loadBalancers: new Map(),
    attachedTargetGroups: new Map(),
    lifecycleStates: new Map(),
  });
  return seats.flatMap(({ seat, instance }) => {
    const place = byArn.get(seat.targetGroup.arn);
    return place === undefined ? [] : seatsAt(place, seat.target, instance, seat.networkInterface);
  });
};

const mayComeBack = ({ state }: Instance): boolean => state !== 'terminated' && state !== 'shutting-down';

const readSeats = async (
  ports: AroundPorts,
  { groupId, vpcId }: Pick<SecurityGroup, 'groupId' | 'vpcId'>,
  isNear: (balancer: LoadBalancer) => boolean,
  mostGroups?: number,
): Promise<SeatsAround | undefined> => {
  const allBalancers = await ports.balancingFleet.readEveryLoadBalancer();
  const allGroups = await ports.balancingFleet.readEveryTargetGroup();
  const near = new Set(allBalancers.filter(isNear).map(({ arn }) => arn));
  const concerned = allGroups.filter(
    ({ loadBalancerArns, targetType, vpcId: home }) =>
      hasPath({ targetType }) &&
      (loadBalancerArns.length === 0 ? home === vpcId : loadBalancerArns.some((arn) => near.has(arn))),
  );
  // Addresses may be targets across a peering connection too (facts 2.2).
  const afar = allGroups.filter(
    (group) => mostGroups !== undefined && group.targetType === 'ip' && !concerned.includes(group),
  );
  if (mostGroups !== undefined && concerned.length + afar.length > mostGroups) return undefined;
  const groups = await tagged(ports, concerned);
  const balancers = new Map(allBalancers.map((each) => [each.arn, each]));
  const placeOf = (targetGroup: TargetGroup): Place => ({
    targetGroup,
    balancers: targetGroup.loadBalancerArns.map((arn) => balancers.get(arn)),
  });
  const places = groups.map(placeOf);
  const wearing = (await ports.ec2.readWearers([groupId])).get(groupId) ?? [];
  const ids = [...new Set(wearing.flatMap(({ instanceId }) => instanceId ?? []))];
  const read = ids.length === 0 ? [] : await ports.ec2.readInstances(ids);
  // Somebody wears the group whom EC2 doesn't show: who that is can't be told.
  if (read.length < ids.length) return undefined;
  const instances = new Map(read.map((instance) => [instance.instanceId, instance]));
  const seats = [...seatsOfPlaced(places, read.filter(mayComeBack))];
  const health = new Map<string, readonly TargetHealth[]>();
  for (const place of places) {
    const members = (await ports.loadBalancing.readTargetHealth(place.targetGroup.arn)) ?? [];
    health.set(place.targetGroup.arn, members);
    seats.push(...(await seatsOfMembers(ports, place, instances, members)));
  }
  const there: TargetGroup[] = [];
  for (const targetGroup of await tagged(ports, afar)) {
    const members = (await ports.loadBalancing.readTargetHealth(targetGroup.arn)) ?? [];
    const own = await seatsFromAfar(ports, placeOf(targetGroup), { vpcId, wearing }, members);
    if (own.length === 0) continue;
    health.set(targetGroup.arn, members);
    seats.push(...own);
    there.push(targetGroup);
  }
  return {
    seats,
    targetGroups: [...groups, ...there],
    health,
    wearers: wearing,
    ignoredIds: new Set([...instances].flatMap(([id, { tags }]) => (isTagTrue(tags, USHER_TAG.ignore) ? [id] : []))),
    names: new Map([...instances].map(([id, instance]) => [id, instanceName(instance)])),
    balancerGroupIds: new Set(allBalancers.flatMap(({ securityGroupIds }) => securityGroupIds)),
  };
};

/**
 * Reads afresh everybody whose flows some rules of one security group may carry: the targets of every balancer that wears
 * the group on the balancers' side, tagged or not, the targets of groups that no balancer uses at the moment, and who wears
 * the security group and belongs into one of those groups.
 * @returns `undefined` when that can't be told for sure
 * @throws {AwsCallError}
 */
export const readSeatsAround = async (
  ports: AroundPorts,
  group: Pick<SecurityGroup, 'groupId' | 'vpcId'>,
  rules: readonly SecurityGroupRule[],
): Promise<SeatsAround | undefined> => {
  const balancerGroups = rules.map(balancerGroupOf);
  if (balancerGroups.includes(undefined)) return undefined;
  return readSeats(ports, group, ({ securityGroupIds }) => securityGroupIds.some((id) => balancerGroups.includes(id)));
};

/** Target groups of one VPC, and those of addresses in any other: each is a read under the lease, four a second. */
const MOST_GROUPS = 120;

/**
 * The same of every balancer there is: a rule that names addresses may be anybody's.
 * @returns `undefined` also when there are more groups than can be asked under one lease
 */
export const readSeatsInVpc = (
  ports: AroundPorts,
  group: Pick<SecurityGroup, 'groupId' | 'vpcId'>,
): Promise<SeatsAround | undefined> => readSeats(ports, group, ({ vpcId }) => vpcId === group.vpcId, MOST_GROUPS);
