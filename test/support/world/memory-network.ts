import type { Ec2Reader, Ec2Writer, RuleOutcome, RuleToAdd } from '../../../aws/ec2/port.ts';
import { peerText } from '../../../domain/change.ts';
import type { Instance, NetworkInterface } from '../../../domain/instance.ts';
import type {
  NetworkAcl,
  PrefixList,
  RouteTable,
  RuleDirection,
  RulePeer,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
  Vpc,
  Wearer,
} from '../../../domain/network/model.ts';
import type { Clock } from './clock.ts';

/** What EC2 holds; tests put into these maps what they need. */
export interface MemoryNetwork {
  readonly instances: Map<string, Instance>;
  /** Moment from which reads see an instance: EC2 reads lag a launch (facts 1.2). */
  readonly visibleFrom: Map<string, Date>;
  /** Running instances whose status checks don't pass. */
  readonly failingChecks: Set<string>;
  readonly securityGroups: Map<string, SecurityGroup>;
  /** Rules by group id. */
  readonly rules: Map<string, readonly SecurityGroupRule[]>;
  /** ACL by subnet id. */
  readonly acls: Map<string, NetworkAcl>;
  readonly subnets: Map<string, Subnet>;
  readonly prefixLists: Map<string, PrefixList>;
  /** Route table by subnet id. */
  readonly routes: Map<string, RouteTable>;
  readonly vpcs: Map<string, Vpc>;
  /** ARNs of balancers to which an endpoint service leads. */
  readonly endpointServiceBalancers: Set<string>;
  /** Interfaces of no instance, such as a balancer's. */
  readonly otherInterfaces: Map<string, NetworkInterface & { readonly description: string }>;
  readonly quotas: { rulesPerSecurityGroup: number };
}

export const aMemoryNetwork = (): MemoryNetwork => ({
  instances: new Map(),
  visibleFrom: new Map(),
  failingChecks: new Set(),
  securityGroups: new Map(),
  rules: new Map(),
  acls: new Map(),
  subnets: new Map(),
  prefixLists: new Map(),
  routes: new Map(),
  vpcs: new Map(),
  endpointServiceBalancers: new Set(),
  otherInterfaces: new Map(),
  // facts 3.1
  quotas: { rulesPerSecurityGroup: 60 },
});

const picked = <T>(from: ReadonlyMap<string, T>, keys: readonly string[]): ReadonlyMap<string, T> =>
  new Map(
    keys.flatMap((key) => {
      const value = from.get(key);
      return value === undefined ? [] : [[key, value] as const];
    }),
  );

const worn = (network: MemoryNetwork): readonly (Wearer & { readonly at: NetworkInterface })[] => [
  ...[...network.instances.values()].flatMap(({ instanceId, networkInterfaces }) =>
    networkInterfaces.map((at) => ({
      at,
      networkInterfaceId: at.networkInterfaceId,
      instanceId,
      description: undefined,
      securityGroupIds: at.securityGroupIds,
    })),
  ),
  ...[...network.otherInterfaces.values()].map((at) => ({
    at,
    networkInterfaceId: at.networkInterfaceId,
    instanceId: undefined,
    description: at.description,
    securityGroupIds: at.securityGroupIds,
  })),
];

/** What a balancer's interfaces say of themselves: `ELB app/NAME/ID`, of a Classic one `ELB NAME` (facts 2.5). */
export const interfaceDescription = (loadBalancerArn: string): string =>
  `ELB ${loadBalancerArn.replace(/^.*:loadbalancer\//, '')}`;

export const memoryEc2Reader = (network: MemoryNetwork, clock: Clock): Ec2Reader => ({
  readInstances: async (ids) =>
    [...new Set(ids)].flatMap((id) => {
      const instance = network.instances.get(id);
      const visibleFrom = network.visibleFrom.get(id);
      return instance === undefined || (visibleFrom !== undefined && visibleFrom > clock.now()) ? [] : [instance];
    }),
  readPassingChecks: async (ids) =>
    new Set(ids.filter((id) => network.instances.get(id)?.state === 'running' && !network.failingChecks.has(id))),
  readSecurityGroupRules: async (ids) => new Map(ids.map((id) => [id, network.rules.get(id) ?? []])),
  readSecurityGroups: async (ids) => picked(network.securityGroups, ids),
  readNetworkAcls: async (ids) => picked(network.acls, ids),
  readSubnets: async (ids) => picked(network.subnets, ids),
  readWearers: async (ids) =>
    new Map(
      ids.map((id) => [
        id,
        worn(network)
          .filter(({ securityGroupIds }) => securityGroupIds.includes(id))
          .map(({ at, ...wearer }) => ({ ...wearer, addresses: [...at.privateIpv4Addresses, ...at.ipv6Addresses] })),
      ]),
    ),
  readBalancerInterfaces: async (loadBalancers) =>
    new Map(
      loadBalancers.map(({ arn }) => [
        arn,
        [...network.otherInterfaces.values()]
          .filter(({ description }) => description === interfaceDescription(arn))
          .map(({ networkInterfaceId, subnetId, privateIpv4Addresses, ipv6Addresses }) => ({
            networkInterfaceId,
            subnetId,
            privateIpv4Addresses,
            ipv6Addresses,
          })),
      ]),
    ),
  readRouteTables: async (subnets) =>
    picked(
      network.routes,
      subnets.map(({ subnetId }) => subnetId),
    ),
  readEndpointServiceBalancers: async () => new Set(network.endpointServiceBalancers),
  readVpcs: async (ids) => picked(network.vpcs, ids),
  readPrefixLists: async (ids) => picked(network.prefixLists, ids),
  readInterfacesByAddress: async (vpcId, addresses) =>
    worn(network).flatMap(({ at, instanceId }) =>
      at.vpcId === vpcId &&
      [...at.privateIpv4Addresses, ...at.ipv6Addresses].some((address) => addresses.includes(address))
        ? [{ ...at, instanceId }]
        : [],
    ),
});

interface WantedRule extends RuleToAdd {
  readonly direction: RuleDirection;
}

/** IPv4 and IPv6 are counted apart; a reference counts in both, a prefix list by its weight (facts 3.1). */
const weightOf = (peer: RulePeer, family: 'ipv4' | 'ipv6', network: MemoryNetwork): number => {
  switch (peer.kind) {
    case 'cidr-ipv4':
      return family === 'ipv4' ? 1 : 0;
    case 'cidr-ipv6':
      return family === 'ipv6' ? 1 : 0;
    case 'prefix-list':
      return network.prefixLists.get(peer.prefixListId)?.weight ?? 1;
    case 'security-group':
      return 1;
  }
};

const isFull = (network: MemoryNetwork, rules: readonly SecurityGroupRule[], wanted: WantedRule): boolean =>
  (['ipv4', 'ipv6'] as const).some((family) => {
    const added = weightOf(wanted.peer, family, network);
    const held = rules
      .filter(({ direction }) => direction === wanted.direction)
      .reduce((sum, { peer }) => sum + weightOf(peer, family, network), 0);
    return added > 0 && held + added > network.quotas.rulesPerSecurityGroup;
  });

const isSame = (rule: SecurityGroupRule, wanted: WantedRule): boolean =>
  rule.direction === wanted.direction &&
  rule.protocol === wanted.protocol &&
  rule.fromPort === wanted.port &&
  rule.toPort === wanted.port &&
  peerText(rule.peer) === peerText(wanted.peer);

/** facts 3.3 */
const DESCRIPTION = /^[a-zA-Z0-9 ._\-:/()#,@[\]+=;{}!$*]{0,255}$/;

/** Why EC2 would not have the rule, or `undefined`. */
const objection = (network: MemoryNetwork, groupId: string, wanted: WantedRule): RuleOutcome | undefined => {
  const no = (code: string, message: string): RuleOutcome => ({ kind: 'refused', code, message });
  const group = network.securityGroups.get(groupId);
  if (group === undefined) return no('InvalidGroup.NotFound', `The security group '${groupId}' does not exist`);
  if (!DESCRIPTION.test(wanted.description))
    return no('InvalidParameterValue', `Invalid rule description '${wanted.description}'`);
  if (wanted.peer.kind === 'security-group' && network.securityGroups.get(wanted.peer.groupId)?.vpcId !== group.vpcId)
    return no('InvalidGroup.NotFound', 'You have specified two resources that belong to different networks.');
  const rules = network.rules.get(groupId) ?? [];
  if (rules.some((held) => isSame(held, wanted))) return { kind: 'already-there' };
  return isFull(network, rules, wanted)
    ? no('RulesPerSecurityGroupLimitExceeded', 'The maximum number of rules per security group has been reached.')
    : undefined;
};

/** Adds and removes rules as EC2 does: duplicates, quotas, groups that are gone, references outside the VPC. */
export const memoryEc2Writer = (network: MemoryNetwork): Ec2Writer => {
  let made = 0;
  return {
    authorizeRules: async (groupId, direction, rules, tags) =>
      rules.map(({ protocol, port, peer, description }): RuleOutcome => {
        const because = objection(network, groupId, { direction, protocol, port, peer, description });
        if (because !== undefined) return because;
        made += 1;
        const ruleId = `sgr-made${made}`;
        const rule = { ruleId, groupId, direction, protocol, fromPort: port, toPort: port, peer, description, tags };
        network.rules.set(groupId, [...(network.rules.get(groupId) ?? []), rule]);
        return { kind: 'applied', ruleId };
      }),
    restoreRule: async (rule) => {
      const { groupId, protocol, fromPort = 0, peer, direction, description = '' } = rule;
      const because = objection(network, groupId, {
        direction,
        protocol: protocol === 'udp' ? 'udp' : 'tcp',
        port: fromPort,
        peer,
        description,
      });
      if (because !== undefined) return because;
      made += 1;
      const ruleId = `sgr-made${made}`;
      network.rules.set(groupId, [...(network.rules.get(groupId) ?? []), { ...rule, ruleId }]);
      return { kind: 'applied', ruleId };
    },
    keepRule: async (ruleId) => {
      const found = [...network.rules.values()].flat().find((rule) => rule.ruleId === ruleId);
      if (found === undefined) return false;
      const kept = { ...found, tags: { ...found.tags, 'usher:keep': 'true' } };
      network.rules.set(
        found.groupId,
        (network.rules.get(found.groupId) ?? []).map((rule) => (rule === found ? kept : rule)),
      );
      return true;
    },
    revokeRule: async (groupId, direction, ruleId) => {
      const rules = network.rules.get(groupId) ?? [];
      const left = rules.filter((rule) => rule.ruleId !== ruleId || rule.direction !== direction);
      network.rules.set(groupId, left);
      return left.length < rules.length;
    },
  };
};
