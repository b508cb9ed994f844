import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { behaviourFor, matchesPattern } from '../../../domain/front-door/behaviour.ts';
import { behaviour } from './walks.ts';

test.each([
  ['/wp-content/uploads/*', '/wp-content/uploads/2026/11/a.png', true],
  ['wp-content/uploads/*', '/wp-content/uploads/', true],
  ['/wp-content/uploads/*', '/wp-content/upload', false],
  ['*.jpg', '/images/a.jpg', true],
  ['*.jpg', '/images/a.JPG', false],
  ['/a?.js', '/ab.js', true],
  ['/a?.js', '/a.js', false],
  ['/a.b', '/axb', false],
  ['/(x)[y]$', '/(x)[y]$', true],
  ['*', '/', true],
])('Given the pattern %s, then whether it takes %s is %s', (pattern, path, expected) => {
  expect(matchesPattern(pattern, path)).toBe(expected);
});

/** The pattern as it is explained: `*` takes nothing, or one character more. Slow, and plain. */
const matchesPlainly = (pattern: string, path: string): boolean => {
  const [first, ...rest] = pattern;
  if (first === undefined) return path === '';
  const others = rest.join('');
  if (first === '*') return matchesPlainly(others, path) || (path !== '' && matchesPlainly(pattern, path.slice(1)));
  return path !== '' && (first === '?' || first === path[0]) && matchesPlainly(others, path.slice(1));
};

test('whatever pattern and path, it is as the plain reading says', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '?', '.'), maxLength: 8 });
  const path = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '.'), maxLength: 10 });
  fc.assert(
    fc.property(pattern, path, (wanted, asked) => {
      expect(matchesPattern(`/${wanted}`, `/${asked}`)).toBe(matchesPlainly(wanted, asked));
    }),
    { numRuns: 2_000 },
  );
});

test('Given many asterisks and a long path that is none of theirs, then it takes no time to say', () => {
  const pattern = `/${'*a'.repeat(60)}b`;
  const began = performance.now();
  expect(matchesPattern(pattern, `/${'a'.repeat(8_000)}`)).toBe(false);
  expect(performance.now() - began).toBeLessThan(1_000);
});

test('Given several behaviours, then the first that matches decides, and the default one when none does', () => {
  const uploads = { ...behaviour, pathPattern: '/wp-content/*', originId: 's3' };
  const all = [uploads, { ...behaviour, pathPattern: '/wp-content/private/*', originId: 'other' }, behaviour];
  expect(behaviourFor(all, '/wp-content/private/a')?.originId).toBe('s3');
  expect(behaviourFor(all, '/shop')?.originId).toBe('alb');
  expect(behaviourFor([], '/shop')).toBeUndefined();
});
