import type { Severity } from '../finding.ts';

/** The nearest threshold that is crossed, in days; `undefined` while the end is farther off than all of them. */
export const crossedThreshold = (daysLeft: number, thresholdsDays: readonly number[]): number | undefined => {
  const crossed = thresholdsDays.filter((threshold) => daysLeft <= threshold);
  return crossed.length === 0 ? undefined : Math.min(...crossed);
};

const CRITICAL_DAYS = 3;
const WARNING_DAYS = 14;

/** How much an end matters that hurts visitors: people are called for the last three days of it, and after it. */
export const severityAt = (daysLeft: number): Severity => {
  if (daysLeft <= CRITICAL_DAYS) return 'critical';
  return daysLeft <= WARNING_DAYS ? 'warning' : 'information';
};
