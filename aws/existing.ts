import { AwsCallError } from './aws-call-error.ts';
import { batchesOf, halvesOf } from './batches.ts';

/** Whether a call failed because what it is about is not there. */
export const isNotFound = (error: unknown): boolean => error instanceof AwsCallError && error.meaning === 'not-found';

/** One that is gone fails the whole call without being named: halve until the ones that exist have been read. */
const readExisting = async <Item>(
  keys: readonly string[],
  read: (keys: readonly string[]) => Promise<readonly Item[]>,
): Promise<readonly Item[]> => {
  try {
    return await read(keys);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    if (keys.length === 1) return [];
    const [front, back] = halvesOf(keys);
    return [...(await readExisting(front, read)), ...(await readExisting(back, read))];
  }
};

/**
 * What exists of some things, read by ARN or name in calls of at most `size`.
 * @throws {AwsCallError} when a call fails for any other reason than that something is gone
 */
export const readExistingInBatches = async <Item>(
  keys: Iterable<string>,
  size: number,
  read: (keys: readonly string[]) => Promise<readonly Item[]>,
): Promise<readonly Item[]> => {
  const found: Item[] = [];
  for (const batch of batchesOf(keys, size)) found.push(...(await readExisting(batch, read)));
  return found;
};
