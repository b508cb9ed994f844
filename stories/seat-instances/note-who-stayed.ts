import { targetChangeKey } from '../../domain/change.ts';
import { isFreshLaunch } from '../../domain/seating/plan.ts';
import type { DesiredSeat } from '../../domain/seating/seats.ts';
import { targetKey } from '../../domain/target.ts';
import type { Decided } from './decide.ts';
import type { SeatingPorts } from './ports.ts';

/**
 * Notes of targets that stayed in their group while their instance was stopped and started, as when no event told of the
 * stop, that they were there afterwards. A start ends a hold; without the note whoever takes one out later would seem to have
 * done so before the start, and be overruled.
 */
export const noteWhoStayed = async (
  { ledger, now }: Pick<SeatingPorts, 'ledger' | 'now'>,
  seats: readonly DesiredSeat[],
  { members }: Pick<Decided, 'members'>,
): Promise<void> => {
  const at = now();
  const there = seats.filter(
    ({ seat, instance, owner }) =>
      owner === undefined &&
      isFreshLaunch(instance, at) &&
      members
        .get(seat.targetGroup.arn)
        ?.some(({ target, state }) => state !== 'draining' && targetKey(target) === targetKey(seat.target)),
  );
  if (there.length === 0) return;
  const keyOf = ({ seat }: DesiredSeat): string => targetChangeKey(seat.targetGroup.arn, targetKey(seat.target));
  const owned = await ledger.readOwnership(there.map(keyOf));
  const older = there.flatMap((each) => {
    const record = owned.get(keyOf(each));
    return record !== undefined && new Date(record.since) < each.instance.launchedAt ? [record] : [];
  });
  if (older.length > 0) await ledger.saw(older, at);
};
