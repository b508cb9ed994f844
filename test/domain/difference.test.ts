import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareText, difference } from '../../domain/difference.ts';

const itself = (text: string): string => text;
const texts = fc.array(fc.string({ maxLength: 3 }));

test('Given two lists, when they are compared, then each part is in key order, and what both have is as observed', () => {
  const keyOf = ({ key }: { key: string }) => key;
  const desired = [{ key: 'c' }, { key: 'a' }, { key: 'B' }].map((item) => ({ ...item, from: 'desired' }));
  const observed = [{ key: 'd' }, { key: 'c' }].map((item) => ({ ...item, from: 'observed' }));
  expect(difference(desired, observed, keyOf)).toEqual({
    missing: [
      { key: 'B', from: 'desired' },
      { key: 'a', from: 'desired' },
    ],
    extra: [{ key: 'd', from: 'observed' }],
    common: [{ key: 'c', from: 'observed' }],
  });
});

test('Given any lists, when the missing is added and the extra taken away, then the desired is reached and nothing differs', () => {
  fc.assert(
    fc.property(texts, texts, (desired, observed) => {
      const { missing, extra, common } = difference(desired, observed, itself);
      const reached = [...common, ...missing];
      expect(new Set(reached)).toEqual(new Set(desired));
      expect(new Set([...common, ...extra])).toEqual(new Set(observed));
      expect(new Set(reached).size).toBe(reached.length);
      expect(difference(desired, reached, itself)).toMatchObject({ missing: [], extra: [] });
    }),
  );
});

test('Given any lists, when they are given in another order, then the result is the same', () => {
  fc.assert(
    fc.property(texts, texts, (desired, observed) => {
      expect(difference([...desired].reverse(), [...observed].reverse(), itself)).toEqual(
        difference(desired, observed, itself),
      );
    }),
  );
});

test('Given any texts, when they are compared, then the order is by code unit and antisymmetric', () => {
  expect(['b', 'a', 'B', 'é', 'a'].sort(compareText)).toEqual(['B', 'a', 'a', 'b', 'é']);
  fc.assert(fc.property(fc.string(), fc.string(), (a, b) => expect(compareText(a, b) + compareText(b, a)).toBe(0)));
});
