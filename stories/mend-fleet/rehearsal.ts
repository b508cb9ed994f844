import type { Ec2Reader, Ec2Writer } from '../../aws/ec2/port.ts';
import type { LoadBalancingReader, LoadBalancingWriter } from '../../aws/elastic-load-balancing/port.ts';
import type { ReportPublisher } from '../../aws/queues/port.ts';
import type { SecurityGroupRule } from '../../domain/network/model.ts';
import type { Target, TargetHealth } from '../../domain/target.ts';
import { targetKey } from '../../domain/target.ts';
import type { FleetPorts } from './ports.ts';

/** What a rehearsal may touch of AWS: reads, and a state whose writes go nowhere (`rehearsedTable`). */
export interface RehearsalPorts
  extends Omit<FleetPorts, 'ec2' | 'loadBalancing' | 'reports' | 'said' | 'launchQueue' | 'watchQueue' | 'sweepQueue'> {
  readonly ec2: Ec2Reader;
  readonly loadBalancing: LoadBalancingReader;
}

/** Who has just been registered, as ELB shows them before their first check. */
const justRegistered = (target: Target): TargetHealth => ({
  target,
  state: 'initial',
  reason: 'Elb.RegistrationInProgress',
  description: undefined,
});

const leaving = (member: TargetHealth): TargetHealth => ({
  ...member,
  state: 'draining',
  reason: 'Target.DeregistrationInProgress',
});

const rehearsedBalancing = (reader: LoadBalancingReader): LoadBalancingReader & LoadBalancingWriter => {
  const registered = new Map<string, Map<string, Target>>();
  const takenOut = new Map<string, Set<string>>();
  return {
    readTargetGroups: (groups) => reader.readTargetGroups(groups),
    readLoadBalancers: (arns) => reader.readLoadBalancers(arns),
    readPreservation: (arn) => reader.readPreservation(arn),
    async readTargetHealth(arn) {
      const members = await reader.readTargetHealth(arn);
      if (members === undefined) return undefined;
      const fresh = new Map(registered.get(arn));
      const gone = takenOut.get(arn) ?? new Set();
      for (const { target } of members) fresh.delete(targetKey(target));
      return [
        ...members.map((member) => (gone.has(targetKey(member.target)) ? leaving(member) : member)),
        ...[...fresh.values()].map(justRegistered),
      ];
    },
    async registerTargets(arn, targets) {
      const own = registered.get(arn) ?? new Map<string, Target>();
      for (const target of targets) own.set(targetKey(target), target);
      registered.set(arn, own);
      return { registered: targets, refused: [] };
    },
    async deregisterTargets(arn, targets) {
      takenOut.set(arn, new Set([...(takenOut.get(arn) ?? []), ...targets.map(targetKey)]));
    },
  };
};

/** EC2 as it would be after rules were added and taken away. */
const rehearsedEc2 = (reader: Ec2Reader): Ec2Reader & Ec2Writer => {
  const added: SecurityGroupRule[] = [];
  const revoked = new Set<string>();
  return {
    readInstances: (ids) => reader.readInstances(ids),
    readPassingChecks: (ids) => reader.readPassingChecks(ids),
    readSecurityGroups: (ids) => reader.readSecurityGroups(ids),
    readNetworkAcls: (ids) => reader.readNetworkAcls(ids),
    readSubnets: (ids) => reader.readSubnets(ids),
    readWearers: (ids) => reader.readWearers(ids),
    readBalancerInterfaces: (loadBalancers) => reader.readBalancerInterfaces(loadBalancers),
    readRouteTables: (subnets) => reader.readRouteTables(subnets),
    readEndpointServiceBalancers: () => reader.readEndpointServiceBalancers(),
    readVpcs: (ids) => reader.readVpcs(ids),
    readPrefixLists: (ids) => reader.readPrefixLists(ids),
    readInterfacesByAddress: (vpcId, addresses) => reader.readInterfacesByAddress(vpcId, addresses),
    async readSecurityGroupRules(groupIds) {
      const rules = await reader.readSecurityGroupRules(groupIds);
      return new Map(
        [...rules].map(([groupId, own]) => [
          groupId,
          [...own, ...added.filter((rule) => rule.groupId === groupId)].filter(({ ruleId }) => !revoked.has(ruleId)),
        ]),
      );
    },
    async authorizeRules(groupId, direction, rules, tags) {
      return rules.map(({ protocol, port, peer, description }) => {
        const ruleId = `rehearsed-${added.length + 1}`;
        added.push({ ruleId, groupId, direction, protocol, fromPort: port, toPort: port, peer, description, tags });
        return { kind: 'applied', ruleId };
      });
    },
    restoreRule: async (rule) => {
      const ruleId = `${rule.ruleId} again`;
      added.push({ ...rule, ruleId });
      return { kind: 'applied', ruleId };
    },
    async revokeRule(_groupId, _direction, ruleId) {
      revoked.add(ruleId);
      return true;
    },
    // No story of the fleet marks rules; a rehearsal that came here would tell of something it doesn't do.
    async keepRule(ruleId) {
      throw new Error(`a rehearsal keeps no rule, and was asked to keep ${ruleId}`);
    },
  };
};

const SILENCE = { sendLater: async (): Promise<void> => {} };

/**
 * The ports of a rehearsal: what is read is the world as it is, changed by what the rehearsal itself would have done. No
 * writer is among what it is made from, and nothing is sent to anybody.
 * @param hear what would be said
 */
export const rehearsing = (ports: RehearsalPorts, hear: ReportPublisher['publish']): FleetPorts => ({
  ...ports,
  ec2: rehearsedEc2(ports.ec2),
  loadBalancing: rehearsedBalancing(ports.loadBalancing),
  reports: { publish: hear },
  said: { has: async () => false, add: async () => {} },
  launchQueue: SILENCE,
  watchQueue: SILENCE,
  sweepQueue: SILENCE,
});
