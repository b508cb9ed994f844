import type { RegisterTarget } from '../change.ts';
import { targetChangeKey } from '../change.ts';
import type { Instance } from '../instance.ts';
import { isInstanceId } from '../instance.ts';
import type { TargetHealth } from '../target.ts';
import { targetKey } from '../target.ts';
import type { DesiredSeat } from './seats.ts';

/** How long after its launch or start an instance counts as freshly launched, in milliseconds. */
const FRESH_LAUNCH_MILLISECONDS = 60 * 60 * 1000;

/** A plan for the targets of some instances: what to register, and what is there already. */
export interface SeatingPlan {
  readonly registrations: readonly RegisterTarget[];
  /** Seats that are taken already, by us or by somebody else. */
  readonly taken: readonly DesiredSeat[];
  /** Seats that another tool fills; we see to their path only. */
  readonly leftToOwner: readonly DesiredSeat[];
}

/** Whether an instance was launched or started within the hour. */
export const isFreshLaunch = ({ launchedAt }: Pick<Instance, 'launchedAt'>, now: Date): boolean =>
  now.getTime() - launchedAt.getTime() <= FRESH_LAUNCH_MILLISECONDS;

/** The change by which a seat is taken. */
export const registration = (desired: DesiredSeat, now: Date): RegisterTarget => ({
  kind: 'register-target',
  targetGroupArn: desired.seat.targetGroup.arn,
  target: desired.seat.target,
  instanceId: desired.instance.instanceId,
  vpcId: desired.instance.vpcId ?? '',
  reason: 'MissingFromGroup',
  freshLaunch: isFreshLaunch(desired.instance, now),
});

/**
 * Registrations that turn the observed members of each group into the desired ones, in the order given. Removes nothing
 * (`departures.ts` does). A target that is leaving keeps its seat until it is gone, whoever took it out; unless a person wants
 * it back, and it isn't an address, which has to be gone first (facts 2.2).
 * @param observed members by target group ARN; a group that was not read must not be passed as empty
 * @param wantedBack change keys of registrations that a person said yes to
 */
export const planSeating = (
  desired: readonly DesiredSeat[],
  observed: ReadonlyMap<string, readonly TargetHealth[]>,
  now: Date,
  wantedBack: ReadonlySet<string> = new Set(),
): SeatingPlan => {
  const isLeft = (arn: string, { target, state }: TargetHealth): boolean =>
    state === 'draining' && isInstanceId(target.id) && wantedBack.has(targetChangeKey(arn, targetKey(target)));
  const keys = new Map(
    [...observed].map(([arn, members]) => [
      arn,
      new Set(members.filter((member) => !isLeft(arn, member)).map(({ target }) => targetKey(target))),
    ]),
  );
  const isTaken = ({ seat }: DesiredSeat): boolean =>
    keys.get(seat.targetGroup.arn)?.has(targetKey(seat.target)) ?? false;
  const ours = desired.filter(({ owner }) => owner === undefined);
  return {
    registrations: ours.filter((seat) => !isTaken(seat)).map((seat) => registration(seat, now)),
    taken: ours.filter(isTaken),
    leftToOwner: desired.filter(({ owner }) => owner !== undefined),
  };
};
