import type { Ownership } from '../../domain/ledger.ts';
import { whenAbsent, whenLeaseBusy } from '../../domain/seating/looking-again.ts';
import type { TaggedGroup } from '../../domain/seating/placements.ts';
import { placementsFor } from '../../domain/seating/placements.ts';
import { targetKey } from '../../domain/target.ts';
import type { TargetGroup } from '../../domain/target-group.ts';
import type { Consenting } from '../consent.ts';
import { consentedTo } from '../consent.ts';
import { LEASE_SECONDS } from '../leases.ts';
import { apply } from './apply.ts';
import type { DecidedGroup } from './decide.ts';
import { decideGroup } from './decide.ts';
import type { GroupToLookAt } from './observe.ts';
import type { Departing, GroupUnseating, Unseating, UnseatingOutcome, UnseatingPorts } from './ports.ts';
import { putOffDepartures } from './put-off.ts';
import type { WithheldRemoval } from './tell.ts';
import { tellWithheldRemovals } from './tell.ts';

/** The groups of some instances stayed leased to others over all looks there are. Everything else of their run is done. */
export class DeparturesStayedBusyError extends Error {
  override readonly name = 'DeparturesStayedBusyError';
  readonly givenUp: readonly Departing[];

  constructor(givenUp: readonly Departing[]) {
    super(`the groups that ${givenUp.length} instances may have to leave stayed leased to others`);
    this.givenUp = givenUp;
  }
}

/** Removals that were not made, budgets included. */
const withheldIn = ({ permission }: GroupUnseating): readonly WithheldRemoval[] =>
  permission.withheld.flatMap(({ change, because }) =>
    change.kind === 'deregister-target' ? [{ change, because }] : [],
  );

const planned = ({ observed, departures, permission }: DecidedGroup): GroupUnseating => ({
  targetGroup: observed.targetGroup,
  permission,
  removed: [],
  failed: [],
  staying: departures.staying,
});

/** What is done with a decision, once the lease is held. */
type Enact = (decided: DecidedGroup) => Promise<GroupUnseating>;

/** Looks at groups one after the other, each under its lease; groups of others' leases are left for later. */
const eachGroup = async (
  ports: UnseatingPorts,
  looked: readonly GroupToLookAt[],
  isAsked: (instanceId: string) => boolean,
  enact: Enact,
): Promise<Unseating> => {
  const groups: GroupUnseating[] = [];
  const busy: string[] = [];
  for (const one of looked) {
    const { arn } = one.targetGroup;
    const lease = await ports.leases.acquire([arn], `unseat-${ports.newId()}`, ports.now(), LEASE_SECONDS);
    if (lease === undefined) {
      busy.push(arn);
      continue;
    }
    try {
      const decided = await decideGroup(ports, one, isAsked);
      if (decided !== undefined) groups.push(await enact(decided));
    } finally {
      await ports.leases.release(lease);
    }
  }
  return { groups, busy };
};

/**
 * Groups as they are now, with their tags, among all that are tagged; a group that is gone is absent. So is one whose tags the
 * answer doesn't have: without them nothing says that it is to be ignored, or another stage's, or another tool's.
 */
const readGroups = async (
  ports: UnseatingPorts,
  arns: readonly string[],
  groups: readonly TaggedGroup[],
): Promise<readonly TargetGroup[]> => {
  const tags = new Map(groups.map(({ arn, tags: of }) => [arn, of]));
  const wanted = new Map(
    [...new Set(arns)].sort().flatMap((arn) => {
      const of = tags.get(arn);
      return of === undefined ? [] : [[arn, of] as const];
    }),
  );
  return wanted.size === 0 ? [] : ports.loadBalancing.readTargetGroups(wanted);
};

/**
 * Takes out of some groups whoever belongs there no more, whichever instance it is: the same decider and the same limits as
 * for one event. Tells nothing itself of what stays: its caller does.
 * @param how `plan` reads and decides, and changes nothing
 * @param tell hears of each group once it was applied, with what was withheld there
 * @throws whatever a read or write of AWS failed with
 */
export const unseatExtras =
  (ports: UnseatingPorts & Consenting) =>
  async (
    targetGroupArns: readonly string[],
    how: 'apply' | 'plan',
    tell: (decided: DecidedGroup, withheld: readonly WithheldRemoval[]) => Promise<void> = async () => {},
  ): Promise<Unseating> => {
    const groups = await ports.tagging.readTargetGroups('with-any-tag');
    const targetGroups = await readGroups(ports, targetGroupArns, groups);
    const looked = targetGroups.map((targetGroup) => ({ targetGroup, groups, departing: new Map() }));
    const lookAgain = new Set<string>();
    const unseating = await eachGroup(
      ports,
      looked,
      () => true,
      async (decided) => {
        for (const instanceId of decided.departures.lookAgain) lookAgain.add(instanceId);
        const permission = consentedTo(ports, decided.permission);
        if (how === 'plan') return planned(decided);
        const done = await apply(ports, { ...decided, permission });
        await tell(decided, withheldIn(done));
        return done;
      },
    );
    const now = ports.now();
    if (how === 'apply')
      await putOffDepartures(
        ports,
        'NotSeen',
        [...lookAgain].map((instanceId) => ({ instanceId, attempt: 0, firstSeenAt: now, absentSince: now })),
        whenAbsent,
      );
    return unseating;
  };

/** One departure per instance: the one that has been looked at most, with what all of them know. */
const onePerInstance = (departing: readonly Departing[]): readonly Departing[] =>
  [...Map.groupBy(departing, ({ instanceId }) => instanceId).values()].flatMap((same) => {
    const [first, ...rest] = [...same].sort((a, b) => b.attempt - a.attempt);
    if (first === undefined) return [];
    // An interruption outranks a mere recommendation.
    const signs = same.flatMap(({ sign }) => sign ?? []);
    const sign = signs.find(({ kind }) => kind === 'SpotInterruption') ?? signs[0];
    const absent = [first, ...rest].flatMap(({ absentSince }) => absentSince ?? []);
    const absentSince = absent.sort((a, b) => a.getTime() - b.getTime())[0];
    const { byTags, ...known } = first;
    return [
      {
        ...known,
        ...(same.every((one) => one.byTags) ? { byTags: true } : {}),
        ...(sign === undefined ? {} : { sign }),
        ...(same.some(({ saidTerminated }) => saidTerminated) ? { saidTerminated: true } : {}),
        ...(absentSince === undefined ? {} : { absentSince }),
      },
    ];
  });

/** Where some instances sit or may sit, and on which ports tags would have them there. */
interface Places {
  /** Instances to look at, by group. */
  readonly byGroup: ReadonlyMap<string, ReadonlySet<string>>;
  readonly targetGroups: readonly TargetGroup[];
}

/**
 * By the ledger, and by the tags of those that EC2 still shows. Whose tags alone were changed is looked at only where it sits
 * by our hand and its tags no longer say so, or say another port: mostly nowhere, for most changes are about other things.
 */
const placesOf = async (
  ports: UnseatingPorts,
  departing: ReadonlyMap<string, Departing>,
  groups: readonly TaggedGroup[],
  seats: readonly Ownership[],
): Promise<Places> => {
  const { placements } = placementsFor(await ports.ec2.readInstances([...departing.keys()]), groups);
  const isByTags = (instanceId: string): boolean => departing.get(instanceId)?.byTags === true;
  const sitting = seats.flatMap(({ seat }) => seat ?? []);
  const pairs = [
    ...placements
      .filter(({ instance }) => !isByTags(instance.instanceId))
      .map(({ targetGroupArn, instance }) => ({ arn: targetGroupArn, instanceId: instance.instanceId })),
    ...sitting.map(({ targetGroup, instanceId }) => ({ arn: targetGroup.id, instanceId })),
  ];
  const targetGroups = await readGroups(
    ports,
    pairs.map(({ arn }) => arn),
    groups,
  );
  const portOf = new Map(targetGroups.map(({ arn, port }) => [arn, port]));
  const isAsTagged = ({ arn, instanceId }: (typeof pairs)[number]): boolean => {
    const placement = placements.find(
      ({ targetGroupArn, instance }) => targetGroupArn === arn && instance.instanceId === instanceId,
    );
    const seated = sitting.filter((seat) => seat.targetGroup.id === arn && seat.instanceId === instanceId);
    return (
      placement !== undefined &&
      seated.every(({ target }) => target.port === (placement.portOverride ?? portOf.get(arn)))
    );
  };
  const toLookAt = pairs.filter((pair) => !isByTags(pair.instanceId) || !isAsTagged(pair));
  const byGroup = new Map(
    [...Map.groupBy(toLookAt, ({ arn }) => arn)].map(([arn, of]) => [
      arn,
      new Set(of.map(({ instanceId }) => instanceId)),
    ]),
  );
  return { byGroup, targetGroups: targetGroups.filter(({ arn }) => byGroup.has(arn)) };
};

/**
 * Forgets what was registered for instances that EC2 calls terminated, once the group holds it no more: nothing of it is left
 * to hold, and its id never comes back.
 */
const forgetTerminated = async (
  ports: UnseatingPorts,
  { observed: { targetGroup, members } }: DecidedGroup,
  seats: readonly Ownership[],
  isTerminated: (instanceId: string) => boolean,
): Promise<void> => {
  const present = new Set(members.map(({ target }) => targetKey(target)));
  const over = seats.filter(
    ({ seat }) =>
      seat?.targetGroup.id === targetGroup.arn && isTerminated(seat.instanceId) && !present.has(targetKey(seat.target)),
  );
  if (over.length > 0) await ports.ledger.forget(over);
};

const outcomeOf = ({ groups, busy }: Unseating): UnseatingOutcome => {
  const sum = (count: (group: GroupUnseating) => number): number =>
    groups.reduce((total, one) => total + count(one), 0);
  return {
    groups: groups.length,
    removed: sum(({ removed }) => removed.length),
    failed: sum(({ failed }) => failed.length),
    withheld: sum(({ permission }) => permission.withheld.length),
    staying: sum(({ staying }) => staying.length),
    busy: busy.length,
  };
};

/**
 * Takes instances that some events named out of their groups, if they have to leave: what Usher registered, and what is
 * stopped or terminated. Any number of times, late or out of order, it ends in the same state. Notes to look again are sent
 * last: a run that fails and is made again has sent none.
 * @throws {DeparturesStayedBusyError} once everything else is done
 * @throws whatever a read or write of AWS failed with; the queue brings the events again
 */
export const unseatInstances =
  (ports: UnseatingPorts) =>
  async (departures: readonly Departing[]): Promise<UnseatingOutcome> => {
    const departing = new Map(onePerInstance(departures).map((one) => [one.instanceId, one]));
    const instanceIds = [...departing.keys()];
    if (instanceIds.length === 0) return outcomeOf({ groups: [], busy: [] });
    const seats = await ports.ledger.readSeats(instanceIds);
    const groups = await ports.tagging.readTargetGroups('with-any-tag');
    const { byGroup, targetGroups } = await placesOf(ports, departing, groups, seats);
    const looked = targetGroups.map((targetGroup) => ({ targetGroup, groups, departing }));
    const lookAgain = new Set<string>();
    const unseating = await eachGroup(
      ports,
      looked,
      (instanceId) => departing.has(instanceId),
      async (decided) => {
        const done = await apply(ports, decided);
        await tellWithheldRemovals(ports, decided, withheldIn(done));
        await forgetTerminated(ports, decided, seats, (id) => departing.get(id)?.saidTerminated === true);
        for (const instanceId of decided.departures.lookAgain) lookAgain.add(instanceId);
        return done;
      },
    );
    const busy = new Set(unseating.busy.flatMap((arn) => [...(byGroup.get(arn) ?? [])]));
    const now = ports.now();
    const notSeen = [...departing.values()].filter(
      ({ instanceId }) => lookAgain.has(instanceId) && !busy.has(instanceId),
    );
    await putOffDepartures(
      ports,
      'NotSeen',
      notSeen.map((one) => ({ ...one, absentSince: one.absentSince ?? now })),
      whenAbsent,
    );
    const waiting = [...departing.values()].filter(({ instanceId }) => busy.has(instanceId));
    const givenUp = await putOffDepartures(ports, 'LeaseBusy', waiting, ({ attempt }) => whenLeaseBusy(attempt));
    if (givenUp.length > 0) throw new DeparturesStayedBusyError(givenUp);
    return outcomeOf(unseating);
  };
