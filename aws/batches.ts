/** The items once each, in batches of at most `size`. No items, no batch: an empty filter would ask AWS for everything. */
export const batchesOf = <Item>(items: Iterable<Item>, size: number): readonly (readonly Item[])[] => {
  const distinct = [...new Set(items)];
  return Array.from({ length: Math.ceil(distinct.length / size) }, (_, index) =>
    distinct.slice(index * size, (index + 1) * size),
  );
};

/** A list cut in two, for finding by halving the items that AWS refuses without naming them. */
export const halvesOf = <Item>(items: readonly Item[]): readonly [readonly Item[], readonly Item[]] => {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
};
