import type { AuthorizeRule, Change, RegisterTarget } from '../../domain/change.ts';
import { changeKey } from '../../domain/change.ts';
import type { Finding } from '../../domain/finding.ts';
import type { LedgerEntry } from '../../domain/ledger.ts';
import { REPAIR_DEFAULTS } from '../../domain/network/draft.ts';
import type { Network } from '../../domain/network/model.ts';
import { needsOf } from '../../domain/network/needs.ts';
import { repair } from '../../domain/network/repair.ts';
import type { Permission, WithheldBecause } from '../../domain/permit.ts';
import { permit } from '../../domain/permit.ts';
import { whenLeaseBusy, whenNotTagged, whenNotVisible } from '../../domain/seating/looking-again.ts';
import { registrationMatter, ruleMatter } from '../../domain/seating/matter.ts';
import { planSeating } from '../../domain/seating/plan.ts';
import type { DesiredSeat } from '../../domain/seating/seats.ts';
import { seatKey, seatsFor } from '../../domain/seating/seats.ts';
import type { Tags } from '../../domain/tags.ts';
import { isTagTrue, USHER_TAG } from '../../domain/tags.ts';
import type { TargetHealth } from '../../domain/target.ts';
import { targetKey } from '../../domain/target.ts';
import { LEASE_SECONDS } from '../leases.ts';
import { judgeSeats, observeForRepair, observeNetwork } from '../observe-network.ts';
import { tellRefused } from '../settle-ledger/story.ts';
import { startWatches } from '../start-watches.ts';
import type { Intended } from './apply.ts';
import { applyRegistrations, applyRules } from './apply.ts';
import type { Located } from './locate.ts';
import { locate } from './locate.ts';
import { readGroupFacts, readMembers } from './observe.ts';
import type { Obstacles } from './plan-paths.ts';
import { addObstacles, obstaclesOf, onePerRule, ruleNotWritten, toAuthorizeRules } from './plan-paths.ts';
import type { SeatingPorts, Sighting } from './ports.ts';
import { putOff } from './put-off.ts';
import { tellConfiguration, tellUnseatable, tellWithheld } from './tell.ts';

/** What came of looking at some instances, for the log. */
export interface SeatingOutcome {
  readonly matched: number;
  readonly registered: number;
  readonly rulesAdded: number;
  readonly failed: number;
  readonly withheld: number;
}

const NOTHING: SeatingOutcome = { matched: 0, registered: 0, rulesAdded: 0, failed: 0, withheld: 0 };

/** The seats some instances should have, once leased: nobody else plans against their groups meanwhile. */
interface LeasedSeats {
  readonly seats: readonly DesiredSeat[];
  readonly located: Located;
}

/** What was seen under the lease, and what follows from it. */
interface Decided {
  /** Rules that would open the paths, in the name of each group they serve. */
  readonly asked: readonly AuthorizeRule[];
  readonly network: Network;
  readonly permission: Permission;
  readonly obstacles: Obstacles;
}

const resourcesOf = (seats: readonly DesiredSeat[]): readonly string[] =>
  [
    ...new Set([
      ...seats.map(({ seat }) => seat.targetGroup.arn),
      ...needsOf(seats.map(({ seat }) => seat)).securityGroupIds,
    ]),
  ].sort();

/**
 * Seats whose path is ours to open: our own, unless they must not be taken now, and those that an Auto Scaling group fills.
 * Nothing is written for an instance that is to be ignored.
 */
const seatsWithPath = (seats: readonly DesiredSeat[], { withheld }: Permission): readonly DesiredSeat[] => {
  const closed = new Set(withheld.map(({ change }) => changeKey(change)));
  const isClosed = ({ seat }: DesiredSeat): boolean => closed.has(`target|${seatKey(seat)}`);
  return seats
    .filter(({ owner }) => owner === undefined || owner === 'auto-scaling')
    .filter((desired) => !isClosed(desired) && !isTagTrue(desired.instance.tags, USHER_TAG.ignore));
};

/** Keys of what we once put there and find gone: held, until the instance was stopped and started since. */
const heldKeys = async (ports: SeatingPorts, changes: readonly Change[], seats: readonly DesiredSeat[]) => {
  const owned = await ports.ledger.readOwnership(changes.map(changeKey));
  const startedSince = (change: Change, since: string): boolean =>
    change.kind === 'register-target' &&
    seats.some(
      ({ instance }) => instance.instanceId === change.instanceId && instance.launchedAt.getTime() > Date.parse(since),
    );
  return new Set(
    changes.flatMap((change) => {
      const ownership = owned.get(changeKey(change));
      return ownership === undefined || startedSince(change, ownership.since) ? [] : [changeKey(change)];
    }),
  );
};

const tagsOfGroups = (seats: readonly DesiredSeat[]): ReadonlyMap<string, Tags> =>
  new Map(seats.map(({ seat }) => [seat.targetGroup.arn, seat.targetGroup.tags]));

const tagsOfInstances = (seats: readonly DesiredSeat[]): ReadonlyMap<string, Tags> =>
  new Map(seats.map(({ instance }) => [instance.instanceId, instance.tags]));

const memberIds = (members: ReadonlyMap<string, readonly TargetHealth[]>) =>
  new Map([...members].map(([arn, healths]) => [arn, new Set(healths.map(({ target }) => target.id))]));

/** Asks what of some changes is permitted, with what the ledger says is held among them. */
const permitted = async (
  ports: SeatingPorts,
  changes: readonly Change[],
  seats: readonly DesiredSeat[],
  securityGroups: Network['securityGroups'],
): Promise<Permission> =>
  permit(changes, {
    stage: ports.stage,
    targetGroupTags: tagsOfGroups(seats),
    instanceTags: tagsOfInstances(seats),
    securityGroups,
    ruleTags: new Map(),
    heldKeys: changes.length === 0 ? new Set() : await heldKeys(ports, changes, seats),
  });

/**
 * Reads what decides, plans registrations and rules, and asks what of it is permitted. Writes nothing. Registrations come
 * first, for a target that must not be registered needs no path.
 */
const decide = async (ports: SeatingPorts, leased: LeasedSeats): Promise<Decided> => {
  const { seats, members } = await readMembers(ports, leased.seats);
  const plan = planSeating(seats, members, ports.now());
  const registrations = await permitted(ports, plan.registrations, seats, new Map());
  const paths = seatsWithPath(seats, registrations).map(({ seat }) => seat);
  const seen = await observeNetwork(ports.ec2, paths);
  const judgements = judgeSeats(paths, seen);
  const isBlocked = judgements.some(({ verdict }) => verdict === 'blocked');
  const network = isBlocked ? await observeForRepair(ports.ec2, seen, judgements) : seen;
  const repaired = repair(judgements, network, { ...REPAIR_DEFAULTS, members: memberIds(members) });
  const asked = repaired.rules.flatMap(toAuthorizeRules);
  const rules = onePerRule(await permitted(ports, asked, seats, network.securityGroups));
  return {
    asked,
    network,
    permission: {
      permitted: [...rules.permitted, ...registrations.permitted],
      withheld: [...rules.withheld, ...registrations.withheld],
    },
    obstacles: obstaclesOf(repaired),
  };
};

/** Findings on every seat a rule was for, when that rule was not written. */
const unwritten = (
  seats: readonly DesiredSeat[],
  rules: readonly { readonly change: AuthorizeRule; readonly because: WithheldBecause | string }[],
): readonly { readonly seat: string; readonly finding: Finding }[] =>
  rules.flatMap(({ change, because }) =>
    seats
      .filter(({ seat }) => seat.targetGroup.arn === change.targetGroupArn)
      .filter(({ seat }) => change.targetKeys.includes(targetKey(seat.target)))
      .map(({ seat }) => ({ seat: seatKey(seat), finding: ruleNotWritten(change, because) })),
  );

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

const intendedRules = (ports: SeatingPorts, { seats }: LeasedSeats, { permission, network }: Decided) =>
  permission.permitted.flatMap((change): readonly Intended<AuthorizeRule>[] => {
    if (change.kind !== 'authorize-rule') return [];
    const matter = ruleMatter(change, seats, network, ports.stage);
    return matter === undefined ? [] : [{ change, matter }];
  });

const intendedRegistrations = (
  ports: SeatingPorts,
  { seats }: LeasedSeats,
  { permission }: Decided,
  obstacles: Obstacles,
) =>
  permission.permitted.flatMap((change): readonly Intended<RegisterTarget>[] => {
    if (change.kind !== 'register-target') return [];
    const known = obstacles.get(`${change.targetGroupArn}|${targetKey(change.target)}`) ?? [];
    const matter = registrationMatter(change, seats, known, ports.stage);
    return matter === undefined ? [] : [{ change, matter }];
  });

/** Applies what is permitted: missing rules first, so that no target is registered before it can be reached. */
const apply = async (ports: SeatingPorts, leased: LeasedSeats, decided: Decided): Promise<readonly LedgerEntry[]> => {
  const rules = await applyRules(ports, intendedRules(ports, leased, decided));
  const obstacles = addObstacles(
    decided.obstacles,
    unwritten(leased.seats, [...withheldRules(decided.permission), ...failedRules(rules, decided.asked)]),
  );
  const registrations = await applyRegistrations(ports, intendedRegistrations(ports, leased, decided, obstacles));
  return [...rules, ...registrations];
};

const countOf = (entries: readonly LedgerEntry[], kind: Change['kind']): number =>
  entries.filter(({ change, status }) => change.kind === kind && status === 'applied').length;

/** Under the lease: decide, apply, start the watches that will tell, and tell what needs no watching. */
const seat = async (ports: SeatingPorts, leased: LeasedSeats): Promise<SeatingOutcome> => {
  const decided = await decide(ports, leased);
  const entries = await apply(ports, leased, decided);
  await startWatches(ports, entries);
  await tellRefused(ports, entries);
  await tellWithheld(ports, leased.seats, decided.permission);
  return {
    matched: leased.seats.length,
    registered: countOf(entries, 'register-target'),
    rulesAdded: countOf(entries, 'authorize-rule'),
    failed: entries.filter(({ status }) => status === 'failed').length,
    withheld: decided.permission.withheld.length,
  };
};

const seatUnderLease = async (
  ports: SeatingPorts,
  sightings: readonly Sighting[],
  leased: LeasedSeats,
): Promise<SeatingOutcome> => {
  const owner = `seat-${ports.newId()}`;
  const lease = await ports.leases.acquire(resourcesOf(leased.seats), owner, ports.now(), LEASE_SECONDS);
  if (lease === undefined) {
    const seated = new Set(leased.seats.map(({ instance }) => instance.instanceId));
    const waiting = sightings.filter(({ instanceId }) => seated.has(instanceId));
    const given = await putOff(ports, 'LeaseBusy', waiting, ({ attempt }) => whenLeaseBusy(attempt));
    if (given.length > 0)
      throw new Error(
        `the groups of ${given.length} instances stayed leased to others over ${given[0]?.attempt} looks`,
      );
    return { ...NOTHING, matched: leased.seats.length };
  }
  try {
    return await seat(ports, leased);
  } finally {
    await ports.leases.release(lease);
  }
};

/** Puts off what can't be seen yet, and what matches nothing but is so young that its tags may still come. */
const putOffTheUnready = async (
  ports: SeatingPorts,
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

/** One sighting per instance: the one that has been looked at most, so that looks run out. */
const onePerInstance = (sightings: readonly Sighting[]): readonly Sighting[] => [
  ...new Map([...sightings].sort((a, b) => a.attempt - b.attempt).map((one) => [one.instanceId, one])).values(),
];

/**
 * Seats the instances that some events named: finds the groups they belong into, opens the path, registers them, and has
 * their health watched. Any number of times, late or out of order, it ends in the same state.
 * @throws whatever a read or write of AWS failed with; the queue brings the events again
 */
export const seatInstances =
  (ports: SeatingPorts) =>
  async (sighted: readonly Sighting[]): Promise<SeatingOutcome> => {
    const sightings = onePerInstance(sighted);
    if (sightings.length === 0) return NOTHING;
    const located = await locate(ports, sightings);
    await putOffTheUnready(ports, sightings, located);
    await tellConfiguration(ports, located);
    if (located.placements.length === 0) return NOTHING;
    const { seats, unseatable } = seatsFor(located.placements, await readGroupFacts(ports, located));
    await tellUnseatable(ports, unseatable);
    return seats.length === 0 ? NOTHING : seatUnderLease(ports, sightings, { seats, located });
  };
