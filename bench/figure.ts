/** One line of the table at the end: what was to be reached, and what was. */
export interface Figure {
  readonly what: string;
  /** In words, with its unit. */
  readonly reach: string;
  readonly measured: string;
  /** `undefined`: published, with nothing to reach. */
  readonly isReached: boolean | undefined;
}

/** What a benchmark works with. */
export interface Bench {
  /** The checkout. */
  readonly root: string;
  /** Says what is being done. */
  readonly say: (line: string) => void;
}

/** A figure that is a count or a time with an upper limit. */
export const atMost = (what: string, limit: number, measured: number, unit: string): Figure => ({
  what,
  reach: `≤ ${limit} ${unit}`,
  measured: `${measured} ${unit}`,
  isReached: measured <= limit,
});

export const median = (numbers: readonly number[]): number => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  if (low === undefined || high === undefined) throw new RangeError('nothing has no median');
  return (low + high) / 2;
};

/** What has nothing to reach and is too long for a column stands below. */
const LONGEST_CELL = 60;

/** Columns as wide as their widest cell; the last one says how it went. */
export const tableOf = (all: readonly Figure[]): string => {
  const isNote = ({ isReached, measured }: Figure): boolean =>
    isReached === undefined && measured.length > LONGEST_CELL;
  const figures = all.filter((figure) => !isNote(figure));
  const notes = all.filter(isNote).map(({ what, measured }) => `\n${what}:\n  ${measured}`);
  const rows = [
    ['figure', 'reach', 'measured', ''],
    ...figures.map(({ what, reach, measured, isReached }) => [
      what,
      reach,
      measured,
      isReached === undefined ? '' : isReached ? 'ok' : 'OVER',
    ]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [...lines, ...notes].join('\n');
};
