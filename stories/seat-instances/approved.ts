import type { MovedBecause } from '../../domain/answer.ts';
import { changeKey, targetChangeKey } from '../../domain/change.ts';
import type { DesiredSeat, Unseatable } from '../../domain/seating/seats.ts';
import { seatsFor } from '../../domain/seating/seats.ts';
import type { PlanContent, PlannedSeat } from '../../domain/stored-plan.ts';
import { targetKey } from '../../domain/target.ts';
import { LEASE_SECONDS } from '../leases.ts';
import type { Decided } from './decide.ts';
import { decide } from './decide.ts';
import type { Located } from './locate.ts';
import { locate } from './locate.ts';
import { readGroupFacts } from './observe.ts';
import type { SeatingPorts } from './ports.ts';
import type { SeatingOutcome } from './story.ts';
import { enact, resourcesOf } from './story.ts';

/** Registrations in one group that a person said yes to. */
export type Approval = Pick<Extract<PlanContent, { readonly kind: 'seat' }>, 'targetGroup' | 'seats' | 'rulesOnly'>;

export type ApprovedSeating =
  | { readonly kind: 'seated'; readonly outcome: SeatingOutcome }
  | {
      readonly kind: 'moved';
      readonly moved: readonly { readonly name: string; readonly because: MovedBecause }[];
      /** What of it could still be done. */
      readonly remaining: readonly PlannedSeat[];
    };

/** Somebody else plans against the same groups at this moment: come again. */
export class GroupsBusyError extends Error {
  override readonly name = 'GroupsBusyError';
}

/** What was seen of the approved instances. */
interface Seen {
  readonly located: Located;
  readonly seats: readonly DesiredSeat[];
  readonly unseatable: readonly Unseatable[];
}

const observe = async (ports: SeatingPorts, { targetGroup, seats }: Approval): Promise<Seen> => {
  const firstSeenAt = ports.now();
  const instanceIds = [...new Set(seats.map(({ instanceId }) => instanceId))];
  const everywhere = await locate(
    ports,
    instanceIds.map((instanceId) => ({ instanceId, attempt: 0, firstSeenAt })),
  );
  const placements = everywhere.placements.filter(({ targetGroupArn }) => targetGroupArn === targetGroup.id);
  const located = { ...everywhere, placements };
  if (placements.length === 0) return { located, seats: [], unseatable: [] };
  return { located, ...seatsFor(placements, await readGroupFacts(ports, located)) };
};

/** Why nobody sits where a person approved a seat, when nothing was even planned for it. */
const absence = ({ instanceId }: PlannedSeat, { located, unseatable }: Seen): MovedBecause => {
  if (unseatable.some(({ instance }) => instance.instanceId === instanceId)) return 'CannotBeSeated';
  return located.running.some((instance) => instance.instanceId === instanceId) ? 'NotWanted' : 'InstanceGone';
};

type Standing = { readonly kind: 'ready' | 'there' } | { readonly kind: 'moved'; readonly because: MovedBecause };

/** Whether an approved change still stands: planned and permitted, or true already. */
const standingOf = (planned: PlannedSeat, seen: Seen, decided: Decided | undefined): Standing => {
  const isDesired = seen.seats.some(
    ({ seat }) => targetChangeKey(seat.targetGroup.arn, targetKey(seat.target)) === planned.changeKey,
  );
  if (decided === undefined || !isDesired) return { kind: 'moved', because: absence(planned, seen) };
  const { permitted, withheld } = decided.permission;
  if (permitted.some((change) => changeKey(change) === planned.changeKey)) return { kind: 'ready' };
  const because = withheld.find(({ change }) => changeKey(change) === planned.changeKey)?.because;
  if (because === undefined) return { kind: 'there' };
  // What a yes overrules can't be what withholds it now.
  return { kind: 'moved', because: because === 'Ask' || because === 'TooManyAdditions' ? 'NotWanted' : because };
};

/** Compares what was approved with what is planned afresh; acts only when every approved change still stands. */
const carryOut = async (
  ports: SeatingPorts,
  approval: Approval,
  seen: Seen,
  decided: Decided | undefined,
): Promise<ApprovedSeating> => {
  const standings = approval.seats.map((planned) => ({ planned, standing: standingOf(planned, seen, decided) }));
  const moved = standings.flatMap(({ planned, standing }) =>
    standing.kind === 'moved' ? [{ name: planned.name, because: standing.because }] : [],
  );
  const stands = approval.rulesOnly === true ? moved.length < standings.length : moved.length === 0;
  if (decided !== undefined && stands)
    return { kind: 'seated', outcome: await enact(ports, { seats: seen.seats, located: seen.located }, decided) };
  const remaining = standings.filter(({ standing }) => standing.kind === 'ready').map(({ planned }) => planned);
  return { kind: 'moved', moved, remaining };
};

/**
 * Carries out what a person approved: looks and plans afresh, and acts only when the fresh plan still holds every approved
 * change, or the change is true already. Any number of times, it ends in the same state.
 * @throws {GroupsBusyError} when somebody else has the lease; nothing was changed
 * @throws whatever a read or write of AWS failed with
 */
export const seatApproved =
  (ports: SeatingPorts) =>
  async (approval: Approval): Promise<ApprovedSeating> => {
    const seen = await observe(ports, approval);
    if (seen.seats.length === 0) return carryOut(ports, approval, seen, undefined);
    const owner = `approve-${ports.newId()}`;
    const lease = await ports.leases.acquire(resourcesOf(seen.seats), owner, ports.now(), LEASE_SECONDS);
    if (lease === undefined) throw new GroupsBusyError(`the group ${approval.targetGroup.name} is leased to others`);
    try {
      const decided = await decide(ports, seen, new Set(approval.seats.map((planned) => planned.changeKey)));
      return await carryOut(ports, approval, seen, decided);
    } finally {
      await ports.leases.release(lease);
    }
  };
