import { expect, test } from '@jest/globals';
import { nextEndsOf } from '../../../domain/sweep/next-ends.ts';

const NOW = new Date('2026-11-22T05:00:00.000Z');

test('Given what was spoken of, when asked what ends next, then the two soonest by the names people know', () => {
  expect(
    nextEndsOf(
      [
        { subject: 'domain|example.com', endsAt: '2026-12-20T00:00:00.000Z' },
        { subject: 'certificate|arn:aws:acm:us-east-1:1:certificate/12-34', endsAt: '2026-12-06T00:00:00.000Z' },
        { subject: 'certificate|arn:aws:acm:us-east-1:1:certificate/56', name: 'www.example.com', endsAt: undefined },
        { subject: 'endpoint|www.example.com:443', endsAt: '2026-12-24T00:00:00.000Z' },
        { subject: 'domain|gone.example', endsAt: '2026-11-22T05:00:00.000Z' },
      ],
      NOW,
    ),
  ).toEqual([
    { name: '12-34', endsAt: '2026-12-06T00:00:00.000Z' },
    { name: 'example.com', endsAt: '2026-12-20T00:00:00.000Z' },
  ]);
});

test('Given nothing was spoken of, then nothing ends next', () => {
  expect(nextEndsOf([], NOW)).toEqual([]);
});
