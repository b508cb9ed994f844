import type { AuthorizeRule } from '../../domain/change.ts';
import type { Instance, NetworkInterface } from '../../domain/instance.ts';
import type {
  NetworkAcl,
  PrefixList,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
  Wearer,
} from '../../domain/network/model.ts';
import type { Tags } from '../../domain/tags.ts';

/** Reads of instances and the network around them. Every method throws `AwsCallError`; none answers a failed read with a shorter list. */
export interface Ec2Reader {
  /** Instances by the filter `instance-id`, 200 a call: an unknown id is merely absent. */
  readInstances(instanceIds: readonly string[]): Promise<readonly Instance[]>;
  /** Rules of each group asked for; a group without rules, or that does not exist, has an empty list. */
  readSecurityGroupRules(groupIds: readonly string[]): Promise<ReadonlyMap<string, readonly SecurityGroupRule[]>>;
  readSecurityGroups(groupIds: readonly string[]): Promise<ReadonlyMap<string, SecurityGroup>>;
  /** The ACL guarding each subnet asked for, by subnet id (filter `association.subnet-id`). */
  readNetworkAcls(subnetIds: readonly string[]): Promise<ReadonlyMap<string, NetworkAcl>>;
  readSubnets(subnetIds: readonly string[]): Promise<ReadonlyMap<string, Subnet>>;
  /** Interfaces that wear each group asked for. */
  readWearers(groupIds: readonly string[]): Promise<ReadonlyMap<string, readonly Wearer[]>>;
  readPrefixLists(prefixListIds: readonly string[]): Promise<ReadonlyMap<string, PrefixList>>;
  /** Interfaces that hold any of these private addresses in the VPC, with the instance they are attached to. */
  readInterfacesByAddress(
    vpcId: string,
    addresses: readonly string[],
  ): Promise<readonly (NetworkInterface & { readonly instanceId: string | undefined })[]>;
}

export interface Ec2Writer {
  /**
   * Adds one rule, tagged. `already-there` when AWS answers `InvalidPermission.Duplicate`, so somebody else's rule does.
   * @throws {AwsCallError} `full` when the group has no room (`RulesPerSecurityGroupLimitExceeded`)
   */
  authorizeRule(
    rule: AuthorizeRule,
    label: { readonly description: string; readonly tags: Tags },
  ): Promise<{ readonly kind: 'applied'; readonly ruleId: string } | { readonly kind: 'already-there' }>;
  /** Removes rules by id; `false` for a rule that was already gone. */
  revokeRule(groupId: string, direction: 'ingress' | 'egress', ruleId: string): Promise<boolean>;
}
