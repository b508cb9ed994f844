import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { countAdditions } from '../../domain/addition-budget.ts';

const NOON = new Date('2026-11-22T12:00:00.000Z');
const later = (seconds: number): Date => new Date(NOON.getTime() + seconds * 1000);
const counted = new Map([
  ['i-1:80', NOON],
  ['i-2:80', later(1800)],
]);

test('Given room for one more, when two are added, then neither counts; when one is, it does', () => {
  expect(countAdditions(counted, 3, ['i-3:80', 'i-4:80'], later(1900))).toBeUndefined();
  expect(countAdditions(counted, 3, ['i-3:80'], later(1900))).toEqual(new Map([...counted, ['i-3:80', later(1900)]]));
});

test('Given what counts already, when it is added again, then it counts from its first moment, whatever the limit', () => {
  expect(countAdditions(counted, 0, ['i-2:80', 'i-1:80'], later(1900))).toEqual(counted);
  expect(countAdditions(counted, 2, ['i-2:80', 'i-3:80'], later(1900))).toBeUndefined();
});

test('Given an hour since one was added, when another is, then there is room again', () => {
  expect(countAdditions(counted, 2, ['i-3:80'], later(3599))).toBeUndefined();
  expect([...(countAdditions(counted, 2, ['i-3:80'], later(3600)) ?? [])].map(([name]) => name)).toEqual([
    'i-3:80',
    'i-2:80',
  ]);
});

test('however additions come, no more names than the limit count within an hour', () => {
  const additions = fc.array(
    fc.record({ names: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1 }), seconds: fc.nat(2000) }),
  );
  fc.assert(
    fc.property(additions, fc.nat(4), (all, limit) => {
      let now = NOON;
      let state: ReadonlyMap<string, Date> = new Map();
      for (const { names, seconds } of all) {
        now = new Date(now.getTime() + seconds * 1000);
        state = countAdditions(state, limit, names, now) ?? state;
        const counting = [...state.values()].filter((at) => now.getTime() - at.getTime() < 3_600_000);
        expect(counting.length).toBeLessThanOrEqual(limit);
      }
    }),
  );
});
