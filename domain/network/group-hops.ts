import { compareText } from '../difference.ts';
import type { Finding } from '../finding.ts';
import { canonicalCidr } from './addresses.ts';
import type { Admission, FarSide } from './admission.ts';
import { admission } from './admission.ts';
import type { Ends } from './ends.ts';
import type { PathReason } from './findings.ts';
import { pathFinding } from './findings.ts';
import type { HopAnswer } from './hop.ts';
import { allWanted, blocked, NOTHING_WANTED, passes, unknown, valueRead, whyUnread } from './hop.ts';
import type { HopName, Lack, Network, RuleDirection, Wants } from './model.ts';
import type { Doubt, Place } from './places.ts';
import { authorizeLines } from './remedies.ts';
import { wearsNoGroup } from './sources.ts';

/** One side's groups asked about the other side. */
interface GroupQuestion {
  readonly hop: Extract<HopName, 'balancer-egress' | 'target-ingress' | 'target-egress'>;
  readonly missing: Extract<PathReason, 'EgressMissing' | 'IngressMissing' | 'ReturnEgressMissing'>;
  readonly direction: RuleDirection;
  readonly groupIds: readonly string[];
  readonly far: FarSide;
}

/** Names of groups, when all of them were read; people know names, machines ids. */
const namesOf = (groupIds: readonly string[], network: Network): string | undefined => {
  const names = groupIds.map((groupId) => valueRead(network.securityGroups.get(groupId))?.name);
  return names.every((name) => name !== undefined) ? names.join(', ') : undefined;
};

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

/** The other side as people would write it in a rule: its groups, and addresses where no group can be named. */
const peersOf = ({ far }: GroupQuestion, places: readonly Place[]): readonly string[] =>
  unique([
    ...(places.every(({ byGroup }) => byGroup === 'no') ? [] : far.groupIds),
    ...places.filter(({ byGroup }) => byGroup === 'no').flatMap(({ cidrs }) => cidrs),
  ]);

const evidenceOf = ({ flow, network, target, source }: Ends, question: GroupQuestion, places: readonly Place[]) => {
  const peers = peersOf(question, places);
  return {
    securityGroup: question.groupIds.join(', '),
    securityGroupName: namesOf(question.groupIds, network),
    peer: peers.join(', '),
    peerName: peers.length === question.far.groupIds.length ? namesOf(peers, network) : undefined,
    protocol: flow.protocol,
    port: String(flow.port),
    target: target.addressText,
    loadBalancer: source.loadBalancer.name,
  };
};

type OpenQuestion = Extract<Admission, { kind: 'open-question' }>;
type Refused = Extract<Admission, { kind: 'refused' }>;

/** Why it could go either way, the first reason that applies, where it is not a doubt about who sends. */
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
  return open.routesUnsure
    ? { because: 'RoutesUnread' }
    : { because: 'PartOfBalancer', rule: open.partlyBy.join(', ') };
};

/** Doubts come before what a rule covers only in part, and after what could not be read at all. */
const doubtOf = (open: OpenQuestion, { groupIds }: GroupQuestion): Doubt | undefined =>
  groupIds.length > 0 && open.unreadGroups.length + open.unreadPrefixLists.length + open.unclearRules.length === 0
    ? open.left.find(({ doubt }) => doubt !== undefined)?.doubt
    : undefined;

/** A rule or a list that names addresses can only be held against the addresses of the source's subnets. */
const subnetsWanted = (open: OpenQuestion): Wants => {
  const byAddress = open.unreadPrefixLists.length + open.partlyBy.length > 0;
  const subnetIds = open.left.flatMap(({ subnetId, subnetNotLookedAt }) =>
    byAddress && subnetNotLookedAt && subnetId !== undefined ? [subnetId] : [],
  );
  return { ...NOTHING_WANTED, subnetIds };
};

const placesWant = (places: readonly Place[]): readonly Wants[] =>
  places.flatMap(({ doubt, routesWanted }) => [
    ...(doubt ? [doubt.wants] : []),
    ...(routesWanted ? [routesWanted] : []),
  ]);

/** Where rules admit some addresses of a subnet, those that the nodes have at present tell whether these are the ones. */
const presentWanted = ({ partlyBy, left }: OpenQuestion): readonly Wants[] =>
  partlyBy.length === 0 ? [] : left.flatMap(({ presentWanted: wanted }) => wanted ?? []);

const wantsOf = (open: OpenQuestion, network: Network): Wants =>
  allWanted([
    ...presentWanted(open),
    { ...NOTHING_WANTED, prefixListIds: open.unreadPrefixLists.filter((listId) => !network.prefixLists.has(listId)) },
    subnetsWanted(open),
    ...placesWant(open.left),
  ]);

const lackOf = ({ closed }: Refused): Lack => {
  const has = (wanted: Place['byGroup']) => closed.some(({ place }) => place.byGroup === wanted);
  const byAddress = closed.filter(({ place }) => place.byGroup === 'no');
  return {
    group: has('yes') ? 'helps' : has('unsure') ? 'unsure' : 'none',
    cidrs: unique(byAddress.flatMap(({ cidrs }) => cidrs)).toSorted(compareText),
    ofClients: byAddress.some(({ place }) => place.subnetId === undefined),
  };
};

const refusal = (ends: Ends, question: GroupQuestion, refused: Refused): HopAnswer => {
  const lacks = lackOf(refused);
  const evidence = evidenceOf(
    ends,
    question,
    refused.closed.map(({ place, cidrs }) => ({ ...place, cidrs })),
  );
  const doubts = refused.closed.flatMap(({ place }) => place.doubt ?? []);
  const doubt = lacks.group === 'none' && doubts.length === refused.closed.length ? doubts[0] : undefined;
  const finding = pathFinding(
    doubt?.reason ?? question.missing,
    { ...evidence, ...doubt?.evidence },
    remedyOf(ends, question, lacks),
  );
  const stays = doubt === undefined ? staying(ends, question, refused, lacks) : undefined;
  return { ...blocked(finding, [], allWanted(placesWant(refused.left))), lacks, ...(stays && { stays }) };
};

/** What stays open in places without a doubt, of which rules of ours settle others: why, if any does. */
const stillOpen = ({ left, closed, partlyBy }: Refused, group: Lack['group']) => {
  const settled = new Set(closed.map(({ place }) => place));
  const unsure = left.find(({ byGroup }) => byGroup === 'unsure');
  if (group !== 'none') return unsure && { place: unsure, why: { because: 'RoutesUnread' } };
  const part = group === 'none' ? left.find((place) => !settled.has(place)) : undefined;
  return part && { place: part, why: { because: 'PartOfBalancer', rule: partlyBy.join(', ') } };
};

/** What is in doubt, or open, about a place that no rule of ours would open. */
const staying = (ends: Ends, question: GroupQuestion, refused: Refused, { group }: Lack): Finding | undefined => {
  const place = refused.left.find(
    ({ doubt, byGroup }) => doubt !== undefined && (group !== 'helps' || byGroup === 'no'),
  );
  if (place?.doubt !== undefined) return doubtFinding(place.doubt, ends, question, [place]);
  const open = stillOpen(refused, group);
  const evidence = open && { hop: question.hop, ...evidenceOf(ends, question, [open.place]), ...open.why };
  return evidence && pathFinding('PathUnknown', evidence);
};

const doubtFinding = (doubt: Doubt, ends: Ends, question: GroupQuestion, places: readonly Place[]): Finding =>
  pathFinding(doubt.reason, { hop: question.hop, ...evidenceOf(ends, question, places), ...doubt.evidence });

/** Of what is only ever proposed: the line that would open it, in the first of the groups. */
const remedyOf = ({ flow }: Ends, { hop, direction, groupIds }: GroupQuestion, { cidrs }: Lack): string | undefined => {
  const [groupId] = groupIds.toSorted(compareText);
  if (hop !== 'target-egress' || groupId === undefined || cidrs.length === 0) return undefined;
  return authorizeLines({ ...flow, groupId, direction }, cidrs, flow.seat.targetGroup.arn);
};

const answer = (ends: Ends, question: GroupQuestion): HopAnswer => {
  const outcome = admission({ ...question, flow: ends.flow }, ends.network);
  if (outcome.kind === 'admitted') return passes(...outcome.by);
  if (outcome.kind === 'refused') return refusal(ends, question, outcome);
  const doubt = doubtOf(outcome, question);
  const why = doubt?.evidence ?? whyOpen(outcome, ends.network, question);
  const evidence = { hop: question.hop, ...evidenceOf(ends, question, outcome.left), ...why };
  return unknown(
    pathFinding(doubt?.reason ?? 'PathUnknown', evidence),
    outcome.partlyBy,
    wantsOf(outcome, ends.network),
  );
};

/** A target as its balancer's rules can name it: by its groups where no node reaches it through something in between. */
const targetPlace = ({ source, target }: Ends): Place => {
  const ways = source.places.filter(({ subnetId }) => subnetId !== undefined).map(({ byGroup }) => byGroup);
  const routesWanted = source.places.flatMap((place) => (place.routesWanted ? [place.routesWanted] : []));
  return {
    subnetId: target.networkInterface.subnetId,
    ranges: [target.address],
    cidrs: [canonicalCidr(target.addressText) ?? target.addressText],
    sends: 'every',
    byGroup: ways.includes('no') ? 'no' : ways.includes('unsure') ? 'unsure' : 'yes',
    ...(routesWanted.length > 0 ? { routesWanted: allWanted(routesWanted) } : {}),
    subnetNotLookedAt: false,
  };
};

/** Whether any of the balancer's groups lets the flow out towards the target; what wears none is not held up. */
export const judgeBalancerEgress = (ends: Ends): HopAnswer => {
  const { source, target } = ends;
  if (wearsNoGroup(source.loadBalancer)) return passes();
  const far = { groupIds: target.networkInterface.securityGroupIds, places: [targetPlace(ends)] };
  return answer(ends, {
    hop: 'balancer-egress',
    missing: 'EgressMissing',
    direction: 'egress',
    groupIds: source.groupIds,
    far,
  });
};

/** Whether any of the groups of the interface that receives the flow lets it in from the balancer. */
export const judgeTargetIngress = (ends: Ends): HopAnswer =>
  answer(ends, {
    hop: 'target-ingress',
    missing: 'IngressMissing',
    direction: 'ingress',
    groupIds: ends.target.networkInterface.securityGroupIds,
    far: { groupIds: ends.source.groupIds, places: ends.source.places },
  });

/** Whether any of an appliance's groups lets out what it sends back: to the balancer's tunnel port, which is no reply (facts 4). */
export const judgeTargetEgress = (ends: Ends): HopAnswer =>
  answer(ends, {
    hop: 'target-egress',
    missing: 'ReturnEgressMissing',
    direction: 'egress',
    groupIds: ends.target.networkInterface.securityGroupIds,
    far: { groupIds: ends.source.groupIds, places: ends.source.places },
  });
