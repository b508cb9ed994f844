import type { Admission } from './admission.ts';
import { admission } from './admission.ts';
import type { Ends } from './ends.ts';
import { pathFinding } from './findings.ts';
import type { HopAnswer } from './hop.ts';
import { blocked, NOTHING_WANTED, passes, unknown, valueRead, whyUnread } from './hop.ts';
import type { Network, RuleDirection, Wants } from './model.ts';

/** One side's groups asked about the other side. */
interface GroupQuestion {
  readonly hop: 'balancer-egress' | 'target-ingress';
  readonly direction: RuleDirection;
  readonly groupIds: readonly string[];
  readonly peerGroupIds: readonly string[];
}

/** Names of groups, when all of them were read; people know names, machines ids. */
const namesOf = (groupIds: readonly string[], network: Network): string | undefined => {
  const names = groupIds.map((groupId) => valueRead(network.securityGroups.get(groupId))?.name);
  return names.every((name) => name !== undefined) ? names.join(', ') : undefined;
};

const evidenceOf = ({ flow, network, target, source }: Ends, { groupIds, peerGroupIds }: GroupQuestion) => ({
  securityGroup: groupIds.join(', '),
  securityGroupName: namesOf(groupIds, network),
  peer: peerGroupIds.join(', '),
  peerName: namesOf(peerGroupIds, network),
  protocol: flow.protocol,
  port: String(flow.port),
  target: target.addressText,
  loadBalancer: source.loadBalancer.name,
});

type OpenQuestion = Extract<Admission, { kind: 'open-question' }>;

/** Why it could go either way, the first reason that applies. */
const whyOpen = (open: OpenQuestion, network: Network, { groupIds }: GroupQuestion) => {
  if (groupIds.length === 0) return { because: 'NoSecurityGroups' };
  const [group] = open.unreadGroups;
  if (group !== undefined)
    return { because: 'SecurityGroupUnread', unread: group, why: whyUnread(network.rules.get(group)) };
  const [list] = open.unreadPrefixLists;
  if (list !== undefined) {
    return { because: 'PrefixListUnread', unread: list, why: whyUnread(network.prefixLists.get(list)) };
  }
  const [rule] = open.unclearRules;
  if (rule !== undefined) return { because: 'RuleMalformed', rule };
  return { because: 'PartOfBalancer', rule: open.partlyBy.join(', ') };
};

/** A rule or a list that names addresses can only be held against the addresses of the source's subnets. */
const wantsOf = (open: OpenQuestion, { source, network }: Ends, question: GroupQuestion): Wants => {
  const byAddress = open.unreadPrefixLists.length + open.partlyBy.length > 0 && question.direction === 'ingress';
  return {
    ...NOTHING_WANTED,
    subnetIds: byAddress ? source.places.filter(({ notLookedAt }) => notLookedAt).map(({ subnetId }) => subnetId) : [],
    prefixListIds: open.unreadPrefixLists.filter((listId) => !network.prefixLists.has(listId)),
  };
};

const answer = (ends: Ends, question: GroupQuestion, outcome: Admission): HopAnswer => {
  if (outcome.kind === 'admitted') return passes(...outcome.by);
  const evidence = evidenceOf(ends, question);
  if (outcome.kind === 'refused') {
    return blocked(pathFinding(question.direction === 'ingress' ? 'IngressMissing' : 'EgressMissing', evidence));
  }
  const why = whyOpen(outcome, ends.network, question);
  const finding = pathFinding('PathUnknown', { hop: question.hop, ...why, ...evidence });
  return unknown(finding, outcome.partlyBy, wantsOf(outcome, ends, question));
};

/** Whether any of the balancer's groups lets the flow out towards the target. */
export const judgeBalancerEgress = (ends: Ends): HopAnswer => {
  const { flow, network, source, target } = ends;
  const peerGroupIds = target.networkInterface.securityGroupIds;
  const question = { hop: 'balancer-egress', direction: 'egress', groupIds: source.groupIds, peerGroupIds } as const;
  const far = { groupIds: peerGroupIds, places: [[target.address]] };
  return answer(ends, question, admission({ ...question, flow, far }, network));
};

/** Whether any of the groups of the interface that receives the flow lets it in from the balancer. */
export const judgeTargetIngress = (ends: Ends): HopAnswer => {
  const { flow, network, source, target } = ends;
  const groupIds = target.networkInterface.securityGroupIds;
  const question = { hop: 'target-ingress', direction: 'ingress', groupIds, peerGroupIds: source.groupIds } as const;
  const far = { groupIds: source.groupIds, places: source.places.map(({ ranges }) => ranges) };
  return answer(ends, question, admission({ ...question, flow, far }, network));
};
