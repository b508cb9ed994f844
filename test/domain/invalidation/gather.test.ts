import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nextBatch } from '../../../domain/invalidation/freeze.ts';
import { gatherPaths } from '../../../domain/invalidation/gather.ts';
import { isTag, isWildcard } from '../../../domain/invalidation/paths.ts';
import { dollars, priceOf } from '../../../domain/invalidation/price.ts';
import { fitsInto, freeBeside, QUOTA, roomOf } from '../../../domain/invalidation/quota.ts';
import { aBatch, aRequest } from '../../support/contracts/invalidations-contract.ts';

const SMALL = { paths: 4, wildcards: 2, bytes: 10_000 };

describe('gathering', () => {
  test('Given the paths fit, then they stay', () => {
    expect(gatherPaths(['/a', '/b*'], SMALL)).toEqual({ kind: 'fits', paths: ['/a', '/b*'] });
  });

  test('Given too many in two directories, then the longest directory that holds enough of them becomes a wildcard', () => {
    const paths = ['/x/y/1', '/x/y/2', '/x/y/3', '/x/y/4', '/z/1'];
    expect(gatherPaths(paths, SMALL)).toEqual({ kind: 'gathered', paths: ['/x/y/*', '/z/1'], from: 5 });
  });

  test('Given many directories, then what can stay by itself does', () => {
    const paths = ['/a/1', '/a/2', '/b/1', '/b/2', '/c/1', '/d'];
    expect(gatherPaths(paths, SMALL)).toEqual({
      kind: 'gathered',
      paths: ['/a/1', '/a/2', '/b/*', '/c/1', '/d'],
      from: 6,
    });
  });

  test('Given more directories than wildcards, and too many files, then everything', () => {
    const paths = Array.from({ length: 12 }, (_, at) => `/${at % 6}/${at}`);
    expect(gatherPaths(paths, SMALL)).toEqual({ kind: 'gathered', paths: ['/*'], from: 12 });
  });

  test('Given a query string with a slash, then it is not taken for a directory', () => {
    const paths = Array.from({ length: 5 }, (_, at) => `/a/f?q=/${at}/`);
    expect(gatherPaths(paths, SMALL)).toEqual({ kind: 'gathered', paths: ['/a/*'], from: 5 });
  });

  test('Given more tags than fit, then nothing can be gathered', () => {
    expect(gatherPaths(['#1', '#2', '#3', '#4', '#5', '/a'], SMALL)).toEqual({ kind: 'too-many' });
  });

  test('Given tags and too many paths, then the tags stay', () => {
    expect(gatherPaths(['#1', '/a/1', '/a/2', '/a/3', '/a/4'], SMALL)).toEqual({
      kind: 'gathered',
      paths: ['/a/*', '#1'],
      from: 5,
    });
  });

  test('For all paths: what was asked for is covered, fits, and equal inputs give equal answers', () => {
    const path = fc
      .array(fc.constantFrom('a', 'b', 'c', 'd.html', 'e'), { minLength: 1, maxLength: 4 })
      .chain((parts) => fc.constantFrom(`/${parts.join('/')}`, `/${parts.join('/')}*`, `/${parts.join('/')}?x=/1`));
    const paths = fc.uniqueArray(fc.oneof({ weight: 9, arbitrary: path }, fc.constantFrom('#t1', '#t2')), {
      maxLength: 60,
    });
    const limits = fc.record({
      paths: fc.integer({ min: 2, max: 12 }),
      wildcards: fc.integer({ min: 1, max: 4 }),
      bytes: fc.constant(10_000),
    });
    fc.assert(
      fc.property(paths, limits, (asked, free) => {
        const gathered = gatherPaths(asked, free);
        if (gathered.kind === 'too-many') return;
        expect(fitsInto(roomOf(gathered.paths), free)).toBe(true);
        for (const each of asked) {
          const isCovered = gathered.paths.some(
            (one) =>
              one === each || (isWildcard(one) && !isTag(each) && each.replace(/\*$/, '').startsWith(one.slice(0, -1))),
          );
          expect([each, gathered.paths, isCovered]).toEqual([each, gathered.paths, true]);
        }
        const again = gatherPaths([...asked].reverse(), free);
        if (gathered.kind === 'gathered' && again.kind === 'gathered')
          expect([...again.paths].sort()).toEqual([...gathered.paths].sort());
      }),
      { numRuns: 2_000 },
    );
  });

  test('Given 100,000 paths, then they are gathered within the real quota', () => {
    const paths = Array.from({ length: 100_000 }, (_, at) => `/img/${at % 500}/${at % 7}/${at}.png`);
    const gathered = gatherPaths(paths);
    expect(gathered.kind).toBe('gathered');
    if (gathered.kind === 'gathered') expect(fitsInto(roomOf(gathered.paths), QUOTA)).toBe(true);
  });
});

describe('the quota', () => {
  test('Given batches in progress, then wildcards and other paths are counted apart, tags among the others', () => {
    expect(freeBeside([{ paths: ['/a', '#t', '/b*'] }, { paths: ['/c*', '/d*'] }])).toEqual({
      paths: 2_998,
      wildcards: 12,
      bytes: 300_000,
    });
    expect(freeBeside([{ paths: Array.from({ length: 20 }, (_, at) => `/${at}*`) }]).wildcards).toBe(0);
  });
});

describe('the next batch', () => {
  const waiting = (requestId: string, paths: readonly string[], changes = {}) => ({
    request: aRequest(requestId, { paths, ...changes }),
    isToldOfWaiting: false,
  });
  const wildcards = (count: number, of: string) => Array.from({ length: count }, (_, at) => `/${of}/${at}/*`);

  test('Given nobody waits, then there is none', () => {
    expect(nextBatch([], [])).toBeUndefined();
  });

  test('Given several of one place, then they go together, each path once', () => {
    expect(nextBatch([waiting('1', ['/a', '/b']), waiting('2', ['/b', '/c'])], [])).toMatchObject({
      requests: [{ requestId: '1' }, { requestId: '2' }],
      paths: ['/a', '/b', '/c'],
    });
  });

  test('Given the first does not fit, then nobody passes it', () => {
    const open = [aBatch('b', [aRequest('x', { paths: wildcards(10, 'x') })])];
    expect(nextBatch([waiting('1', wildcards(6, 'y')), waiting('2', ['/c'])], open)).toBeUndefined();
    expect(
      nextBatch([waiting('1', wildcards(5, 'y')), waiting('2', wildcards(1, 'z')), waiting('3', ['/c'])], open),
    ).toMatchObject({
      requests: [{ requestId: '1' }],
    });
  });

  test('Given another place of the same distribution, then it goes by itself', () => {
    const tenant = { place: { ...aRequest('x').place, tenantId: 'dt_1' } };
    expect(nextBatch([waiting('1', ['/a']), waiting('2', ['/b'], tenant), waiting('3', ['/c'])], [])?.paths).toEqual([
      '/a',
      '/c',
    ]);
  });

  test('Given more requests than a transaction takes, then the rest is for the next', () => {
    const many = Array.from({ length: 200 }, (_, at) => waiting(String(at), ['/a']));
    expect(nextBatch(many, [])?.requests).toHaveLength(90);
  });
});

describe('the price', () => {
  test.each([
    [1, 0, 5, 0],
    [37, 0, 185, 0],
    [37, 990, 185, 135],
    [3_000, 2_000, 15_000, 15_000],
    [0, 0, 0, 0],
  ])('%i paths after %i cost at most %i and at least %i mills', (paths, before, most, least) => {
    expect(priceOf(paths, before)).toEqual({ paths, sentThisMonth: before, atMostMills: most, atLeastMills: least });
  });

  test.each([
    [0, 'USD 0.000'],
    [5, 'USD 0.005'],
    [185, 'USD 0.185'],
    [15_000, 'USD 15.000'],
  ])('%i mills are %s', (mills, text) => {
    expect(dollars(mills)).toBe(text);
  });
});
