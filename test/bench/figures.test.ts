import { describe, expect, test } from '@jest/globals';
import type { Bucket } from '../../bench/emulated/buckets.ts';
import { fewestLeft } from '../../bench/emulated/buckets.ts';
import { atMost, median, tableOf } from '../../bench/figure.ts';
import { logLogSlope } from '../../bench/planning/planning.ts';

const at = (milliseconds: number) => ({
  service: 'elbv2',
  action: 'DescribeTargetHealth',
  at: new Date(1_000_000 + milliseconds),
});
const bucket: Bucket = { name: 'a bucket', size: 3, perSecond: 1, takes: ({ service }) => service === 'elbv2' };

describe('A token bucket', () => {
  test('holds as many calls at once as it is large, and the next would be refused', () => {
    expect(fewestLeft(bucket, [at(0), at(0), at(0)])).toBe(0);
    expect(fewestLeft(bucket, [at(0), at(0), at(0), at(0)])).toBe(-1);
  });

  test('fills again with time, never beyond its size, whatever the order of the record', () => {
    expect(fewestLeft(bucket, [at(1_000), at(0), at(0), at(0)])).toBe(0);
    expect(fewestLeft(bucket, [at(0), at(60_000), at(60_000), at(60_000), at(60_000)])).toBe(-1);
  });

  test('is not touched by calls of others', () => {
    expect(fewestLeft(bucket, [{ ...at(0), service: 'ec2' }])).toBe(3);
  });
});

test('The slope over logarithms is the power by which something grows', () => {
  const grown = (power: number) => [1, 2, 5, 20].map((x) => [x, 7 * x ** power] as const);
  expect(logLogSlope(grown(1))).toBeCloseTo(1);
  expect(logLogSlope(grown(2))).toBeCloseTo(2);
});

test('The median is the middle, or the mean of the two in the middle; nothing has none', () => {
  expect(median([9, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 9])).toBe(3);
  expect(() => median([])).toThrow(RangeError);
});

test('A figure at its limit is reached, one above it is not, and the table says so', () => {
  const table = tableOf([atMost('reads', 8, 8, 'calls'), atMost('writes', 0, 1, 'calls')]);
  expect(table.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['figure', 'reach', 'measured'],
    ['reads', '≤ 8 calls', '8 calls', 'ok'],
    ['writes', '≤ 0 calls', '1 calls', 'OVER'],
  ]);
});
