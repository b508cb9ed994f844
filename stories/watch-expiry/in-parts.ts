import { sideBySide } from './patience.ts';
import type { Run } from './run.ts';

/** What became of one thing that was looked at: `again` is to be seen once more before anybody hears of it. */
export type Told = 'told' | 'settled' | 'again' | 'nothing';

/** What looking at a row of things came to. */
export interface PartOutcome {
  readonly looked: number;
  readonly told: number;
  readonly settled: number;
  /** Keys of those to be seen once more. */
  readonly again: readonly string[];
  /** The key to go on from, when time was over first. */
  readonly after: string | undefined;
}

/** Looks at a row of things, so many at a time, until time is over; some at the least. */
export const inParts = async <Item>(
  { patience }: Pick<Run, 'patience'>,
  row: readonly Item[],
  { width, keyOf }: { readonly width: number; readonly keyOf: (item: Item) => string },
  look: (item: Item) => Promise<Told>,
): Promise<PartOutcome> => {
  const results: { readonly key: string; readonly told: Told }[] = [];
  while (results.length < row.length && (results.length === 0 || !patience.isOver())) {
    const step = row.slice(results.length, results.length + width);
    results.push(...(await sideBySide(step, width, async (item) => ({ key: keyOf(item), told: await look(item) }))));
  }
  const count = (what: Told): number => results.filter(({ told }) => told === what).length;
  return {
    looked: results.length,
    told: count('told'),
    settled: count('settled'),
    again: results.flatMap(({ key, told }) => (told === 'again' ? [key] : [])),
    after: results.length < row.length ? results.at(-1)?.key : undefined,
  };
};
