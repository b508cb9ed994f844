/** A clock that only tests move. */
export interface Clock {
  now(): Date;
  advance(seconds: number): void;
}

export const aClock = (start = new Date('2026-11-22T05:00:00.000Z')): Clock => {
  let now = start.getTime();
  return {
    now: () => new Date(now),
    advance: (seconds) => {
      now += seconds * 1000;
    },
  };
};
