import { describe, expect, test } from '@jest/globals';
import { daysAfter, daysLeft } from '../../../domain/expiry/days-left.ts';
import { DEFAULT_THRESHOLDS_DAYS } from '../../../domain/expiry/standing.ts';
import { crossedThreshold, severityAt } from '../../../domain/expiry/thresholds.ts';
import { inDays, NOW } from './certificates.ts';

describe('days left are whole days of 24 hours, rounded down', () => {
  test.each([
    ['the very moment', '2026-12-06T01:00:00Z', '2026-12-06T01:00:00Z', 0],
    ['a millisecond before it', '2026-12-06T01:00:00.001Z', '2026-12-06T01:00:00Z', 0],
    ['a millisecond after it', '2026-12-06T00:59:59.999Z', '2026-12-06T01:00:00Z', -1],
    ['a day and a millisecond after it', '2026-12-05T00:59:59.999Z', '2026-12-06T01:00:00Z', -2],
    ['exactly fourteen days', '2026-12-06T01:00:00Z', '2026-11-22T01:00:00Z', 14],
    ['a second less than fourteen days', '2026-12-06T00:59:59Z', '2026-11-22T01:00:00Z', 13],
    ['the night clocks go forward in New York', '2026-03-09T00:30:00-04:00', '2026-03-08T00:30:00-05:00', 0],
    ['an hour more than that', '2026-03-09T01:30:00-04:00', '2026-03-08T00:30:00-05:00', 1],
    ['the night clocks go back in Berlin', '2026-10-26T00:30:00+01:00', '2026-10-25T00:30:00+02:00', 1],
    ['the last days of a February in a leap year', '2028-03-01T00:00:00Z', '2028-02-28T00:00:00Z', 2],
    ['the same in another year', '2027-03-01T00:00:00Z', '2027-02-28T00:00:00Z', 1],
    ['a leap year', '2028-12-31T00:00:00Z', '2027-12-31T00:00:00Z', 366],
    ['from a leap day to its year', '2029-02-28T23:59:59Z', '2028-02-29T00:00:00Z', 365],
  ])('%s', (_, endsAt, now, days) => {
    expect(daysLeft(new Date(endsAt), new Date(now))).toBe(days);
  });

  test('Given a date that is none, then it is refused', () => {
    expect(() => daysLeft(new Date('never'), NOW)).toThrow(RangeError);
    expect(() => daysLeft(NOW, new Date('never'))).toThrow(RangeError);
  });

  test('A day after a moment is 24 hours later, whatever clocks do', () => {
    expect(daysAfter(new Date('2026-03-08T00:30:00-05:00'), 1).toISOString()).toBe('2026-03-09T05:30:00.000Z');
  });
});

describe('each side of every threshold', () => {
  test.each([
    [46, undefined, 'information'],
    [45, 45, 'information'],
    [44, 45, 'information'],
    [31, 45, 'information'],
    [30, 30, 'information'],
    [29, 30, 'information'],
    [15, 30, 'information'],
    [14, 14, 'warning'],
    [13, 14, 'warning'],
    [8, 14, 'warning'],
    [7, 7, 'warning'],
    [6, 7, 'warning'],
    [4, 7, 'warning'],
    [3, 3, 'critical'],
    [2, 3, 'critical'],
    [1, 1, 'critical'],
    [0, 0, 'critical'],
    [-1, 0, 'critical'],
  ] as const)('Given %i days, then %s days are crossed and it is %s', (days, threshold, severity) => {
    expect(crossedThreshold(days, DEFAULT_THRESHOLDS_DAYS)).toBe(threshold);
    expect(severityAt(days)).toBe(severity);
  });

  test('Given a millisecond more than fifteen days, then it is not yet the fourteenth', () => {
    expect(crossedThreshold(daysLeft(inDays(15), NOW), DEFAULT_THRESHOLDS_DAYS)).toBe(30);
    expect(crossedThreshold(daysLeft(inDays(15, -1), NOW), DEFAULT_THRESHOLDS_DAYS)).toBe(14);
  });

  test('Given thresholds of an owner, in whatever order, then the nearest that is crossed counts', () => {
    expect(crossedThreshold(5, [2, 10, 6])).toBe(6);
    expect(crossedThreshold(11, [2, 10, 6])).toBeUndefined();
    expect(crossedThreshold(0, [])).toBeUndefined();
  });
});
