import type { Filter } from '@aws-sdk/client-ec2';
import type { AwsCall } from '../aws-call-error.ts';
import { batchesOf } from '../batches.ts';
import { readPages } from '../pages.ts';

/** EC2 takes at most 200 values in a filter. @see EC2 API reference, `Filter` */
const VALUES_PER_FILTER = 200;

/** The largest page of most calls that describe something; those with a smaller one say so where they are made. */
export const MaxResults = 1_000;

interface Page {
  readonly NextToken?: string | undefined;
}

export const ec2 = (action: string): AwsCall => ({ service: 'EC2', action });

/** Everything the call finds for the values, 200 values at a time and page after page. */
export const readMatching = async <Answer extends Page, Item>(
  call: AwsCall,
  filterName: string,
  values: readonly string[],
  ask: (filter: Filter, NextToken: string | undefined) => Promise<Answer>,
  itemsOf: (answer: Answer) => readonly Item[],
): Promise<readonly Item[]> => {
  const found: Item[] = [];
  for (const batch of batchesOf(values, VALUES_PER_FILTER)) {
    const filter = { Name: filterName, Values: [...batch] };
    const pages = await readPages(
      call,
      (token) => ask(filter, token),
      ({ NextToken }) => NextToken,
    );
    found.push(...pages.flatMap(itemsOf));
  }
  return found;
};

/** The items under each key asked for; a key that nothing belongs to has an empty list. */
export const underKeys = <Item>(
  keys: readonly string[],
  items: readonly Item[],
  keysOf: (item: Item) => readonly string[],
): ReadonlyMap<string, readonly Item[]> => {
  const lists = new Map<string, Item[]>(keys.map((key) => [key, []]));
  for (const item of items) for (const key of keysOf(item)) lists.get(key)?.push(item);
  return lists;
};
