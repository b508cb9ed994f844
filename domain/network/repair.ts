import { compareText } from '../difference.ts';
import type { Finding } from '../finding.ts';
import type { Desk, Draft, RepairOptions } from './draft.ts';
import { draftAll, REPAIR_DEFAULTS } from './draft.ts';
import { findingsOfHops, pathFinding, tellingFindings } from './findings.ts';
import { valueRead } from './hop.ts';
import type { HopVerdict, Judgement, Network, ProposedRule, Repair, Seat } from './model.ts';
import { seatKey } from './model.ts';
import { isIgnored, isWritable, openingKey, openingsAt, openingsOf } from './openings.ts';
import { authorizeCommand, raiseQuotaCommand } from './remedies.ts';
import { balancerOwner, targetGroupOwners, weighing } from './standing.ts';

/** Seats that need a rule, each once, in key order. */
const seatsOf = ({ openings }: Draft): readonly Seat[] =>
  [...new Map(openings.map(({ seat }) => [seatKey(seat), seat]))]
    .sort(([a], [b]) => compareText(a, b))
    .map(([, seat]) => seat);

const ruleOf = (draft: Draft): ProposedRule => ({ ...draft.rule, seats: seatsOf(draft) });

const proposalOf = (
  draft: Draft,
  objection: Finding,
  { rulesPerGroup }: RepairOptions,
): Repair['proposals'][number] => {
  const rule = ruleOf(draft);
  const isFull = objection.reason === 'SecurityGroupFull';
  const remedy = isFull ? raiseQuotaCommand(rule, rulesPerGroup * 2) : authorizeCommand(rule);
  return { rule, finding: { ...objection, remedy } };
};

type SeatFinding = Repair['findings'][number];

/** "Only the balancer" is not reached when others wear the group that a new inbound rule names. */
const sharingOf = ({ rule, openings }: Draft, { weigh, network }: Desk): readonly SeatFinding[] => {
  if (rule.direction !== 'ingress' || rule.peer.kind !== 'security-group') return [];
  const { groupId } = rule.peer;
  return openings.flatMap(({ seat }) => {
    const standing = seat.loadBalancer && weigh(groupId, balancerOwner(seat.loadBalancer));
    if (standing === undefined || (standing.kind === 'read' && standing.outside === 0)) return [];
    const securityGroupName = valueRead(network.securityGroups.get(groupId))?.name;
    const evidence = { securityGroup: groupId, securityGroupName, loadBalancer: seat.loadBalancer?.name };
    const finding =
      standing.kind === 'read'
        ? pathFinding('BalancerGroupShared', { ...evidence, interfaces: String(standing.outside) })
        : pathFinding('PathUnknown', { because: 'WearersUnread', ...evidence });
    return [{ seat: seatKey(seat), finding }];
  });
};

/** A hop that blocks, with the lines that would open it where rules are only proposed; none where all are written. */
const remaining = (
  judgement: Judgement,
  hop: HopVerdict,
  drafts: ReadonlyMap<string, Draft>,
): readonly HopVerdict[] => {
  const openings = openingsAt(judgement, hop.hop);
  const own = openings.flatMap((opening) => drafts.get(openingKey(opening)) ?? []);
  if (own.length === 0 || hop.finding === undefined) return [hop];
  const proposed = own.filter(({ objection }) => objection !== undefined);
  if (proposed.length === 0) return hop.stays ? [{ hop: hop.hop, verdict: 'unknown', finding: hop.stays }] : [];
  const seats = [judgement.flow.seat];
  const remedy = proposed.map(({ rule }) => authorizeCommand({ ...rule, seats })).join(' && ');
  return [{ ...hop, finding: { ...hop.finding, remedy } }];
};

/** A seat's hops that stay as they are, the proposed ones with the line that would open them. */
const remainingHops = (judgement: Judgement, drafts: ReadonlyMap<string, Draft>): readonly HopVerdict[] =>
  judgement.hops.flatMap((hop) => remaining(judgement, hop, drafts));

const ignoredFindings = ({ hops, flow }: Judgement): readonly Finding[] => {
  const { name } = flow.seat.targetGroup;
  const blocks = hops.some(({ hop, verdict }) => verdict === 'blocked' && isWritable(hop));
  const evidence = { because: 'Ignored', targetGroup: name };
  return isIgnored(flow.seat) && blocks ? [pathFinding('RuleNotWritten', evidence)] : [];
};

const findingsOf = (judgements: readonly Judgement[], drafts: readonly Draft[], desk: Desk): readonly SeatFinding[] => {
  const byOpening = new Map(drafts.flatMap((draft) => draft.openings.map((opening) => [openingKey(opening), draft])));
  const bySeat = Map.groupBy(judgements, ({ flow }) => seatKey(flow.seat));
  const sharing = Map.groupBy(
    drafts.filter(({ objection }) => objection === undefined).flatMap((draft) => sharingOf(draft, desk)),
    ({ seat }) => seat,
  );
  return [...bySeat]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([seat, own]) => {
      const staying = findingsOfHops(own.flatMap((judgement) => remainingHops(judgement, byOpening)));
      const others = [...own.flatMap(ignoredFindings), ...(sharing.get(seat) ?? []).map(({ finding }) => finding)];
      return [...staying, ...tellingFindings(others)].map((finding) => ({ seat, finding }));
    });
};

/**
 * The smallest set of rules that opens what blocks, by design section 4: each names one protocol, one port and one group,
 * or one block of addresses where no group can be named; seats that can share a rule do, nothing is widened. A rule is written only on facts that were read and only
 * where nothing is to be objected; else it is a proposal with the line that would add it. Other obstacles on the same
 * path (an ACL, a stopped instance) do not hold a rule up: it is needed all the same.
 */
export const repair = (
  judgements: readonly Judgement[],
  network: Network,
  options: RepairOptions = REPAIR_DEFAULTS,
): Repair => {
  const targetGroupOwner = targetGroupOwners(judgements, options.members);
  const desk: Desk = { network, options, weigh: weighing(network), targetGroupOwner, drafted: new Map() };
  const drafts = draftAll(openingsOf(judgements), desk);
  return {
    rules: drafts.filter(({ objection }) => objection === undefined).map(ruleOf),
    proposals: drafts.flatMap((draft) => (draft.objection ? [proposalOf(draft, draft.objection, options)] : [])),
    findings: findingsOf(judgements, drafts, desk),
  };
};
