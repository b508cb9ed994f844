import { classicNameOf } from '../classic-load-balancer.ts';
import type { Instance, NetworkInterface } from '../instance.ts';
import type { LoadBalancer } from '../load-balancer.ts';
import type { SecurityGroup, SecurityGroupRule } from '../network/model.ts';
import { isDefaultGroup } from '../network/standing.ts';
import { effectivePolicy, isManagedByCode } from '../permit.ts';
import { groupOwner } from '../seating/membership.ts';
import type { Stage } from '../stage.ts';
import type { Tags } from '../tags.ts';
import { isTagTrue, tagValue, USHER_TAG } from '../tags.ts';
import type { CompanionSide } from './side.ts';

/** AWS's quota of groups on an interface, a balancer's included (facts 3.1). */
export const GROUPS_PER_INTERFACE = 5;

/**
 * Its name, which is the same however often it is asked for, and another for each balancer and side: no balancer's name holds
 * a dot or a slash. One VPC has it once at most.
 */
export const companionName = (
  stageName: string,
  { arn, name }: Pick<LoadBalancer, 'arn' | 'name'>,
  side: CompanionSide,
): string =>
  `usher-${stageName}-${classicNameOf(arn) === undefined ? '' : 'elb/'}${name}${side === 'targets' ? '.targets' : ''}`;

export const companionTags = (stageName: string, loadBalancerArn: string): Tags => ({
  [USHER_TAG.owner]: stageName,
  [USHER_TAG.companionOf]: loadBalancerArn,
});

/** Whether a group carries our own tags for this balancer. That it is ours the ledger says as well. */
export const isTaggedOurs = (
  { tags }: Pick<SecurityGroup, 'tags'>,
  stageName: string,
  loadBalancerArn: string,
): boolean =>
  tagValue(tags, USHER_TAG.owner) === stageName && tagValue(tags, USHER_TAG.companionOf) === loadBalancerArn;

/** Why no companion group is put there. */
export type CompanionObjection =
  | 'OutsideVpcs'
  | 'OtherStage'
  | 'Ignored'
  | 'ReportOnly'
  | 'KeptByController'
  | 'KeptByCode'
  | 'TakesNoGroups'
  | 'TooManyGroups';

/** Who keeps something, if we must not dress it: whoever does would take the group off again. */
const keptByOthers = (tags: Tags, stage: Stage): CompanionObjection | undefined => {
  if (isTagTrue(tags, USHER_TAG.ignore)) return 'Ignored';
  if (groupOwner(tags) !== undefined) return 'KeptByController';
  return isManagedByCode(tags, stage.managedByTags) ? 'KeptByCode' : undefined;
};

const outOfScope = (vpcId: string | undefined, groupTags: Tags, stage: Stage): CompanionObjection | undefined => {
  if (stage.vpcIds !== 'all' && !stage.vpcIds.includes(vpcId ?? '')) return 'OutsideVpcs';
  const owner = tagValue(groupTags, USHER_TAG.stage)?.trim();
  if (owner !== undefined && owner !== stage.name) return 'OtherStage';
  if (isTagTrue(groupTags, USHER_TAG.ignore)) return 'Ignored';
  return effectivePolicy(groupTags, stage) === 'report-only' ? 'ReportOnly' : undefined;
};

/** What objects whatever side it is on: the target group it would serve, and who keeps the balancer. */
export const objectionToServing = (
  targetGroupTags: Tags,
  { vpcId }: Pick<LoadBalancer, 'vpcId'>,
  balancerTags: Tags,
  stage: Stage,
): CompanionObjection | undefined => outOfScope(vpcId, targetGroupTags, stage) ?? keptByOthers(balancerTags, stage);

/** Whether one more group fits on what is worn; one that is worn already takes no room. */
const fits = (worn: readonly string[], groupId: string | undefined): boolean =>
  (groupId !== undefined && worn.includes(groupId)) || worn.length < GROUPS_PER_INTERFACE;

/** What keeps a balancer from wearing a further group. A balancer without groups was made so, and takes none. */
export const objectionToBalancer = (
  { kind, securityGroupIds }: Pick<LoadBalancer, 'kind' | 'securityGroupIds'>,
  groupId?: string,
): CompanionObjection | undefined => {
  if (kind === 'gateway' || securityGroupIds.length === 0) return 'TakesNoGroups';
  return fits(securityGroupIds, groupId) ? undefined : 'TooManyGroups';
};

/** Kubernetes and its tools mark the machines they keep so. @see EKS user guide, "Tag your resources"; Karpenter documentation, "Tags" */
const NODE_TAGS = ['eks:', 'kubernetes.io/', 'karpenter.', 'k8s.io/'];

/** What keeps a target's interface from wearing a further group. */
export const objectionToTarget = (
  { tags }: Pick<Instance, 'tags'>,
  { securityGroupIds }: Pick<NetworkInterface, 'securityGroupIds'>,
  stage: Stage,
  groupId?: string,
): CompanionObjection | undefined => {
  const isNode = Object.keys(tags).some((key) => NODE_TAGS.some((prefix) => key.startsWith(prefix)));
  const kept = isNode ? 'KeptByController' : keptByOthers(tags, stage);
  return kept ?? (fits(securityGroupIds, groupId) ? undefined : 'TooManyGroups');
};

/** The whole list with one more, or with one less: what overwrites must name everything. */
export const wornWith = (worn: readonly string[], groupId: string): readonly string[] => [
  ...new Set([...worn, groupId]),
];
export const wornWithout = (worn: readonly string[], groupId: string): readonly string[] =>
  worn.filter((each) => each !== groupId);

/** AWS puts a rule for everything into the outbound side of a new group: that, and nothing else, we take out. */
export const isDefaultEgress = ({ direction, protocol, peer }: SecurityGroupRule): boolean =>
  direction === 'egress' &&
  protocol === '-1' &&
  ((peer.kind === 'cidr-ipv4' && peer.cidr === '0.0.0.0/0') || (peer.kind === 'cidr-ipv6' && peer.cidr === '::/0'));

/** Whether a balancer shares every group it wears with others, so that no rule can name the balancer alone. */
export const isShared = (worn: readonly { readonly group: SecurityGroup; readonly outside: number }[]): boolean =>
  worn.length > 0 && worn.every(({ group, outside }) => outside > 0 || isDefaultGroup(group));

/**
 * A rule of ours that lets the same through for a group which others wear, and is needed no more once one like it names the
 * companion.
 */
export const twinFor = (
  rule: Pick<SecurityGroupRule, 'groupId' | 'direction' | 'protocol' | 'fromPort' | 'toPort'>,
  rules: readonly SecurityGroupRule[],
  companionIds: ReadonlySet<string>,
): SecurityGroupRule | undefined =>
  rules.find(
    ({ groupId, direction, protocol, fromPort, toPort, peer }) =>
      peer.kind === 'security-group' &&
      companionIds.has(peer.groupId) &&
      groupId === rule.groupId &&
      direction === rule.direction &&
      protocol === rule.protocol &&
      fromPort === rule.fromPort &&
      toPort === rule.toPort,
  );
