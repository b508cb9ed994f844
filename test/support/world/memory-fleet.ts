import type { FleetReader } from '../../../aws/ec2/fleet-port.ts';
import type { BalancingFleetReader } from '../../../aws/elastic-load-balancing/fleet-port.ts';
import type { MemoryBalancing } from './memory-balancing.ts';
import type { MemoryNetwork } from './memory-network.ts';

/** Reads by name, by tag and by id, of the network in memory. */
export const memoryFleetReader = (
  network: MemoryNetwork,
): Pick<FleetReader, 'readInstancesNamed' | 'readRule' | 'readRulesTagged'> => {
  const rules = () => [...network.rules.values()].flat();
  return {
    readInstancesNamed: async (name) =>
      [...network.instances.values()].filter(
        ({ tags, state }) => tags['Name'] === name && state !== 'terminated' && state !== 'shutting-down',
      ),
    readRule: async (id) => rules().find(({ ruleId }) => ruleId === id),
    readRulesTagged: async (key, value) => rules().filter(({ tags }) => tags[key] === value),
  };
};

/** Reads of every group and balancer there is in memory. */
export const memoryBalancingFleet = (balancing: MemoryBalancing): BalancingFleetReader => ({
  readEveryTargetGroup: async () => [...balancing.targetGroups.values()].map(({ tags, ...group }) => group),
  readTags: async (arns) =>
    new Map(
      arns.flatMap((arn) => {
        const tags = balancing.targetGroups.get(arn)?.tags ?? balancing.balancerTags.get(arn);
        return tags === undefined ? [] : [[arn, tags] as const];
      }),
    ),
  readEveryLoadBalancer: async () => [...balancing.loadBalancers.values()],
});
