import { expect, test } from '@jest/globals';
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

test('Given several behaviours, then the first that matches decides, and the default one when none does', () => {
  const uploads = { ...behaviour, pathPattern: '/wp-content/*', originId: 's3' };
  const all = [uploads, { ...behaviour, pathPattern: '/wp-content/private/*', originId: 'other' }, behaviour];
  expect(behaviourFor(all, '/wp-content/private/a')?.originId).toBe('s3');
  expect(behaviourFor(all, '/shop')?.originId).toBe('alb');
  expect(behaviourFor([], '/shop')).toBeUndefined();
});
