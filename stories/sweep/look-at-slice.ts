import { broaderRules } from '../../domain/closing/plan.ts';
import { instanceName } from '../../domain/instance.ts';
import type { LedgerEntry } from '../../domain/ledger.ts';
import type { Network, Seat, SecurityGroupRule } from '../../domain/network/model.ts';
import { seatKey } from '../../domain/network/model.ts';
import { isTunnelled } from '../../domain/network/required-flows.ts';
import type { Permission } from '../../domain/permit.ts';
import { namedGroup } from '../../domain/seating/matter.ts';
import { isFreshLaunch } from '../../domain/seating/plan.ts';
import type { DesiredSeat } from '../../domain/seating/seats.ts';
import { nearLimits } from '../../domain/sweep/limits.ts';
import { outgrown, reliedOn } from '../../domain/sweep/own-rules.ts';
import type { SliceOutcome } from '../../domain/sweep/progress.ts';
import type { LeftAlone, SweepTally } from '../../domain/sweep/report.ts';
import type { SweepSlice } from '../../domain/sweep/slices.ts';
import {
  mergeLeftAlone,
  mergeTallies,
  NOTHING_SWEPT,
  tallyOfEntries,
  targetsByGroup,
} from '../../domain/sweep/tally.ts';
import { tagValue, USHER_TAG } from '../../domain/tags.ts';
import type { TargetHealth } from '../../domain/target.ts';
import { targetKey } from '../../domain/target.ts';
import { proposeForTargets } from '../companion-groups/propose.ts';
import type { Decided, LeasedSeats } from '../seat-instances/decide.ts';
import { planInstances } from '../seat-instances/plan.ts';
import { staysBlocked } from '../seat-instances/plan-paths.ts';
import { seatInstances } from '../seat-instances/story.ts';
import type { Witnessed } from '../seat-instances/witness.ts';
import { removalsIn } from '../unseat-instances/decide.ts';
import { unseatExtras } from '../unseat-instances/story.ts';
import { tellWithheldRemovals } from '../unseat-instances/tell.ts';
import type { SweepPorts } from './ports.ts';
import { sayingOnce } from './say-once.ts';

/** So long an event may be under way before it counts as one that never came. */
const LATE_MILLISECONDS = 5 * 60 * 1000;

const ownRules = (network: Network, owner: string): readonly SecurityGroupRule[] =>
  [...network.rules.values()]
    .flatMap((reading) => (reading.kind === 'read' ? reading.value : []))
    .filter(({ tags }) => tagValue(tags, USHER_TAG.owner) === owner);

const withheldNames = (
  { change }: Permission['withheld'][number],
  seats: readonly DesiredSeat[],
): readonly string[] => {
  switch (change.kind) {
    case 'register-target': {
      const found = seats.find(({ instance }) => instance.instanceId === change.instanceId);
      return [found === undefined ? change.target.id : instanceName(found.instance)];
    }
    case 'deregister-target':
      return [change.target.id];
    case 'authorize-rule':
    case 'revoke-rule':
      return [change.groupId];
    case 'create-security-group':
    case 'delete-security-group':
    case 'attach-security-group':
    case 'detach-security-group':
      return [change.groupName];
  }
};

const leftAlone = ({ seats }: LeasedSeats, decided: Decided): readonly LeftAlone[] =>
  mergeLeftAlone([
    ...decided.permission.withheld.map((withheld) => ({
      because: withheld.because,
      names: withheldNames(withheld, seats),
      count: 1,
    })),
    ...seats
      .filter(({ seat }) => staysBlocked(seatKey(seat), decided, decided.obstacles))
      .map(({ instance }) => ({ because: 'Blocked' as const, names: [instanceName(instance)], count: 1 })),
  ]);

/** Members by zone; those whose zone is not known count in none. */
const countByZone = (
  seats: readonly DesiredSeat[],
  targetGroupArn: string,
  healths: readonly TargetHealth[],
): ReadonlyMap<string, number> => {
  const own = seats.filter(({ seat }) => seat.targetGroup.arn === targetGroupArn);
  const zones = new Map(own.map(({ seat, instance }) => [targetKey(seat.target), instance.availabilityZone]));
  const known = healths.flatMap(({ target }) => zones.get(targetKey(target)) ?? []);
  return new Map([...Map.groupBy(known, (zone) => zone)].map(([zone, all]) => [zone, all.length]));
};

const limitsOf = ({ seats }: LeasedSeats, { members, network }: Decided): SweepTally['limits'] => {
  const groups = new Map(seats.map(({ seat }) => [seat.targetGroup.arn, seat]));
  const filled = [...groups].map(([arn, seat]) => ({ seat, members: members.get(arn)?.length ?? 0 }));
  const byBalancer = Map.groupBy(filled, ({ seat }) => seat.loadBalancer?.arn);
  return nearLimits({
    network,
    targetGroups: filled.map(({ seat: { targetGroup }, members: count }) => {
      const group = namedGroup(targetGroup);
      const { arn } = targetGroup;
      return isTunnelled(targetGroup)
        ? { group, byZone: countByZone(seats, arn, members.get(arn) ?? []) }
        : { group, members: count };
    }),
    balancers: [...byBalancer.values()].flatMap((of) => {
      const balancer = of[0]?.seat.loadBalancer;
      const sum = of.reduce((all, each) => all + each.members, 0);
      return balancer === undefined ? [] : [{ balancer, members: sum }];
    }),
  });
};

/** What was done, or would be, by its targets. */
interface Done {
  readonly targets: readonly { readonly targetGroupArn: string; readonly key: string }[];
  readonly tally: Pick<SweepTally, 'registered' | 'takenOut' | 'rulesAdded' | 'leftAlone'>;
}

const settled = (entries: readonly LedgerEntry[]): Done => ({
  tally: tallyOfEntries(entries),
  targets: entries.flatMap(({ change, status }) =>
    change.kind === 'register-target' && status === 'applied'
      ? [{ targetGroupArn: change.targetGroupArn, key: targetKey(change.target) }]
      : [],
  ),
});

const proposed = ({ seats }: LeasedSeats, { permitted }: Permission): Done => {
  const registrations = permitted.filter((change) => change.kind === 'register-target');
  const seatOf = (arn: string, key: string) =>
    seats.find(({ seat }) => seat.targetGroup.arn === arn && targetKey(seat.target) === key);
  return {
    targets: registrations.map(({ targetGroupArn, target }) => ({ targetGroupArn, key: targetKey(target) })),
    tally: {
      ...NOTHING_SWEPT,
      rulesAdded: permitted.filter(({ kind }) => kind === 'authorize-rule').length,
      registered: targetsByGroup(
        registrations.flatMap(({ targetGroupArn, target }) => {
          const found = seatOf(targetGroupArn, targetKey(target));
          return found === undefined
            ? []
            : [{ targetGroup: namedGroup(found.seat.targetGroup), name: instanceName(found.instance) }];
        }),
      ),
    },
  };
};

/** Launched or started within the hour, and not in these minutes: somebody should have told of them. */
const missedEvents = ({ seats }: LeasedSeats, { targets }: Done, now: Date): number => {
  const done = new Set(targets.map(({ targetGroupArn, key }) => `${targetGroupArn}|${key}`));
  const late = seats.filter(
    ({ seat, instance }) =>
      done.has(seatKey(seat)) &&
      isFreshLaunch(instance, now) &&
      now.getTime() - instance.launchedAt.getTime() > LATE_MILLISECONDS,
  );
  return new Set(late.map(({ instance }) => instance.instanceId)).size;
};

/** Rules that let more to these seats than their balancer, by what this slice read; nothing is proven of them. */
export const broaderIn = (
  { stage }: Pick<SweepPorts, 'stage'>,
  seats: readonly Seat[],
  network: Network,
): NonNullable<SliceOutcome['broader']> => {
  const balancerGroupIds = new Set(seats.flatMap(({ loadBalancer }) => loadBalancer?.securityGroupIds ?? []));
  return [...network.rules].flatMap(([groupId, reading]) => {
    if (reading.kind !== 'read') return [];
    const there = seats.filter(({ networkInterface }) => networkInterface?.securityGroupIds.includes(groupId));
    const grounds = { stage, putBack: new Set<string>(), rules: reading.value, network, balancerGroupIds };
    return broaderRules({ ...grounds, group: { groupId } }, there).map(({ rule }) => ({
      groupId,
      ruleId: rule.ruleId,
    }));
  });
};

const outcomeOf = (ports: SweepPorts, leased: LeasedSeats, decided: Decided, done: Done): SliceOutcome => {
  const seats = leased.seats.map(({ seat }) => seat);
  const ours = ownRules(decided.network, ports.stage.name);
  const idsOf = (rules: readonly SecurityGroupRule[]): readonly string[] => rules.map(({ ruleId }) => ruleId);
  return {
    isWhole: true,
    reliedOn: idsOf(reliedOn(ours, seats, decided.network)),
    outgrown: idsOf(outgrown(ours, seats, decided.network)),
    broader: broaderIn(ports, seats, decided.network),
    tally: {
      ...NOTHING_SWEPT,
      ...done.tally,
      leftAlone: mergeLeftAlone([...done.tally.leftAlone, ...leftAlone(leased, decided)]),
      missedEvents: missedEvents(leased, done, ports.now()),
      limits: limitsOf(leased, decided),
    },
  };
};

const NOTHING_SEEN: SliceOutcome = { tally: NOTHING_SWEPT, isWhole: true, reliedOn: [] };

const both = (a: SliceOutcome, b: SliceOutcome): SliceOutcome => ({
  tally: mergeTallies(a.tally, b.tally),
  isWhole: a.isWhole && b.isWhole,
  reliedOn: [...a.reliedOn, ...b.reliedOn],
  outgrown: [...(a.outgrown ?? []), ...(b.outgrown ?? [])],
  broader: [...(a.broader ?? []), ...(b.broader ?? [])],
});

/** A slice was cut short. What had been done by then is done, and is told of. */
export class SliceInterruptedError extends Error {
  override readonly name = 'SliceInterruptedError';
  readonly done: SweepTally;

  constructor(done: SweepTally, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.done = done;
  }
}

/** Seats whom it finds missing, by the very story that events wake. Groups leased to others are looked at by them. */
const mend = async (ports: SweepPorts, instanceIds: readonly string[]): Promise<SliceOutcome> => {
  const looks: Witnessed[] = [];
  const firstSeenAt = ports.now();
  const seen = () =>
    looks
      .map(({ leased, decided, entries }) => outcomeOf(ports, leased, decided, settled(entries)))
      .reduce(both, NOTHING_SEEN);
  try {
    const { matched } = await seatInstances({
      ...sayingOnce(ports),
      isPatient: true,
      witness: (look) => looks.push(look),
    })(instanceIds.map((instanceId) => ({ instanceId, attempt: 0, firstSeenAt })));
    for (const { leased, decided } of looks)
      await proposeForTargets(sayingOnce(ports), leased.seats, decided.obstacles);
    return { ...seen(), isWhole: matched === 0 || looks.length > 0 };
  } catch (error) {
    throw new SliceInterruptedError({ ...seen().tally, leftAlone: [], limits: [] }, error);
  }
};

const propose = async (ports: SweepPorts, instanceIds: readonly string[]): Promise<SliceOutcome> => {
  const planned = await planInstances(ports)(instanceIds);
  if (planned === undefined) return NOTHING_SEEN;
  const { leased, decided } = planned;
  return outcomeOf(ports, leased, decided, proposed(leased, decided.permission));
};

/** Takes out whom it finds there without belonging there, by the very story that events wake. */
const clear = async (
  ports: SweepPorts,
  targetGroupArns: readonly string[],
  mode: 'apply' | 'look',
): Promise<SliceOutcome> => {
  const how = mode === 'apply' ? 'apply' : 'plan';
  const once = sayingOnce(ports);
  const { groups, busy } = await unseatExtras(once)(targetGroupArns, how, (decided, withheld) =>
    tellWithheldRemovals(once, decided, withheld),
  );
  const leaving = groups.map((group) => ({
    ...group,
    leaving: mode === 'apply' ? group.removed : removalsIn(group.permission),
  }));
  const missed = leaving.flatMap((group) => group.leaving.filter(({ reason }) => reason === 'InstanceGone'));
  return {
    isWhole: busy.length === 0,
    reliedOn: [],
    tally: {
      ...NOTHING_SWEPT,
      takenOut: targetsByGroup(
        leaving.flatMap(({ targetGroup, leaving: some }) =>
          some.map(({ target, instanceId }) => ({
            targetGroup: namedGroup(targetGroup),
            name: instanceId || target.id,
          })),
        ),
      ),
      missedEvents: new Set(missed.map(({ instanceId }) => instanceId)).size,
      leftAlone: mergeLeftAlone([
        ...groups
          .flatMap(({ permission }) => permission.withheld)
          .map(({ change, because }) => ({
            because,
            names: change.kind === 'deregister-target' ? [change.instanceId || change.target.id] : [],
            count: 1,
          })),
        ...groups
          .flatMap(({ staying }) => staying)
          .map(({ member, instanceId, because }) => ({ because, names: [instanceId ?? member.target.id], count: 1 })),
        ...groups
          .flatMap(({ failed }) => failed)
          .map(({ target }) => ({ because: 'RefusedByAws' as const, names: [target.id], count: 1 })),
      ]),
    },
  };
};

/**
 * Looks at one slice of a fleet and, unless it shall only look, mends what it finds.
 * @throws whatever a read or write of AWS failed with; what was done until then is in the ledger
 */
export const lookAtSlice = async (
  ports: SweepPorts,
  slice: SweepSlice,
  mode: 'apply' | 'look',
): Promise<SliceOutcome> => {
  const seated =
    slice.instanceIds.length === 0
      ? NOTHING_SEEN
      : await (mode === 'apply' ? mend(ports, slice.instanceIds) : propose(ports, slice.instanceIds));
  const cleared = await clear(ports, slice.targetGroupArns, mode).catch((error: unknown) => {
    throw mode === 'apply' ? new SliceInterruptedError({ ...seated.tally, leftAlone: [], limits: [] }, error) : error;
  });
  const { tally, ...looked } = both(seated, cleared);
  const size = { instances: slice.instanceIds.length, targetGroups: slice.targetGroupArns.length };
  return { ...looked, tally: { ...tally, ...size } };
};
