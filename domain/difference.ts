/** Two lists compared by key: what `desired` has and `observed` lacks, the reverse, and what both have (as observed). */
export interface Difference<T> {
  readonly missing: readonly T[];
  readonly extra: readonly T[];
  readonly common: readonly T[];
}

const byKey = <T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T> =>
  new Map([...items].sort((a, b) => compareText(keyOf(a), keyOf(b))).map((item) => [keyOf(item), item]));

/** Compares by key; each list of the result is in key order and holds a key once, so equal inputs give equal results. */
export const difference = <T>(
  desired: readonly T[],
  observed: readonly T[],
  keyOf: (item: T) => string,
): Difference<T> => {
  const wanted = byKey(desired, keyOf);
  const seen = byKey(observed, keyOf);
  return {
    missing: [...wanted].filter(([key]) => !seen.has(key)).map(([, item]) => item),
    extra: [...seen].filter(([key]) => !wanted.has(key)).map(([, item]) => item),
    common: [...seen].filter(([key]) => wanted.has(key)).map(([, item]) => item),
  };
};

/** Order of texts by code unit, the same on every machine and locale. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
