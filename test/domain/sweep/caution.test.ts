import { describe, expect, test } from '@jest/globals';
import { cautionOf, groundsOf } from '../../../domain/sweep/caution.ts';
import { aStage } from '../../support/world/builders.ts';

const NOON = new Date('2026-11-22T12:00:00.000Z');
const YESTERDAY = '2026-11-21T12:00:00.000Z';
const RECENTLY = '2026-11-22T11:45:00.000Z';
const GROUNDS = groundsOf(aStage(), '1.0.0');

describe('A sweep is careful', () => {
  test.each([
    ['when none was ever let act', undefined, GROUNDS, RECENTLY, 'Install'],
    ['after an upgrade', GROUNDS, groundsOf(aStage(), '1.0.1'), RECENTLY, 'Upgrade'],
    [
      'after the policy changed',
      GROUNDS,
      groundsOf(aStage({ maximumPolicy: 'apply-all' }), '1.0.0'),
      RECENTLY,
      'PolicyChanged',
    ],
    ['after the scope changed', GROUNDS, groundsOf(aStage({ vpcIds: ['vpc-1'] }), '1.0.0'), RECENTLY, 'PolicyChanged'],
    ['after a brake changed', GROUNDS, groundsOf(aStage({ removalsPerHour: 11 }), '1.0.0'), RECENTLY, 'PolicyChanged'],
    ['after a day without one', GROUNDS, GROUNDS, YESTERDAY, 'NoSweepForADay'],
    ['when none ever came to its end', GROUNDS, GROUNDS, undefined, 'NoSweepForADay'],
  ] as const)('%s', (_, accepted, grounds, completedAt, caution) => {
    expect(cautionOf(accepted, grounds, completedAt, NOON)).toBe(caution);
  });

  test('and else it is not: where messages go, or the order of what is named, is no change of policy', () => {
    const named = aStage({ vpcIds: ['vpc-1', 'vpc-2'], destinations: ['ops'] });
    const same = aStage({ vpcIds: ['vpc-2', 'vpc-1'], destinations: ['default', 'web'] });
    expect(cautionOf(groundsOf(named, '1'), groundsOf(same, '1'), RECENTLY, NOON)).toBeUndefined();
  });
});
