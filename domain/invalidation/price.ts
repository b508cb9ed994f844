/** USD 0.005 a path after the account's first 1,000 of a month, in thousandths of a dollar. @see facts 6.3 */
const MILLS_PER_PATH = 5;
export const FREE_PATHS_PER_MONTH = 1_000;

/** What a request costs at list price. Money is in whole mills (thousandths of a US dollar), so that nothing is rounded. */
export interface PriceLine {
  readonly paths: number;
  /** Paths Usher sent this month before these; others of the account may have used up the free ones too. */
  readonly sentThisMonth: number;
  /** If none of these is free any more. */
  readonly atMostMills: number;
  /** If nobody but Usher has sent any this month. */
  readonly atLeastMills: number;
}

/** A wildcard or a tag counts as one path, over all distributions of the account. */
export const priceOf = (paths: number, sentThisMonth: number): PriceLine => {
  const freeLeft = Math.max(0, FREE_PATHS_PER_MONTH - sentThisMonth);
  return {
    paths,
    sentThisMonth,
    atMostMills: paths * MILLS_PER_PATH,
    atLeastMills: Math.max(0, paths - freeLeft) * MILLS_PER_PATH,
  };
};

/** `USD 0.185`; always three decimals, because the unit price has three. */
export const dollars = (mills: number): string =>
  `USD ${Math.floor(mills / 1000)}.${String(mills % 1000).padStart(3, '0')}`;
