import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { GROUPS_PER_SLICE, INSTANCES_PER_SLICE, sliceUp } from '../../../domain/sweep/slices.ts';

const groups = fc.uniqueArray(
  fc.record({
    targetGroupArn: fc.string({ minLength: 1 }),
    instanceIds: fc.uniqueArray(
      fc.nat(2_000).map((id) => `i-${id}`),
      { maxLength: 900 },
    ),
  }),
  { selector: ({ targetGroupArn }) => targetGroupArn, maxLength: 60 },
);

test('Every group and every placed instance is in some slice, each instance in one, and no slice is too large', () => {
  fc.assert(
    fc.property(groups, (all) => {
      const slices = sliceUp(all);
      const instances = slices.flatMap(({ instanceIds }) => instanceIds);
      expect(new Set(slices.flatMap(({ targetGroupArns }) => targetGroupArns))).toEqual(
        new Set(all.map(({ targetGroupArn }) => targetGroupArn)),
      );
      expect(new Set(instances)).toEqual(new Set(all.flatMap(({ instanceIds }) => instanceIds)));
      expect(new Set(instances).size).toBe(instances.length);
      for (const { targetGroupArns, instanceIds } of slices) {
        expect(targetGroupArns.length).toBeLessThanOrEqual(GROUPS_PER_SLICE);
        expect(instanceIds.length).toBeLessThanOrEqual(INSTANCES_PER_SLICE);
      }
    }),
  );
});

test('Instances of one group stand together', () => {
  expect(
    sliceUp([
      { targetGroupArn: 'b', instanceIds: ['i-2', 'i-1'] },
      { targetGroupArn: 'a', instanceIds: ['i-3', 'i-2'] },
      { targetGroupArn: 'c', instanceIds: [] },
    ]),
  ).toEqual([{ targetGroupArns: ['a', 'b', 'c'], instanceIds: ['i-2', 'i-3', 'i-1'] }]);
});
