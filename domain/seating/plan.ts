import type { RegisterTarget } from '../change.ts';
import type { TargetHealth } from '../target.ts';
import { targetKey } from '../target.ts';
import type { DesiredSeat } from './seats.ts';

/** How long after its launch or start an instance counts as freshly launched, in milliseconds. */
export const FRESH_LAUNCH_MILLISECONDS = 60 * 60 * 1000;

/** A plan for the targets of some instances: what to register, and what is there already. */
export interface SeatingPlan {
  readonly registrations: readonly RegisterTarget[];
  /** Seats that are taken already, by us or by somebody else. */
  readonly taken: readonly DesiredSeat[];
  /** Seats that another tool fills; we see to their path only. */
  readonly leftToOwner: readonly DesiredSeat[];
}

const isFresh = ({ instance }: DesiredSeat, now: Date): boolean =>
  now.getTime() - instance.launchedAt.getTime() <= FRESH_LAUNCH_MILLISECONDS;

/**
 * A target that is draining was taken out by somebody: that stands, unless the instance was started again since, when it
 * is registered anew. A draining address can't be (facts 2.2), so it keeps its seat until it is gone.
 */
const isTaken = (desired: DesiredSeat, health: TargetHealth | undefined, now: Date): boolean => {
  if (health?.state !== 'draining') return health !== undefined;
  return desired.seat.targetGroup.targetType === 'ip' || !isFresh(desired, now);
};

const registration = (desired: DesiredSeat, now: Date): RegisterTarget => ({
  kind: 'register-target',
  targetGroupArn: desired.seat.targetGroup.arn,
  target: desired.seat.target,
  instanceId: desired.instance.instanceId,
  vpcId: desired.instance.vpcId ?? '',
  reason: 'MissingFromGroup',
  freshLaunch: isFresh(desired, now),
});

/**
 * Registrations that turn the observed members of each group into the desired ones, in the order given. Removes nothing.
 * @param observed members by target group ARN; a group that was not read must not be passed as empty
 */
export const planSeating = (
  desired: readonly DesiredSeat[],
  observed: ReadonlyMap<string, readonly TargetHealth[]>,
  now: Date,
): SeatingPlan => {
  const healthOf = ({ seat }: DesiredSeat): TargetHealth | undefined =>
    observed.get(seat.targetGroup.arn)?.find(({ target }) => targetKey(target) === targetKey(seat.target));
  const ours = desired.filter(({ owner }) => owner === undefined);
  const taken = ours.filter((seat) => isTaken(seat, healthOf(seat), now));
  return {
    registrations: ours.filter((seat) => !taken.includes(seat)).map((seat) => registration(seat, now)),
    taken,
    leftToOwner: desired.filter(({ owner }) => owner !== undefined),
  };
};
