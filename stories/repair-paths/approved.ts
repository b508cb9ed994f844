import type { BalancingFleetReader } from '../../aws/elastic-load-balancing/fleet-port.ts';
import type { MovedBecause } from '../../domain/answer.ts';
import type { AuthorizeRule } from '../../domain/change.ts';
import { changeKey } from '../../domain/change.ts';
import { seatKey } from '../../domain/network/model.ts';
import { isWritable } from '../../domain/network/openings.ts';
import { ruleMatter, seatsByKey } from '../../domain/seating/matter.ts';
import type { PlanContent, PlannedRule } from '../../domain/stored-plan.ts';
import { isTagTrue, USHER_TAG } from '../../domain/tags.ts';
import { lookedAt, memberSeats, readWearers } from '../group-seats.ts';
import { LEASE_SECONDS } from '../leases.ts';
import { judgeSeats, observeNetwork } from '../observe-network.ts';
import type { Intended } from '../seat-instances/apply.ts';
import { applyRules } from '../seat-instances/apply.ts';
import { GroupsBusyError } from '../seat-instances/approved.ts';
import type { SeatingPorts } from '../seat-instances/ports.ts';
import { startWatches } from '../start-watches.ts';
import { readStops } from '../stops.ts';
import type { JudgedGroup, PlannedRepair } from './plan.ts';
import { planRepair } from './plan.ts';

/** Everything that adding approved rules reads and writes through. */
export interface RepairingPorts extends SeatingPorts {
  readonly tags: Pick<BalancingFleetReader, 'readTags'>;
}

/** Rules for one group that a person said yes to. */
type Approval = Pick<Extract<PlanContent, { readonly kind: 'repair' }>, 'targetGroup' | 'rules'>;

export type ApprovedRepair =
  | {
      readonly kind: 'repaired';
      readonly names: readonly string[];
      readonly count: number;
      readonly rulesAdded: number;
      readonly failed: number;
      /** Targets that something else still stands in the way of. */
      readonly blocked: number;
    }
  | { readonly kind: 'moved'; readonly moved: readonly { readonly name: string; readonly because: MovedBecause }[] };

const ruleName = ({ securityGroup, protocol, port }: PlannedRule): string =>
  `${securityGroup.name} ${protocol}/${port}`;

const allMoved = ({ rules }: Approval, because: MovedBecause): ApprovedRepair => ({
  kind: 'moved',
  moved: rules.map((rule) => ({ name: ruleName(rule), because })),
});

/**
 * The group as it stands, with its members' paths judged; `undefined` when it is gone. Its tags are ELB's own word: the index of
 * tags leaves out what it has not heard of yet, and a group without the tag that forbids would be written to.
 */
const observe = async (ports: RepairingPorts, targetGroupArn: string): Promise<JudgedGroup | undefined> => {
  const tags = (await ports.tags.readTags([targetGroupArn])).get(targetGroupArn);
  if (tags === undefined) return undefined;
  const [[targetGroup], members] = await Promise.all([
    ports.loadBalancing.readTargetGroups(new Map([[targetGroupArn, tags]])),
    ports.loadBalancing.readTargetHealth(targetGroupArn),
  ]);
  if (targetGroup === undefined || members === undefined) return undefined;
  const balancers = targetGroup.loadBalancerArns.slice(0, 1);
  const looked = lookedAt(members);
  const [[loadBalancer], wearers] = await Promise.all([
    balancers.length === 0 ? [] : ports.loadBalancing.readLoadBalancers(balancers),
    readWearers(ports.ec2, looked, targetGroup.vpcId),
  ]);
  const seats = memberSeats(targetGroup, loadBalancer, looked, wearers);
  const places = seats.map(({ seat }) => seat);
  const network = await observeNetwork(ports, places);
  return { seats, members, network, judgements: judgeSeats(places, network) };
};

type Standing = { readonly kind: 'ready' | 'there' } | { readonly kind: 'moved'; readonly because: MovedBecause };

/** Whether something that a rule would open still blocks one of the targets. */
const isStillBlocked = ({ judgements }: JudgedGroup): boolean =>
  judgements.some(({ hops }) => hops.some(({ hop, verdict }) => verdict === 'blocked' && isWritable(hop)));

/** Why the engine asks for this rule no more, though the path is not open. */
const whyNotAsked = ({ seats }: JudgedGroup): MovedBecause =>
  isTagTrue(seats[0]?.seat.targetGroup.tags ?? {}, USHER_TAG.ignore) ? 'Ignored' : 'NotWanted';

/** Whether an approved rule still stands: planned and permitted, or needed no more because it is there. */
const standingOf = (
  { changeKey: key }: PlannedRule,
  planned: PlannedRepair | undefined,
  judged: JudgedGroup,
): Standing => {
  if (planned?.rules.some((rule) => changeKey(rule) === key)) return { kind: 'ready' };
  const because = planned?.withheld.find(({ change }) => changeKey(change) === key)?.because;
  if (because === undefined)
    return isStillBlocked(judged) ? { kind: 'moved', because: whyNotAsked(judged) } : { kind: 'there' };
  // What a yes overrules can't be what withholds it now.
  return { kind: 'moved', because: because === 'Ask' || because === 'TooManyAdditions' ? 'NotWanted' : because };
};

const apply = async (
  ports: SeatingPorts,
  { seats, judgements }: JudgedGroup,
  rules: readonly AuthorizeRule[],
  network: PlannedRepair['network'],
): Promise<ApprovedRepair> => {
  const byKey = seatsByKey(seats);
  const intended = rules.flatMap((change): readonly Intended<AuthorizeRule>[] => {
    const matter = ruleMatter(change, byKey, network, ports.stage);
    return matter === undefined ? [] : [{ change, matter }];
  });
  const entries = await applyRules(ports, intended);
  await startWatches(ports, entries);
  const blocked = new Set(
    judgements.filter(({ verdict }) => verdict === 'blocked').map(({ flow }) => seatKey(flow.seat)),
  );
  const opened = rules.flatMap(({ targetGroupArn, targetKeys }) => targetKeys.map((key) => `${targetGroupArn}|${key}`));
  const names = intended.flatMap(({ matter }) => matter.targets.map(({ name }) => name));
  return {
    kind: 'repaired',
    names: [...new Set(names)],
    count: new Set(opened).size,
    rulesAdded: entries.filter(({ status }) => status === 'applied').length,
    failed: entries.filter(({ status }) => status === 'failed').length,
    blocked: [...blocked].filter((key) => !opened.includes(key)).length,
  };
};

/**
 * Adds the rules that a person approved: looks and plans afresh, and acts only when the fresh plan still holds every one of
 * them, or it is needed no more. Any number of times, it ends in the same state.
 * @throws {GroupsBusyError} when somebody else has the lease of one of the security groups; nothing was changed
 * @throws whatever a read or write of AWS failed with
 */
export const repairApproved =
  (ports: RepairingPorts) =>
  async (approval: Approval): Promise<ApprovedRepair> => {
    const { targetGroup, rules } = approval;
    const groups = [...new Set(rules.map(({ securityGroup }) => securityGroup.id))].sort();
    const lease = await ports.leases.acquire(groups, `repair-${ports.newId()}`, ports.now(), LEASE_SECONDS);
    if (lease === undefined) throw new GroupsBusyError(`security groups of ${targetGroup.name} are leased to others`);
    try {
      const judged = await observe(ports, targetGroup.id);
      if (judged === undefined) return allMoved(approval, 'GroupGone');
      const planned = await planRepair(ports, judged, await readStops(ports));
      const standings = rules.map((rule) => ({ rule, standing: standingOf(rule, planned, judged) }));
      const moved = standings.flatMap(({ rule, standing }) =>
        standing.kind === 'moved' ? [{ name: ruleName(rule), because: standing.because }] : [],
      );
      if (moved.length > 0) return { kind: 'moved', moved };
      const approved = new Set(rules.map((rule) => rule.changeKey));
      const wanted = (planned?.rules ?? []).filter((rule) => approved.has(changeKey(rule)));
      return await apply(ports, judged, wanted, planned?.network ?? judged.network);
    } finally {
      await ports.leases.release(lease);
    }
  };
