import { isWorld, ruleShape } from '../../domain/closing/classify.ts';
import type { ClosingGrounds } from '../../domain/closing/plan.ts';
import { seatsAt } from '../../domain/closing/plan.ts';
import type { SecurityGroup, SecurityGroupRule } from '../../domain/network/model.ts';
import type { TargetHealth } from '../../domain/target.ts';
import { observeNetwork } from '../observe-network.ts';
import { readStops } from '../stops.ts';
import { readSeatsInVpc } from '../sweep/seats-around.ts';
import type { RemovingPorts } from './ports.ts';

/** What was read of one security group. */
export interface Observed {
  readonly grounds: ClosingGrounds;
  /** Health of the groups whose targets use it, by ARN. */
  readonly health: ReadonlyMap<string, readonly TargetHealth[]>;
  /** What people call the instances, by id. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * The same reads, of a security group that does not let the world in by some rules: what is judged without them may ask for
 * more, such as the subnets that a narrower rule names.
 */
const blindTo = (ec2: RemovingPorts['ec2'], ruleIds: ReadonlySet<string>): RemovingPorts['ec2'] => ({
  ...ec2,
  readSecurityGroupRules: async (groupIds) =>
    new Map(
      [...(await ec2.readSecurityGroupRules(groupIds))].map(
        ([groupId, rules]) =>
          [groupId, rules.filter(({ ruleId, peer }) => !ruleIds.has(ruleId) || !isWorld(peer))] as const,
      ),
    ),
});

/** Ids of the interfaces by which targets are reached. */
const interfacesOf = ({ seats }: Pick<ClosingGrounds, 'seats'>): ReadonlySet<string> =>
  new Set(seats.flatMap(({ networkInterface }) => networkInterface?.networkInterfaceId ?? []));

/**
 * Reads afresh, under the group's lease, everything that decides on its broader rules: everybody around, of every balancer
 * of the account, tagged or not.
 * @param suspects rules without which the paths are to be judged, by id
 * @param besides rules of other security groups that the same run removes or proposes to remove, by id
 * @returns `undefined` when it can't be told for sure who relies on the group
 */
export const observe = async (
  ports: RemovingPorts,
  groupId: string,
  suspects: ReadonlySet<string>,
  besides: ReadonlySet<string> = new Set(),
): Promise<Observed | undefined> => {
  const group: SecurityGroup | undefined = (await ports.ec2.readSecurityGroups([groupId])).get(groupId);
  if (group === undefined) return undefined;
  const around = await readSeatsInVpc(ports, group);
  if (around === undefined) return undefined;
  const rules: readonly SecurityGroupRule[] = (await ports.ec2.readSecurityGroupRules([groupId])).get(groupId) ?? [];
  const there = seatsAt(groupId, around.seats);
  const underWay = (await ports.closings.list()).map(({ rule }) => rule.ruleId);
  const gone = new Set([...besides, ...underWay]);
  const network = await observeNetwork({ ...ports, ec2: blindTo(ports.ec2, new Set([...suspects, ...gone])) }, there);
  const targets = interfacesOf({ seats: there });
  const putBack = await ports.closings.wasPutBack(rules.map(ruleShape));
  const cameBack = await ports.closings.cameBack(rules);
  return {
    health: around.health,
    names: around.names,
    grounds: {
      stage: ports.stage,
      ...(await readStops(ports)),
      group,
      rules,
      seats: there,
      targetGroups: around.targetGroups,
      network,
      balancerGroupIds: around.balancerGroupIds,
      otherWearers: around.wearers.filter(({ networkInterfaceId }) => !targets.has(networkInterfaceId)).length,
      isIgnored: there.some(({ instance }) => around.ignoredIds.has(instance?.instanceId ?? '')),
      putBack,
      cameBack,
      gone,
    },
  };
};
