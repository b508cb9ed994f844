import { BUDGET_WINDOW_MILLISECONDS } from './removal-budget.ts';

/**
 * What a scope counts once these names are added to what it counted, each name once, from its first moment on; `undefined`
 * when that is more than the limit. What still counts is never refused: a run that is made again adds nothing.
 */
export const countAdditions = (
  counted: ReadonlyMap<string, Date>,
  limit: number,
  names: readonly string[],
  now: Date,
): ReadonlyMap<string, Date> | undefined => {
  const counting = [...counted].filter(([, at]) => now.getTime() - at.getTime() < BUDGET_WINDOW_MILLISECONDS);
  const all = new Map([...names.map((name) => [name, now] as const), ...counting]);
  return all.size > limit && all.size > counting.length ? undefined : all;
};
