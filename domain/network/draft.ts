import { peerText } from '../change.ts';
import { compareText } from '../difference.ts';
import type { Finding } from '../finding.ts';
import { chooseGroup, choosePeer, withheld } from './choice.ts';
import { isWide } from './client-cidrs.ts';
import { pathFinding } from './findings.ts';
import { valueRead } from './hop.ts';
import type { Network, ProposedRule, RulePeer } from './model.ts';
import type { Opening } from './openings.ts';
import { cidrPeer } from './remedies.ts';
import type { RuleCount } from './rule-quota.ts';
import { countOfPeer, fitsOneMore, plus, ruleCount } from './rule-quota.ts';
import type { Owner, Weigh } from './standing.ts';
import { balancerOwner } from './standing.ts';

/** Limits of a repair, and what its caller knows besides the judgements. */
export interface RepairOptions {
  /** A group worn by more interfaces outside the target group than this is only proposed. */
  readonly maximumOutsideInterfaces: number;
  /** Rules a group holds in one direction and family; the account's quota. */
  readonly rulesPerGroup: number;
  /** Targets already in each target group, by its ARN, as instance or interface ids or addresses: not "outside" either. */
  readonly members: ReadonlyMap<string, ReadonlySet<string>>;
  /** Whether a tag may name clients by blocks wider than /8 or ::/16; the stage's word. */
  readonly wideClientCidrs: boolean;
}

/** Design section 4 and facts 3.1. */
export const REPAIR_DEFAULTS: RepairOptions = {
  maximumOutsideInterfaces: 20,
  rulesPerGroup: 60,
  members: new Map(),
  wideClientCidrs: false,
};

/** A rule with the openings it serves; `objection` when it is only proposed. */
export interface Draft {
  readonly key: string;
  readonly rule: Omit<ProposedRule, 'seats'>;
  readonly openings: Opening[];
  readonly objection: Finding | undefined;
}

/** Everything a draft is chosen with, and how many rules were already drafted for each group and direction. */
export interface Desk {
  readonly network: Network;
  readonly options: RepairOptions;
  readonly weigh: Weigh;
  readonly targetGroupOwner: (targetGroupArn: string) => Owner;
  readonly drafted: Map<string, RuleCount>;
}

const draftKey = ({ direction, protocol, port }: Opening, groupId: string, peer: string): string =>
  `${groupId}|${direction}|${protocol}|${String(port).padStart(5, '0')}|${peer}`;

const NO_RULES: RuleCount = { ipv4: 0, ipv6: 0 };

/** How the rule that an opening asks for counts, whichever group it names. */
const countFor = ({ far }: Opening): RuleCount =>
  countOfPeer(far.kind === 'groups' ? { kind: 'security-group', groupId: '' } : cidrPeer(far.cidr));

/** Why a group has no room for one more rule, counting those drafted in this repair. */
const roomIn =
  (opening: Opening, { network, options, drafted }: Desk) =>
  (groupId: string): Finding | undefined => {
    const { direction } = opening;
    const read = ruleCount(groupId, direction, network);
    if (read === undefined) return withheld(groupId, 'RulesUnread');
    const held = plus(read, drafted.get(`${groupId}|${direction}`) ?? NO_RULES);
    const more = countFor(opening);
    if (fitsOneMore(held, more, options.rulesPerGroup)) return undefined;
    const rules = String(Math.max(more.ipv4 && held.ipv4, more.ipv6 && held.ipv6));
    return pathFinding('SecurityGroupFull', {
      securityGroup: groupId,
      direction,
      rules,
      quota: String(options.rulesPerGroup),
    });
  };

/** Whose interfaces are inside, on the side that gets the rule and on the side it names. */
const ownersOf = ({ direction, seat }: Opening, desk: Desk): { readonly near: Owner; readonly far: Owner } => {
  const targets = desk.targetGroupOwner(seat.targetGroup.arn);
  const balancer = seat.loadBalancer ? balancerOwner(seat.loadBalancer) : targets;
  return direction === 'ingress' ? { near: targets, far: balancer } : { near: balancer, far: targets };
};

interface PeerChoice {
  readonly peer: RulePeer;
  readonly objection?: Finding;
}

/** Whom a rule names: the best of the groups that help, or the very block. */
const peerFor = (opening: Opening, groupId: string, far: Owner, desk: Desk): PeerChoice => {
  if (opening.far.kind === 'groups') {
    const { objection, groupId: named } = choosePeer(opening.far.groupIds.map((each) => desk.weigh(each, far)));
    const unsure = opening.far.isSure ? undefined : withheld(groupId, 'RoutesUnread');
    const why = unsure ?? objection;
    return { peer: { kind: 'security-group', groupId: named }, ...(why && { objection: why }) };
  }
  const { cidr, ofClients } = opening.far;
  const isTooWide = ofClients && isWide(cidr) && !desk.options.wideClientCidrs;
  return {
    peer: cidrPeer(cidr),
    ...(isTooWide && { objection: withheld(groupId, 'ClientCidrsTooWide', { cidr }) }),
  };
};

const draftFor = (opening: Opening, desk: Desk): Draft => {
  const { near, far } = ownersOf(opening, desk);
  const group = chooseGroup(
    opening.nearGroupIds.map((groupId) => desk.weigh(groupId, near)),
    desk.options.maximumOutsideInterfaces,
    roomIn(opening, desk),
  );
  const { peer, objection } = peerFor(opening, group.groupId, far, desk);
  const { seat, direction, protocol, port } = opening;
  const read = valueRead(desk.network.securityGroups.get(group.groupId));
  const vpcId = read?.vpcId ?? seat.networkInterface?.vpcId ?? '';
  return {
    key: draftKey(opening, group.groupId, peerText(peer)),
    rule: { groupId: group.groupId, vpcId, direction, protocol, port, peer },
    openings: [],
    objection: group.objection ?? objection,
  };
};

/** A rule already drafted that opens this too: any of the interface's groups, naming any of the other side's. */
const sharedDraft = (opening: Opening, written: ReadonlyMap<string, Draft>): Draft | undefined => {
  const peers = opening.far.kind === 'groups' ? opening.far.groupIds : [opening.far.cidr];
  return opening.nearGroupIds
    .flatMap((groupId) => peers.map((peer) => draftKey(opening, groupId, peer)))
    .sort(compareText)
    .map((key) => written.get(key))
    .find((draft) => draft !== undefined);
};

const write = (draft: Draft, opening: Opening, written: Map<string, Draft>, { drafted }: Desk): void => {
  draft.openings.push(opening);
  if (written.has(draft.key)) return;
  written.set(draft.key, draft);
  const counter = `${draft.rule.groupId}|${draft.rule.direction}`;
  drafted.set(counter, plus(drafted.get(counter) ?? NO_RULES, countFor(opening)));
};

/** Drafts for all openings, in the order of their keys; what would only be proposed shares a written rule if it can. */
export const draftAll = (openings: readonly Opening[], desk: Desk): readonly Draft[] => {
  const written = new Map<string, Draft>();
  const proposed = new Map<string, Draft>();
  const objected: { readonly opening: Opening; readonly draft: Draft }[] = [];
  for (const opening of openings) {
    const draft = sharedDraft(opening, written) ?? draftFor(opening, desk);
    if (draft.objection === undefined) write(draft, opening, written, desk);
    else objected.push({ opening, draft });
  }
  for (const { opening, draft } of objected) {
    const rule = sharedDraft(opening, written) ?? proposed.get(draft.key) ?? draft;
    rule.openings.push(opening);
    if (rule.objection !== undefined) proposed.set(rule.key, rule);
  }
  return [...written.values(), ...proposed.values()].sort((a, b) => compareText(a.key, b.key));
};
