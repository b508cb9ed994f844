import type { ScalingGroup } from '../../aws/auto-scaling/port.ts';
import { autoScalingGroupOf } from '../../domain/seating/membership.ts';
import type { DesiredSeat, GroupFacts } from '../../domain/seating/seats.ts';
import type { Tags } from '../../domain/tags.ts';
import type { TargetHealth } from '../../domain/target.ts';
import type { Located } from './locate.ts';
import type { SeatingPorts } from './ports.ts';

/** Reads the groups that placements name, their balancers, and who else registers instances in them. */
export const readGroupFacts = async (ports: SeatingPorts, located: Located): Promise<GroupFacts> => {
  const tags = new Map<string, Tags>(located.groups.map((group) => [group.arn, group.tags]));
  const wanted = new Map(
    located.placements.map(({ targetGroupArn }) => [targetGroupArn, tags.get(targetGroupArn) ?? {}]),
  );
  const autoScalingGroups = [
    ...new Set(located.placements.flatMap(({ instance }) => autoScalingGroupOf(instance.tags) ?? [])),
  ].sort();
  const [groups, scaling] = await Promise.all([
    ports.loadBalancing.readTargetGroups(wanted),
    autoScalingGroups.length === 0 ? new Map<string, ScalingGroup>() : ports.autoScaling.readGroups(autoScalingGroups),
  ]);
  const balancerArns = [...new Set(groups.flatMap(({ loadBalancerArns }) => loadBalancerArns))].sort();
  const balancers = balancerArns.length === 0 ? [] : await ports.loadBalancing.readLoadBalancers(balancerArns);
  return {
    targetGroups: new Map(groups.map((group) => [group.arn, group])),
    loadBalancers: new Map(balancers.map((balancer) => [balancer.arn, balancer])),
    attachedTargetGroups: new Map([...scaling].map(([name, { attachedTo }]) => [name, attachedTo])),
    lifecycleStates: new Map([...scaling.values()].flatMap(({ lifecycleStates }) => [...lifecycleStates])),
  };
};

/** Members of each group with their health; a group that is gone since is absent, and so are its seats from the result. */
export const readMembers = async (
  ports: SeatingPorts,
  seats: readonly DesiredSeat[],
): Promise<{
  readonly seats: readonly DesiredSeat[];
  readonly members: ReadonlyMap<string, readonly TargetHealth[]>;
}> => {
  const arns = [...new Set(seats.map(({ seat }) => seat.targetGroup.arn))];
  const members = new Map<string, readonly TargetHealth[]>();
  for (const arn of arns) {
    const health = await ports.loadBalancing.readTargetHealth(arn);
    if (health !== undefined) members.set(arn, health);
  }
  return { seats: seats.filter(({ seat }) => members.has(seat.targetGroup.arn)), members };
};
