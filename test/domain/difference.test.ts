import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareText } from '../../domain/difference.ts';

test('Given any texts, when they are compared, then the order is by code unit and antisymmetric', () => {
  expect(['b', 'a', 'B', 'é', 'a'].sort(compareText)).toEqual(['B', 'a', 'a', 'b', 'é']);
  fc.assert(fc.property(fc.string(), fc.string(), (a, b) => expect(compareText(a, b) + compareText(b, a)).toBe(0)));
});
