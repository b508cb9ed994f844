import { compareText } from '../difference.ts';
import type { Finding } from '../finding.ts';
import type { Choice } from './choice.ts';
import { chooseGroup, choosePeer, withheld } from './choice.ts';
import { pathFinding } from './findings.ts';
import { valueRead } from './hop.ts';
import type { Network, ProposedRule, RuleDirection } from './model.ts';
import type { Opening } from './openings.ts';
import { fitsOneMore, ruleCount } from './rule-quota.ts';
import type { Owner, Weigh } from './standing.ts';
import { balancerOwner } from './standing.ts';

/** Limits of a repair, and what its caller knows besides the judgements. */
export interface RepairOptions {
  /** A group worn by more interfaces outside the target group than this is only proposed. */
  readonly maximumOutsideInterfaces: number;
  /** Rules a group holds in one direction and family; the account's quota. */
  readonly rulesPerGroup: number;
  /** Targets already in each target group, by its ARN, as instance or interface ids: not "outside" either. */
  readonly members: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Design section 4 and facts 3.1. */
export const REPAIR_DEFAULTS: RepairOptions = {
  maximumOutsideInterfaces: 20,
  rulesPerGroup: 60,
  members: new Map(),
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
  readonly drafted: Map<string, number>;
}

const draftKey = ({ direction, protocol, port }: Opening, groupId: string, peerGroupId: string): string =>
  `${groupId}|${direction}|${protocol}|${String(port).padStart(5, '0')}|${peerGroupId}`;

/** Why a group has no room for one more rule, counting those drafted in this repair. */
const roomIn =
  (direction: RuleDirection, { network, options, drafted }: Desk) =>
  (groupId: string): Finding | undefined => {
    const held = ruleCount(groupId, direction, network);
    if (held === undefined) return withheld(groupId, 'RulesUnread');
    const planned = drafted.get(`${groupId}|${direction}`) ?? 0;
    if (fitsOneMore(held, planned, options.rulesPerGroup)) return undefined;
    const rules = String(Math.max(held.ipv4, held.ipv6) + planned);
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

const chooseBoth = (opening: Opening, desk: Desk): { readonly group: Choice; readonly peer: Choice } => {
  const { near, far } = ownersOf(opening, desk);
  const standings = (groupIds: readonly string[], owner: Owner) =>
    groupIds.map((groupId) => desk.weigh(groupId, owner));
  return {
    group: chooseGroup(
      standings(opening.nearGroupIds, near),
      desk.options.maximumOutsideInterfaces,
      roomIn(opening.direction, desk),
    ),
    peer: choosePeer(standings(opening.farGroupIds, far)),
  };
};

const draftFor = (opening: Opening, desk: Desk): Draft => {
  const { group, peer } = chooseBoth(opening, desk);
  const { seat, direction, protocol, port } = opening;
  const read = valueRead(desk.network.securityGroups.get(group.groupId));
  const vpcId = read?.vpcId ?? seat.networkInterface?.vpcId ?? '';
  return {
    key: draftKey(opening, group.groupId, peer.groupId),
    rule: {
      groupId: group.groupId,
      vpcId,
      direction,
      protocol,
      port,
      peer: { kind: 'security-group', groupId: peer.groupId },
    },
    openings: [],
    objection: group.objection ?? peer.objection,
  };
};

/** A rule already drafted that opens this too: any of the interface's groups, naming any of the other side's. */
const sharedDraft = (opening: Opening, written: ReadonlyMap<string, Draft>): Draft | undefined =>
  opening.nearGroupIds
    .flatMap((groupId) => opening.farGroupIds.map((peerGroupId) => draftKey(opening, groupId, peerGroupId)))
    .sort(compareText)
    .map((key) => written.get(key))
    .find((draft) => draft !== undefined);

const write = (draft: Draft, opening: Opening, written: Map<string, Draft>, { drafted }: Desk): void => {
  draft.openings.push(opening);
  if (written.has(draft.key)) return;
  written.set(draft.key, draft);
  const counter = `${draft.rule.groupId}|${draft.rule.direction}`;
  drafted.set(counter, (drafted.get(counter) ?? 0) + 1);
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
