import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { countingRemovals, healthyFloor, takeRemovals } from '../../domain/removal-budget.ts';

const NOON = new Date('2026-11-22T12:00:00.000Z');
const before = (seconds: number): Date => new Date(NOON.getTime() - seconds * 1000);

test('Given removals of the last two hours, when they are counted, then those of exactly an hour ago and older no longer count', () => {
  expect(countingRemovals([before(10), before(3600), before(3599), before(7200)], NOON)).toEqual([
    before(3599),
    before(10),
  ]);
});

test('Given a removal by a clock ahead of ours, when it is counted, then it counts', () => {
  expect(countingRemovals([before(-30)], NOON)).toEqual([before(-30)]);
});

test('Given room for two, when two are taken, then both are on the account; a third is refused', () => {
  const after = takeRemovals([before(4000)], 2, 2, NOON);
  expect(after).toEqual([NOON, NOON]);
  expect(takeRemovals(after ?? [], 2, 1, NOON)).toBeUndefined();
});

test('Given a limit of nothing, when something is taken, then it is refused, and nothing may always be taken', () => {
  expect(takeRemovals([], 0, 1, NOON)).toBeUndefined();
  expect(takeRemovals([], 0, 0, NOON)).toEqual([]);
});

test('Given any requests in any order of time, when they are taken one by one, then no rolling hour holds more than the limit', () => {
  const requests = fc.array(
    fc.record({ gap: fc.integer({ min: 0, max: 2000 }), count: fc.integer({ min: 1, max: 3 }) }),
  );
  fc.assert(
    fc.property(requests, fc.integer({ min: 0, max: 6 }), (asked, limit) => {
      let now = NOON.getTime();
      let account: readonly Date[] = [];
      const taken: number[] = [];
      for (const { gap, count } of asked) {
        now += gap * 1000;
        const next = takeRemovals(account, limit, count, new Date(now));
        if (next === undefined) continue;
        account = next;
        taken.push(...Array.from({ length: count }, () => now));
      }
      for (const end of taken)
        expect(taken.filter((at) => at <= end && end - at < 3_600_000).length).toBeLessThanOrEqual(limit);
    }),
  );
});

test.each([
  [1, 0, 1],
  [1, 1, 1],
  [1, 2, 1],
  [1, 3, 2],
  [1, 10, 5],
  [4, 6, 4],
  [0, 0, 0],
])('Given a minimum of %i and %i healthy at the start, then %i stay', (minimum, healthy, floor) => {
  expect(healthyFloor(minimum, healthy)).toBe(floor);
});
