import { expect, test } from '@jest/globals';
import { whenLeaseBusy, whenNotTagged, whenNotVisible } from '../../../domain/seating/looking-again.ts';
import { anInstance } from '../../support/world/builders.ts';

const NOON = new Date('2026-11-22T12:00:00.000Z');
const after = (seconds: number) => ({ kind: 'after', seconds });
const launched = (secondsAgo: number) => anInstance({ launchedAt: new Date(NOON.getTime() - secondsAgo * 1000) });

test('Given an instance that is not visible, when it is looked for, then again after 5, 20, 60 and 180 s, then no more', () => {
  expect([0, 1, 2, 3, 4, 5].map(whenNotVisible)).toEqual([
    after(5),
    after(20),
    after(60),
    after(180),
    { kind: 'no-more' },
    { kind: 'no-more' },
  ]);
});

test('Given an instance that belongs nowhere, when it is younger than two minutes, then it is looked at once more', () => {
  expect(whenNotTagged(launched(119), 0, NOON)).toEqual(after(60));
  expect(whenNotTagged(launched(120), 0, NOON)).toEqual({ kind: 'no-more' });
  expect(whenNotTagged(launched(10), 1, NOON)).toEqual({ kind: 'no-more' });
  expect(whenNotTagged(launched(-5), 0, NOON)).toEqual(after(60));
});

test('Given a lease that others hold, when it is tried again, then ever later, for about twenty minutes, within what SQS can delay', () => {
  const looks = Array.from({ length: 22 }, (_, attempt) => whenLeaseBusy(attempt));
  expect(looks.slice(0, 6)).toEqual([5, 10, 20, 40, 60, 60].map(after));
  expect(looks.slice(19)).toEqual([after(60), { kind: 'no-more' }, { kind: 'no-more' }]);
});
