import type { AuthorizeRule } from '../../domain/change.ts';
import type { Instance, NetworkInterface } from '../../domain/instance.ts';
import type { LoadBalancer } from '../../domain/load-balancer.ts';
import type {
  BalancerInterface,
  NetworkAcl,
  PrefixList,
  RouteTable,
  RuleDirection,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
  Vpc,
  Wearer,
} from '../../domain/network/model.ts';
import type { Tags } from '../../domain/tags.ts';
import { AwsCallError } from '../aws-call-error.ts';

/** Reads of instances and the network around them. Every method throws `AwsCallError`; none answers a failed read with a shorter list. */
export interface Ec2Reader {
  /** Instances by the filter `instance-id`, 200 a call: an unknown id is merely absent. */
  readInstances(instanceIds: readonly string[]): Promise<readonly Instance[]>;
  /** Of some running instances, those whose status checks pass, of the system and of the instance. An unknown id passes none. */
  readPassingChecks(instanceIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Rules of each group asked for; a group without rules, or that does not exist, has an empty list. */
  readSecurityGroupRules(groupIds: readonly string[]): Promise<ReadonlyMap<string, readonly SecurityGroupRule[]>>;
  readSecurityGroups(groupIds: readonly string[]): Promise<ReadonlyMap<string, SecurityGroup>>;
  /** The ACL guarding each subnet asked for, by subnet id (filter `association.subnet-id`). */
  readNetworkAcls(subnetIds: readonly string[]): Promise<ReadonlyMap<string, NetworkAcl>>;
  readSubnets(subnetIds: readonly string[]): Promise<ReadonlyMap<string, Subnet>>;
  /** Interfaces that wear each group asked for. */
  readWearers(groupIds: readonly string[]): Promise<ReadonlyMap<string, readonly Wearer[]>>;
  /**
   * Each balancer's own interfaces, by its ARN, found by their description (facts 2.5); a balancer without any has an empty list.
   */
  readBalancerInterfaces(
    loadBalancers: readonly LoadBalancer[],
  ): Promise<ReadonlyMap<string, readonly BalancerInterface[]>>;
  /** The table that routes each subnet asked for: its own, else the main one of its VPC; all tables of a VPC in one call. */
  readRouteTables(
    subnets: readonly { readonly subnetId: string; readonly vpcId: string }[],
  ): Promise<ReadonlyMap<string, RouteTable>>;
  /** ARNs of the account's Network and Gateway Load Balancers to which an endpoint service leads. */
  readEndpointServiceBalancers(): Promise<ReadonlySet<string>>;
  readVpcs(vpcIds: readonly string[]): Promise<ReadonlyMap<string, Vpc>>;
  readPrefixLists(prefixListIds: readonly string[]): Promise<ReadonlyMap<string, PrefixList>>;
  /** Interfaces that hold any of these private addresses in the VPC, with the instance they are attached to. */
  readInterfacesByAddress(
    vpcId: string,
    addresses: readonly string[],
  ): Promise<readonly (NetworkInterface & { readonly instanceId: string | undefined })[]>;
}

/** One rule for a security group: one protocol, one port, one peer, and a text that says what it is for. */
export interface RuleToAdd extends Pick<AuthorizeRule, 'protocol' | 'port' | 'peer'> {
  readonly description: string;
}

/** `already-there`: AWS had it, so somebody else's rule does. `refused`: in AWS's own code and words. */
export type RuleOutcome =
  | { readonly kind: 'applied'; readonly ruleId: string }
  | { readonly kind: 'already-there' }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

/** A failing call that cut the adding of rules short, with the outcomes of the first rules; of the others none is known. */
export class InterruptedAuthorization extends AwsCallError {
  override readonly name = 'InterruptedAuthorization';
  readonly progress: readonly RuleOutcome[];

  constructor(failure: AwsCallError, progress: readonly RuleOutcome[]) {
    super(failure, { cause: failure });
    this.progress = progress;
  }
}

export interface Ec2Writer {
  /**
   * Adds rules to one security group in one direction, all with the same tags. An outcome for each rule, in their order;
   * a rule that AWS refuses (a duplicate, no room, something invalid) keeps none of the others out.
   * @throws {InterruptedAuthorization} when a call fails for a reason that is not about its rules (throttled, denied,
   * unreachable), with the outcomes known until then
   */
  authorizeRules(
    groupId: string,
    direction: RuleDirection,
    rules: readonly RuleToAdd[],
    tags: Tags,
  ): Promise<readonly RuleOutcome[]>;
  /**
   * Adds a rule as it once was: ports, peer, description and tags, but for those that only AWS can write (`aws:`). It gets a
   * new id. @throws {AwsCallError} when it fails for a reason that is not about the rule
   */
  restoreRule(rule: SecurityGroupRule): Promise<RuleOutcome>;
  /** Marks a rule as one to keep (`usher:keep`); `false` for a rule that is gone. Marked twice, it is marked. */
  keepRule(ruleId: string): Promise<boolean>;
  /** Removes rules by id; `false` for a rule that was already gone. */
  revokeRule(groupId: string, direction: RuleDirection, ruleId: string): Promise<boolean>;
}
