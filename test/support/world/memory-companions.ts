import { AwsCallError } from '../../../aws/aws-call-error.ts';
import type { CompanionGroups } from '../../../aws/ec2/companion-port.ts';
import type { BalancerSecurityGroups } from '../../../aws/elastic-load-balancing/security-groups-port.ts';
import { GROUPS_PER_INTERFACE } from '../../../domain/companion/companion.ts';
import type { MemoryBalancing } from './memory-balancing.ts';
import type { MemoryNetwork } from './memory-network.ts';
import { interfaceDescription } from './memory-network.ts';

const refuse = (service: string, action: string, code: string, meaning: AwsCallError['meaning']): never => {
  throw new AwsCallError({ service, action, code, meaning, awsMessage: code });
};

/** Whether an interface wears the group, or a rule of another group names it. */
const isInUse = (network: MemoryNetwork, groupId: string): boolean =>
  [...network.instances.values()].some(({ networkInterfaces }) =>
    networkInterfaces.some(({ securityGroupIds }) => securityGroupIds.includes(groupId)),
  ) ||
  [...network.otherInterfaces.values()].some(({ securityGroupIds }) => securityGroupIds.includes(groupId)) ||
  [...network.rules].some(
    ([id, rules]) =>
      id !== groupId && rules.some(({ peer }) => peer.kind === 'security-group' && peer.groupId === groupId),
  );

const checkGroups = (network: MemoryNetwork, action: string, groupIds: readonly string[]): void => {
  if (groupIds.length === 0) refuse('EC2', action, 'InvalidParameterValue', 'invalid');
  if (groupIds.some((id) => !network.securityGroups.has(id)))
    refuse('EC2', action, 'InvalidGroup.NotFound', 'not-found');
  if (groupIds.length > GROUPS_PER_INTERFACE) refuse('EC2', action, 'SecurityGroupsPerInterfaceLimitExceeded', 'full');
};

/** Groups made, found and deleted as EC2 does: names once a VPC, none deleted that is in use, five on an interface. */
export const memoryCompanions = (network: MemoryNetwork): CompanionGroups => {
  let made = 0;
  return {
    readNamed: async (vpcId, name) =>
      [...network.securityGroups.values()].find((group) => group.vpcId === vpcId && group.name === name),
    readTagged: async (key, value) => [...network.securityGroups.values()].filter(({ tags }) => tags[key] === value),
    readNaming: async (groupId) =>
      [...network.rules].flatMap(([id, rules]) => {
        const names = rules.some(({ peer }) => peer.kind === 'security-group' && peer.groupId === groupId);
        const group = network.securityGroups.get(id);
        return names && group !== undefined ? [group] : [];
      }),
    createGroup: async ({ name, vpcId, tags }) => {
      const isTaken = [...network.securityGroups.values()].some(
        (group) => group.vpcId === vpcId && group.name === name,
      );
      if (isTaken) return { kind: 'taken' };
      made += 1;
      const groupId = `sg-made${made}`;
      network.securityGroups.set(groupId, { groupId, name, vpcId, tags });
      network.rules.set(groupId, []);
      return { kind: 'created', groupId };
    },
    deleteGroup: async (groupId) => {
      if (!network.securityGroups.has(groupId)) return 'gone';
      if (isInUse(network, groupId)) return 'in-use';
      network.securityGroups.delete(groupId);
      network.rules.delete(groupId);
      return 'deleted';
    },
    setInterfaceGroups: async (networkInterfaceId, groupIds) => {
      checkGroups(network, 'ModifyNetworkInterfaceAttribute', groupIds);
      for (const [id, instance] of network.instances) {
        const networkInterfaces = instance.networkInterfaces.map((each) =>
          each.networkInterfaceId === networkInterfaceId ? { ...each, securityGroupIds: groupIds } : each,
        );
        network.instances.set(id, { ...instance, networkInterfaces });
      }
    },
  };
};

/** What balancers wear, on their interfaces too. */
export const memoryBalancerGroups = (balancing: MemoryBalancing, network: MemoryNetwork): BalancerSecurityGroups => ({
  setSecurityGroups: async (arn, groupIds) => {
    const balancer = balancing.loadBalancers.get(arn);
    if (balancer === undefined) return refuse('ELBv2', 'SetSecurityGroups', 'LoadBalancerNotFound', 'not-found');
    if (balancer.securityGroupIds.length === 0)
      refuse('ELBv2', 'SetSecurityGroups', 'InvalidConfigurationRequest', 'other');
    checkGroups(network, 'SetSecurityGroups', groupIds);
    balancing.loadBalancers.set(arn, { ...balancer, securityGroupIds: groupIds });
    for (const [id, each] of network.otherInterfaces)
      if (each.description === interfaceDescription(arn))
        network.otherInterfaces.set(id, { ...each, securityGroupIds: groupIds });
  },
});
