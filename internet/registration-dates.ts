/** The first domain was registered in 1985; registries sell ten years at most, some a hundred. */
const FIRST_YEAR = 1985;
const LAST_YEAR = 2199;

/** Whether a registration may end then; anything else is a mistake of the source, and no date to tell people. */
export const isPlausibleEnd = (date: Date): boolean => {
  const year = date.getUTCFullYear();
  return year >= FIRST_YEAR && year <= LAST_YEAR;
};

/** Whether a calendar has that day; `Date` takes 30 February for 2 March. */
export const isCalendarDay = (year: number, month: number, day: number): boolean => {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
};
