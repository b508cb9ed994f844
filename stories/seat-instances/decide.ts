import type { AuthorizeRule, Change, RegisterTarget } from '../../domain/change.ts';
import { changeKey, targetChangeKey } from '../../domain/change.ts';
import { leftToCodeKey } from '../../domain/holding.ts';
import { REPAIR_DEFAULTS } from '../../domain/network/draft.ts';
import type { Network, Seat } from '../../domain/network/model.ts';
import { seatKey } from '../../domain/network/model.ts';
import { outgrownIn } from '../../domain/network/outgrown.ts';
import { repair } from '../../domain/network/repair.ts';
import type { Permission } from '../../domain/permit.ts';
import { isManagedByCode, isYes, permit } from '../../domain/permit.ts';
import { absenceOf, concernsSeat, endsHold } from '../../domain/seating/holds.ts';
import { planSeating, registration } from '../../domain/seating/plan.ts';
import { isReady, readinessOf } from '../../domain/seating/readiness.ts';
import type { DesiredSeat } from '../../domain/seating/seats.ts';
import { withoutRules } from '../../domain/sweep/own-rules.ts';
import type { Tags } from '../../domain/tags.ts';
import { isTagTrue, USHER_TAG } from '../../domain/tags.ts';
import type { TargetHealth } from '../../domain/target.ts';
import { targetKey } from '../../domain/target.ts';
import { judgeSeats, observeForRepair, observeNetwork } from '../observe-network.ts';
import type { Stops } from '../stops.ts';
import { readStops } from '../stops.ts';
import type { OnceOurs } from '../who-took-it.ts';
import { whoTookIt } from '../who-took-it.ts';
import { countAdditions } from './count-additions.ts';
import type { Located } from './locate.ts';
import { readMembers } from './observe.ts';
import type { Obstacles } from './plan-paths.ts';
import { obstaclesOf, onePerRule, rulesAsked } from './plan-paths.ts';
import type { SeatingPorts } from './ports.ts';

/** The seats some instances should have, once leased: nobody else plans against their groups meanwhile. */
export interface LeasedSeats {
  readonly seats: readonly DesiredSeat[];
  readonly located: Located;
}

/** What was seen under the lease, and what follows from it. */
export interface Decided {
  /** Rules that would open the paths, in the name of each group they serve. */
  readonly asked: readonly AuthorizeRule[];
  readonly network: Network;
  readonly permission: Permission;
  /** Since when we had what is held, by change key. */
  readonly heldSince: ReadonlyMap<string, string>;
  /** What others took away and is held for that, by change key; targets that are leaving still are among them. */
  readonly takenAway: ReadonlyMap<string, OnceOurs>;
  /** Seats whose path was judged blocked, before any rule was added. */
  readonly blocked: ReadonlySet<string>;
  /** Those of them whose traffic is, and whose health check is not: they may be healthy all the same. */
  readonly unreached: ReadonlySet<string>;
  /** Instances whose target is leaving the seat that they shall have once it is gone. */
  readonly awaiting: ReadonlySet<string>;
  /** Instances that some group of theirs waits for: not ready yet, by what its `usher:ready` asks. */
  readonly unready: ReadonlySet<string>;
  /** Instances for which something we put there moments ago is not seen there: neither written again nor held yet. */
  readonly unseen: ReadonlySet<string>;
  readonly obstacles: Obstacles;
  /** Members of each group, as they were when this was decided. */
  readonly members: ReadonlyMap<string, readonly TargetHealth[]>;
}

/** Key of the change that takes a seat, or leaves it. */
const seatChangeKey = ({ targetGroup, target }: Seat): string => targetChangeKey(targetGroup.arn, targetKey(target));

/**
 * Seats whose path is ours to open: our own, unless they must not be taken now, and those that an Auto Scaling group fills.
 * Nothing is written for an instance that is to be ignored.
 */
const seatsWithPath = (seats: readonly DesiredSeat[], { withheld }: Permission): readonly DesiredSeat[] => {
  const closed = new Set(withheld.map(({ change }) => changeKey(change)));
  const isClosed = ({ seat }: DesiredSeat): boolean => closed.has(seatChangeKey(seat));
  return seats
    .filter(({ owner }) => owner === undefined || owner === 'auto-scaling')
    .filter((desired) => !isClosed(desired) && !isTagTrue(desired.instance.tags, USHER_TAG.ignore));
};

/** Whether a hold of a seat is over: the instance was stopped and started since, or tags that bring it there were changed. */
const isLetGo = (desired: DesiredSeat | undefined, since: Date, { tagChanges }: Located): boolean => {
  if (desired === undefined) return false;
  const { seat, instance } = desired;
  const changes = tagChanges.get(instance.instanceId) ?? [];
  return instance.launchedAt > since || changes.some((each) => endsHold(each, since, seat.targetGroup.tags));
};

/** Changes whose effect we once had and find gone, with what that means. */
interface Gone extends Pick<Decided, 'heldSince' | 'takenAway'> {
  /** What we took out because the instance is about to go. */
  readonly leavingKeys: ReadonlySet<string>;
  readonly unseenKeys: ReadonlySet<string>;
}

const NOTHING_GONE: Gone = {
  heldSince: new Map(),
  takenAway: new Map(),
  leavingKeys: new Set(),
  unseenKeys: new Set(),
};

const isAddition = (change: Change): change is OnceOurs['change'] =>
  change.kind === 'register-target' || change.kind === 'authorize-rule';

/** What is so young that the read may lag is gone all the same once it is known who took it away. */
const absenceNow = async (ports: SeatingPorts, once: OnceOurs): Promise<ReturnType<typeof absenceOf>> => {
  const absence = absenceOf(new Date(once.since), ports.now());
  return absence === 'not-visible-yet' && (await whoTookIt(ports, once)) !== undefined ? 'held' : absence;
};

/**
 * What of some changes we once put there ourselves: somebody took it away, so it is held; or it is so young that the read
 * may lag, so it is left alone until it is clear. Writing it again at once would overrule whoever took it away in that time.
 */
const readGone = async (ports: SeatingPorts, changes: readonly Change[], leased: LeasedSeats): Promise<Gone> => {
  if (changes.length === 0) return NOTHING_GONE;
  const owned = await ports.ledger.readOwnership(changes.map(changeKey));
  const seats = new Map(leased.seats.map((desired) => [seatChangeKey(desired.seat), desired]));
  const gone: {
    readonly key: string;
    readonly since: string;
    readonly once: OnceOurs;
    readonly absence: ReturnType<typeof absenceOf> | 'leaving';
    readonly isOurDoing: boolean;
  }[] = [];
  for (const change of changes.filter(isAddition)) {
    const key = changeKey(change);
    const { since, leaving, ruleId, undoneBy } = owned.get(key) ?? {};
    if (since === undefined || isLetGo(seats.get(key), new Date(since), leased.located)) continue;
    const once: OnceOurs = { change, since, ruleId };
    const absence = leaving === undefined ? await absenceNow(ports, once) : 'leaving';
    gone.push({ key, since, absence, once, isOurDoing: undoneBy !== undefined });
  }
  const inAbsence = (absence: (typeof gone)[number]['absence']) => gone.filter((each) => each.absence === absence);
  const held = inAbsence('held');
  return {
    heldSince: new Map(held.map(({ key, since }) => [key, since])),
    takenAway: new Map(held.flatMap(({ key, once, isOurDoing }) => (isOurDoing ? [] : [[key, once] as const]))),
    leavingKeys: new Set(inAbsence('leaving').map(({ key }) => key)),
    unseenKeys: new Set(inAbsence('not-visible-yet').map(({ key }) => key)),
  };
};

/**
 * Instances that shall have a seat which their target, or another's of the same address, is leaving: whoever is leaving was
 * taken out before the instance was started or its tags were changed, or was never ours. Others stay out: somebody took
 * them out.
 */
const awaitingTheirSeat = async (
  ports: SeatingPorts,
  { seats, located }: LeasedSeats,
  members: Decided['members'],
): Promise<ReadonlySet<string>> => {
  const leaving = seats.filter(
    ({ seat, owner }) =>
      owner === undefined &&
      members
        .get(seat.targetGroup.arn)
        ?.some(({ target, state }) => state === 'draining' && targetKey(target) === targetKey(seat.target)),
  );
  if (leaving.length === 0) return new Set();
  const owned = await ports.ledger.readOwnership(leaving.map(({ seat }) => seatChangeKey(seat)));
  const isWanted = ({ seat, instance }: DesiredSeat): boolean => {
    const since = owned.get(seatChangeKey(seat))?.since;
    const changes = located.tagChanges.get(instance.instanceId) ?? [];
    return (
      since === undefined ||
      instance.launchedAt > new Date(since) ||
      changes.some((each) => concernsSeat(each, seat.targetGroup.tags))
    );
  };
  return new Set(leaving.filter(isWanted).map(({ instance }) => instance.instanceId));
};

/** Keys of registrations in groups that wait for what their instance isn't yet. Checks are read only where one is asked for. */
const readUnready = async (
  ports: SeatingPorts,
  registrations: readonly RegisterTarget[],
  seats: readonly DesiredSeat[],
): Promise<ReadonlySet<string>> => {
  const groups = tagsOfGroups(seats);
  const instances = tagsOfInstances(seats);
  const waiting = registrations.flatMap((change) => {
    const readiness = readinessOf(groups.get(change.targetGroupArn) ?? {});
    return readiness === undefined ? [] : [{ change, readiness }];
  });
  const checked = waiting.filter(({ readiness }) => readiness.kind === 'status-checks');
  const passing: ReadonlySet<string> =
    checked.length === 0
      ? new Set()
      : await ports.ec2.readPassingChecks(checked.map(({ change: { instanceId } }) => instanceId));
  const unready = waiting.filter(
    ({ change: { instanceId }, readiness }) =>
      !isReady(readiness, instances.get(instanceId) ?? {}, passing.has(instanceId)),
  );
  return new Set(unready.map(({ change }) => changeKey(change)));
};

/**
 * Targets of ours that others took out and that are leaving still: nothing to seat, and something to say, once it is known that
 * somebody did it. They stay out: whoever waits for a seat that is being left is another matter.
 */
const takenAndLeaving = async (
  ports: SeatingPorts,
  leased: LeasedSeats,
  members: Decided['members'],
  stops: Stops,
): Promise<Decided['takenAway']> => {
  const leaving = leased.seats.filter(
    ({ seat, owner }) =>
      owner === undefined &&
      members
        .get(seat.targetGroup.arn)
        ?.some(({ target, state }) => state === 'draining' && targetKey(target) === targetKey(seat.target)),
  );
  const changes = leaving.map((desired) => registration(desired, ports.now()));
  const { permission, takenAway } = await permitted(
    ports,
    changes,
    leased,
    { securityGroups: new Map(), stops },
    new Set(),
  );
  const held = heldAmong(permission, takenAway);
  const known: [string, OnceOurs][] = [];
  for (const [key, once] of held) if ((await whoTookIt(ports, once)) !== undefined) known.push([key, once]);
  return new Map(known);
};

/** Of what others took away, what is withheld for that reason: not what a policy, a pause or a tag keeps back anyway. */
const heldAmong = ({ withheld }: Permission, takenAway: Decided['takenAway']): Decided['takenAway'] => {
  const held = new Set(withheld.flatMap(({ change, because }) => (because === 'Held' ? [changeKey(change)] : [])));
  return new Map([...takenAway].filter(([key]) => held.has(key)));
};

/** Instances that some changes are for. */
const instancesOf = (changes: readonly Change[], seats: readonly DesiredSeat[]): readonly string[] =>
  changes.flatMap((change) => {
    if (change.kind === 'register-target') return [change.instanceId];
    if (change.kind !== 'authorize-rule') return [];
    return seats
      .filter(({ seat }) => seat.targetGroup.arn === change.targetGroupArn)
      .filter(({ seat }) => change.targetKeys.includes(targetKey(seat.target)))
      .map(({ instance }) => instance.instanceId);
  });

const tagsOfGroups = (seats: readonly DesiredSeat[]): ReadonlyMap<string, Tags> =>
  new Map(seats.map(({ seat }) => [seat.targetGroup.arn, seat.targetGroup.tags]));

const tagsOfInstances = (seats: readonly DesiredSeat[]): ReadonlyMap<string, Tags> =>
  new Map(seats.map(({ instance }) => [instance.instanceId, instance.tags]));

const memberIds = (members: ReadonlyMap<string, readonly TargetHealth[]>) =>
  new Map([...members].map(([arn, healths]) => [arn, new Set(healths.map(({ target }) => target.id))]));

/** What else decides on some changes besides the ledger. */
interface Circumstances {
  readonly securityGroups: Network['securityGroups'];
  readonly stops: Stops;
  readonly unreadyKeys?: ReadonlySet<string>;
  readonly leftToCode?: ReadonlySet<string>;
}

/**
 * Security groups kept by code in which a rule of ours was found gone before: their owner gets the rules as text, and we write
 * none there.
 */
export const readLeftToCode = async (
  { holds, stage }: Pick<SeatingPorts, 'holds' | 'stage'>,
  asked: readonly AuthorizeRule[],
  { securityGroups }: Network,
): Promise<ReadonlySet<string>> => {
  const kept = [...new Set(asked.map(({ groupId }) => groupId))].filter((groupId) => {
    const group = securityGroups.get(groupId);
    return group?.kind === 'read' && isManagedByCode(group.value.tags, stage.managedByTags);
  });
  const held = await holds.held(kept.map(leftToCodeKey));
  return new Set(kept.filter((groupId) => held.has(leftToCodeKey(groupId))));
};

/** What may be done of some changes, what is held of them, and for whom something is not seen yet. */
interface Answered extends Pick<Decided, 'permission' | 'heldSince' | 'takenAway' | 'unseen'> {}

/** Asks what of some changes is permitted, with what the ledger says we had. What a person said yes to waits for nothing. */
const permitted = async (
  ports: SeatingPorts,
  changes: readonly Change[],
  leased: LeasedSeats,
  { securityGroups, stops, unreadyKeys, leftToCode }: Circumstances,
  approvedKeys: ReadonlySet<string>,
): Promise<Answered> => {
  const { heldSince, takenAway, leavingKeys, unseenKeys } = await readGone(ports, changes, leased);
  const isUnseen = (change: Change): boolean => unseenKeys.has(changeKey(change)) && !isYes(change, approvedKeys);
  const permission = permit(
    changes.filter((change) => !isUnseen(change)),
    {
      approvedKeys,
      stage: ports.stage,
      ...stops,
      unreadyKeys: unreadyKeys ?? new Set(),
      leftToCode: leftToCode ?? new Set(),
      targetGroupTags: tagsOfGroups(leased.seats),
      instanceTags: tagsOfInstances(leased.seats),
      securityGroups,
      ruleTags: new Map(),
      heldKeys: new Set(heldSince.keys()),
      leavingKeys,
    },
  );
  return { permission, heldSince, takenAway, unseen: new Set(instancesOf(changes.filter(isUnseen), leased.seats)) };
};

/**
 * Reads what decides, plans registrations and rules, and asks what of it is permitted. Changes nothing, but counts
 * additions. Registrations come first, for a target that must not be registered needs no path.
 * @param approvedKeys keys of registrations that a person said yes to
 */
export const decide = async (
  ports: SeatingPorts,
  leased: LeasedSeats,
  approvedKeys: ReadonlySet<string> = new Set(),
): Promise<Decided> => {
  const { seats, members } = await readMembers(ports, leased.seats);
  const present = { ...leased, seats };
  const plan = planSeating(seats, members, ports.now(), approvedKeys);
  const stops = await readStops(ports);
  const judged = await permitted(
    ports,
    plan.registrations,
    present,
    { securityGroups: new Map(), stops, unreadyKeys: await readUnready(ports, plan.registrations, seats) },
    approvedKeys,
  );
  const registrations = { ...judged, permission: await countAdditions(ports, judged.permission, approvedKeys) };
  const paths = seatsWithPath(seats, registrations.permission).map(({ seat }) => seat);
  const seen = await observeNetwork(ports, paths);
  const judgements = judgeSeats(paths, seen);
  const outgrown = outgrownIn(seen, paths, ports.stage.name);
  // Rules of ours for clients whom no tag names any more are to go, so that nothing may rest on them.
  const toOpen = outgrown.size === 0 ? judgements : judgeSeats(paths, withoutRules(outgrown, seen));
  const isBlocked = toOpen.some(({ verdict }) => verdict === 'blocked');
  const network = isBlocked ? await observeForRepair(ports.ec2, seen, toOpen) : seen;
  const { wideClientCidrs } = ports.stage;
  const options = { ...REPAIR_DEFAULTS, members: memberIds(members), wideClientCidrs };
  const repaired = repair(judgements, network, options);
  const asked = rulesAsked(repaired, outgrown.size === 0 ? repaired : repair(toOpen, network, options));
  const answered = await permitted(
    ports,
    asked,
    present,
    {
      securityGroups: network.securityGroups,
      stops,
      leftToCode: asked.length === 0 ? new Set() : await readLeftToCode(ports, asked, network),
    },
    approvedKeys,
  );
  const rules = onePerRule(answered.permission);
  const blocked = judgements.filter(({ verdict }) => verdict === 'blocked').map(({ flow }) => flow);
  const unchecked = new Set(blocked.filter(({ name }) => name === 'health').map(({ seat }) => seatKey(seat)));
  return {
    asked,
    members,
    network,
    awaiting: await awaitingTheirSeat(ports, present, members),
    unready: new Set(
      registrations.permission.withheld.flatMap(({ change, because }) =>
        change.kind === 'register-target' && because === 'NotReady' ? [change.instanceId] : [],
      ),
    ),
    unseen: new Set([...registrations.unseen, ...answered.unseen]),
    blocked: new Set(blocked.map(({ seat }) => seatKey(seat))),
    unreached: new Set(blocked.map(({ seat }) => seatKey(seat)).filter((key) => !unchecked.has(key))),
    heldSince: new Map([...registrations.heldSince, ...answered.heldSince]),
    takenAway: new Map([
      ...heldAmong(registrations.permission, registrations.takenAway),
      ...heldAmong(rules, answered.takenAway),
      ...(await takenAndLeaving(ports, present, members, stops)),
    ]),
    permission: {
      permitted: [...rules.permitted, ...registrations.permission.permitted],
      withheld: [...rules.withheld, ...registrations.permission.withheld],
    },
    obstacles: obstaclesOf(repaired),
  };
};
