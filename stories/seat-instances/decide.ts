import type { AuthorizeRule, Change } from '../../domain/change.ts';
import { changeKey, targetChangeKey } from '../../domain/change.ts';
import { REPAIR_DEFAULTS } from '../../domain/network/draft.ts';
import type { Network, Seat } from '../../domain/network/model.ts';
import { repair } from '../../domain/network/repair.ts';
import type { Permission } from '../../domain/permit.ts';
import { permit } from '../../domain/permit.ts';
import { concernsSeat, endsHold } from '../../domain/seating/holds.ts';
import { planSeating } from '../../domain/seating/plan.ts';
import type { DesiredSeat } from '../../domain/seating/seats.ts';
import type { Tags } from '../../domain/tags.ts';
import { isTagTrue, USHER_TAG } from '../../domain/tags.ts';
import type { TargetHealth } from '../../domain/target.ts';
import { targetKey } from '../../domain/target.ts';
import { judgeSeats, observeForRepair, observeNetwork } from '../observe-network.ts';
import { countAdditions } from './count-additions.ts';
import type { Located } from './locate.ts';
import { readMembers } from './observe.ts';
import type { Obstacles } from './plan-paths.ts';
import { obstaclesOf, onePerRule, toAuthorizeRules } from './plan-paths.ts';
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

/**
 * Keys of what we once put there and find gone: held, until the instance was stopped and started since, or the tags that
 * bring it there were changed since.
 */
const heldKeys = async (ports: SeatingPorts, changes: readonly Change[], leased: LeasedSeats) => {
  const owned = await ports.ledger.readOwnership(changes.map(changeKey));
  const seats = new Map(leased.seats.map((desired) => [seatChangeKey(desired.seat), desired]));
  const isLetGo = (change: Change, since: Date): boolean => {
    const desired = seats.get(changeKey(change));
    if (desired === undefined) return false;
    const { seat, instance } = desired;
    const tagChanges = leased.located.tagChanges.get(instance.instanceId) ?? [];
    return instance.launchedAt > since || tagChanges.some((each) => endsHold(each, since, seat.targetGroup.tags));
  };
  return new Set(
    changes.flatMap((change) => {
      const ownership = owned.get(changeKey(change));
      return ownership === undefined || isLetGo(change, new Date(ownership.since)) ? [] : [changeKey(change)];
    }),
  );
};

/** Instances whose tags were changed to have a seat back while their target is still leaving it. */
export const awaitingTheirSeat = ({ seats, located }: LeasedSeats, { members }: Decided): ReadonlySet<string> =>
  new Set(
    seats
      .filter(({ seat, instance }) =>
        located.tagChanges.get(instance.instanceId)?.some((each) => concernsSeat(each, seat.targetGroup.tags)),
      )
      .filter(({ seat }) =>
        members
          .get(seat.targetGroup.arn)
          ?.some(({ target, state }) => state === 'draining' && targetKey(target) === targetKey(seat.target)),
      )
      .map(({ instance }) => instance.instanceId),
  );

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
  leased: LeasedSeats,
  securityGroups: Network['securityGroups'],
  approvedKeys: ReadonlySet<string>,
): Promise<Permission> =>
  permit(changes, {
    approvedKeys,
    stage: ports.stage,
    targetGroupTags: tagsOfGroups(leased.seats),
    instanceTags: tagsOfInstances(leased.seats),
    securityGroups,
    ruleTags: new Map(),
    heldKeys: changes.length === 0 ? new Set() : await heldKeys(ports, changes, leased),
  });

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
  const plan = planSeating(seats, members, ports.now());
  const judged = await permitted(ports, plan.registrations, present, new Map(), approvedKeys);
  const registrations = await countAdditions(ports, judged, approvedKeys);
  const paths = seatsWithPath(seats, registrations).map(({ seat }) => seat);
  const seen = await observeNetwork(ports.ec2, paths);
  const judgements = judgeSeats(paths, seen);
  const isBlocked = judgements.some(({ verdict }) => verdict === 'blocked');
  const network = isBlocked ? await observeForRepair(ports.ec2, seen, judgements) : seen;
  const repaired = repair(judgements, network, { ...REPAIR_DEFAULTS, members: memberIds(members) });
  const asked = repaired.rules.flatMap(toAuthorizeRules);
  const rules = onePerRule(await permitted(ports, asked, present, network.securityGroups, approvedKeys));
  return {
    asked,
    members,
    network,
    permission: {
      permitted: [...rules.permitted, ...registrations.permitted],
      withheld: [...rules.withheld, ...registrations.withheld],
    },
    obstacles: obstaclesOf(repaired),
  };
};
