import type { MovedBecause } from '../../domain/answer.ts';
import type { DeregisterTarget } from '../../domain/change.ts';
import { changeKey, targetChangeKey } from '../../domain/change.ts';
import { isCounted } from '../../domain/seating/departures.ts';
import type { PlanContent, PlannedSeat } from '../../domain/stored-plan.ts';
import { targetKey } from '../../domain/target.ts';
import { LEASE_SECONDS } from '../leases.ts';
import { GroupsBusyError } from '../seat-instances/approved.ts';
import { takeApprovedRoom } from '../take-out.ts';
import { takeOut } from './apply.ts';
import type { DecidedGroup } from './decide.ts';
import { decideGroup, removalsIn } from './decide.ts';
import type { GroupPorts } from './ports.ts';

/** Removals from one group that a person said yes to. */
export type ApprovedRemovals = Pick<Extract<PlanContent, { readonly kind: 'unseat' }>, 'targetGroup' | 'seats'>;

export type ApprovedUnseating =
  | { readonly kind: 'taken-out' }
  | { readonly kind: 'moved'; readonly moved: readonly { readonly name: string; readonly because: MovedBecause }[] }
  | { readonly kind: 'refused'; readonly code: string };

type Standing = { readonly kind: 'ready' | 'gone' } | { readonly kind: 'moved'; readonly because: MovedBecause };

/** Whether an approved removal still stands: planned and permitted, or true already. */
const standingOf = ({ changeKey: key }: PlannedSeat, decided: DecidedGroup): Standing => {
  const { observed, permission, departures } = decided;
  const keyOf = ({ target }: DecidedGroup['observed']['members'][number]): string =>
    targetChangeKey(observed.targetGroup.arn, targetKey(target));
  if (!observed.members.some((member) => member.state !== 'draining' && keyOf(member) === key)) return { kind: 'gone' };
  if (removalsIn(permission).some((removal) => changeKey(removal) === key)) return { kind: 'ready' };
  const because = permission.withheld.find(({ change }) => changeKey(change) === key)?.because;
  // What a yes overrules can't be what withholds it now.
  if (because !== undefined)
    return { kind: 'moved', because: because === 'Ask' || because === 'TooManyAdditions' ? 'NotWanted' : because };
  const isOthers = departures.staying.some((each) => keyOf(each.member) === key && each.because === 'NotOurs');
  return { kind: 'moved', because: isOthers ? 'NotOurs' : 'NotWanted' };
};

const carryOut = async (
  ports: GroupPorts,
  { seats }: ApprovedRemovals,
  decided: DecidedGroup,
): Promise<ApprovedUnseating> => {
  const standings = seats.map((seat) => ({ seat, standing: standingOf(seat, decided) }));
  const moved = standings.flatMap(({ seat, standing }) =>
    standing.kind === 'moved' ? [{ name: seat.name, because: standing.because }] : [],
  );
  if (moved.length > 0) return { kind: 'moved', moved };
  const approved = new Set(seats.map((seat) => seat.changeKey));
  const removals = removalsIn(decided.permission).filter((removal: DeregisterTarget) =>
    approved.has(changeKey(removal)),
  );
  const { targetGroup, members } = decided.observed;
  const counted = new Set(removals.filter(isCounted).map(({ target }) => targetKey(target)));
  if (counted.size > 0 && !(await takeApprovedRoom(ports, targetGroup.arn, counted, members)))
    return { kind: 'moved', moved: seats.map(({ name }) => ({ name, because: 'BelowFloor' })) };
  const { refusal } = await takeOut(ports, decided, removals);
  return refusal === undefined ? { kind: 'taken-out' } : { kind: 'refused', code: refusal };
};

/**
 * Carries out removals that a person approved: looks and plans afresh, and acts only when the fresh plan still holds every one,
 * or it is out already. The yes overrules the wish to be asked and the number an hour, never the floor. Any number of times, it
 * ends in the same state.
 * @throws {GroupsBusyError} when somebody else has the lease; nothing was changed
 * @throws whatever a read or write of AWS failed with
 */
export const unseatApproved =
  (ports: GroupPorts) =>
  async (approval: ApprovedRemovals): Promise<ApprovedUnseating> => {
    const { targetGroup, seats } = approval;
    const allMoved = (because: MovedBecause): ApprovedUnseating => ({
      kind: 'moved',
      moved: seats.map(({ name }) => ({ name, because })),
    });
    const groups = await ports.tagging.readTargetGroups('with-any-tag');
    const tags = groups.find(({ arn }) => arn === targetGroup.id)?.tags;
    const [group] = await ports.loadBalancing.readTargetGroups(new Map([[targetGroup.id, tags ?? {}]]));
    if (group === undefined) return allMoved('GroupGone');
    // Without its tags nothing says that it is to be ignored, or another stage's.
    if (tags === undefined) return allMoved('NotWanted');
    const owner = `approve-${ports.newId()}`;
    const lease = await ports.leases.acquire([targetGroup.id], owner, ports.now(), LEASE_SECONDS);
    if (lease === undefined) throw new GroupsBusyError(`the group ${targetGroup.name} is leased to others`);
    try {
      const ids = new Set(seats.map(({ instanceId }) => instanceId));
      const approvedKeys = new Set(seats.map((seat) => seat.changeKey));
      const looked = { targetGroup: group, groups, departing: new Map() };
      const decided = await decideGroup(ports, looked, (instanceId) => ids.has(instanceId), approvedKeys);
      return decided === undefined ? allMoved('GroupGone') : await carryOut(ports, approval, decided);
    } finally {
      await ports.leases.release(lease);
    }
  };
