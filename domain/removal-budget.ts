/** How long a removal counts against its budget, in milliseconds: a rolling hour (design section 2). */
export const BUDGET_WINDOW_MILLISECONDS = 60 * 60 * 1000;

/** Removals that still count at `now`, oldest first. */
export const countingRemovals = (removals: readonly Date[], now: Date): readonly Date[] =>
  removals
    .filter((at) => now.getTime() - at.getTime() < BUDGET_WINDOW_MILLISECONDS)
    .sort((a, b) => a.getTime() - b.getTime());

/** The removals a scope has on its account once `count` more are taken, or `undefined` when the limit does not allow all of them. */
export const takeRemovals = (
  removals: readonly Date[],
  limit: number,
  count: number,
  now: Date,
): readonly Date[] | undefined => {
  const counting = countingRemovals(removals, now);
  return counting.length + count > limit ? undefined : [...counting, ...Array.from({ length: count }, () => now)];
};

/**
 * How many healthy targets a group keeps whatever is asked: the larger of the stage's minimum and half, rounded up, of what
 * was healthy when the hour began.
 */
export const healthyFloor = (minimumHealthyTargets: number, healthyAtHourStart: number): number =>
  Math.max(minimumHealthyTargets, Math.ceil(healthyAtHourStart / 2));
