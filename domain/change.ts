import type { RuleDirection, RulePeer, SecurityGroupRule } from './network/model.ts';
import type { Target } from './target.ts';
import { targetKey } from './target.ts';

/** Puts a target into a group. */
export interface RegisterTarget {
  readonly kind: 'register-target';
  readonly targetGroupArn: string;
  readonly target: Target;
  readonly instanceId: string;
  readonly vpcId: string;
  readonly reason: 'MissingFromGroup';
  /** Whether the instance was launched or started moments ago, as against one that has been running and newly matches. */
  readonly freshLaunch: boolean;
}

/** Why a target is taken out, as far as its instance is the reason. */
export type GoneBecause =
  // it can't serve any more
  | 'Stopped'
  | 'Terminated'
  | 'Absent' // EC2 knows it no more
  // it goes for certain, and may serve until then
  | 'Stopping'
  | 'ShuttingDown'
  | 'SpotInterruption'
  | 'ScaleIn' // Auto Scaling is terminating it
  | 'IntoWarmPool' // Auto Scaling put it into the warm pool, or is about to
  // it may go
  | 'Rebalance';

/** Takes a target out of a group. */
export interface DeregisterTarget {
  readonly kind: 'deregister-target';
  readonly targetGroupArn: string;
  readonly target: Target;
  readonly instanceId: string;
  readonly vpcId: string;
  /** `InstanceGone`: it is stopped or terminated. `InstanceGoing`: it will be, or may be, and is running still. */
  readonly reason: 'InstanceGone' | 'InstanceGoing' | 'NotDesired' | 'Undone';
  readonly because?: GoneBecause;
  /** Whether the ledger says that we registered it. */
  readonly ours: boolean;
  /** Stored plan by which a person had it undone. */
  readonly planId?: string;
}

/** Adds one rule to a security group: one protocol, one port, one peer. */
export interface AuthorizeRule {
  readonly kind: 'authorize-rule';
  readonly groupId: string;
  readonly vpcId: string;
  readonly direction: RuleDirection;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly peer: RulePeer;
  /** Group whose targets it is for, and those targets' keys; the first group when it serves several. */
  readonly targetGroupArn: string;
  readonly targetKeys: readonly string[];
  /** `HiddenDependency`: it was removed as broader than needed, and somebody needed it. */
  readonly reason: 'PathBlocked' | 'HiddenDependency';
  /** Id of the removed rule that comes back by it. */
  readonly restores?: string;
}

/** Removes one rule, by its id. */
export interface RevokeRule {
  readonly kind: 'revoke-rule';
  readonly groupId: string;
  readonly vpcId: string;
  readonly direction: RuleDirection;
  readonly ruleId: string;
  /** `ours` = carries our tag and its id is in the ledger. `covers` = exactly the target or health port, or more than that. */
  readonly ownership: 'ours' | 'foreign';
  readonly breadth: 'world-exactly-this-port' | 'world-wider' | 'narrower-source';
  readonly targetGroupArn: string;
  readonly reason: 'Unneeded' | 'BroaderThanNeeded';
  /** The whole rule as it was, with its description and tags, of one that is not ours. */
  readonly rule?: SecurityGroupRule;
  /** Stored plan by which a person said yes to it. */
  readonly planId?: string;
}

/** Who wears a companion group: the balancer it stands beside, or an interface of a target behind it. */
export type CompanionWearer =
  | { readonly kind: 'load-balancer'; readonly id: string }
  | { readonly kind: 'network-interface'; readonly id: string };

/** What is done with a companion group; by its name, which no other group of its VPC has. */
interface OfCompanion {
  readonly groupName: string;
  readonly vpcId: string;
  readonly loadBalancerArn: string;
  /** Group whose targets it was made for. */
  readonly targetGroupArn: string;
  readonly reason: 'Approved' | 'Unneeded';
}

/** Makes a companion group, without a rule in it. */
export interface CreateGroup extends OfCompanion {
  readonly kind: 'create-security-group';
}

/** Deletes a companion group that nobody wears and nothing names. */
export interface DeleteGroup extends OfCompanion {
  readonly kind: 'delete-security-group';
  readonly groupId: string;
}

/** Puts a companion group on a wearer, besides what it wears, or takes it off. */
export interface WearGroup extends OfCompanion {
  readonly kind: 'attach-security-group' | 'detach-security-group';
  readonly groupId: string;
  readonly wearer: CompanionWearer;
}

/** Changes of companion groups: made on a person's yes alone, and told of by their own story. */
export type CompanionChange = CreateGroup | DeleteGroup | WearGroup;

/** One kind per write we may ask of AWS, so that the `switch` that applies it is checked for completeness. */
export type Change = RegisterTarget | DeregisterTarget | AuthorizeRule | RevokeRule | CompanionChange;

/** Whether a change takes a broader rule away, or puts one back: told of, and watched, by itself. */
export const isClosing = (change: Change): boolean =>
  (change.kind === 'revoke-rule' && change.reason === 'BroaderThanNeeded') ||
  (change.kind === 'authorize-rule' && change.reason === 'HiddenDependency');

/** The peer of a rule as text: a CIDR, `pl-…` or `sg-…`. */
export const peerText = (peer: RulePeer): string => {
  switch (peer.kind) {
    case 'cidr-ipv4':
    case 'cidr-ipv6':
      return peer.cidr;
    case 'prefix-list':
      return peer.prefixListId;
    case 'security-group':
      return peer.groupId;
  }
};

/** Key of the changes that put a target into a group and take it out; `key` as `targetKey` gives it. */
export const targetChangeKey = (targetGroupArn: string, key: string): string => `target|${targetGroupArn}|${key}`;

/** Key of the change that removes a rule by its id. */
export const revocationKey = (groupId: string, ruleId: string): string => `rule|${groupId}|${ruleId}`;

/** Key of the changes that make a companion group and delete it. */
export const companionKey = (vpcId: string, groupName: string): string => `security-group|${vpcId}|${groupName}`;

/** Key by which a group that we made is found by its id. */
export const companionIdKey = (groupId: string): string => `security-group|${groupId}`;

/** Key of the changes that put a companion group on a wearer and take it off. */
export const wearingKey = (vpcId: string, groupName: string, { id }: CompanionWearer): string =>
  `wearing|${vpcId}|${groupName}|${id}`;

/** Whether a change is one of a companion group. */
export const isOfCompanion = (change: Change): change is CompanionChange =>
  change.kind === 'create-security-group' ||
  change.kind === 'delete-security-group' ||
  change.kind === 'attach-security-group' ||
  change.kind === 'detach-security-group';

/** Identity of what a change is about: two changes with one key are the same write (or its reverse). */
export const changeKey = (change: Change): string => {
  switch (change.kind) {
    case 'register-target':
    case 'deregister-target':
      return targetChangeKey(change.targetGroupArn, targetKey(change.target));
    case 'authorize-rule':
      return `rule|${change.groupId}|${change.direction}|${change.protocol}|${change.port}|${peerText(change.peer)}`;
    case 'revoke-rule':
      return revocationKey(change.groupId, change.ruleId);
    case 'create-security-group':
    case 'delete-security-group':
      return companionKey(change.vpcId, change.groupName);
    case 'attach-security-group':
    case 'detach-security-group':
      return wearingKey(change.vpcId, change.groupName, change.wearer);
  }
};
