import { AwsCallError } from '../../aws/aws-call-error.ts';

/**
 * A run begins nothing more after this, so that what it has begun (a silent DNS server or registry takes up to 24 s) is over,
 * and what is left is handed on, before its function's time-out of 120 s.
 */
const RUN_MILLISECONDS = 25_000;

/** Whether there is still time to begin something more. */
export interface Patience {
  readonly isOver: () => boolean;
}

export const patienceFrom = (now: () => Date): Patience => {
  const end = now().getTime() + RUN_MILLISECONDS;
  return { isOver: () => now().getTime() >= end };
};

/** Reads that failed in passing are tried so often before somebody is told. */
export const MAXIMUM_ATTEMPTS = 3;

/** From one attempt to the next: as long as a queue can hold a message back. */
export const SECONDS_BETWEEN_ATTEMPTS = 900;

/** What AWS refused, in words for a person; anything else that went wrong is thrown on. */
export const refusal = (error: unknown): AwsCallError => {
  if (error instanceof AwsCallError) return error;
  throw error;
};

/** Whether the same read may well succeed a little later. */
export const isPassing = ({ meaning }: AwsCallError): boolean => meaning === 'throttled' || meaning === 'transient';

/** Does the same with each, so many at a time, in order. */
export const sideBySide = async <Item, Result>(
  items: readonly Item[],
  width: number,
  each: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> => {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += width)
    results.push(...(await Promise.all(items.slice(from, from + width).map(each))));
  return results;
};
