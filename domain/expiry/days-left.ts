const MILLISECONDS_PER_DAY = 86_400_000;

/**
 * Whole days (86,400 s each) from `now` to an end, rounded down; negative once it has passed. A day on which clocks are put
 * forward or back counts like any other.
 * @throws {RangeError} when either date is invalid
 */
export const daysLeft = (endsAt: Date, now: Date): number => {
  const days = Math.floor((endsAt.getTime() - now.getTime()) / MILLISECONDS_PER_DAY);
  if (Number.isNaN(days)) throw new RangeError('endsAt and now must both be valid dates');
  return days;
};

/** So many days after a moment. */
export const daysAfter = (moment: Date, days: number): Date => new Date(moment.getTime() + days * MILLISECONDS_PER_DAY);
