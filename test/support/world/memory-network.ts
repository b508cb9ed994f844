import { AwsCallError } from '../../../aws/aws-call-error.ts';
import type { Ec2Reader, Ec2Writer } from '../../../aws/ec2/port.ts';
import type { AuthorizeRule } from '../../../domain/change.ts';
import { peerText } from '../../../domain/change.ts';
import type { Instance, NetworkInterface } from '../../../domain/instance.ts';
import type {
  NetworkAcl,
  PrefixList,
  RulePeer,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
  Wearer,
} from '../../../domain/network/model.ts';
import type { Clock } from './clock.ts';

/** What EC2 holds; tests put into these maps what they need. */
export interface MemoryNetwork {
  readonly instances: Map<string, Instance>;
  /** Moment from which reads see an instance: EC2 reads lag a launch (facts 1.2). */
  readonly visibleFrom: Map<string, Date>;
  readonly securityGroups: Map<string, SecurityGroup>;
  /** Rules by group id. */
  readonly rules: Map<string, readonly SecurityGroupRule[]>;
  /** ACL by subnet id. */
  readonly acls: Map<string, NetworkAcl>;
  readonly subnets: Map<string, Subnet>;
  readonly prefixLists: Map<string, PrefixList>;
  /** Interfaces of no instance, such as a balancer's. */
  readonly otherInterfaces: Map<string, NetworkInterface & { readonly description: string }>;
  readonly quotas: { rulesPerSecurityGroup: number };
}

export const aMemoryNetwork = (): MemoryNetwork => ({
  instances: new Map(),
  visibleFrom: new Map(),
  securityGroups: new Map(),
  rules: new Map(),
  acls: new Map(),
  subnets: new Map(),
  prefixLists: new Map(),
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

export const memoryEc2Reader = (network: MemoryNetwork, clock: Clock): Ec2Reader => ({
  readInstances: async (ids) =>
    [...new Set(ids)].flatMap((id) => {
      const instance = network.instances.get(id);
      const visibleFrom = network.visibleFrom.get(id);
      return instance === undefined || (visibleFrom !== undefined && visibleFrom > clock.now()) ? [] : [instance];
    }),
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
          .map(({ at, ...wearer }) => wearer),
      ]),
    ),
  readPrefixLists: async (ids) => picked(network.prefixLists, ids),
  readInterfacesByAddress: async (vpcId, addresses) =>
    worn(network).flatMap(({ at, instanceId }) =>
      at.vpcId === vpcId &&
      [...at.privateIpv4Addresses, ...at.ipv6Addresses].some((address) => addresses.includes(address))
        ? [{ ...at, instanceId }]
        : [],
    ),
});

const refused = (action: string, code: string, meaning: AwsCallError['meaning'], awsMessage: string): AwsCallError =>
  new AwsCallError({ service: 'EC2', action, code, meaning, awsMessage });

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

const isFull = (network: MemoryNetwork, rules: readonly SecurityGroupRule[], wanted: AuthorizeRule): boolean =>
  (['ipv4', 'ipv6'] as const).some((family) => {
    const added = weightOf(wanted.peer, family, network);
    const held = rules
      .filter(({ direction }) => direction === wanted.direction)
      .reduce((sum, { peer }) => sum + weightOf(peer, family, network), 0);
    return added > 0 && held + added > network.quotas.rulesPerSecurityGroup;
  });

const isSame = (rule: SecurityGroupRule, wanted: AuthorizeRule): boolean =>
  rule.direction === wanted.direction &&
  rule.protocol === wanted.protocol &&
  rule.fromPort === wanted.port &&
  rule.toPort === wanted.port &&
  peerText(rule.peer) === peerText(wanted.peer);

/** facts 3.3 */
const DESCRIPTION = /^[a-zA-Z0-9 ._\-:/()#,@[\]+=;{}!$*]{0,255}$/;

/** Adds and removes rules as EC2 does: duplicates, quotas, groups that are gone, references outside the VPC. */
export const memoryEc2Writer = (network: MemoryNetwork): Ec2Writer => {
  let made = 0;
  return {
    authorizeRule: async (rule, { description, tags }) => {
      const action = rule.direction === 'ingress' ? 'AuthorizeSecurityGroupIngress' : 'AuthorizeSecurityGroupEgress';
      const group = network.securityGroups.get(rule.groupId);
      if (group === undefined)
        throw refused(
          action,
          'InvalidGroup.NotFound',
          'not-found',
          `The security group '${rule.groupId}' does not exist`,
        );
      if (!DESCRIPTION.test(description))
        throw refused(action, 'InvalidParameterValue', 'invalid', `Invalid rule description '${description}'`);
      if (rule.peer.kind === 'security-group') {
        const peer = network.securityGroups.get(rule.peer.groupId);
        if (peer === undefined || peer.vpcId !== group.vpcId)
          throw refused(
            action,
            'InvalidGroup.NotFound',
            'not-found',
            `You have specified two resources that belong to different networks.`,
          );
      }
      const rules = network.rules.get(rule.groupId) ?? [];
      if (rules.some((held) => isSame(held, rule))) return { kind: 'already-there' };
      if (isFull(network, rules, rule))
        throw refused(
          action,
          'RulesPerSecurityGroupLimitExceeded',
          'full',
          'The maximum number of rules per security group has been reached.',
        );
      made += 1;
      const ruleId = `sgr-made${made}`;
      network.rules.set(rule.groupId, [
        ...rules,
        {
          ruleId,
          groupId: rule.groupId,
          direction: rule.direction,
          protocol: rule.protocol,
          fromPort: rule.port,
          toPort: rule.port,
          peer: rule.peer,
          description,
          tags,
        },
      ]);
      return { kind: 'applied', ruleId };
    },
    revokeRule: async (groupId, direction, ruleId) => {
      const rules = network.rules.get(groupId) ?? [];
      const left = rules.filter((rule) => rule.ruleId !== ruleId || rule.direction !== direction);
      network.rules.set(groupId, left);
      return left.length < rules.length;
    },
  };
};
