import type { AuthorizeRule, Change, RegisterTarget } from '../../domain/change.ts';
import { changeKey } from '../../domain/change.ts';
import type { Finding } from '../../domain/finding.ts';
import type { LedgerEntry } from '../../domain/ledger.ts';
import { seatKey, seatKeyOf } from '../../domain/network/model.ts';
import { needsOf } from '../../domain/network/needs.ts';
import type { Permission, WithheldBecause } from '../../domain/permit.ts';
import {
  whenLeaseBusy,
  whenLeaving,
  whenNotReady,
  whenNotTagged,
  whenNotVisible,
  whenUnseen,
} from '../../domain/seating/looking-again.ts';
import { registrationMatter, ruleMatter, seatsByKey } from '../../domain/seating/matter.ts';
import type { DesiredSeat } from '../../domain/seating/seats.ts';
import { seatsFor } from '../../domain/seating/seats.ts';
import { targetKey } from '../../domain/target.ts';
import type { Consenting } from '../consent.ts';
import { consentedTo } from '../consent.ts';
import { LEASE_SECONDS } from '../leases.ts';
import { tellRefused } from '../settle-ledger/story.ts';
import { startWatches } from '../start-watches.ts';
import type { Intended, Registered } from './apply.ts';
import { applyRegistrations, applyRules } from './apply.ts';
import type { Decided, LeasedSeats } from './decide.ts';
import { decide } from './decide.ts';
import type { Located } from './locate.ts';
import { locate } from './locate.ts';
import { noteWhoStayed } from './note-who-stayed.ts';
import { readGroupFacts } from './observe.ts';
import type { Obstacles } from './plan-paths.ts';
import { addObstacles, ruleNotWritten, staysBlocked } from './plan-paths.ts';
import type { LookingPorts, SeatingPorts, Sighting } from './ports.ts';
import { putOff } from './put-off.ts';
import { tellConfiguration, tellNotReady, tellUnseatable, tellWithheld } from './tell.ts';
import { tellBlocked } from './tell-blocked.ts';
import type { Patient } from './tell-held.ts';
import { tellHeld } from './tell-held.ts';
import type { Witnessing } from './witness.ts';

/** What came of looking at some instances, for the log. */
export interface SeatingOutcome {
  readonly matched: number;
  readonly registered: number;
  readonly rulesAdded: number;
  readonly failed: number;
  readonly withheld: number;
  /** Seats whose path stays blocked all the same. */
  readonly blocked: number;
}

const NOTHING: SeatingOutcome = { matched: 0, registered: 0, rulesAdded: 0, failed: 0, withheld: 0, blocked: 0 };

/** What is leased while seats are planned and filled. */
export const resourcesOf = (seats: readonly DesiredSeat[]): readonly string[] =>
  [
    ...new Set([
      ...seats.map(({ seat }) => seat.targetGroup.arn),
      ...needsOf(seats.map(({ seat }) => seat)).securityGroupIds,
    ]),
  ].sort();

/** Findings on every seat a rule was for, when that rule was not written. */
const unwritten = (
  ports: SeatingPorts,
  seats: readonly DesiredSeat[],
  network: Decided['network'],
  rules: readonly { readonly change: AuthorizeRule; readonly because: WithheldBecause | string }[],
): readonly { readonly seat: string; readonly finding: Finding }[] => {
  const byKey = seatsByKey(seats);
  return rules.flatMap(({ change, because }) => {
    const finding = ruleNotWritten(change, because, ruleMatter(change, byKey, network, ports.stage));
    return seats
      .filter(({ seat }) => seat.targetGroup.arn === change.targetGroupArn)
      .filter(({ seat }) => change.targetKeys.includes(targetKey(seat.target)))
      .map(({ seat }) => ({ seat: seatKey(seat), finding }));
  });
};

const withheldRules = ({ withheld }: Permission) =>
  withheld.flatMap(({ change, because }) => (change.kind === 'authorize-rule' ? [{ change, because }] : []));

/** Rules that AWS refused, in the name of every group they were to serve. */
const failedRules = (entries: readonly LedgerEntry[], asked: readonly AuthorizeRule[]) =>
  entries
    .filter(({ status }) => status === 'failed')
    .flatMap(({ change, failure }) =>
      asked
        .filter((rule) => changeKey(rule) === changeKey(change))
        .map((rule) => ({ change: rule, because: failure?.code ?? '-' })),
    );

/** What stands in the way of a rule's targets besides: who only gets a rule has no registration to remember it. */
const besides = ({ targetGroupArn, targetKeys }: AuthorizeRule, obstacles: Obstacles): readonly Finding[] => {
  const all = targetKeys.flatMap((key) => obstacles.get(seatKeyOf(targetGroupArn, key)) ?? []);
  const warnings = all.filter(({ severity }) => severity !== 'information');
  return [...new Map(warnings.map((finding) => [JSON.stringify(finding), finding])).values()];
};

const intendedRules = (ports: SeatingPorts, leased: LeasedSeats, { permission, network, obstacles }: Decided) => {
  const seats = seatsByKey(leased.seats);
  return permission.permitted.flatMap((change): readonly Intended<AuthorizeRule>[] => {
    if (change.kind !== 'authorize-rule') return [];
    const matter = ruleMatter(change, seats, network, ports.stage, besides(change, obstacles));
    return matter === undefined ? [] : [{ change, matter }];
  });
};

const intendedRegistrations = (
  ports: SeatingPorts,
  leased: LeasedSeats,
  { permission }: Decided,
  obstacles: Obstacles,
) => {
  const seats = seatsByKey(leased.seats);
  return permission.permitted.flatMap((change): readonly Intended<RegisterTarget>[] => {
    if (change.kind !== 'register-target') return [];
    const known = obstacles.get(seatKeyOf(change.targetGroupArn, targetKey(change.target))) ?? [];
    const matter = registrationMatter(change, seats, known, ports.stage);
    return matter === undefined ? [] : [{ change, matter }];
  });
};

/** What was done, and what still stands in the way of each seat. */
interface Applied {
  readonly entries: readonly LedgerEntry[];
  readonly obstacles: Obstacles;
  /** What cut it short: everything else is as it was left. */
  readonly interruption: Registered['interruption'];
}

/** Applies what is permitted: missing rules first, so that no target is registered before it can be reached. */
const apply = async (ports: SeatingPorts, leased: LeasedSeats, decided: Decided): Promise<Applied> => {
  const rules = await applyRules(ports, intendedRules(ports, leased, decided));
  const obstacles = addObstacles(
    decided.obstacles,
    unwritten(ports, leased.seats, decided.network, [
      ...withheldRules(decided.permission),
      ...failedRules(rules, decided.asked),
    ]),
  );
  const intended = intendedRegistrations(ports, leased, decided, obstacles);
  const { entries, interruption } = await applyRegistrations(ports, intended);
  return { entries: [...rules, ...entries], obstacles, interruption };
};

const countOf = (entries: readonly LedgerEntry[], kind: Change['kind']): number =>
  entries.filter(({ change, status }) => change.kind === kind && status === 'applied').length;

/** Under the lease: applies what was decided, starts the watches that will tell, and tells what needs no watching. */
export const enact = async (
  ports: SeatingPorts & Witnessing & Patient,
  leased: LeasedSeats,
  decided: Decided,
): Promise<SeatingOutcome> => {
  const { entries, obstacles, interruption } = await apply(ports, leased, decided);
  ports.witness?.({ leased, decided, entries });
  await noteWhoStayed(ports, leased.seats, decided);
  await startWatches(ports, entries);
  await tellRefused(ports, entries);
  if (interruption !== undefined) throw interruption;
  await tellWithheld(ports, leased.seats, decided);
  await tellHeld(ports, leased.seats, decided);
  await tellBlocked(ports, leased.seats, { obstacles, entries, decided });
  return {
    matched: leased.seats.length,
    registered: countOf(entries, 'register-target'),
    rulesAdded: countOf(entries, 'authorize-rule'),
    failed: entries.filter(({ status }) => status === 'failed').length,
    withheld: decided.permission.withheld.length,
    blocked: leased.seats.filter(({ seat }) => staysBlocked(seatKey(seat), decided, obstacles)).length,
  };
};

/** The groups of some instances stayed leased to others over all looks there are. Everything else of their run is done. */
export class GroupsStayedLeasedError extends Error {
  override readonly name = 'GroupsStayedLeasedError';
  readonly givenUp: readonly Sighting[];

  constructor(givenUp: readonly Sighting[]) {
    super(
      `the groups of ${givenUp.length} instances stayed leased to others over ${Math.max(0, ...givenUp.map(({ attempt }) => attempt))} looks`,
    );
    this.givenUp = givenUp;
  }
}

/** What came of seating, and for whom there are no more looks because the lease was never to be had. */
interface Seated {
  readonly outcome: SeatingOutcome;
  readonly givenUp: readonly Sighting[];
}

/** Since when an instance is waited for: an event of its own or a look before this began it, else its launch. */
const waitingSince = ({ instanceId, firstSeenAt, reason, tagChanges = [] }: Sighting, { seats }: LeasedSeats): Date => {
  if (reason !== undefined || tagChanges.length > 0) return firstSeenAt;
  return seats.find(({ instance }) => instance.instanceId === instanceId)?.instance.launchedAt ?? firstSeenAt;
};

const seatUnderLease = async (
  ports: LookingPorts & Witnessing & Consenting & Patient,
  sightings: readonly Sighting[],
  leased: LeasedSeats,
): Promise<Seated> => {
  const owner = `seat-${ports.newId()}`;
  const lease = await ports.leases.acquire(resourcesOf(leased.seats), owner, ports.now(), LEASE_SECONDS);
  if (lease === undefined) {
    const seated = new Set(leased.seats.map(({ instance }) => instance.instanceId));
    const waiting = sightings.filter(({ instanceId }) => seated.has(instanceId));
    const givenUp = await putOff(ports, 'LeaseBusy', waiting, ({ attempt }) => whenLeaseBusy(attempt));
    return { outcome: { ...NOTHING, matched: leased.seats.length }, givenUp };
  }
  try {
    const all = await decide(ports, leased);
    const decided = { ...all, permission: consentedTo(ports, all.permission) };
    const outcome = await enact(ports, leased, decided);
    await putOff(
      ports,
      'NotYetReady',
      sightings.filter(({ instanceId }) => decided.awaiting.has(instanceId)),
      ({ attempt }) => whenLeaving(attempt),
    );
    await putOff(
      ports,
      'NotYetVisible',
      sightings.filter(({ instanceId }) => decided.unseen.has(instanceId) && !decided.awaiting.has(instanceId)),
      whenUnseen,
    );
    const notReady = await putOff(
      ports,
      'NotReady',
      sightings.filter(({ instanceId }) => decided.unready.has(instanceId)),
      (sighting) => whenNotReady(waitingSince(sighting, leased), ports.now()),
    );
    await tellNotReady(ports, leased.seats, decided, new Set(notReady.map(({ instanceId }) => instanceId)));
    return { outcome, givenUp: [] };
  } finally {
    await ports.leases.release(lease);
  }
};

/** Puts off what can't be seen yet, and what matches nothing but is so young that its tags may still come. */
const putOffTheUnready = async (
  ports: LookingPorts,
  sightings: readonly Sighting[],
  located: Located,
): Promise<void> => {
  const unseen = await putOff(ports, 'NotYetVisible', located.notYet, ({ attempt }) => whenNotVisible(attempt));
  const placed = new Set(located.placements.map(({ instance }) => instance.instanceId));
  const idle = new Map(
    located.running
      .filter(({ instanceId }) => !placed.has(instanceId))
      .map((instance) => [instance.instanceId, instance]),
  );
  const unmatched = await putOff(
    ports,
    'NotYetTagged',
    sightings.filter(({ instanceId }) => idle.has(instanceId)),
    ({ instanceId, reason }) => {
      const instance = idle.get(instanceId);
      const looksForTags = reason === 'NotYetTagged' ? 1 : 0;
      return instance === undefined ? { kind: 'no-more' } : whenNotTagged(instance, looksForTags, ports.now());
    },
  );
  for (const { instanceId } of unseen) ports.log({ event: 'not-visible', instanceId });
  for (const { instanceId } of unmatched) ports.log({ event: 'matches-nothing', instanceId });
  for (const { instanceId, state } of located.notRunning) ports.log({ event: 'not-running', instanceId, state });
};

/** One sighting per instance: the one that has been looked at most, so that looks run out, with the tag changes of all. */
const onePerInstance = (sightings: readonly Sighting[]): readonly Sighting[] => {
  const byAttempt = [...sightings].sort((a, b) => a.attempt - b.attempt);
  return [...Map.groupBy(byAttempt, ({ instanceId }) => instanceId).values()].flatMap((same) => {
    const tagChanges = same.flatMap((one) => one.tagChanges ?? []);
    return same.slice(-1).map((last) => (tagChanges.length === 0 ? last : { ...last, tagChanges }));
  });
};

/** Seats those that belong into a group. */
const seatThePlaced = async (
  ports: LookingPorts & Witnessing & Consenting & Patient,
  sightings: readonly Sighting[],
  located: Located,
): Promise<Seated> => {
  const nobody: Seated = { outcome: NOTHING, givenUp: [] };
  if (located.placements.length === 0) return nobody;
  const { seats, unseatable } = seatsFor(located.placements, await readGroupFacts(ports, located));
  await tellUnseatable(ports, unseatable);
  return seats.length === 0 ? nobody : seatUnderLease(ports, sightings, { seats, located });
};

/**
 * Seats the instances that some events named: finds the groups they belong into, opens the path, registers them, and has
 * their health watched. Any number of times, late or out of order, it ends in the same state. Notes to look again are sent
 * last: a run that fails and is made again has sent none.
 * @throws {GroupsStayedLeasedError} once everything else is done
 * @throws whatever a read or write of AWS failed with; the queue brings the events again
 */
export const seatInstances =
  (ports: LookingPorts & Witnessing & Consenting & Patient) =>
  async (sighted: readonly Sighting[]): Promise<SeatingOutcome> => {
    const sightings = onePerInstance(sighted);
    if (sightings.length === 0) return NOTHING;
    const located = await locate(ports, sightings);
    await tellConfiguration(ports, located);
    const { outcome, givenUp } = await seatThePlaced(ports, sightings, located);
    await putOffTheUnready(ports, sightings, located);
    if (givenUp.length > 0) throw new GroupsStayedLeasedError(givenUp);
    return outcome;
  };
