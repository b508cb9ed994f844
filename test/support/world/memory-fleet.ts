import type { FleetReader } from '../../../aws/ec2/fleet-port.ts';
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
